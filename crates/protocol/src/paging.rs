//! Paging tokens: the position at which the next page of a list begins.
//!
//! A token is bound to its query: with another filter, another instance or another caller it is
//! refused, so a caller cannot reach a position outside of their own query. The position is not
//! encrypted, because it is the last entry that the caller was shown.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use subtle::ConstantTimeEq;

use crate::mac::keyed;

/// Length of the authentication code in bytes. A guess succeeds with a probability of 2^-128.
const CODE_BYTES: usize = 16;

/// The token of the page behind `position`, the key of the last entry of the current page.
///
/// `query` identifies the list: the operation, the instance, the filters, the caller.
#[must_use]
pub fn encode(key: &[u8; 32], query: &str, position: &[&str]) -> String {
    let mut place = Vec::with_capacity(position.iter().map(|part| part.len() + 4).sum());
    for part in position {
        // A request cannot have a part longer than 4 GiB. The token of such a part would be refused.
        place.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        place.extend(part.as_bytes());
    }
    let mut token = code(key, query, &place).to_vec();
    token.extend(place);
    // AWS: the service models allow only [-a-zA-Z0-9+=/_] in a token.
    URL_SAFE_NO_PAD.encode(token)
}

/// The position of a token, if the token was made for this `query` under this key.
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

// INVARIANT: the length precedes the query, so no end of a query can pass as part of a position.
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
