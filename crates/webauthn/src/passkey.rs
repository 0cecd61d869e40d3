//! Sign-in with a passkey alone: the authenticator says who it is, and verifies its owner. Web Authentication
//! Level 2 §7.2, without `allowCredentials`.

use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::assertion::Response;
use crate::base64url::{Bytes, encode};
use crate::relying_party::{read, write};
use crate::request_options::{RequestOptions, TIMEOUT_MS};
use crate::{Asserted, Begun, Challenge, Credential, Refusal, RelyingParty};

/// Which credential an answer says that it is of. It proves nothing before `finish_passkey`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Claim {
    /// Id of the credential, in base64url.
    pub credential_id: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct State {
    challenge: Bytes,
}

impl Claim {
    /// Reads which credential an answer is of.
    pub fn of(answer: &str) -> Result<Self, Refusal> {
        let answer = Answer::<Response>::read(answer)?;
        Ok(Self { credential_id: encode(answer.credential_id()) })
    }
}

impl RelyingParty {
    /// Asks for any passkey of this server.
    pub fn begin_passkey(&self, challenge: Challenge) -> Result<Begun, Refusal> {
        let state = State { challenge: Bytes(challenge.to_vec()) };
        let options = RequestOptions {
            challenge: &state.challenge,
            timeout: TIMEOUT_MS,
            rp_id: &self.id,
            allow_credentials: Vec::new(),
            user_verification: "required",
        };
        Ok(Begun { options: write(&options)?, state: write(&state)? })
    }

    /// Checks the answer of the browser against the credential that it claims to be of.
    pub fn finish_passkey(
        &self,
        state: &str,
        credential: &Credential,
        answer: &str,
    ) -> Result<Asserted, Refusal> {
        let State { challenge } = read(state)?;
        let answer = Answer::<Response>::read(answer)?;
        if answer.credential_id() != credential.id.0 {
            return Err(Refusal::UnknownCredential);
        }
        // §7.2 step 6: without a name the handle has to be there.
        if answer.response.user_handle.as_ref() != Some(&credential.user_handle.0) {
            return Err(Refusal::WrongUser);
        }
        let proof = self.check_assertion(&challenge, credential, &answer)?;
        if proof.is_user_verified { Ok(proof) } else { Err(Refusal::UserNotVerified) }
    }
}
