//! Identifiers of files and uploads: 32 random hexadecimal digits.

use crate::random::{HEX, Random, random_text};
use crate::text_type::text_type;

/// Declares an id of 32 random hexadecimal digits.
macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident) => {
        text_type! {
            $(#[$doc])*
            $name, |text| {
                let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                let well_formed = text.len() == 32 && text.bytes().all(hex);
                if well_formed { Ok(()) } else { Err("be 32 lower-case hexadecimal digits") }
            }
        }

        impl $name {
            /// A fresh identifier.
            #[must_use]
            pub fn random(random: &dyn Random) -> Self {
                Self(random_text(random, HEX, 32))
            }
        }
    };
}

hex_id! {
    /// The name of the file of an object or part. It contains nothing that a client sent.
    BlobId
}

hex_id! {
    /// A multipart upload.
    UploadId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_nothing_but_digits() {
        assert!("0123456789abcdef0123456789abcdef".parse::<BlobId>().is_ok());
        for name in ["../456789abcdef0123456789abcdef01", "0123456789ABCDEF0123456789abcdef", ""] {
            assert!(name.parse::<BlobId>().is_err(), "{name}");
        }
    }
}
