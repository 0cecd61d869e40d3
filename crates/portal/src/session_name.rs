//! Role session names of people.
//!
//! `${aws:userid}`, the session's ARN and `principalId` are made of it, and policies and logs decide
//! by these.
//! INVARIANT: two people of an identity store never have equal session names.

use model::ids::UserId;

/// Maximum number of characters. AWS: `RoleSessionName`.
const CHARS_MAX: usize = 64;
/// Minimum number of characters. AWS: `RoleSessionName`.
const CHARS_MIN: usize = 2;

/// Number of characters of a hyphen and a UUID.
const SUFFIX_CHARS: usize = 37;

/// Returns the session name of a user: 2 to 64 characters of `[\w+=,.@-]`.
///
/// A user name of this form is the session name. Any other user name loses something on the way, so
/// the session name then ends in the user's id: `m_ller-` and the UUID for `müller`.
// A user name that ends like a UUID is not taken whole, because another user may have this UUID.
pub fn session_name(user_name: &str, user_id: &UserId) -> String {
    let is_whole = (CHARS_MIN..=CHARS_MAX).contains(&user_name.len())
        && user_name.chars().all(is_allowed)
        && !ends_like_an_id(user_name);
    if is_whole {
        return user_name.to_owned();
    }
    let id = user_id.as_str();
    let allowed = |c| if is_allowed(c) { c } else { '_' };
    let start: String =
        user_name.chars().map(allowed).take(CHARS_MAX.saturating_sub(id.len() + 1)).collect();
    format!("{start}-{id}")
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

fn ends_like_an_id(user_name: &str) -> bool {
    let suffix = user_name.len().checked_sub(SUFFIX_CHARS).and_then(|at| user_name.get(at..));
    let id = suffix.and_then(|suffix| suffix.strip_prefix('-'));
    id.is_some_and(|id| id.parse::<UserId>().is_ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "90012a3b-70c1-4f5e-9a8b-0c1d2e3f4a5b";

    fn named(user_name: &str) -> String {
        session_name(user_name, &ID.parse().unwrap())
    }

    #[test]
    fn a_user_name_that_is_a_session_name_is_taken_whole() {
        for user_name in ["alice@example.com", "ab", "a+b=c,d.e-f_g", &"x".repeat(64)] {
            assert_eq!(named(user_name), user_name);
        }
    }

    #[test]
    fn another_user_name_ends_in_the_id() {
        assert_eq!(named("müller"), format!("m_ller-{ID}"));
        assert_eq!(named("a/b c"), format!("a_b_c-{ID}"));
        assert_eq!(named("x"), format!("x-{ID}"));
        assert_eq!(named(&"x".repeat(65)), format!("{}-{ID}", "x".repeat(27)));
        let copied = format!("m_ller-{}", ID.to_uppercase());
        assert_eq!(named(&copied), format!("{}-{ID}", &copied[..27]));
        let migrated = format!("9067000000-{ID}").parse().unwrap();
        let name = session_name(&"ä".repeat(128), &migrated);
        assert_eq!(name, format!("{}-9067000000-{ID}", "_".repeat(16)));
    }

    /// User names that come close to each other, and to session names.
    fn user_names() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-cäöé/! _-]{1,4}",
            "\\PC{1,128}",
            "[x]{60,66}[12]",
            "[a-cä/]{0,30}".prop_map(|start| format!("{start}-{ID}")),
            "[a-cä/]{0,30}".prop_map(|start| format!("{start}-{}", ID.to_uppercase())),
        ]
    }

    proptest! {
        #[test]
        fn two_people_never_have_one_session_name(
            one in user_names(), two in user_names(), other_id in "[0-9a-f]{8}",
        ) {
            let id: UserId = ID.parse().unwrap();
            let other: UserId = format!("{other_id}{}", &ID[8..]).parse().unwrap();
            prop_assume!(one != two && id != other);
            let (one, two) = (session_name(&one, &id), session_name(&two, &other));
            prop_assert_ne!(&one, &two);
            for name in [one, two] {
                prop_assert!((2..=64).contains(&name.len()) && name.chars().all(is_allowed));
            }
        }
    }
}
