//! Proof that a person has an authenticator. Web Authentication Level 2 §7.2.

use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::authenticator_data::AuthenticatorData;
use crate::base64url::{Bytes, encode};
use crate::relying_party::{read, write};
use crate::request_options::{Descriptor, RequestOptions, TIMEOUT_MS};
use crate::{Begun, Challenge, Credential, Refusal, RelyingParty};

/// Proof of an authenticator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asserted {
    /// Id of the credential, in base64url.
    pub credential_id: String,
    /// Counter of the authenticator, or 0 if it does not count.
    ///
    /// INVARIANT: it was above the last one when the ceremony began. The caller moves the last one forward in one
    /// statement, which finds a counter that another ceremony moved meanwhile.
    pub counter: u32,
    /// True if the authenticator verified its owner, by a PIN or a biometric.
    pub is_user_verified: bool,
}

#[derive(Deserialize, Serialize)]
struct State {
    challenge: Bytes,
    /// Credentials of the person that may answer.
    allowed: Vec<Credential>,
}

/// §5.2.2.
#[derive(Deserialize)]
pub(crate) struct Response {
    #[serde(rename = "clientDataJSON")]
    client_data: Bytes,
    #[serde(rename = "authenticatorData")]
    data: Bytes,
    signature: Bytes,
    #[serde(default, rename = "userHandle")]
    pub(crate) user_handle: Option<Bytes>,
}

impl RelyingParty {
    /// Asks for one of the authenticators of a person whose password was right. A touch is enough.
    pub fn begin_assertion(
        &self,
        challenge: Challenge,
        credentials: &[Credential],
    ) -> Result<Begun, Refusal> {
        self.begin(challenge, credentials, "discouraged")
    }

    /// Asks for one of the authenticators of a person who is signed in. It verifies its owner if it can; the answer tells
    /// whether it did.
    pub fn begin_proof(
        &self,
        challenge: Challenge,
        credentials: &[Credential],
    ) -> Result<Begun, Refusal> {
        self.begin(challenge, credentials, "preferred")
    }

    fn begin(
        &self,
        challenge: Challenge,
        credentials: &[Credential],
        user_verification: &'static str,
    ) -> Result<Begun, Refusal> {
        if credentials.is_empty() {
            return Err(Refusal::UnknownCredential);
        }
        let state = State { challenge: Bytes(challenge.to_vec()), allowed: credentials.to_vec() };
        let options = RequestOptions {
            challenge: &state.challenge,
            timeout: TIMEOUT_MS,
            rp_id: &self.id,
            allow_credentials: credentials.iter().map(Descriptor::of).collect(),
            user_verification,
        };
        Ok(Begun { options: write(&options)?, state: write(&state)? })
    }

    /// Checks the answer of the browser.
    pub fn finish_assertion(&self, state: &str, answer: &str) -> Result<Asserted, Refusal> {
        let State { challenge, allowed } = read(state)?;
        let answer = Answer::<Response>::read(answer)?;
        // §7.2 steps 5 to 7.
        let is_of_answer = |credential: &&Credential| credential.id.0 == answer.credential_id();
        let credential = allowed.iter().find(is_of_answer).ok_or(Refusal::UnknownCredential)?;
        let handle = answer.response.user_handle.as_ref();
        if handle.is_some_and(|handle| *handle != credential.user_handle.0) {
            return Err(Refusal::WrongUser);
        }
        self.check_assertion(&challenge, credential, &answer)
    }

    /// Checks an answer against the credential that it is of: §7.2 steps 8 to 21.
    pub(crate) fn check_assertion(
        &self,
        challenge: &Bytes,
        credential: &Credential,
        answer: &Answer<Response>,
    ) -> Result<Asserted, Refusal> {
        let response = &answer.response;
        let hash = self.check_client_data(&response.client_data.0, "webauthn.get", challenge)?;
        let data = AuthenticatorData::read(&response.data.0)?;
        self.check_data(&data)?;
        let message = [response.data.0.as_slice(), &hash].concat();
        if !credential.public_key.is_signed(&message, &response.signature.0) {
            return Err(Refusal::WrongSignature);
        }
        // Level 3 §7.2 step 18: it never changes.
        if data.is_backup_eligible() != credential.is_backup_eligible {
            return Err(Refusal::BackupChanged);
        }
        // §7.2 step 21, §6.1.1: authenticators that do not count send 0 each time.
        let is_counting = data.counter > 0 || credential.counter > 0;
        if is_counting && data.counter <= credential.counter {
            return Err(Refusal::CounterWentBack);
        }
        Ok(Asserted {
            credential_id: encode(&credential.id.0),
            counter: data.counter,
            is_user_verified: data.is_user_verified(),
        })
    }
}
