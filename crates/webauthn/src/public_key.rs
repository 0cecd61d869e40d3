//! Public keys of credentials, and their signatures. RFC 9052 §7, RFC 9053 §2 and §7; Web Authentication Level 2 §5.8.5.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::{Deserialize, Serialize};

use crate::base64url::Bytes;
use crate::cbor::Value;

/// Algorithms in the order in which they are offered: ES256, `EdDSA` and RS256, as COSE numbers them.
pub(crate) const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// Lengths of the modulus of an RSA key in bytes: 2,048 to 8,192 bits.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// Maximum length of the exponent of an RSA key in bytes.
const EXPONENT_BYTES_MAX: usize = 8;

/// Public key of a credential.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "algorithm")]
pub(crate) enum PublicKey {
    /// ECDSA on P-256 with SHA-256. The point is uncompressed: SEC 1 §2.3.3.
    ES256 { point: Bytes },
    /// Ed25519, RFC 8032.
    #[serde(rename = "EdDSA")]
    EdDsa { key: Bytes },
    /// RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017 §8.2.
    RS256 { modulus: Bytes, exponent: Bytes },
}

impl PublicKey {
    /// Reads a `COSE_Key`. `None` if it is malformed, or of an algorithm that is not offered.
    pub(crate) fn read(cose: &Value<'_>) -> Option<Self> {
        let (kind, algorithm) = (cose.at(1)?.integer()?, cose.at(3)?.integer()?);
        // RFC 9053 §7: kty 1 is OKP, 2 is EC2, and RFC 8230 §4: 3 is RSA.
        match (kind, algorithm) {
            (2, -7) => {
                let [x, y] = [cose.at(-2)?.bytes()?, cose.at(-3)?.bytes()?];
                let is_p256 = cose.at(-1)?.integer()? == 1 && x.len() == 32 && y.len() == 32;
                let point = [&[4], x, y].concat();
                let is_on_curve = is_key(&ECDSA_P256_SHA256_ASN1, &point);
                (is_p256 && is_on_curve).then_some(Self::ES256 { point: Bytes(point) })
            }
            (1, -8) => {
                let key = cose.at(-2)?.bytes()?;
                let is_ed25519 = cose.at(-1)?.integer()? == 6 && key.len() == 32;
                (is_ed25519 && is_key(&ED25519, key))
                    .then(|| Self::EdDsa { key: Bytes(key.to_vec()) })
            }
            (3, -257) => {
                let [modulus, exponent] = [cose.at(-1)?.bytes()?, cose.at(-2)?.bytes()?];
                let is_bounded = MODULUS_BYTES.contains(&modulus.len())
                    && (1..=EXPONENT_BYTES_MAX).contains(&exponent.len());
                is_bounded.then(|| Self::RS256 {
                    modulus: Bytes(modulus.to_vec()),
                    exponent: Bytes(exponent.to_vec()),
                })
            }
            _ => None,
        }
    }

    /// Returns the number of the algorithm.
    pub(crate) fn algorithm(&self) -> i64 {
        match self {
            Self::ES256 { .. } => -7,
            Self::EdDsa { .. } => -8,
            Self::RS256 { .. } => -257,
        }
    }

    /// Tells whether a signature over a message is of this key.
    pub(crate) fn is_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::ES256 { point } => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &point.0).verify(message, signature)
            }
            Self::EdDsa { key } => {
                UnparsedPublicKey::new(&ED25519, &key.0).verify(message, signature)
            }
            Self::RS256 { modulus, exponent } => {
                RsaPublicKeyComponents { n: &modulus.0, e: &exponent.0 }.verify(
                    &RSA_PKCS1_2048_8192_SHA256,
                    message,
                    signature,
                )
            }
        };
        verified.is_ok()
    }
}

fn is_key(algorithm: &'static dyn VerificationAlgorithm, bytes: &[u8]) -> bool {
    ParsedPublicKey::new(algorithm, bytes).is_ok()
}
