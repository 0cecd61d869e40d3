//! Identifiers of organizations.

use std::ops::RangeInclusive;

use super::portico::JobId;
use crate::random::{Random, random_text};
use crate::text_type::text_type;

const DIGITS: &[u8; 10] = b"0123456789";
const LOWER_ALPHANUMERIC: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

text_type! {
    /// Twelve digits.
    AccountId, |text| {
        let well_formed = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if well_formed { Ok(()) } else { Err("be 12 digits") }
    }
}

impl AccountId {
    /// A number that is not yet known to be free. It never begins with a zero, because spreadsheets
    /// drop leading zeros.
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

text_type! {
    /// `o-` and ten characters.
    OrganizationId, |text| check(text, "o-", 10..=32, "match o-[a-z0-9]{10,32}")
}

impl OrganizationId {
    /// A fresh identifier.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("o-{}", random_text(random, LOWER_ALPHANUMERIC, 10)))
    }
}

text_type! {
    /// `r-` and four characters: the root of the organisation's tree.
    RootId, |text| check(text, "r-", 4..=32, "match r-[0-9a-z]{4,32}")
}

impl RootId {
    /// A fresh identifier.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        Self(format!("r-{}", random_text(random, LOWER_ALPHANUMERIC, 4)))
    }
}

text_type! {
    /// `car-` and 32 characters: a request to create an account.
    CreateAccountRequestId, |text| check(text, "car-", 8..=32, "match car-[a-z0-9]{8,32}")
}

impl CreateAccountRequestId {
    /// The id under which organizations shows a job.
    // AWS: lower-case letters and digits. The UUID of the job has 32 of them.
    #[must_use]
    pub fn of_job(id: &JobId) -> Self {
        Self(format!("car-{}", id.as_str().replace('-', "")))
    }

    /// The id of the job behind the request, if the text can be one.
    #[must_use]
    pub fn job_id(&self) -> Option<JobId> {
        let hex = self.0.strip_prefix("car-").filter(|hex| hex.len() == 32)?;
        u128::from_str_radix(hex, 16).ok().map(JobId::of_bits)
    }
}

/// Checks for `prefix` and a number of lower-case letters and digits in `lengths`.
fn check(
    text: &str,
    prefix: &str,
    lengths: RangeInclusive<usize>,
    must: &'static str,
) -> Result<(), &'static str> {
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.strip_prefix(prefix)
        .filter(|rest| lengths.contains(&rest.len()) && rest.bytes().all(lower))
        .map(drop)
        .ok_or(must)
}
