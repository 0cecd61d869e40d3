//! Identifiers that are UUIDs.

use crate::random::{Random, random_bytes};

/// Declares an id that is a UUID.
///
/// With a kind it is of a resource of identitystore whose ARN ends in `<kind>/<id>`; `from_str`
/// takes that ARN too.
macro_rules! uuid_type {
    ($(#[$doc:meta])* $name:ident) => {
        $crate::ids::uuid::uuid_type! { @id $(#[$doc])* $name, $crate::ids::uuid::parse_uuid }
    };
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $crate::ids::uuid::uuid_type! { @id $(#[$doc])* $name, |text| {
            let id = text.strip_prefix(concat!("arn:aws:identitystore:::", $kind, "/"));
            $crate::ids::uuid::parse_resource_id(id.unwrap_or(text))
        } }

        impl $name {
            /// The ARN that policies and replies name.
            // AWS: neither region nor account.
            #[must_use]
            pub fn arn(&self) -> String {
                format!(concat!("arn:aws:identitystore:::", $kind, "/{}"), self)
            }
        }
    };
    (@id $(#[$doc:meta])* $name:ident, $parse:expr) => {
        $crate::text_type::text_type! { $(#[$doc])* $name }

        impl $name {
            /// A fresh identifier.
            #[must_use]
            pub fn random(random: &dyn $crate::random::Random) -> Self {
                Self($crate::ids::uuid::random_uuid(random))
            }

            /// The last 61 bits of the identifier, which are random, as a number.
            #[must_use]
            pub fn number(&self) -> i64 {
                $crate::ids::uuid::number(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let parse: fn(&str) -> Result<String, &'static str> = $parse;
                parse(text).map(Self)
            }
        }
    };
}

pub(crate) use uuid_type;

// RFC 9562 §5.4: 122 random bits, version 4, variant 10.
pub(super) fn random_uuid(random: &dyn Random) -> String {
    let bits = u128::from_be_bytes(random_bytes(random));
    let bits = bits & !(0xF000_u128 << 64) | (0x4000_u128 << 64);
    uuid_text(bits & !(0xC000_u128 << 48) | (0x8000_u128 << 48))
}

pub(super) fn uuid_text(bits: u128) -> String {
    let hex = format!("{bits:032x}");
    let mut text = String::with_capacity(36);
    for (number, digit) in hex.chars().enumerate() {
        if matches!(number, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

/// The last 61 bits of a UUID. Two such numbers have a sum that fits an `i64`.
pub(super) fn number(text: &str) -> i64 {
    let digits = text.chars().filter_map(|letter| letter.to_digit(16));
    let bits = digits.fold(0_u64, |bits, digit| bits << 4 | u64::from(digit));
    i64::try_from(bits & ((1 << 61) - 1)).unwrap_or(0)
}

pub(super) fn parse_uuid(text: &str) -> Result<String, &'static str> {
    if is_uuid(text) { Ok(text.to_ascii_lowercase()) } else { Err("be a UUID") }
}

pub(super) fn is_uuid(text: &str) -> bool {
    let is_in_place = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_in_place)
}

/// Reads the id of a user, a group or a membership.
// AWS: ids of migrated identity stores have ten more digits in front.
pub(super) fn parse_resource_id(text: &str) -> Result<String, &'static str> {
    let short = match text.split_once('-') {
        Some((head, rest)) if head.len() == 10 && head.bytes().all(is_hex) => rest,
        _ => text,
    };
    if is_uuid(short) {
        return Ok(text.to_ascii_lowercase());
    }
    Err("be a UUID, perhaps with 10 hexadecimal digits and a hyphen before it, or an ARN")
}

/// Tells whether the byte is a lower-case hexadecimal digit.
pub(super) fn is_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}
