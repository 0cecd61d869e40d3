//! The policies of a permission set.

use crate::text_type::text_type;

text_type! {
    /// A policy as it was written, with a length within bounds. The policy engine checks whether it is
    /// a policy.
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

text_type! {
    /// The ARN of a policy that AWS manages. The policy itself may not exist.
    ManagedPolicyArn, |text| {
        const MUST: &str = "be the ARN of an AWS managed policy, arn:aws:iam::aws:policy/<name>";
        let path = text.strip_prefix("arn:aws:iam::aws:policy/").ok_or(MUST)?;
        let part = |part: &str| !part.is_empty() && check_name(part).is_ok();
        if text.len() <= 2048 && path.split('/').all(part) { Ok(()) } else { Err(MUST) }
    }
}

impl ManagedPolicyArn {
    /// The name of the policy: the last segment of its path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.as_str().rsplit('/').next().unwrap_or_default()
    }
}

/// Checks for the characters of names in IAM.
pub(super) fn check_name(text: &str) -> Result<(), &'static str> {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)) {
        Ok(())
    } else {
        Err("hold only letters, digits and _+=,.@-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
