//! Tokens that say where the next page of a list begins.
//!
//! A token is bound to the query that it was given for: with another filter, another instance or
//! another caller it is refused, so nobody can walk to a place that their own query does not reach.
//! What it says is no secret to its holder: the place is the last entry that they were shown.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use subtle::ConstantTimeEq;

use crate::mac::keyed;

/// Bytes of the authentication code; a forger has one chance in 2^128.
const CODE_BYTES: usize = 16;

/// The token for the page that follows `position`, the key of the last entry of this one.
///
/// `query` says everything that decides which list this is: the operation, the instance, the
/// filters, the caller.
#[must_use]
pub fn encode(key: &[u8; 32], query: &str, position: &[&str]) -> String {
    let mut place = Vec::with_capacity(position.iter().map(|part| part.len() + 4).sum());
    for part in position {
        // A part longer than 4 GiB cannot come out of a request; it would give a token that fails.
        place.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        place.extend(part.as_bytes());
    }
    let mut token = code(key, query, &place).to_vec();
    token.extend(place);
    // AWS: the models let a token be of [-a-zA-Z0-9+=/_] only.
    URL_SAFE_NO_PAD.encode(token)
}

/// The position that a token was made of, if it was made for this `query` and under this key.
#[must_use]
pub fn decode(key: &[u8; 32], query: &str, token: &str) -> Option<Vec<String>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (theirs, place) = bytes.split_first_chunk::<CODE_BYTES>()?;
    if bool::from(code(key, query, place).ct_eq(theirs)) { parts(place) } else { None }
}

fn parts(mut place: &[u8]) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    while let Some((length, rest)) = place.split_first_chunk::<4>() {
        let (part, rest) =
            rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        parts.push(String::from_utf8(part.to_vec()).ok()?);
        place = rest;
    }
    place.is_empty().then_some(parts)
}

// INVARIANT: the length stands before the query, so no query can lend its end to the place.
fn code(key: &[u8; 32], query: &str, place: &[u8]) -> [u8; CODE_BYTES] {
    let mut mac = keyed(key);
    mac.update(b"portico paging token 1\0");
    mac.update(&(query.len() as u64).to_be_bytes());
    mac.update(query.as_bytes());
    mac.update(place);
    let whole = mac.finalize().into_bytes();
    let mut code = [0; CODE_BYTES];
    code.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    code
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_token_is_good_for_its_own_query_and_key_only() {
        let token = encode(&KEY, "ListUsers d-1", &["a", "b"]);
        let position = decode(&KEY, "ListUsers d-1", &token);
        assert_eq!(position, Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(decode(&KEY, "ListUsers d-2", &token), None);
        assert_eq!(decode(&[8; 32], "ListUsers d-1", &token), None);
        assert_eq!(decode(&KEY, "ListUsers d-1", ""), None);
    }

    #[test]
    fn a_token_has_the_characters_that_the_models_allow() {
        let token = encode(&KEY, "q", &["\u{ff}\u{3ff}", ""]);
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    }

    #[test]
    fn no_changed_token_is_taken() {
        let token = encode(&KEY, "q", &["position"]);
        for place in 0..token.len() {
            for digit in ["A", "B", "_"].iter().filter(|digit| !token[place..].starts_with(**digit))
            {
                let mut changed = token.clone();
                changed.replace_range(place..=place, digit);
                assert_eq!(decode(&KEY, "q", &changed), None, "{changed}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_position_reads_back(query: String, position: Vec<String>) {
            let parts: Vec<&str> = position.iter().map(String::as_str).collect();
            let token = encode(&KEY, &query, &parts);
            prop_assert_eq!(decode(&KEY, &query, &token), Some(position));
        }

        #[test]
        fn any_text_is_refused(token: String) {
            prop_assert_eq!(decode(&KEY, "q", &token), None);
        }
    }
}
