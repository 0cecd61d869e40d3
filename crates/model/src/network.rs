//! Network restrictions of an identity store.
//!
//! AWS: `NetworkConfiguration` of identitystore.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text_type::{deserialize_from_str, text_type};

/// Maximum length of each list.
// AWS: VpcArnList, IpCidrList.
pub const LIST_MAX: usize = 50;

/// From where the operations of an identity store may be called. JSON as the API has it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NetworkConfiguration {
    pub vpce_access_required: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub api_restrict_source_vpcs: Vec<VpcArn>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub api_allow_source_ips: Vec<IpRange>,
}

impl NetworkConfiguration {
    /// Tells whether a request from this address may call the operations.
    ///
    /// No request comes through a VPC endpoint or from a VPC here, so a configuration that requires
    /// either admits the allowed addresses only.
    // AWS: an address in the list passes whatever else is required.
    #[must_use]
    pub fn allows(&self, source_address: &str) -> bool {
        let requires_vpc = self.vpce_access_required || !self.api_restrict_source_vpcs.is_empty();
        let is_allowed = |address: IpAddr| {
            self.api_allow_source_ips.iter().any(|range| range.contains(address.to_canonical()))
        };
        !requires_vpc || source_address.parse().is_ok_and(is_allowed)
    }
}

text_type! {
    /// The id of a VPC, or its ARN: `arn:aws:ec2:<region>:<account>:vpc/vpc-<8 or 17 hex digits>`.
    VpcArn, |text| {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_id = |id: &str| matches!(id.len(), 8 | 17) && id.bytes().all(hex);
        let is_vpc = |text: &str| {
            let Some((arn, id)) = text.split_once(":vpc/vpc-") else {
                return text.strip_prefix("vpc-").is_some_and(is_id);
            };
            let parts: Vec<&str> = arn.split(':').collect();
            let [arn, partition, service, region, account] = parts.as_slice() else { return false };
            let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            let is_partition = partition.strip_prefix("aws").is_some_and(|rest| rest.bytes().all(word));
            let is_region = !region.is_empty() && region.bytes().all(word);
            let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
            *arn == "arn" && *service == "ec2" && is_partition && is_region && is_account && is_id(id)
        };
        if is_vpc(text) { Ok(()) } else { Err("be the id or the ARN of a VPC") }
    }
}

/// An IP address, or a range of them in CIDR notation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IpRange {
    address: IpAddr,
    /// `None` for one address that was written without a length.
    prefix_bits: Option<u8>,
}

impl IpRange {
    /// Tells whether the address is in the range. Addresses of the other version are not.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let (own, other, bits_max) = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (u128::from(own.to_bits()), u128::from(other.to_bits()), 32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), 128),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
        };
        let host_bits = bits_max - u32::from(self.prefix_bits.unwrap_or(u8::MAX)).min(bits_max);
        // A shift by all 128 bits leaves nothing to differ in.
        (own ^ other).checked_shr(host_bits).unwrap_or(0) == 0
    }
}

impl IpRange {
    /// The range of the same addresses whose own address is the first of them.
    #[must_use]
    pub fn network(&self) -> Self {
        let bits = u32::from(self.prefix_bits.unwrap_or(u8::MAX));
        let address = match self.address {
            IpAddr::V4(own) => {
                let mask = u32::MAX.checked_shl(32 - bits.min(32)).unwrap_or(0);
                IpAddr::V4(Ipv4Addr::from_bits(own.to_bits() & mask))
            }
            IpAddr::V6(own) => {
                let mask = u128::MAX.checked_shl(128 - bits.min(128)).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from_bits(own.to_bits() & mask))
            }
        };
        Self { address, prefix_bits: self.prefix_bits }
    }
}

impl FromStr for IpRange {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const MUST: &str = "be an IP address, or a range such as 192.0.2.0/24";
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| MUST)?;
        // Addresses of requests are canonical, so a range of IPv4-mapped ones would admit none.
        if address.to_canonical() != address {
            return Err(MUST);
        }
        let bits_max = if address.is_ipv4() { 32 } else { 128 };
        let read = |bits: &str| {
            let is_plain = bits.bytes().all(|byte| byte.is_ascii_digit())
                && (bits.len() == 1 || !bits.starts_with('0'));
            bits.parse::<u8>().ok().filter(|bits| is_plain && *bits <= bits_max).ok_or(MUST)
        };
        Ok(Self { address, prefix_bits: bits.map(read).transpose()? })
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)?;
        self.prefix_bits.map_or(Ok(()), |bits| write!(f, "/{bits}"))
    }
}

impl Serialize for IpRange {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

deserialize_from_str! { IpRange }

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range(text: &str) -> IpRange {
        text.parse().unwrap()
    }

    #[test]
    fn a_range_holds_its_own_addresses_only() {
        for (within, address) in [
            ("192.0.2.0/24", "192.0.2.255"),
            ("192.0.2.7", "192.0.2.7"),
            ("0.0.0.0/0", "203.0.113.9"),
            ("2001:db8::/32", "2001:db8:ffff::1"),
            ("::/0", "2001:db8::1"),
            ("2001:db8::1/128", "2001:db8::1"),
        ] {
            assert!(range(within).contains(address.parse().unwrap()), "{within} {address}");
        }
        for (within, address) in [
            ("192.0.2.0/24", "192.0.3.0"),
            ("192.0.2.7", "192.0.2.6"),
            ("0.0.0.0/0", "2001:db8::1"),
            ("::/0", "192.0.2.7"),
            ("2001:db8::/32", "2001:db9::"),
        ] {
            assert!(!range(within).contains(address.parse().unwrap()), "{within} {address}");
        }
    }

    #[test]
    fn a_range_is_held_to_its_form() {
        for wrong in [
            "192.0.2.0/33",
            "192.0.2.0/024",
            "192.0.2.0/",
            "192.0.2",
            "x",
            "1.2.3.4/+1",
            "::/129",
            "::ffff:192.0.2.7",
            "::ffff:192.0.2.0/120",
        ] {
            assert!(wrong.parse::<IpRange>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_vpc_is_named_by_its_id_or_its_arn() {
        let arn = "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-0123456789abcdef0";
        for good in [arn, "vpc-01234567", "arn:aws-cn:ec2:cn-north-1:123456789012:vpc/vpc-01234567"]
        {
            assert!(good.parse::<VpcArn>().is_ok(), "{good}");
        }
        let bad =
            [&arn[..arn.len() - 1], "vpc-0123456G", "arn:aws:ec2:us-east-1:1:vpc/vpc-01234567", ""];
        for wrong in bad {
            assert!(wrong.parse::<VpcArn>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_required_vpc_leaves_the_allowed_addresses_only() {
        let none = NetworkConfiguration::default();
        assert!(none.allows("192.0.2.1") && none.allows("portico"));
        let allowed = vec![range("192.0.2.0/24")];
        let listed = NetworkConfiguration { api_allow_source_ips: allowed, ..none };
        assert!(listed.allows("203.0.113.9"), "a list of exceptions by itself requires nothing");
        let vpcs = vec!["vpc-01234567".parse().unwrap()];
        for required in [
            NetworkConfiguration { vpce_access_required: true, ..listed.clone() },
            NetworkConfiguration { api_restrict_source_vpcs: vpcs, ..listed },
        ] {
            assert!(required.allows("192.0.2.1") && required.allows("::ffff:192.0.2.1"));
            assert!(!required.allows("203.0.113.9") && !required.allows("portico"));
        }
    }

    proptest! {
        #[test]
        fn a_range_reads_back_as_it_is_written(address: IpAddr, bits in 0_u8..=32) {
            let address = address.to_canonical();
            for text in [address.to_string(), format!("{address}/{bits}")] {
                prop_assert_eq!(range(&text).to_string(), text.clone());
                prop_assert!(range(&text).contains(address));
            }
        }
    }
}
