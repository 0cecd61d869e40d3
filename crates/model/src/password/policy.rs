//! Rules of an instance for new passwords, which an administrator may make stricter.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::rule::CHARS_MAX;
use crate::setting::Setting;

/// Rules for new passwords. What else AWS's rules ask holds always: four classes of characters, no name of the person,
/// and nothing that is known from leaks.
///
/// The names are those of IAM's account password policy. A policy that an earlier version stored lacks members.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PasswordPolicy {
    /// Minimum number of characters.
    pub minimum_password_length: u8,
    /// Number of a person's last passwords, the current one included, that they may not choose again.
    pub password_reuse_prevention: u8,
}

impl PasswordPolicy {
    /// Values of the minimum length. AWS: 8 to 64 characters.
    pub const LENGTHS: RangeInclusive<i64> = 8..=CHARS_MAX;
    /// Numbers of passwords. AWS: «the last three passwords cannot be reused»; IAM: 24 at most.
    pub const REUSES: RangeInclusive<i64> = 3..=24;
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { minimum_password_length: 8, password_reuse_prevention: 3 }
    }
}

impl Setting for PasswordPolicy {
    const NAME: &'static str = "password-policy";
}
