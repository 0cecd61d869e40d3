//! The credential of a signature: the key id, and the scope of its derived key.

use std::borrow::Cow;
use std::fmt;

use crate::percent;

/// The parsed text `<key id>/<date>/<region>/<service>/aws4_request`.
///
/// Its text identifies the derived key, for example in a cache.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Credential<'a> {
    pub key_id: Cow<'a, str>,
    /// The day, like `20150830`.
    pub date: Cow<'a, str>,
    pub region: Cow<'a, str>,
    pub service: Cow<'a, str>,
}

impl<'a> Credential<'a> {
    /// Parses the value in the header.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        Self::of_parts(text.split('/').map(|part| Some(Cow::Borrowed(part))))
    }

    /// Parses the value in the query string, where the slashes are escaped.
    pub(super) fn parse_encoded(text: &'a str) -> Option<Self> {
        let parts = text.split('/').flat_map(|part| part.split("%2F"));
        Self::of_parts(parts.flat_map(|part| part.split("%2f")).map(percent::decode))
    }

    fn of_parts(mut parts: impl Iterator<Item = Option<Cow<'a, str>>>) -> Option<Self> {
        let mut part = || parts.next().flatten().filter(|part| !part.is_empty());
        let credential = Self { key_id: part()?, date: part()?, region: part()?, service: part()? };
        (part()? == "aws4_request" && parts.next().is_none()).then_some(credential)
    }

    /// `<date>\n<scope>\n`: a part of every text that the derived key signs.
    pub(super) fn date_and_scope(&self, date: &str) -> String {
        let mut text = String::with_capacity(80);
        let Self { date: day, region, service, .. } = self;
        for part in [date, "\n", day, "/", region, "/", service, "/aws4_request\n"] {
            text.push_str(part);
        }
        text
    }
}

impl fmt::Display for Credential<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key_id, date, region, service } = self;
        write!(f, "{key_id}/{date}/{region}/{service}/aws4_request")
    }
}

#[cfg(test)]
mod tests {
    use super::Credential;

    #[test]
    fn a_credential_is_read_from_header_and_query() {
        let text = "AKID/20150830/eu-west-1/s3/aws4_request";
        let credential = Credential::parse(text).unwrap();
        assert_eq!(credential.to_string(), text);
        for encoded in
            [text.replace('/', "%2F"), text.replace('/', "%2f"), text.replace("AKID", "AKI%44")]
        {
            assert_eq!(Credential::parse_encoded(&encoded), Some(credential.clone()));
        }
    }

    #[test]
    fn what_is_not_whole_is_no_credential() {
        for text in [
            "",
            "AKID",
            "/20150830/r/s/aws4_request",
            "AKID/20150830/r/s",
            "AKID/20150830/r//aws4_request",
            "AKID/20150830/r/s/aws4_request/",
            "AKID/20150830/r/s/aws4_request/x",
            "AKID/20150830/r/s/aws5_request",
        ] {
            assert_eq!(Credential::parse(text), None, "{text}");
            assert_eq!(Credential::parse_encoded(text), None, "{text}");
        }
    }
}
