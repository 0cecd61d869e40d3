//! The rules of a new password below its box, each with whether the password that was sent meets it.
//!
//! The script shows the same while the person types, for the rules that it can judge.

use maud::{Markup, html};
use model::password::rule::{CHARS_MAX, CharacterRule, SYMBOLS};
use sign_in::password_rules::{PasswordRule, PasswordRules};

/// Rules with their verdicts. `None` stands for a rule that was not judged.
pub type Verdicts = Vec<(PasswordRule, Option<bool>)>;

/// Returns the rules before anything was typed.
#[must_use]
pub fn unjudged(rules: &PasswordRules) -> Verdicts {
    let all = rules.judge("").into_iter().map(|(rule, _)| (rule, None));
    all.chain(rules.not_reused().map(|rule| (rule, None))).collect()
}

/// Judges the password that was sent. `is_reused` tells that it was refused as one of the last.
#[must_use]
pub fn judged(rules: &PasswordRules, password: &str, is_reused: bool) -> Verdicts {
    let all = rules.judge(password).into_iter().map(|(rule, is_met)| (rule, Some(is_met)));
    all.chain(rules.not_reused().map(|rule| (rule, is_reused.then_some(false)))).collect()
}

/// Tells whether a complaint is that the password is one of the last.
#[must_use]
pub fn is_about_reuse(rules: &PasswordRules, complaint: &str) -> bool {
    rules.not_reused().is_some_and(|rule| complaint.contains(&rule.to_string()))
}

/// Renders the rules as a list.
#[must_use]
pub fn list(verdicts: &Verdicts) -> Markup {
    // People do not type control characters, so that rule is shown only when it is broken.
    let is_shown = |(rule, is_met): &&(PasswordRule, Option<bool>)| {
        *rule != PasswordRule::Character(CharacterRule::NoControl) || *is_met == Some(false)
    };
    html! {
        ul class="rules" {
            @for (rule, is_met) in verdicts.iter().filter(is_shown) {
                li data-rule=[script_name(*rule)] data-min=[length_min(*rule)]
                    data-met=[is_met.map(|is_met| if is_met { "yes" } else { "no" })] {
                    span class="verdict" {
                        @match is_met {
                            Some(true) => "Met: ",
                            Some(false) => "Not met: ",
                            None => {}
                        }
                    }
                    (words(*rule))
                }
            }
        }
    }
}

fn words(rule: PasswordRule) -> Markup {
    html! {
        @match rule {
            PasswordRule::Character(CharacterRule::Length { min }) => { (min) " to " (CHARS_MAX) " characters" }
            PasswordRule::Character(CharacterRule::Lowercase) => "a lower-case letter",
            PasswordRule::Character(CharacterRule::Uppercase) => "an upper-case letter",
            PasswordRule::Character(CharacterRule::Digit) => "a digit",
            PasswordRule::Character(CharacterRule::Symbol) => { "one of " code { (SYMBOLS) } }
            PasswordRule::Character(CharacterRule::NoControl) => "no control characters",
            PasswordRule::NoName => "nothing of your user name, e-mail address or name",
            PasswordRule::NotLeaked => "none that is known from a leak, also with a few signs added",
            PasswordRule::NotReused(count) => { "none of your last " (count) }
        }
    }
}

/// Name of a rule that the script judges.
fn script_name(rule: PasswordRule) -> Option<&'static str> {
    match rule {
        PasswordRule::Character(CharacterRule::Length { .. }) => Some("length"),
        PasswordRule::Character(CharacterRule::Lowercase) => Some("lowercase"),
        PasswordRule::Character(CharacterRule::Uppercase) => Some("uppercase"),
        PasswordRule::Character(CharacterRule::Digit) => Some("digit"),
        PasswordRule::Character(CharacterRule::Symbol) => Some("symbol"),
        PasswordRule::Character(CharacterRule::NoControl)
        | PasswordRule::NoName
        | PasswordRule::NotLeaked
        | PasswordRule::NotReused(_) => None,
    }
}

fn length_min(rule: PasswordRule) -> Option<u8> {
    match rule {
        PasswordRule::Character(CharacterRule::Length { min }) => Some(min),
        PasswordRule::Character(_)
        | PasswordRule::NoName
        | PasswordRule::NotLeaked
        | PasswordRule::NotReused(_) => None,
    }
}
