//! Identifiers of sso-admin, and the ids of the roles that it provisions.

use std::fmt;
use std::str::FromStr;

use crate::random::{HEX, Random, random_text};
use crate::text_type::{deserialize_from_str, text_type};

/// RFC 4648 §6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

text_type! {
    /// `ssoins-` and 16 lower-case hexadecimal digits.
    InstanceId
}

impl InstanceId {
    /// A fresh identifier.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("ssoins-{}", random_text(random, HEX, 16)))
    }

    /// The ARN that policies and replies name.
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
    PermissionSetId, |text| {
        let rest = text.strip_prefix("ps-").filter(|rest| is_alphanumeric_16(rest, b"-./"));
        rest.map(drop).ok_or("be ps- and 16 characters")
    }
}

impl PermissionSetId {
    /// A fresh identifier.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("ps-{}", random_text(random, HEX, 16)))
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

deserialize_from_str! { PermissionSetArn }

text_type! {
    /// `AROA` and 17 characters: a role that a permission set became in an account.
    RoleId, |text| {
        let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let well_formed =
            text.len() == 21 && text.starts_with("AROA") && text.bytes().all(upper);
        if well_formed { Ok(()) } else { Err("match AROA[A-Z0-9]{17}") }
    }
}

impl RoleId {
    /// A fresh identifier.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("AROA{}", random_text(random, BASE32, 17)))
    }
}

fn is_alphanumeric_16(text: &str, also: &[u8]) -> bool {
    text.len() == 16
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
}
