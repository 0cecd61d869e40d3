//! Security key in software, with the browser before it: answers ceremonies of WebAuthn, rightly or wrongly.
//!
//! Web Authentication Level 2: client data §5.8.1, authenticator data §6.1, key §6.5.6, attestation §8.2 and §8.7.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{
    KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256, SignatureAlgorithm,
    SigningKey as _,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Authenticator with one credential.
#[expect(clippy::struct_excessive_bools, reason = "each is a way to answer")]
pub struct SecurityKey {
    key: KeyPair,
    /// Id of the credential.
    pub id: Vec<u8>,
    /// The person, as the authenticator knows them. Set by `register`.
    pub user_handle: Option<Vec<u8>>,
    /// Origin of the page that the browser shows.
    pub origin: String,
    /// RP id that it answers for. `None` for the one that it is asked for.
    pub rp_id: Option<String>,
    /// Counter of the last signature.
    pub counter: u32,
    /// False for authenticators whose counter is always 0.
    pub is_counting: bool,
    pub is_user_present: bool,
    pub is_user_verified: bool,
    /// True if it may be copied to other devices.
    pub is_backup_eligible: bool,
    pub is_in_a_frame: bool,
    /// Type of the client data. `None` for the right one.
    pub client_data_type: Option<&'static str>,
    /// True if it says in an attestation statement that the key is its own.
    pub is_self_attested: bool,
}

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const ATTESTED: u8 = 0x40;

impl SecurityKey {
    /// Makes an authenticator with a PIN and an ES256 credential, and a browser that shows a page of `origin`.
    pub fn new(origin: &str) -> Self {
        Self::of(origin, &PKCS_ECDSA_P256_SHA256)
    }

    /// Makes an authenticator with an `EdDSA` credential.
    pub fn with_eddsa(origin: &str) -> Self {
        Self::of(origin, &PKCS_ED25519)
    }

    /// Makes an authenticator with an RS256 credential.
    pub fn with_rs256(origin: &str) -> Self {
        Self::of(origin, &PKCS_RSA_SHA256)
    }

    fn of(origin: &str, algorithm: &'static SignatureAlgorithm) -> Self {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let id = Sha256::digest(key.public_key_raw()).to_vec();
        Self {
            key,
            id,
            user_handle: None,
            origin: origin.to_owned(),
            rp_id: None,
            counter: 0,
            is_counting: true,
            is_user_present: true,
            is_user_verified: true,
            is_backup_eligible: false,
            is_in_a_frame: false,
            client_data_type: None,
            is_self_attested: false,
        }
    }

    /// Answers `PublicKeyCredentialCreationOptions`, given as JSON.
    pub fn register(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let handle = options["user"]["id"].as_str().unwrap();
        self.user_handle = Some(URL_SAFE_NO_PAD.decode(handle).unwrap());
        let client_data = self.client_data("webauthn.create", &options);
        let rp_id = options["rp"]["id"].as_str().unwrap().to_owned();
        let mut data = self.data(&rp_id, ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose_key());
        let mut object = vec![0xA3];
        object.extend(text("fmt"));
        if self.is_self_attested {
            object.extend(text("packed"));
            object.extend(text("attStmt"));
            object.extend([0xA2]);
            object.extend(text("alg"));
            object.extend(self.algorithm());
            object.extend(text("sig"));
            object.extend(bytes(&self.sign(&data, &client_data)));
        } else {
            object.extend(text("none"));
            object.extend(text("attStmt"));
            object.push(0xA0);
        }
        object.extend(text("authData"));
        object.extend(bytes(&data));
        self.answer(&json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "attestationObject": URL_SAFE_NO_PAD.encode(object),
            "transports": ["usb"],
        }))
    }

    /// Answers `PublicKeyCredentialRequestOptions`, given as JSON.
    pub fn assert(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let client_data = self.client_data("webauthn.get", &options);
        let rp_id = options["rpId"].as_str().unwrap().to_owned();
        let data = self.data(&rp_id, 0);
        let signature = self.sign(&data, &client_data);
        self.answer(&json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature),
            "userHandle": self.user_handle.as_ref().map(|handle| URL_SAFE_NO_PAD.encode(handle)),
        }))
    }

    /// Id of the credential in base64url.
    pub fn credential_id(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.id)
    }

    fn client_data(&self, right_type: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": self.client_data_type.unwrap_or(right_type),
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.is_in_a_frame,
        });
        data.to_string().into_bytes()
    }

    fn data(&mut self, rp_id: &str, more: u8) -> Vec<u8> {
        if self.is_counting {
            self.counter += 1;
        }
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        let flags = flag(self.is_user_present, PRESENT)
            | flag(self.is_user_verified, VERIFIED)
            | flag(self.is_backup_eligible, BACKUP_ELIGIBLE)
            | more;
        let mut data = Sha256::digest(self.rp_id.as_deref().unwrap_or(rp_id)).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The number of the algorithm as CBOR: -7, -8 or -257.
    fn algorithm(&self) -> &'static [u8] {
        match self.key.algorithm() {
            it if *it == PKCS_ED25519 => &[0x27],
            it if *it == PKCS_RSA_SHA256 => &[0x39, 0x01, 0x00],
            _ => &[0x26],
        }
    }

    /// RFC 9053 §7: kty OKP with crv Ed25519, or EC2 with crv P-256. RFC 8230 §4: kty RSA.
    fn cose_key(&self) -> Vec<u8> {
        let key = self.key.public_key_raw();
        let algorithm = self.algorithm();
        match algorithm {
            [0x27] => {
                let head = [&[0xA4, 0x01, 0x01, 0x03], algorithm, &[0x20, 0x06, 0x21]].concat();
                [head, bytes(key)].concat()
            }
            [0x26] => {
                let head = [&[0xA5, 0x01, 0x02, 0x03], algorithm, &[0x20, 0x01, 0x21]].concat();
                [head, bytes(&key[1..33]), vec![0x22], bytes(&key[33..65])].concat()
            }
            _ => {
                // DER of 2,048 bits: the modulus follows four heads and a zero, and the exponent is 65,537.
                let head = [&[0xA4, 0x01, 0x03, 0x03], algorithm, &[0x20]].concat();
                [head, bytes(&key[9..265]), vec![0x21], bytes(&[1, 0, 1])].concat()
            }
        }
    }

    fn sign(&self, data: &[u8], client_data: &[u8]) -> Vec<u8> {
        let hash = Sha256::digest(client_data);
        self.key.sign(&[data, &hash].concat()).unwrap()
    }

    fn answer(&self, response: &Value) -> String {
        let id = self.credential_id();
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response,
            "clientExtensionResults": {},
        })
        .to_string()
    }
}

/// CBOR text of at most 23 bytes.
fn text(text: &str) -> Vec<u8> {
    let mut cbor = vec![0x60 | u8::try_from(text.len()).unwrap()];
    cbor.extend(text.as_bytes());
    cbor
}

/// CBOR byte string.
fn bytes(bytes: &[u8]) -> Vec<u8> {
    let mut cbor = vec![0x59];
    cbor.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
    cbor.extend(bytes);
    cbor
}
