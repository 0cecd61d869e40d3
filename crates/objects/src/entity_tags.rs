//! The entity tags of `If-Match` and `If-None-Match`.
//!
//! RFC 9110 §8.8.3 (entity tags) and §13.1.1, §13.1.2 (lists of them, or `*`).

use http::{HeaderMap, HeaderName};

use crate::refusal::Refusal;

/// The entity tags of a condition.
#[derive(Debug, Eq, PartialEq)]
pub enum EntityTags {
    /// `*`: every object.
    Any,
    Listed(Vec<EntityTag>),
}

/// An entity tag, without its quotation marks.
#[derive(Debug, Eq, PartialEq)]
pub struct EntityTag {
    text: String,
    is_weak: bool,
}

impl EntityTags {
    /// The tags of a header, whose lines are one list. `None` without the header, or if it is empty.
    pub fn of(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>, Refusal> {
        let lines = headers.get_all(name).iter();
        let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
        let text = lines.join(",");
        if text.trim().is_empty() {
            return Ok(None);
        }
        Self::parse(name.as_str(), &text).map(Some)
    }

    /// The tags of a header of a write, likewise. The header is refused if it is empty, or has a tag with a `*`, which
    /// no object has.
    pub fn of_write(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>, Refusal> {
        let tags = Self::of(headers, name)?;
        let is_clear = match &tags {
            None => !headers.contains_key(name),
            Some(Self::Any) => true,
            Some(Self::Listed(tags)) => {
                !tags.is_empty() && !tags.iter().any(|tag| tag.text.contains('*'))
            }
        };
        if is_clear {
            return Ok(tags);
        }
        Err(Refusal::invalid(format!("{name} must be exactly * or a list of entity tags.")))
    }

    /// Parses a list of tags, or `*`. `name` stands in the refusal.
    pub fn parse(name: &str, text: &str) -> Result<Self, Refusal> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let (mut tags, mut rest) = (Vec::new(), text.trim());
        while !rest.is_empty() {
            let (tag, after) = first_tag(rest).ok_or_else(|| {
                Refusal::invalid(format!("{name} must be * or a list of entity tags."))
            })?;
            tags.extend(tag);
            rest = after.trim_start();
        }
        Ok(Self::Listed(tags))
    }

    /// RFC 9110 §8.8.3.2: the strong comparison, in which a weak tag matches nothing.
    #[must_use]
    pub fn match_strongly(&self, etag: &str) -> bool {
        self.has(|tag| !tag.is_weak && tag.text == etag)
    }

    /// RFC 9110 §8.8.3.2: the weak comparison.
    #[must_use]
    pub fn match_weakly(&self, etag: &str) -> bool {
        self.has(|tag| tag.text == etag)
    }

    fn has(&self, wanted: impl FnMut(&EntityTag) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(wanted),
        }
    }
}

/// The first element of a list, and the text behind its comma. An empty element has no tag.
// AWS: a tag may be without quotation marks, as it is in some answers.
fn first_tag(text: &str) -> Option<(Option<EntityTag>, &str)> {
    let (is_weak, opaque) = text.strip_prefix("W/").map_or((false, text), |rest| (true, rest));
    let (tag, after) = if let Some(quoted) = opaque.strip_prefix('"') {
        let (tag, after) = quoted.split_once('"')?;
        let after = after.trim_start();
        (tag, if after.is_empty() { after } else { after.strip_prefix(',')? })
    } else {
        let (tag, after) = opaque.split_once(',').unwrap_or((opaque, ""));
        if tag.contains('"') {
            return None;
        }
        (tag.trim_end(), after)
    };
    let is_empty = tag.is_empty() && !opaque.starts_with('"');
    Some(((!is_empty).then(|| EntityTag { text: tag.to_owned(), is_weak }), after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<EntityTags, String> {
        EntityTags::parse("if-match", text).map_err(Refusal::code_text)
    }

    fn listed(tags: &[(&str, bool)]) -> EntityTags {
        let tag = |(text, is_weak): &(&str, bool)| EntityTag {
            text: (*text).to_owned(),
            is_weak: *is_weak,
        };
        EntityTags::Listed(tags.iter().map(tag).collect())
    }

    #[test]
    fn a_list_is_read() {
        assert_eq!(parse("*"), Ok(EntityTags::Any));
        assert_eq!(parse("abc"), Ok(listed(&[("abc", false)])));
        assert_eq!(
            parse("\"a\",W/\"b\",, c ,\"\""),
            Ok(listed(&[("a", false), ("b", true), ("c", false), ("", false)]))
        );
    }

    #[test]
    fn a_tag_without_an_end_is_refused() {
        for text in ["\"a", "W/\"a", "\"a\"b", "a\"b\"", "\"a\" \"b\""] {
            assert_eq!(parse(text), Err("InvalidArgument".to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_written_list_is_read_back(tags in prop::collection::vec(("[!#-~]{0,9}", any::<bool>()), 1..6)) {
            let written: Vec<String> = tags
                .iter()
                .map(|(text, is_weak)| format!("{}\"{text}\"", if *is_weak { "W/" } else { "" }))
                .collect();
            let tags: Vec<(&str, bool)> = tags.iter().map(|(text, weak)| (&**text, *weak)).collect();
            prop_assert_eq!(parse(&written.join(", ")), Ok(listed(&tags)));
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,40}") {
            drop(parse(&text));
        }
    }
}
