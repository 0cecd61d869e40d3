//! The preconditions of a request: the headers that begin with `If-`.
//!
//! RFC 9110 §13.2.2 (precedence of preconditions); S3 User Guide, "Conditional requests". They are
//! read here, not by `s3s`, which knows neither lists of entity tags nor the conditions on the
//! destination of a copy.

use std::time::UNIX_EPOCH;

use http::{HeaderMap, HeaderName, header};

use crate::entity_tags::EntityTags;
use crate::refusal::Refusal;

/// The names of the preconditions on the object that the request names.
const ON_OBJECT: [HeaderName; 4] = [
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
];

/// The names of the preconditions on the source of a copy, in the same order.
const ON_SOURCE: [HeaderName; 4] = [
    HeaderName::from_static("x-amz-copy-source-if-match"),
    HeaderName::from_static("x-amz-copy-source-if-none-match"),
    HeaderName::from_static("x-amz-copy-source-if-modified-since"),
    HeaderName::from_static("x-amz-copy-source-if-unmodified-since"),
];

/// The preconditions of a request.
#[derive(Debug, Default)]
pub struct Conditions {
    matches: Option<EntityTags>,
    none_matches: Option<EntityTags>,
    modified_since_ms: Option<i64>,
    unmodified_since_ms: Option<i64>,
}

/// The outcome of the preconditions.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    Go,
    /// The client has this version of the object: 304 to a reader, 412 to a copier.
    Unchanged,
    /// A precondition failed: 412.
    Failed,
}

impl Conditions {
    /// The preconditions of a request that reads an object.
    pub fn of_read(headers: &HeaderMap) -> Result<Self, Refusal> {
        Self::named(headers, &ON_OBJECT)
    }

    /// The preconditions on the source of a copy.
    pub fn of_source(headers: &HeaderMap) -> Result<Self, Refusal> {
        Self::named(headers, &ON_SOURCE)
    }

    /// The preconditions of a request that writes or removes an object.
    ///
    /// A condition that only resembles `*` is refused: it was meant to protect what would be lost.
    // AWS: writes have no preconditions on dates.
    pub fn of_write(headers: &HeaderMap) -> Result<Self, Refusal> {
        let matches = EntityTags::of_write(headers, &header::IF_MATCH)?;
        let none_matches = EntityTags::of_write(headers, &header::IF_NONE_MATCH)?;
        Ok(Self { matches, none_matches, ..Self::default() })
    }

    /// The precondition that the object has this `ETag`.
    pub fn of_etag(text: &str) -> Result<Self, Refusal> {
        let matches = Some(EntityTags::parse("ETag", text)?);
        Ok(Self { matches, ..Self::default() })
    }

    fn named(headers: &HeaderMap, names: &[HeaderName; 4]) -> Result<Self, Refusal> {
        let [matches, none_matches, modified_since, unmodified_since] = names;
        Ok(Self {
            matches: EntityTags::of(headers, matches)?,
            none_matches: EntityTags::of(headers, none_matches)?,
            modified_since_ms: date_ms(headers, modified_since),
            unmodified_since_ms: date_ms(headers, unmodified_since),
        })
    }

    /// Tells whether the request is only for an object that exists.
    #[must_use]
    pub fn require_object(&self) -> bool {
        self.matches.is_some()
    }

    /// Judges a request that reads an object.
    #[must_use]
    pub fn judge(&self, etag: &str, modified_at_ms: i64) -> Verdict {
        if let Some(tags) = &self.matches {
            if !tags.match_strongly(etag) {
                return Verdict::Failed;
            }
        } else if self.unmodified_since_ms.is_some_and(|since| is_modified(since, modified_at_ms)) {
            return Verdict::Failed;
        }
        let unchanged = if let Some(tags) = &self.none_matches {
            tags.match_weakly(etag)
        } else {
            self.modified_since_ms.is_some_and(|since| !is_modified(since, modified_at_ms))
        };
        if unchanged { Verdict::Unchanged } else { Verdict::Go }
    }

    /// Tells whether a request may replace an object with this `ETag`, or make a new one.
    #[must_use]
    pub fn allow_write(&self, etag: Option<&str>) -> bool {
        let matches = |tags: &EntityTags| etag.is_some_and(|etag| tags.match_strongly(etag));
        let differs = |tags: &EntityTags| etag.is_none_or(|etag| !tags.match_weakly(etag));
        self.matches.as_ref().is_none_or(matches) && self.none_matches.as_ref().is_none_or(differs)
    }
}

/// Removes the preconditions from headers.
pub fn remove_from(headers: &mut HeaderMap) {
    for name in ON_OBJECT.iter().chain(&ON_SOURCE) {
        headers.remove(name);
    }
}

/// A date in milliseconds since 1970.
// RFC 9110 §13.1.3, §13.1.4: a value that is not a valid HTTP date is ignored, and so are several values.
fn date_ms(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    let date = httpdate::parse_http_date(value).ok().filter(|_| values.next().is_none())?;
    i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

// An HTTP date has whole seconds, and so has the `Last-Modified` that the client compares with.
fn is_modified(since_ms: i64, modified_at_ms: i64) -> bool {
    since_ms < modified_at_ms - modified_at_ms.rem_euclid(1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::headers;

    const AT_MS: i64 = 1_700_000_000_500;
    const AT: &str = "Tue, 14 Nov 2023 22:13:20 GMT";
    const BEFORE: &str = "Tue, 14 Nov 2023 22:13:19 GMT";

    fn read(pairs: &[(&str, &str)]) -> Conditions {
        Conditions::of_read(&headers(pairs)).unwrap()
    }

    fn write(pairs: &[(&str, &str)]) -> Conditions {
        Conditions::of_write(&headers(pairs)).unwrap()
    }

    #[test]
    fn without_conditions_a_request_goes_on() {
        assert_eq!(read(&[]).judge("a", AT_MS), Verdict::Go);
        assert!(write(&[]).allow_write(None) && write(&[]).allow_write(Some("a")));
    }

    #[test]
    fn a_match_outranks_a_date() {
        let conditions = read(&[("if-match", "\"a\""), ("if-unmodified-since", BEFORE)]);
        assert_eq!(conditions.judge("a", AT_MS), Verdict::Go);
        assert_eq!(conditions.judge("b", AT_MS), Verdict::Failed);
        let conditions = read(&[("if-none-match", "\"b\""), ("if-modified-since", AT)]);
        assert_eq!(conditions.judge("a", AT_MS), Verdict::Go);
        assert_eq!(conditions.judge("b", AT_MS), Verdict::Unchanged);
    }

    #[test]
    fn dates_compare_by_whole_seconds() {
        let judge = |name: &str, date: &str| read(&[(name, date)]).judge("a", AT_MS);
        assert_eq!(judge("if-modified-since", AT), Verdict::Unchanged);
        assert_eq!(judge("if-modified-since", BEFORE), Verdict::Go);
        assert_eq!(judge("if-unmodified-since", AT), Verdict::Go);
        assert_eq!(judge("if-unmodified-since", BEFORE), Verdict::Failed);
    }

    #[test]
    fn the_obsolete_forms_of_dates_are_read() {
        for date in ["Tuesday, 14-Nov-23 22:13:19 GMT", "Tue Nov 14 22:13:19 2023"] {
            let judged = read(&[("if-unmodified-since", date)]).judge("a", AT_MS);
            assert_eq!(judged, Verdict::Failed, "{date}");
        }
    }

    #[test]
    fn a_date_that_is_none_is_ignored() {
        for date in ["2001-01-01T00:00:00Z", "no date", "1700000000", "", "Tue, 32 Nov 2023"] {
            for name in ["if-modified-since", "if-unmodified-since"] {
                assert_eq!(read(&[(name, date)]).judge("a", AT_MS), Verdict::Go, "{name}: {date}");
            }
        }
    }

    #[test]
    fn a_write_on_a_condition_that_only_resembles_a_star_is_refused() {
        let values = ["\"*\"", "*,", "\"q\",*", "W/*", "*;", "**", "*, *", "", " "];
        for name in ["if-match", "if-none-match"] {
            for value in values {
                let refused = Conditions::of_write(&headers(&[(name, value)])).map(drop);
                let code = refused.map_err(Refusal::code_text);
                assert_eq!(code, Err("InvalidArgument".to_owned()), "{name}: {value}");
            }
            let two = headers(&[(name, "\"q\""), (name, "*")]);
            assert!(Conditions::of_write(&two).is_err(), "{name} twice");
            for value in ["*", " * ", "\"q\"", "q", "\"q\", W/\"r\""] {
                assert!(Conditions::of_write(&headers(&[(name, value)])).is_ok(), "{value}");
            }
        }
    }

    #[test]
    fn any_tag_of_a_list_counts() {
        let list = "\"x\", W/\"y\" , \"a\",\"b,c\"";
        let judge = |name: &str, etag: &str| read(&[(name, list)]).judge(etag, AT_MS);
        assert_eq!(judge("if-none-match", "a"), Verdict::Unchanged);
        assert_eq!(judge("if-none-match", "b,c"), Verdict::Unchanged);
        assert_eq!(judge("if-none-match", "c"), Verdict::Go);
        assert_eq!(judge("if-match", "a"), Verdict::Go);
        assert_eq!(judge("if-match", "y"), Verdict::Failed);
        let mut lines = headers(&[("if-none-match", "\"x\"")]);
        lines.append("if-none-match", "\"a\"".parse().unwrap());
        let conditions = Conditions::of_read(&lines).unwrap();
        assert_eq!(conditions.judge("a", AT_MS), Verdict::Unchanged);
    }

    #[test]
    fn a_weak_tag_never_satisfies_if_match() {
        assert_eq!(read(&[("if-match", "W/\"a\"")]).judge("a", AT_MS), Verdict::Failed);
        assert_eq!(read(&[("if-none-match", "W/\"a\"")]).judge("a", AT_MS), Verdict::Unchanged);
    }

    #[test]
    fn a_writer_may_demand_that_nothing_is_there_or_that_one_thing_is() {
        let fresh = write(&[("if-none-match", "*")]);
        assert!(fresh.allow_write(None));
        assert!(!fresh.allow_write(Some("a")));
        let same = write(&[("if-match", "\"a\"")]);
        assert!(same.allow_write(Some("a")) && same.require_object());
        assert!(!same.allow_write(Some("b")));
        assert!(!same.allow_write(None));
        let other = write(&[("if-none-match", "\"a\"")]);
        assert!(other.allow_write(Some("b")) && !other.allow_write(Some("a")));
        let dated = write(&[("if-unmodified-since", BEFORE)]);
        assert!(dated.allow_write(Some("a")));
    }

    #[test]
    fn the_source_of_a_copy_has_conditions_of_its_own() {
        let both = headers(&[("x-amz-copy-source-if-match", "\"a\""), ("if-match", "\"b\"")]);
        let source = Conditions::of_source(&both).unwrap();
        assert_eq!(source.judge("a", AT_MS), Verdict::Go);
        assert!(Conditions::of_write(&both).unwrap().allow_write(Some("b")));
    }
}
