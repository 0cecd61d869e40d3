//! HMAC-SHA256, RFC 2104, with a key of any length. It cannot fail.

pub use hmac::Mac;
use hmac::{Hmac, KeyInit};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The state of a code with both key blocks hashed. It is cloned for each message.
pub type HmacSha256 = Hmac<Sha256>;

/// Starts a code under `key`.
#[must_use]
pub fn keyed(key: &[u8]) -> HmacSha256 {
    // RFC 2104 §2: a short key is padded with zeros to the block; a long key is hashed first.
    let mut block = Zeroizing::new([0_u8; 64]);
    if key.len() <= block.len() {
        block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    } else {
        block.iter_mut().zip(Sha256::digest(key)).for_each(|(to, from)| *to = from);
    }
    HmacSha256::new((&*block).into())
}

#[cfg(test)]
mod tests {
    use hmac::Mac;

    use super::*;

    #[test]
    fn short_and_long_keys_give_the_codes_of_rfc_4231() {
        let code = |key: &[u8], text: &[u8]| {
            let code = keyed(key).chain_update(text).finalize().into_bytes();
            u128::from_be_bytes(code[..16].try_into().unwrap())
        };
        let long = [0xAA; 131];
        assert_eq!(
            code(b"Jefe", b"what do ya want for nothing?"),
            0x5bdc_c146_bf60_754e_6a04_2426_0895_75c7
        );
        assert_eq!(
            code(&long, b"Test Using Larger Than Block-Size Key - Hash Key First"),
            0x60e4_3159_1ee0_b67f_0d8a_26aa_cbf5_b77f
        );
    }
}
