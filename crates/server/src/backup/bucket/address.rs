//! The name of a place in a bucket: `s3://bucket/prefix`.

/// Begin of the name.
pub(in crate::backup) const SCHEME: &str = "s3://";

/// A part of a bucket.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::backup) struct Address {
    pub(super) bucket: String,
    /// Empty, or with `/` at its end.
    pub(super) prefix: String,
}

impl Address {
    /// Reads the name. Only characters that need no escape are allowed in it.
    pub(in crate::backup) fn parse(name: &str) -> Result<Self, String> {
        let refused = || {
            format!(
                "{name} is no place in a bucket: give s3://BUCKET/PREFIX, of letters, digits and -._/"
            )
        };
        let rest = name.strip_prefix(SCHEME).ok_or_else(refused)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let parts = prefix.split('/').filter(|_| !prefix.is_empty());
        if !std::iter::once(bucket).chain(parts).all(is_plain) {
            return Err(refused());
        }
        let slash = if prefix.is_empty() { "" } else { "/" };
        Ok(Self { bucket: bucket.to_owned(), prefix: format!("{prefix}{slash}") })
    }

    /// The place, as an operator names it.
    pub(super) fn name(&self) -> String {
        format!("{SCHEME}{}/{}", self.bucket, self.prefix).trim_end_matches('/').to_owned()
    }

    /// The key of a file.
    pub(super) fn key(&self, file: &str) -> String {
        format!("{}{file}", self.prefix)
    }
}

fn is_plain(part: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
    !part.is_empty() && !matches!(part, "." | "..") && part.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_bucket_with_and_without_a_prefix() {
        for (name, bucket, prefix) in [
            ("s3://backups", "backups", ""),
            ("s3://backups/", "backups", ""),
            ("s3://backups/portico", "backups", "portico/"),
            ("s3://b.ups/a/b-1/", "b.ups", "a/b-1/"),
        ] {
            let expected = Address { bucket: bucket.into(), prefix: prefix.into() };
            assert_eq!(Address::parse(name), Ok(expected), "{name}");
        }
    }

    #[test]
    fn names_that_need_escapes_or_hold_keys_are_refused() {
        for name in [
            "s3://",
            "s3:///x",
            "s3://a:b@bucket/x",
            "s3://b/a//b",
            "s3://b/../x",
            "s3://b/ü",
            "s4://b",
        ] {
            assert!(Address::parse(name).is_err(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_name_reads_back_as_it_was_written(name in "s3://[a-z./]{0,20}") {
            if let Ok(address) = Address::parse(&name) {
                prop_assert_eq!(Address::parse(&address.name()), Ok(address));
            }
        }
    }
}
