//! Permission sets: what a person may do in an account, before it became a role there.
//!
//! The constraints are those of the service model of sso-admin.

use std::fmt;
use std::str::FromStr;

use crate::ids::{InstanceId, PermissionSetArn, PermissionSetId};
use crate::texts::text_newtype;

/// A permission set. Its policies are read apart from it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PermissionSet {
    pub instance_id: InstanceId,
    pub id: PermissionSetId,
    /// Unique in the instance; the name of the role that people choose.
    pub name: PermissionSetName,
    pub description: Option<PermissionSetDescription>,
    pub session_duration: SessionDuration,
    pub relay_state: Option<RelayState>,
    /// Counts the edits, those of its policies too.
    pub revision: i64,
    pub created_at_ms: i64,
}

impl PermissionSet {
    #[must_use]
    pub fn arn(&self) -> PermissionSetArn {
        PermissionSetArn { instance_id: self.instance_id.clone(), id: self.id.clone() }
    }
}

// AWS: quotas of identity center.
/// An instance holds at most this many permission sets.
pub const PERMISSION_SETS_MAX: usize = 3500;
/// A permission set holds at most this many managed policies.
pub const MANAGED_POLICIES_MAX: usize = 25;
/// At most this many permission sets are provisioned in an account.
pub const PROVISIONED_IN_ACCOUNT_MAX: usize = 500;

text_newtype! {
    /// 1 to 32 characters of `[\w+=,.@-]`: it becomes part of a role's name.
    PermissionSetName, |text| {
        if !(1..=32).contains(&text.chars().count()) {
            return Err("have length between 1 and 32");
        }
        is_name(text)
    }
}

text_newtype! {
    /// 1 to 700 printable characters of Latin-1, with tabs and ends of lines.
    PermissionSetDescription, |text| {
        if !(1..=700).contains(&text.chars().count()) {
            return Err("have length between 1 and 700");
        }
        if text.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{A1}'..='\u{FF}')) {
            return Ok(());
        }
        Err("hold printable characters of Latin-1 only")
    }
}

text_newtype! {
    /// 1 to 240 characters that an address may have: where the console opens.
    RelayState, |text| {
        if !(1..=240).contains(&text.chars().count()) {
            return Err("have length between 1 and 240");
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || r#"&$@#\/%?=~-_'"|!:,.;*+[] (){}"#.contains(c);
        if text.chars().all(allowed) {
            return Ok(());
        }
        Err(r#"hold only letters, digits, spaces and &$@#\/%?=~-_'"|!:,.;*+[](){}"#)
    }
}

text_newtype! {
    /// A policy as it was written, whose length is known to be within bounds. Whether it is one is
    /// for the policy engine to say.
    PolicyDocument, |text| {
        if !(1..=32_768).contains(&text.chars().count()) {
            return Err("have length between 1 and 32768");
        }
        if !text.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FF}')) {
            return Err("hold characters of Latin-1 only");
        }
        // AWS: the quota of IAM, which does not count white space.
        if text.chars().filter(|c| !c.is_whitespace()).count() > 10_240 {
            return Err("have at most 10240 characters that are not white space");
        }
        Ok(())
    }
}

text_newtype! {
    /// The ARN of a policy that AWS manages. Whether there is such a policy is another question.
    ManagedPolicyArn, |text| {
        const MUST: &str = "be the ARN of an AWS managed policy, arn:aws:iam::aws:policy/<name>";
        let path = text.strip_prefix("arn:aws:iam::aws:policy/").ok_or(MUST)?;
        let part = |part: &str| !part.is_empty() && is_name(part).is_ok();
        if text.len() <= 2048 && path.split('/').all(part) { Ok(()) } else { Err(MUST) }
    }
}

impl ManagedPolicyArn {
    /// The policy's name: the end of its path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.as_str().rsplit('/').next().unwrap_or_default()
    }
}

/// How long the keys of a role are good, 1 to 12 hours.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionDuration {
    text: String,
    seconds: i64,
}

impl SessionDuration {
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.seconds
    }
}

impl Default for SessionDuration {
    fn default() -> Self {
        Self { text: "PT1H".to_owned(), seconds: 3600 }
    }
}

impl FromStr for SessionDuration {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(1..=100).contains(&text.len()) {
            return Err("have length between 1 and 100");
        }
        let seconds = iso_seconds(text).ok_or("be an ISO 8601 duration, such as PT8H")?;
        if !(3600..=43_200).contains(&seconds) {
            return Err("be between 1 and 12 hours, PT1H to PT12H");
        }
        Ok(Self { text: text.to_owned(), seconds })
    }
}

impl fmt::Display for SessionDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

// ISO 8601 §5.5.2.4. Years and months have no certain length; a duration with any is too long anyway.
fn iso_seconds(text: &str) -> Option<i64> {
    const DAY: i64 = 86_400;
    const DATE: [(char, i64); 4] = [('Y', 366 * DAY), ('M', 31 * DAY), ('W', 7 * DAY), ('D', DAY)];
    const TIME: [(char, i64); 3] = [('H', 3600), ('M', 60), ('S', 1)];
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None if text.is_empty() => return None,
        None => (text, ""),
    };
    sum(date, &DATE)?.checked_add(sum(time, &TIME)?)
}

/// The sum of numbers that stand before their units, each unit at most once and in order.
fn sum(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let (mut sum, mut rest) = (0_i64, text);
    for (unit, seconds) in units {
        let Some((number, after)) = rest.split_once(*unit) else { continue };
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        sum = sum.checked_add(number.parse::<i64>().ok()?.checked_mul(*seconds)?)?;
        rest = after;
    }
    rest.is_empty().then_some(sum)
}

fn is_name(text: &str) -> Result<(), &'static str> {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)) {
        Ok(())
    } else {
        Err("hold only letters, digits and _+=,.@-")
    }
}

/// Whether a role has had every edit of its permission set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProvisioningStatus {
    Latest,
    NotLatest,
}

impl ProvisioningStatus {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Latest => "LATEST_PERMISSION_SET_PROVISIONED",
            Self::NotLatest => "LATEST_PERMISSION_SET_NOT_PROVISIONED",
        }
    }
}

impl FromStr for ProvisioningStatus {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "LATEST_PERMISSION_SET_PROVISIONED" => Ok(Self::Latest),
            "LATEST_PERMISSION_SET_NOT_PROVISIONED" => Ok(Self::NotLatest),
            _ => Err("be LATEST_PERMISSION_SET_PROVISIONED or \
                LATEST_PERMISSION_SET_NOT_PROVISIONED"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lasts_one_to_twelve_hours_however_it_is_written() {
        let seconds = |text: &str| text.parse::<SessionDuration>().map(|it| it.seconds());
        assert_eq!(seconds("PT1H"), Ok(3600));
        assert_eq!(seconds("PT12H"), Ok(43_200));
        assert_eq!(seconds("PT90M"), Ok(5400));
        assert_eq!(seconds("PT1H30M15S"), Ok(5415));
        assert_eq!(seconds("P0DT2H"), Ok(7200));
        for short_or_long in ["PT59M59S", "PT12H1S", "P1D", "P1Y", "PT0S", "P0W"] {
            assert_eq!(
                seconds(short_or_long),
                Err("be between 1 and 12 hours, PT1H to PT12H"),
                "{short_or_long}"
            );
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_as_none() {
        for text in ["P", "PT", "1H", "PT1", "PTH", "PT1M1H", "-PT1H", "PT1H ", "PT+1H", "pt1h"] {
            let refusal = text.parse::<SessionDuration>().unwrap_err();
            assert_eq!(refusal, "be an ISO 8601 duration, such as PT8H", "{text}");
        }
        let huge = format!("PT{}H", "9".repeat(60));
        assert!(huge.parse::<SessionDuration>().is_err());
        assert!("PT9223372036854775807H".parse::<SessionDuration>().is_err());
    }

    #[test]
    fn a_duration_reads_back_as_it_was_written() {
        let duration: SessionDuration = "PT60M".parse().unwrap();
        assert_eq!(duration.to_string().parse(), Ok(duration));
    }

    #[test]
    fn a_name_is_one_that_a_role_may_carry() {
        assert!("Read_Only+=,.@-1".parse::<PermissionSetName>().is_ok());
        assert!("".parse::<PermissionSetName>().is_err());
        assert!("a".repeat(33).parse::<PermissionSetName>().is_err());
        assert!("Read Only".parse::<PermissionSetName>().is_err());
        assert!("Äbc".parse::<PermissionSetName>().is_err());
    }

    #[test]
    fn white_space_does_not_count_towards_a_policy() {
        let spaces = " ".repeat(22_000);
        assert!(format!("{spaces}{}", "x".repeat(10_240)).parse::<PolicyDocument>().is_ok());
        assert!(format!("{spaces}{}", "x".repeat(10_241)).parse::<PolicyDocument>().is_err());
        assert!(" ".repeat(32_769).parse::<PolicyDocument>().is_err());
        assert!("{\"€\":1}".parse::<PolicyDocument>().is_err());
    }

    #[test]
    fn a_managed_policy_is_known_by_the_end_of_its_path() {
        let arn: ManagedPolicyArn = "arn:aws:iam::aws:policy/job-function/Billing".parse().unwrap();
        assert_eq!(arn.name(), "Billing");
        for other in [
            "arn:aws:iam::123456789012:policy/Mine",
            "arn:aws:iam::aws:policy/",
            "arn:aws:iam::aws:policy//A",
            "arn:aws:iam::aws:policy/A B",
        ] {
            assert!(other.parse::<ManagedPolicyArn>().is_err(), "{other}");
        }
    }

    #[test]
    fn a_relay_state_may_not_hold_what_an_address_may_not() {
        assert!("https://console.example/ec2?region=us-east-1#x".parse::<RelayState>().is_ok());
        assert!("<script>".parse::<RelayState>().is_err());
        assert!("a\nb".parse::<RelayState>().is_err());
        assert!("".parse::<RelayState>().is_err());
    }
}
