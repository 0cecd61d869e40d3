//! Registration of an authenticator. Web Authentication Level 2 §7.1.
//!
//! One registration serves as a second factor and as a passkey: the browser is asked for a credential that
//! it can offer without a name (`residentKey`), and to verify the person if it can. Neither is required, because security keys
//! without a PIN are good second factors.

use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::attestation::AttestationObject;
use crate::base64url::Bytes;
use crate::creation_options::{CreationOptions, Parameters, Party, Selection, User};
use crate::public_key::{ALGORITHMS, PublicKey};
use crate::relying_party::{read, write};
use crate::request_options::{Descriptor, TIMEOUT_MS};
use crate::{Begun, Challenge, Credential, Refusal, RelyingParty, UserHandle};

/// Maximum number of ways to reach an authenticator that are kept.
const TRANSPORTS_MAX: usize = 8;

/// Maximum length of the name of such a way. §5.8.4 has no longer one than `smart-card`.
const TRANSPORT_BYTES_MAX: usize = 32;

/// Person who registers an authenticator.
#[derive(Debug)]
pub struct Registrant<'a> {
    pub user_handle: UserHandle,
    pub user_name: &'a str,
    pub display_name: &'a str,
}

#[derive(Deserialize, Serialize)]
struct State {
    challenge: Bytes,
    user_handle: UserHandle,
    /// Ids of credentials that are registered already.
    excluded: Vec<Bytes>,
}

/// §5.2.1.
#[derive(Deserialize)]
struct Response {
    #[serde(rename = "clientDataJSON")]
    client_data: Bytes,
    #[serde(rename = "attestationObject")]
    attestation_object: Bytes,
    #[serde(default)]
    transports: Vec<String>,
}

impl RelyingParty {
    /// Begins the registration of an authenticator that is none of `registered`.
    pub fn begin_registration(
        &self,
        challenge: Challenge,
        registrant: &Registrant<'_>,
        registered: &[Credential],
    ) -> Result<Begun, Refusal> {
        let state = State {
            challenge: Bytes(challenge.to_vec()),
            user_handle: registrant.user_handle.clone(),
            excluded: registered.iter().map(|credential| credential.id.clone()).collect(),
        };
        let options = CreationOptions {
            rp: Party { id: &self.id, name: "Portico" },
            user: User {
                id: &state.user_handle.0,
                name: registrant.user_name,
                display_name: registrant.display_name,
            },
            challenge: &state.challenge,
            pub_key_cred_params: ALGORITHMS.map(Parameters::of).into(),
            timeout: TIMEOUT_MS,
            exclude_credentials: registered.iter().map(Descriptor::of).collect(),
            authenticator_selection: Selection {
                resident_key: "preferred",
                require_resident_key: false,
                user_verification: "preferred",
            },
            attestation: "none",
        };
        Ok(Begun { options: write(&options)?, state: write(&state)? })
    }

    /// Ends a registration with the answer of the browser.
    pub fn finish_registration(&self, state: &str, answer: &str) -> Result<Credential, Refusal> {
        let state: State = read(state)?;
        let answer = Answer::<Response>::read(answer)?;
        let response = &answer.response;
        let hash =
            self.check_client_data(&response.client_data.0, "webauthn.create", &state.challenge)?;
        let object = AttestationObject::read(&response.attestation_object.0)?;
        let data = object.data()?;
        self.check_data(&data)?;
        let attested = data.attested.as_ref().ok_or(Refusal::Unreadable)?;
        if attested.id != answer.credential_id() {
            return Err(Refusal::Unreadable);
        }
        let public_key = PublicKey::read(&attested.public_key).ok_or(Refusal::WrongAlgorithm)?;
        let attestation = object.check((attested.aaguid, &public_key), &hash)?;
        let id = Bytes(attested.id.to_vec());
        if state.excluded.contains(&id) {
            return Err(Refusal::AlreadyRegistered);
        }
        let is_kept = |transport: &&String| {
            let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            (1..=TRANSPORT_BYTES_MAX).contains(&transport.len()) && transport.bytes().all(is_letter)
        };
        let transports = response.transports.iter().filter(is_kept).take(TRANSPORTS_MAX);
        Ok(Credential {
            id,
            user_handle: state.user_handle,
            public_key,
            counter: data.counter,
            is_backup_eligible: data.is_backup_eligible(),
            transports: transports.cloned().collect(),
            attestation,
        })
    }
}
