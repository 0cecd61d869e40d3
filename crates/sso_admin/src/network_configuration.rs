//! `NetworkConfiguration` of `UpdateInstance`: read in full, and refused if it restricts anything.

use std::net::IpAddr;
use std::str::FromStr;

use model::Fault;
use protocol::Fields;

/// Lets through what leaves the networks as they are: no VPC endpoint required, and empty lists.
pub(super) fn refuse_restriction(fields: &Fields<'_>) -> Result<(), Fault> {
    let Some(network) = fields.object("NetworkConfiguration")? else { return Ok(()) };
    let required = network.boolean("VpceAccessRequired")?;
    let required = required.ok_or_else(|| network.missing("VpceAccessRequired"))?;
    let vpcs = network.strings::<VpcArn>("RestrictSourceVpcs", 0..=50)?;
    let addresses = network.strings::<AddressRange>("AllowSourceIps", 0..=50)?;
    let applications = network.strings::<ApplicationArn>("ExcludeApplicationArns", 0..=50)?;
    let restricts = required
        || vpcs.is_some_and(|list| !list.is_empty())
        || addresses.is_some_and(|list| !list.is_empty())
        || applications.is_some_and(|list| !list.is_empty());
    if !restricts {
        return Ok(());
    }
    Err(Fault::unsupported(
        "NetworkConfiguration cannot restrict networks here. Restrict them at the server's proxy.",
    ))
}

/// AWS: `arn:aws:ec2:<region>:<account>:vpc/vpc-<8 or 17 hexadecimal digits>`.
struct VpcArn;

impl FromStr for VpcArn {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_vpc = || {
            let (region, rest) = text.strip_prefix("arn:aws:ec2:")?.split_once(':')?;
            let (account, vpc) = rest.split_once(":vpc/vpc-")?;
            let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            let digits = matches!(vpc.len(), 8 | 17) && vpc.bytes().all(hex);
            (digits && is_region(region) && is_account(account)).then_some(())
        };
        is_vpc().map(|()| Self).ok_or("be the ARN of a VPC")
    }
}

/// An address, or a range of them in CIDR notation.
struct AddressRange;

impl FromStr for AddressRange {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let bits_max = match address.parse() {
            Ok(IpAddr::V4(_)) => 32,
            Ok(IpAddr::V6(_)) => 128,
            Err(_) => return Err("be an IP address, or a range such as 192.0.2.0/24"),
        };
        let plain = |bits: &str| {
            let digits = bits.len() == bits.trim_start_matches('0').len().max(1);
            digits && bits.parse::<u8>().is_ok_and(|bits| bits <= bits_max)
        };
        if bits.is_none_or(|bits| bits.bytes().all(|byte| byte.is_ascii_digit()) && plain(bits)) {
            Ok(Self)
        } else {
            Err("be an IP address, or a range such as 192.0.2.0/24")
        }
    }
}

/// AWS: `arn:aws:<service>:<region>:<account>:<resource>`.
struct ApplicationArn;

impl FromStr for ApplicationArn {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_application = || {
            let (service, rest) = text.strip_prefix("arn:aws:")?.split_once(':')?;
            let (region, rest) = rest.split_once(':')?;
            let (account, resource) = rest.split_once(':')?;
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-./:_*".contains(&byte);
            let resource = !resource.is_empty() && resource.bytes().all(plain);
            let named = is_region(service) && (region.is_empty() || is_region(region));
            (text.len() <= 1224 && named && is_account(account) && resource).then_some(())
        };
        is_application().map(|()| Self).ok_or("be the ARN of an application")
    }
}

fn is_region(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(plain)
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_is_held_to_its_form() {
        assert!("192.0.2.0/24".parse::<AddressRange>().is_ok());
        assert!("2001:db8::/32".parse::<AddressRange>().is_ok());
        for wrong in ["192.0.2.0/33", "192.0.2.0/024", "192.0.2.0/", "192.0.2", "x", "1.2.3.4/+1"] {
            assert!(wrong.parse::<AddressRange>().is_err(), "{wrong}");
        }
        let vpc = "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-0123456789abcdef0";
        assert!(vpc.parse::<VpcArn>().is_ok());
        assert!(vpc[..vpc.len() - 1].parse::<VpcArn>().is_err());
        let application = "arn:aws:sso::123456789012:application/ssoins-1/apl-1";
        assert!(application.parse::<ApplicationArn>().is_ok());
        assert!("arn:aws:sso::1:application/x".parse::<ApplicationArn>().is_err());
    }
}
