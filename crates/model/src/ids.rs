//! Identifiers. A value of one of these types is well formed: `from_str` is the only way in.
//!
//! The error of each `from_str` is the end of the sentence "<field> must …". What AWS accepts in two
//! spellings (an id or its ARN) is kept as the id.
//!
//! One file, because the types are alike and short, and two macros here make most of them.

use std::fmt;
use std::str::FromStr;

use crate::Random;
use crate::senses::{random_bytes, random_text};

const HEX: &[u8; 16] = b"0123456789abcdef";
const DIGITS: &[u8; 10] = b"0123456789";
/// RFC 4648 §6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Declares a text that is well formed, with `Display` and the common traits.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

/// Declares an id that is a UUID, of a thing whose ARN ends in `<kind>/<id>`.
macro_rules! uuid_type {
    ($(#[$doc:meta])* $name:ident) => {
        text_type! { $(#[$doc])* $name }

        impl $name {
            /// A fresh identifier.
            #[must_use]
            pub fn random(random: &dyn Random) -> Self {
                Self(random_uuid(random))
            }
        }

        impl FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse_uuid(text).map(Self)
            }
        }
    };
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        text_type! { $(#[$doc])* $name }

        impl $name {
            /// A fresh identifier.
            #[must_use]
            pub fn random(random: &dyn Random) -> Self {
                Self(random_uuid(random))
            }

            /// The ARN that policies and replies name.
            // AWS: neither region nor account.
            #[must_use]
            pub fn arn(&self) -> String {
                format!(concat!("arn:aws:identitystore:::", $kind, "/{}"), self)
            }
        }

        impl FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let id = text.strip_prefix(concat!("arn:aws:identitystore:::", $kind, "/"));
                parse_resource_id(id.unwrap_or(text)).map(Self)
            }
        }
    };
}

text_type! {
    /// Twelve digits.
    AccountId
}

impl AccountId {
    /// A number that is not yet known to be free. It never begins with a zero, which spreadsheets eat.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        let first = random_text(random, b"123456789", 1);
        Self(first + &random_text(random, DIGITS, 11))
    }

    /// The account as a resource of policies about identity centre.
    // AWS: the pseudo-ARN of the service authorization reference.
    #[must_use]
    pub fn sso_arn(&self) -> String {
        format!("arn:aws:sso:::account/{self}")
    }

    /// The account as a principal.
    #[must_use]
    pub fn root_arn(&self) -> String {
        format!("arn:aws:iam::{self}:root")
    }
}

impl FromStr for AccountId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| Self(text.to_owned()))
            .ok_or("be 12 digits")
    }
}

text_type! {
    /// `ssoins-` and 16 lower-case hexadecimal digits.
    InstanceId
}

impl InstanceId {
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("ssoins-{}", random_text(random, HEX, 16)))
    }

    #[must_use]
    pub fn arn(&self) -> String {
        format!("arn:aws:sso:::instance/{self}")
    }
}

impl FromStr for InstanceId {
    type Err = &'static str;

    /// Takes an ARN, as requests have it, or the bare id, as the database has it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = text.strip_prefix("arn:aws:sso:::instance/").unwrap_or(text);
        let rest = id.strip_prefix("ssoins-").or_else(|| id.strip_prefix("ins-"));
        rest.filter(|rest| is_alphanumeric_16(rest, b"-."))
            .map(|_| Self(id.to_owned()))
            .ok_or("be an instance ARN, arn:aws:sso:::instance/ssoins-<16 characters>")
    }
}

text_type! {
    /// `ps-` and 16 lower-case hexadecimal digits.
    PermissionSetId
}

impl PermissionSetId {
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("ps-{}", random_text(random, HEX, 16)))
    }
}

impl FromStr for PermissionSetId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix("ps-")
            .filter(|rest| is_alphanumeric_16(rest, b"-./"))
            .map(|_| Self(text.to_owned()))
            .ok_or("be ps- and 16 characters")
    }
}

/// A permission set as requests and policies name it, with its instance.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct PermissionSetArn {
    pub instance_id: InstanceId,
    pub id: PermissionSetId,
}

impl FromStr for PermissionSetArn {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const MUST: &str = "be a permission set ARN, \
            arn:aws:sso:::permissionSet/ssoins-<16 characters>/ps-<16 characters>";
        let path = text.strip_prefix("arn:aws:sso:::permissionSet/").ok_or(MUST)?;
        let (instance, id) = path.split_once('/').ok_or(MUST)?;
        Ok(Self {
            instance_id: instance.parse().map_err(|_| MUST)?,
            id: id.parse().map_err(|_| MUST)?,
        })
    }
}

impl fmt::Display for PermissionSetArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "arn:aws:sso:::permissionSet/{}/{}", self.instance_id, self.id)
    }
}

impl serde::Serialize for PermissionSetArn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

text_type! {
    /// `d-` and ten lower-case hexadecimal digits.
    IdentityStoreId
}

impl IdentityStoreId {
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("d-{}", random_text(random, HEX, 10)))
    }

    /// The ARN that policies and replies name.
    // AWS: identity store ARNs carry the account and no region.
    #[must_use]
    pub fn arn(&self, account_id: &AccountId) -> String {
        format!("arn:aws:identitystore::{account_id}:identitystore/{self}")
    }
}

impl FromStr for IdentityStoreId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = match text.strip_prefix("arn:aws:identitystore::") {
            Some(rest) => rest.split_once(":identitystore/").map_or("", |(account, id)| {
                if account.parse::<AccountId>().is_ok() { id } else { "" }
            }),
            None => text,
        };
        let short = |id: &str| {
            id.strip_prefix("d-").is_some_and(|rest| rest.len() == 10 && rest.bytes().all(is_hex))
        };
        // AWS: a store that was migrated is named by a UUID. We make none, and know none.
        (short(id) || is_uuid(id))
            .then(|| Self(id.to_owned()))
            .ok_or("be an identity store id, d-<10 hexadecimal digits>, or its ARN")
    }
}

uuid_type! {
    /// A user of an identity store. Never changes and is never used again.
    UserId, "user"
}

uuid_type! {
    /// A group of an identity store.
    GroupId, "group"
}

uuid_type! {
    /// A user's membership in a group.
    MembershipId, "membership"
}

uuid_type! {
    /// A piece of long work, under the id that its starter was given.
    JobId
}

uuid_type! {
    /// A portal session, or a command line that a portal session authorised.
    SessionId
}

uuid_type! {
    /// One request to Portico.
    RequestId
}

text_type! {
    /// `car-` and 32 characters: the work of making an account.
    CreateAccountRequestId
}

text_type! {
    /// `o-` and ten characters.
    OrganizationId
}

impl OrganizationId {
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("o-{}", random_text(random, b"abcdefghijklmnopqrstuvwxyz0123456789", 10)))
    }
}

impl FromStr for OrganizationId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        is_prefixed(text, "o-", 10..=32).ok_or("match o-[a-z0-9]{10,32}").map(Self)
    }
}

text_type! {
    /// `r-` and four characters: the top of the organisation's tree.
    RootId
}

impl RootId {
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("r-{}", random_text(random, b"abcdefghijklmnopqrstuvwxyz0123456789", 4)))
    }
}

impl FromStr for RootId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        is_prefixed(text, "r-", 4..=32).ok_or("match r-[0-9a-z]{4,32}").map(Self)
    }
}

impl CreateAccountRequestId {
    /// The id under which organizations shows a job.
    // AWS: lower-case letters and digits; those of the job's UUID are 32.
    #[must_use]
    pub fn of_job(id: &JobId) -> Self {
        Self(format!("car-{}", id.as_str().replace('-', "")))
    }

    /// The job that the id is of, if it can be of any.
    #[must_use]
    pub fn job_id(&self) -> Option<JobId> {
        let hex = self.0.strip_prefix("car-").filter(|hex| hex.len() == 32)?;
        u128::from_str_radix(hex, 16).ok().map(|bits| JobId(uuid_text(bits)))
    }
}

impl FromStr for CreateAccountRequestId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        is_prefixed(text, "car-", 8..=32).ok_or("match car-[a-z0-9]{8,32}").map(Self)
    }
}

text_type! {
    /// `AROA` and 17 characters: a role that a permission set became in an account.
    RoleId
}

impl RoleId {
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("AROA{}", random_text(random, BASE32, 17)))
    }
}

impl FromStr for RoleId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        (text.len() == 21 && text.starts_with("AROA") && text.bytes().all(upper))
            .then(|| Self(text.to_owned()))
            .ok_or("match AROA[A-Z0-9]{17}")
    }
}

fn is_prefixed(
    text: &str,
    prefix: &str,
    lengths: std::ops::RangeInclusive<usize>,
) -> Option<String> {
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.strip_prefix(prefix)
        .filter(|rest| lengths.contains(&rest.len()) && rest.bytes().all(lower))
        .map(|_| text.to_owned())
}

fn is_alphanumeric_16(text: &str, also: &[u8]) -> bool {
    text.len() == 16
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

// RFC 9562 §5.4: 122 random bits, version 4, variant 10.
fn random_uuid(random: &dyn Random) -> String {
    let bits = u128::from_be_bytes(random_bytes(random));
    let bits = bits & !(0xF000_u128 << 64) | (0x4000_u128 << 64);
    uuid_text(bits & !(0xC000_u128 << 48) | (0x8000_u128 << 48))
}

fn uuid_text(bits: u128) -> String {
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

fn parse_uuid(text: &str) -> Result<String, &'static str> {
    if is_uuid(text) { Ok(text.to_ascii_lowercase()) } else { Err("be a UUID") }
}

fn is_uuid(text: &str) -> bool {
    let is_in_place = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_in_place)
}

// AWS: ids of stores that were migrated have ten more digits in front.
fn parse_resource_id(text: &str) -> Result<String, &'static str> {
    let short = match text.split_once('-') {
        Some((head, rest)) if head.len() == 10 && head.bytes().all(is_hex) => rest,
        _ => text,
    };
    if is_uuid(short) {
        return Ok(text.to_ascii_lowercase());
    }
    Err("be a UUID, perhaps with 10 hexadecimal digits and a hyphen before it, or an ARN")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);

    impl Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn a_random_id_is_a_version_4_uuid() {
        let id = GroupId::random(&Fixed(0xFF));
        assert_eq!(id.to_string(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn an_arn_is_kept_as_its_id() {
        let id = "00000000-0000-4000-8000-000000000001";
        assert_eq!(format!("arn:aws:identitystore:::user/{id}").parse(), id.parse::<UserId>());
        assert!(format!("arn:aws:identitystore:::group/{id}").parse::<UserId>().is_err());
        let store = "arn:aws:identitystore::123456789012:identitystore/d-0123456789";
        assert_eq!(store.parse(), "d-0123456789".parse::<IdentityStoreId>());
        let instance = "arn:aws:sso:::instance/ssoins-0123456789abcdef";
        assert_eq!(instance.parse(), "ssoins-0123456789abcdef".parse::<InstanceId>());
        let set = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef";
        assert_eq!(set.parse::<PermissionSetArn>().map(|arn| arn.to_string()), Ok(set.to_owned()));
    }

    #[test]
    fn a_request_for_an_account_leads_back_to_its_job() {
        let job: JobId = "0123abcd-0000-4000-8000-00000000000f".parse().unwrap();
        let request = CreateAccountRequestId::of_job(&job);
        assert_eq!(request.to_string(), "car-0123abcd00004000800000000000000f");
        assert_eq!(request.to_string().parse(), Ok(request.clone()));
        assert_eq!(request.job_id(), Some(job));
        assert_eq!(
            "car-examplecreateaccountrequestid1"
                .parse()
                .map(|id: CreateAccountRequestId| id.job_id()),
            Ok(None)
        );
    }

    #[test]
    fn what_is_not_of_the_form_is_refused() {
        assert!("12345678901".parse::<AccountId>().is_err());
        assert!("d-012345678G".parse::<IdentityStoreId>().is_err());
        assert!("00000000-0000-4000-8000-00000000000".parse::<UserId>().is_err());
        assert!("0123456789-00000000-0000-4000-8000-000000000001".parse::<UserId>().is_ok());
    }
}
