//! Buckets of the local account store.
//!
//! Amazon S3 User Guide, "General purpose bucket naming rules".

use std::net::Ipv4Addr;

use crate::ids::AccountId;
use crate::text_type::text_type;

/// A bucket, with the account that owns it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bucket {
    pub name: BucketName,
    pub account_id: AccountId,
    /// The location of the request that created the bucket. It has no effect.
    pub region: String,
    pub created_at_ms: i64,
}

// AWS: prefixes and suffixes with other meanings (access points, table buckets, examples).
const RESERVED_PREFIXES: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_SUFFIXES: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

text_type! {
    /// A bucket name that S3 allows. Names are unique across all accounts.
    BucketName, check_name
}

impl BucketName {
    /// The bucket as a resource of policies.
    // AWS: neither region nor account.
    #[must_use]
    pub fn arn(&self) -> String {
        format!("arn:aws:s3:::{self}")
    }
}

fn check_name(text: &str) -> Result<(), &'static str> {
    let may_stand = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
    let may_bound = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    if !(3..=63).contains(&text.len()) {
        return Err("be 3 to 63 characters long");
    }
    if !text.bytes().all(may_stand) {
        return Err("consist of lower-case letters, digits, periods and hyphens");
    }
    if !may_bound(text.bytes().next()) || !may_bound(text.bytes().next_back()) {
        return Err("begin and end with a letter or a digit");
    }
    if text.contains("..") {
        return Err("not have two periods side by side");
    }
    if text.parse::<Ipv4Addr>().is_ok() {
        return Err("not look like an IP address");
    }
    if RESERVED_PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
        return Err("not begin with xn--, sthree- or amzn-s3-demo-");
    }
    if RESERVED_SUFFIXES.iter().any(|suffix| text.ends_with(suffix)) {
        return Err("not end with -s3alias, --ol-s3, .mrap, --x-s3 or --table-s3");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_within_the_rules_is_taken() {
        for name in ["abc", "1-2", "my.example.bucket", "log-delivery-march-2020", "10.0.0.256"] {
            assert_eq!(
                name.parse::<BucketName>().map(|name| name.to_string()),
                Ok(name.to_owned())
            );
        }
        assert!("a".repeat(63).parse::<BucketName>().is_ok());
    }

    #[test]
    fn a_name_against_a_rule_is_refused() {
        let long = "a".repeat(64);
        for name in [
            "",
            "ab",
            &long,
            "Abc",
            "a_b",
            "-abc",
            "abc-",
            ".abc",
            "abc.",
            "a..b",
            "192.168.5.4",
            "xn--abc",
            "sthree-abc",
            "amzn-s3-demo-abc",
            "abc-s3alias",
            "abc--ol-s3",
            "abc.mrap",
            "abc--x-s3",
            "abc--table-s3",
            "a/b",
            "a b",
            "äbc",
            "abc\0",
        ] {
            assert!(name.parse::<BucketName>().is_err(), "{name}");
        }
    }
}
