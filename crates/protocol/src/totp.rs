//! Codes of authenticator apps, RFC 4226 (HOTP) and RFC 6238 (TOTP): six digits, 30 seconds, HMAC-SHA-1.
//!
//! Apps ignore other numbers of digits, periods and hashes in the address that they are given, or do not know them.

use hmac::{Hmac, KeyInit, Mac};
use model::Random;
use model::random::random_bytes;
use sha1::Sha1;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::percent;

/// Duration of a time step. RFC 6238 §4.1.
pub const STEP_MS: i64 = 30_000;

/// Number of digits of a code.
pub const DIGITS: usize = 6;

/// Length of a key in bytes.
// RFC 4226 §4, R6: 160 bits are recommended.
const KEY_BYTES: usize = 20;

/// RFC 4648 §6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The key that a server and an authenticator app share. `Debug` does not show it.
#[derive(Clone)]
pub struct TotpKey(Zeroizing<[u8; KEY_BYTES]>);

impl std::fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpKey(…)")
    }
}

impl TotpKey {
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(Zeroizing::new(random_bytes(random)))
    }

    /// Reads the bytes of [`TotpKey::as_bytes`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    /// Returns the code of a time step. RFC 4226 §5.3.
    #[must_use]
    pub fn code(&self, step: i64) -> String {
        // RFC 2104 §2: zeros fill a short key up to the block.
        let mut block = Zeroizing::new([0_u8; 64]);
        block.iter_mut().zip(self.0.iter()).for_each(|(to, from)| *to = *from);
        let mut mac = Hmac::<Sha1>::new((&*block).into());
        mac.update(&step.to_be_bytes());
        let hash: [u8; 20] = mac.finalize().into_bytes().into();
        let offset = usize::from(hash.last().copied().unwrap_or_default() & 0xf);
        let word = hash.get(offset..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
        format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
    }

    /// Returns the time step whose code this is, among those `reach` steps around `center`.
    ///
    /// Every step is compared, so the time tells nothing.
    #[must_use]
    pub fn find_step(&self, code: &str, center: i64, reach: i64) -> Option<i64> {
        let mut found = None;
        for step in center - reach..=center + reach {
            if bool::from(self.code(step).as_bytes().ct_eq(code.as_bytes())) {
                found = Some(step);
            }
        }
        found
    }

    /// The key in base32, in groups of four characters, to be typed.
    #[must_use]
    pub fn in_groups(&self) -> String {
        let text = self.in_base32();
        let mut groups = String::with_capacity(text.len() + text.len() / 4);
        for (place, sign) in text.chars().enumerate() {
            if place > 0 && place.is_multiple_of(4) {
                groups.push(' ');
            }
            groups.push(sign);
        }
        groups
    }

    /// The address that an app reads in a QR code.
    ///
    /// <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>
    #[must_use]
    pub fn address(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let (issuer, account) = (percent::encode(issuer), percent::encode(account));
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}",
            self.in_base32()
        ))
    }

    fn in_base32(&self) -> String {
        // 20 bytes are 32 signs of five bits without a rest.
        let mut text = String::with_capacity(KEY_BYTES * 8 / 5);
        for five in self.0.chunks(5) {
            let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            for place in (0..8).rev() {
                let sign = usize::try_from(bits >> (place * 5) & 31).unwrap_or_default();
                text.extend(BASE32.get(sign).copied().map(char::from));
            }
        }
        text
    }
}

/// Returns the time step of a moment in milliseconds since 1970.
#[must_use]
pub fn step_of(at_ms: i64) -> i64 {
    at_ms.div_euclid(STEP_MS)
}

/// Returns the code in what a person typed: without blanks and hyphens, as apps show groups. `None` if it is no code.
#[must_use]
pub fn typed_code(text: &str) -> Option<String> {
    let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(32).collect();
    (code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The key of RFC 6238, appendix B, for SHA-1.
    fn of_the_rfc() -> TotpKey {
        TotpKey::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B has eight digits; six are the last six of them (RFC 4226 §5.3).
        for (at_s, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(of_the_rfc().code(step_of(at_s * 1000)), code, "{at_s}");
        }
    }

    #[test]
    fn codes_are_those_of_rfc_4226() {
        let codes = ["755224", "287082", "359152", "969429", "338314", "254676", "287922"];
        for (count, code) in (0..).zip(codes) {
            assert_eq!(of_the_rfc().code(count), code);
        }
    }

    #[test]
    fn a_step_is_found_within_reach_only() {
        let key = of_the_rfc();
        for (step, found) in
            [(98, None), (99, Some(99)), (100, Some(100)), (101, Some(101)), (102, None)]
        {
            assert_eq!(key.find_step(&key.code(step), 100, 1), found);
        }
        assert_eq!(key.find_step("", 100, 1), None);
        assert_eq!(key.find_step(&format!("{}0", key.code(100)), 100, 1), None);
    }

    #[test]
    fn a_key_is_shown_to_be_typed_and_to_be_scanned() {
        let key = of_the_rfc();
        assert_eq!(key.in_groups(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            *key.address("Northwind Rail", "amelia:brandt@northwind.example"),
            "otpauth://totp/Northwind%20Rail:amelia%3Abrandt%40northwind.example\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Northwind%20Rail"
        );
        assert_eq!(format!("{key:?}"), "TotpKey(…)");
    }

    #[test]
    fn a_code_may_be_typed_as_apps_show_it() {
        for text in ["123456", "123 456", " 123-456 ", "1 2 3 4 5 6", "123\u{a0}456"] {
            assert_eq!(typed_code(text).as_deref(), Some("123456"));
        }
        for text in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "１２３４５６"] {
            assert_eq!(typed_code(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC*", step in any::<u32>()) {
            let code = typed_code(&text);
            prop_assert!(code.is_none_or(|code| code.len() == DIGITS));
            let _ = of_the_rfc().find_step(&text, i64::from(step), 1);
        }
    }
}
