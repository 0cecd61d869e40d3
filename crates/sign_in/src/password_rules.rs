//! Rules of a new password of one person: of the instance, and of who the person is.
//!
//! AWS IAM Identity Center User Guide, "Password requirements when managing identities".

use std::fmt;

use model::Fault;
use model::attribute::EmailAddress;
use model::ids::InstanceId;
use model::likeness::Likeness;
use model::password::PasswordPolicy;
use model::password::rule::CharacterRule;
use model::user::User;
use store::{Read, setting};

use super::leaked::is_leaked;

/// Label of the field of a new password, for error messages.
pub const NEW_PASSWORD: &str = "New password";

/// Minimum length of a name that a password must not contain.
const NAME_CHARS_MIN: usize = 3;

/// Rules of a new password of one person.
#[derive(Clone, Debug)]
pub struct PasswordRules {
    policy: PasswordPolicy,
    /// Names of the person, as names are compared, without spaces.
    names: Vec<String>,
    /// True if the person never had a password.
    is_first: bool,
}

/// A rule of a new password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PasswordRule {
    Character(CharacterRule),
    NoName,
    NotLeaked,
    /// Number of the last passwords that are refused.
    NotReused(u8),
}

/// The rule, as the end of the sentence "The password must …".
impl fmt::Display for PasswordRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(rule) => rule.fmt(f),
            Self::NoName => f.write_str("not hold your user name, e-mail address or name"),
            Self::NotLeaked => f.write_str(
                "not be one that is known from leaks, nor a common word with a few signs added",
            ),
            Self::NotReused(3) => f.write_str("be none of your last three"),
            Self::NotReused(count) => write!(f, "be none of your last {count}"),
        }
    }
}

impl PasswordRules {
    /// Reads the rules for a user of an instance.
    pub(crate) fn find(
        read: &mut Read<'_>,
        instance_id: &InstanceId,
        user: &User,
    ) -> Result<Self, Fault> {
        let policy = setting::find(read, instance_id)?;
        Ok(Self { policy, names: names_of(user), is_first: false })
    }

    /// The rules of a person who never had a password, or has had some.
    #[must_use]
    pub fn of_first(self, is_first: bool) -> Self {
        Self { is_first, ..self }
    }

    /// Tells whether the person never had a password.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.is_first
    }

    /// The rules of a new instance, for samples of pages.
    #[must_use]
    pub fn sample() -> Self {
        Self { policy: PasswordPolicy::default(), names: Vec::new(), is_first: false }
    }

    /// Number of the last passwords that may not be chosen again.
    #[must_use]
    pub fn remembered(&self) -> u8 {
        self.policy.password_reuse_prevention
    }

    /// The rule that a password is none of the last ones, if there are any. It takes hashes to tell whether it is met.
    #[must_use]
    pub fn not_reused(&self) -> Option<PasswordRule> {
        (!self.is_first).then_some(PasswordRule::NotReused(self.remembered()))
    }

    /// The fault of a password that is one of the last ones.
    pub(crate) fn reused(&self) -> Fault {
        refusal(PasswordRule::NotReused(self.remembered()))
    }

    /// Tells for each rule but the last ones whether a password meets it.
    #[must_use]
    pub fn judge(&self, password: &str) -> Vec<(PasswordRule, bool)> {
        let characters = CharacterRule::all(self.policy.minimum_password_length).into_iter();
        let mut verdicts: Vec<_> =
            characters.map(|rule| (PasswordRule::Character(rule), rule.is_met(password))).collect();
        verdicts.push((PasswordRule::NoName, !self.names_person(password)));
        verdicts.push((PasswordRule::NotLeaked, !is_leaked(password)));
        verdicts
    }

    /// Refuses a password that breaks a rule, with the first rule that it breaks.
    pub fn require(&self, password: &str) -> Result<(), Fault> {
        let broken = self.judge(password).into_iter().find(|(_, is_met)| !is_met);
        broken.map_or(Ok(()), |(rule, _)| Err(refusal(rule)))
    }

    fn names_person(&self, password: &str) -> bool {
        let password = squeezed(password);
        self.names.iter().any(|name| password.contains(name))
    }
}

/// The fault of a password that breaks a rule.
fn refusal(rule: PasswordRule) -> Fault {
    Fault::invalid(NEW_PASSWORD, rule.to_string())
}

/// Returns the texts that a password of the user must not contain.
fn names_of(user: &User) -> Vec<String> {
    let name = &user.attributes.name;
    let emails = user.attributes.emails.iter().filter_map(|email| email.value.as_ref());
    let mut texts: Vec<&str> = vec![
        user.user_name.as_str(),
        user.display_name.as_str(),
        name.given_name.as_str(),
        name.family_name.as_str(),
    ];
    texts.extend(emails.map(EmailAddress::as_str));
    let local_parts: Vec<&str> =
        texts.iter().filter_map(|text| Some(text.split_once('@')?.0)).collect();
    texts.extend(local_parts);
    let mut names: Vec<String> = texts.into_iter().map(squeezed).collect();
    names.retain(|name| name.chars().count() >= NAME_CHARS_MIN);
    names
}

/// Returns a text as names are compared, without spaces.
fn squeezed(text: &str) -> String {
    // A likeness reads what stands behind an `@` as a domain, which a part of a password is not.
    let parts = text.split('@').map(|part| Likeness::of(part).as_str().to_owned());
    parts.collect::<Vec<_>>().join("@").replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(names: &[&str]) -> PasswordRules {
        let names = names.iter().map(|name| squeezed(name)).collect();
        PasswordRules { policy: PasswordPolicy::default(), names, is_first: false }
    }

    #[test]
    fn a_password_must_not_hold_a_name_however_it_is_written() {
        let rules = rules(&["alice", "Alice Example", "müller", "alice@northwind.example"]);
        for password in [
            "xAlice-2026!",
            "x-ALICE EXAMPLE-1!",
            "\u{ff21}lice-2026!",
            "Mu\u{308}ller-2026!",
            "1!Alice@Northwind.example",
        ] {
            assert!(rules.names_person(password), "{password}");
        }
        assert!(!rules.names_person("Al1ce-2026!"));
        assert!(!rules.names_person("Correct-Horse-9"));
    }

    #[test]
    fn each_rule_is_judged_and_the_first_broken_one_is_the_fault() {
        let rules = rules(&["alice"]);
        let broken = |password: &str| -> Vec<PasswordRule> {
            let verdicts = rules.judge(password).into_iter();
            verdicts.filter(|(_, is_met)| !is_met).map(|(rule, _)| rule).collect()
        };
        assert_eq!(broken("Correct-Horse-9"), []);
        assert_eq!(broken("Alice-20"), [PasswordRule::NoName]);
        assert_eq!(broken("Password1!"), [PasswordRule::NotLeaked]);
        let digit = PasswordRule::Character(CharacterRule::Digit);
        assert_eq!(broken("xx-alice-X"), [digit, PasswordRule::NoName]);
        assert_eq!(
            rules.require("xx-alice-X"),
            Err(Fault::invalid(NEW_PASSWORD, "hold a digit (0-9)"))
        );
    }
}
