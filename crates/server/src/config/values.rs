//! Values of settings, each with the words for one that is wrong.
//!
//! The command line names the setting before the words, and the file its line.

use std::num::NonZeroU16;
use std::str::FromStr;

use model::network::IpRange;
use protocol::host::{HostName, Name};
use serde::Deserialize;

use super::age::Age;
use super::switch::Switch;
use crate::forward::Target;

/// The name of a region.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Region(String);

/// A domain whose sub-domains are buckets.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct S3Domain(String);

/// The address of a proxy, or a network of proxies.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct ProxyRange(pub IpRange);

impl Region {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl S3Domain {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// AWS: RegionName of sso-admin, `([a-z]+-){2,3}\d`, 32 characters at most. Replies have the region in that member.
impl FromStr for Region {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_digit =
            |text: &str| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit());
        let split = text.rsplit_once('-').filter(|_| text.len() <= 32);
        let is_region = split.is_some_and(|(words, digit)| {
            let count = words.split('-').count();
            words.split('-').all(is_word) && (2..=3).contains(&count) && is_digit(digit)
        });
        if is_region {
            return Ok(Self(text.to_owned()));
        }
        Err(
            "it must have the form of a Region of AWS, two or three words and a digit: us-east-1, office-north-1",
        )
    }
}

impl FromStr for S3Domain {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const MUST: &str = "it must be a domain name, such as s3.example.com: no URL, no port and no IP address, \
            because the names of buckets are put in front of it";
        let host: HostName = text.parse().map_err(|_| MUST)?;
        let has_labels = text.split('.').all(|label| !label.is_empty());
        match host.name() {
            Some(Name::Named(_)) if has_labels => Ok(Self(text.to_owned())),
            Some(Name::Named(_) | Name::Address(_)) | None => Err(MUST),
        }
    }
}

// A network of all addresses would let every client write its own address.
// An address inside of a network may be meant alone, and the network would have its neighbours too.
impl FromStr for ProxyRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let range: Option<IpRange> = text.parse().ok().filter(|_| !text.ends_with("/0"));
        let must = "it must be the IP address of a proxy, or a network that has only proxies, such as 192.0.2.0/28";
        let range = range.ok_or_else(|| must.to_owned())?;
        let network = range.network();
        if range == network {
            return Ok(Self(range));
        }
        let address = text.split('/').next().unwrap_or_default();
        Err(format!(
            "it must be {address} for that address alone, or {network} for the whole network"
        ))
    }
}

/// Reads a name that the server answers to. There may be blanks around it, as in lists with commas.
pub(super) fn host_name(text: &str) -> Result<HostName, &'static str> {
    text.trim().parse()
}

/// Reads the validity of the operator's keys in seconds.
pub(super) fn key_seconds(text: &str) -> Result<i64, &'static str> {
    let seconds = text.parse().ok().filter(|seconds| (900..=43200).contains(seconds));
    seconds.ok_or("it must be a number of seconds from 900 to 43200, such as 3600")
}

/// Reads a number of at least one, of the command line or the environment.
pub(super) fn positive(text: &str) -> Result<NonZeroU16, &'static str> {
    text.parse().map_err(|_| "it must be a number from 1 to 65535")
}

/// Reads the value of a setting in the file as the command line reads it.
macro_rules! try_from_string {
    ($($name:ident),*) => {
        $(impl TryFrom<String> for $name {
            type Error = <$name as FromStr>::Err;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        })*
    };
}

try_from_string!(Region, S3Domain, ProxyRange, Age, Switch, Target);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_the_form_of_one_of_aws() {
        for region in ["us-east-1", "us-gov-west-1", "eusc-de-east-1", "office-north-1"] {
            assert_eq!(region.parse::<Region>().unwrap().as_str(), region);
        }
        for text in
            ["", "mars", "mars-1", "us-east", "us-east-12", "US-EAST-1", "us--1", "a-b-c-d-1"]
        {
            assert!(text.parse::<Region>().is_err(), "{text}");
        }
        assert!(format!("{}-x-1", "a".repeat(29)).parse::<Region>().is_err());
    }

    #[test]
    fn a_domain_for_buckets_is_a_bare_name() {
        for domain in ["s3.example.com", "s3.localhost", "s3"] {
            assert_eq!(domain.parse::<S3Domain>().unwrap().as_str(), domain);
        }
        for text in
            ["", "http://s3.example.com", "s3.example.com:443", "s3.example.com/", "*.s3.test"]
        {
            assert!(text.parse::<S3Domain>().is_err(), "{text}");
        }
        for text in ["10.0.0.1", "[::1]", "s3.example.com.", ".example.com", "s3..com", "."] {
            assert!(text.parse::<S3Domain>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network_but_not_everybody() {
        for text in ["10.0.0.1", "10.0.0.0/8", "2001:db8::/48", "::1"] {
            assert!(text.parse::<ProxyRange>().is_ok(), "{text}");
        }
        for text in
            ["", "proxy", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0.1:80", "::ffff:10.0.0.1"]
        {
            assert!(text.parse::<ProxyRange>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_network_of_proxies_is_written_by_its_first_address() {
        for (text, network) in [
            ("10.0.0.1/8", "10.0.0.0/8"),
            ("192.0.2.17/28", "192.0.2.16/28"),
            ("2001:db8::1/32", "2001:db8::/32"),
        ] {
            let refused = text.parse::<ProxyRange>().unwrap_err();
            assert!(refused.contains(&format!("or {network} for the whole network")), "{refused}");
        }
        for text in ["10.0.0.1/32", "::1/128", " 127.0.0.1", "::1 "] {
            assert!(text.parse::<ProxyRange>().is_ok(), "{text}");
        }
        assert!(host_name(" aws.test").is_ok());
    }

    #[test]
    fn keys_last_for_a_number_of_seconds() {
        assert_eq!((key_seconds("900"), key_seconds("43200")), (Ok(900), Ok(43200)));
        for text in ["1h", "899", "43201", "", "-900"] {
            assert!(key_seconds(text).unwrap_err().contains("900 to 43200"), "{text}");
        }
    }

    #[test]
    fn a_number_is_at_least_one() {
        assert_eq!(positive("1024").map(NonZeroU16::get), Ok(1024));
        for text in ["0", "-1", "65536", "x", ""] {
            assert!(positive(text).is_err(), "{text}");
        }
    }
}
