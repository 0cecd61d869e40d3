//! A place in the sealed log, from which a reader of it goes on.

use std::fmt;
use std::str::FromStr;

/// Place behind a digest, or behind one of its events: `1441` or `1441:<id of the event>`.
///
/// Events lie in the order of their digests, and within one in the order of their ids.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Position {
    /// 0 before the first digest.
    pub digest: i64,
    /// The last event that was read, if not all of the digest was.
    pub event: Option<String>,
}

impl Position {
    /// The place behind a digest.
    #[must_use]
    pub fn behind(digest: i64) -> Self {
        Self { digest, event: None }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.event {
            Some(event) => write!(f, "{}:{event}", self.digest),
            None => write!(f, "{}", self.digest),
        }
    }
}

impl FromStr for Position {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const MUST: &str =
            "be the `digest` of an exported event, such as 1441, or with a colon and its `eventID`";
        let (number, event) = match text.split_once(':') {
            Some((number, event)) => (number, Some(event)),
            None => (text, None),
        };
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        let digest = number.parse().ok().filter(|_| is_number).ok_or(MUST)?;
        // An id of other characters would sort behind all of the digest, and leave it out.
        let is_id = |id: &str| {
            !id.is_empty() && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
        };
        if event.is_none_or(is_id) {
            Ok(Self { digest, event: event.map(str::to_ascii_lowercase) })
        } else {
            Err(MUST)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_reads_back() {
        for text in ["0", "1441", "1441:01a22a0af6a5-8731f93d2679296f2813"] {
            assert_eq!(text.parse::<Position>().unwrap().to_string(), text);
        }
        assert_eq!("7".parse(), Ok(Position::behind(7)));
        for text in
            ["", "-1", "+1", "x", "7:", "7:z", "7:1:2", "01a22a0af6a5-87", "99999999999999999999"]
        {
            assert!(text.parse::<Position>().is_err(), "{text}");
        }
    }
}
