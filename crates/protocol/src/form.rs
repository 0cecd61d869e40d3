//! HTML forms and query strings: `application/x-www-form-urlencoded`, WHATWG URL §5.

use std::borrow::Cow;

use model::Fault;

use crate::fields::Fields;
use crate::percent;

/// Maximum number of pairs, more than any form or AWS Query request has.
const PAIRS_MAX: usize = 2_000;

/// The names and values of a form, in the order of the text.
pub fn parse_pairs(
    text: &str,
) -> impl Iterator<Item = Result<(Cow<'_, str>, Cow<'_, str>), Fault>> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).enumerate();
    pairs.map(|(number, pair)| {
        if number == PAIRS_MAX {
            return Err(unreadable("have no more than 2000 parameters"));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decoded =
            |part| percent::decode_form(part).ok_or(unreadable("be percent-encoded UTF-8"));
        Ok((decoded(name)?, decoded(value)?))
    })
}

/// The fields of a form or a query string. The first of two values with one name counts.
pub fn parse_fields(text: &str) -> Result<Fields<'static>, Fault> {
    let owned =
        |(name, value): (Cow<'_, str>, Cow<'_, str>)| (name.into_owned(), value.into_owned());
    let pairs = parse_pairs(text).map(|pair| pair.map(owned)).collect::<Result<Vec<_>, _>>()?;
    Ok(Fields::from_pairs(pairs))
}

/// The fields of a form body.
pub fn parse_body(body: &[u8]) -> Result<Fields<'static>, Fault> {
    parse_fields(body_text(body)?)
}

/// The body of a form as text.
pub(crate) fn body_text(body: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(body).map_err(|_| unreadable("be percent-encoded UTF-8"))
}

/// Writes pairs as a form or query string. A space becomes `%20`, which every reader decodes.
#[must_use]
pub fn write_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        percent::encode_into(&mut text, name, b"");
        text.push('=');
        percent::encode_into(&mut text, value, b"");
    }
    text
}

fn unreadable(must: &'static str) -> Fault {
    Fault::Unreadable { must: must.into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let form = parse_body(b"Username=J%C3%B6rg+M%26M&Empty=&Flag&Username=second&&").unwrap();
        assert_eq!(form.text("Username"), Ok(Some("J\u{f6}rg M&M")));
        assert_eq!(form.text("Empty"), Ok(Some("")));
        assert_eq!(form.text("Flag"), Ok(Some("")));
        assert_eq!(form.names().count(), 3);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for body in [&b"a=%zz"[..], b"a=%ff", b"\xff=1", b"%=1"] {
            assert!(parse_body(body).is_err(), "{body:?}");
        }
        assert!(parse_fields(&"a=1&".repeat(PAIRS_MAX)).is_ok());
        assert!(parse_fields(&"a=1&".repeat(PAIRS_MAX + 1)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(pairs: Vec<(String, String)>) {
            // A pair without name and value is written as `=`, which reads back as such a pair.
            let text = write_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            let read = parse_pairs(&text).collect::<Result<Vec<_>, _>>().unwrap();
            let read: Vec<_> =
                read.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
            prop_assert_eq!(read, pairs);
        }
    }
}
