//! The preconditions of a request: the headers that begin with `If-`.
//!
//! RFC 9110 §13.2.2 (precedence of preconditions); S3 User Guide, "Conditional requests".

use s3s::dto::{ETagCondition, Timestamp};

/// The preconditions of a request.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "the names of the headers")]
pub struct Conditions {
    pub if_match: Option<ETagCondition>,
    pub if_none_match: Option<ETagCondition>,
    pub if_modified_since: Option<Timestamp>,
    pub if_unmodified_since: Option<Timestamp>,
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
    /// Judges a request that reads an object.
    #[must_use]
    pub fn judge(&self, etag: &str, modified_at_ms: i64) -> Verdict {
        if let Some(condition) = &self.if_match {
            if !is_strong_match(condition, etag) {
                return Verdict::Failed;
            }
        } else if let Some(since) = &self.if_unmodified_since
            && is_modified(since, modified_at_ms)
        {
            return Verdict::Failed;
        }
        let unchanged = if let Some(condition) = &self.if_none_match {
            is_weak_match(condition, etag)
        } else {
            self.if_modified_since.as_ref().is_some_and(|since| !is_modified(since, modified_at_ms))
        };
        if unchanged { Verdict::Unchanged } else { Verdict::Go }
    }

    /// Tells whether a request may replace an object with this `ETag`, or make a new one.
    #[must_use]
    pub fn allow_write(&self, etag: Option<&str>) -> bool {
        let matches = match (&self.if_match, etag) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(condition), Some(etag)) => is_strong_match(condition, etag),
        };
        let differs = match (&self.if_none_match, etag) {
            (None, _) | (_, None) => true,
            (Some(condition), Some(etag)) => !is_weak_match(condition, etag),
        };
        matches && differs
    }
}

// RFC 9110 §13.1.1: If-Match compares strongly, so a weak tag matches nothing.
fn is_strong_match(condition: &ETagCondition, etag: &str) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(tag) => tag.as_strong() == Some(etag),
    }
}

fn is_weak_match(condition: &ETagCondition, etag: &str) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(tag) => tag.value() == etag,
    }
}

// An HTTP date has whole seconds, and so has the `Last-Modified` that the client compares with.
fn is_modified(since: &Timestamp, modified_at_ms: i64) -> bool {
    *since < crate::wire::timestamp(modified_at_ms - modified_at_ms.rem_euclid(1000))
}

#[cfg(test)]
mod tests {
    use s3s::dto::ETag;

    use super::*;
    use crate::wire::timestamp;

    const AT_MS: i64 = 1_700_000_000_500;

    fn tag(text: &str) -> ETagCondition {
        ETagCondition::ETag(ETag::Strong(text.to_owned()))
    }

    #[test]
    fn without_conditions_a_request_goes_on() {
        assert_eq!(Conditions::default().judge("a", AT_MS), Verdict::Go);
    }

    #[test]
    fn a_match_outranks_a_date() {
        let conditions = Conditions {
            if_match: Some(tag("a")),
            if_unmodified_since: Some(timestamp(0)),
            ..Conditions::default()
        };
        assert_eq!(conditions.judge("a", AT_MS), Verdict::Go);
        assert_eq!(conditions.judge("b", AT_MS), Verdict::Failed);
        let conditions = Conditions {
            if_none_match: Some(tag("b")),
            if_modified_since: Some(timestamp(AT_MS)),
            ..Conditions::default()
        };
        assert_eq!(conditions.judge("a", AT_MS), Verdict::Go);
        assert_eq!(conditions.judge("b", AT_MS), Verdict::Unchanged);
    }

    #[test]
    fn dates_compare_by_whole_seconds() {
        let second = Some(timestamp(AT_MS - 500));
        let since = Conditions { if_modified_since: second.clone(), ..Conditions::default() };
        assert_eq!(since.judge("a", AT_MS), Verdict::Unchanged);
        let unmodified = Conditions { if_unmodified_since: second, ..Conditions::default() };
        assert_eq!(unmodified.judge("a", AT_MS), Verdict::Go);
        let before = Conditions {
            if_unmodified_since: Some(timestamp(AT_MS - 1500)),
            ..Conditions::default()
        };
        assert_eq!(before.judge("a", AT_MS), Verdict::Failed);
    }

    #[test]
    fn a_weak_tag_never_satisfies_if_match() {
        let weak = Some(ETagCondition::ETag(ETag::Weak("a".to_owned())));
        let conditions = Conditions { if_match: weak.clone(), ..Conditions::default() };
        assert_eq!(conditions.judge("a", AT_MS), Verdict::Failed);
        let conditions = Conditions { if_none_match: weak, ..Conditions::default() };
        assert_eq!(conditions.judge("a", AT_MS), Verdict::Unchanged);
    }

    #[test]
    fn a_writer_may_demand_that_nothing_is_there_or_that_one_thing_is() {
        let fresh = Conditions { if_none_match: Some(ETagCondition::Any), ..Conditions::default() };
        assert!(fresh.allow_write(None));
        assert!(!fresh.allow_write(Some("a")));
        let same = Conditions { if_match: Some(tag("a")), ..Conditions::default() };
        assert!(same.allow_write(Some("a")));
        assert!(!same.allow_write(Some("b")));
        assert!(!same.allow_write(None));
    }
}
