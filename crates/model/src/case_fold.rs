//! Comparing texts without regard to case, and the length that such a unique text may have.

/// The key under which texts that differ only in case are equal.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Each letter is folded on its own, because the lower case of a sigma depends on its neighbours.
    // Lower, upper and lower case again, because some letters (ß, ſ, ẞ) map in one direction only.
    let lower = text.chars().flat_map(char::to_lowercase);
    lower.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// Maximum length in bytes of the folded form of a unique text. An index entry of PostgreSQL holds
/// 2,704 bytes; a thousand letters of most alphabets have fewer.
pub(crate) const UNIQUE_BYTES_MAX: usize = 2_048;

/// Checks that the folded form of a unique text fits into an index entry.
pub(crate) fn is_indexable(text: &str) -> Result<(), &'static str> {
    // Folding never makes a text more than three times as long.
    if text.len() > UNIQUE_BYTES_MAX / 3 && fold(text).len() > UNIQUE_BYTES_MAX {
        return Err("have at most 2048 bytes in UTF-8");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_in_case_alone_fold_to_one() {
        for (one, other) in
            [("Straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("ſ", "S"), ("ẞ", "ß"), ("Éa", "éA")]
        {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn folding_makes_no_text_three_times_as_long() {
        for c in '\0'..=char::MAX {
            assert!(fold(&c.to_string()).len() <= 3 * c.len_utf8(), "{c:?}");
        }
    }

    #[test]
    fn what_is_unique_fits_into_an_index() {
        for text in ["a".repeat(1024), "ä".repeat(1024), "東".repeat(682), "ΐ".repeat(300)] {
            assert_eq!(is_indexable(&text), Ok(()), "{text}");
        }
        for text in ["東".repeat(683), "🦀".repeat(513), "ΐ".repeat(1024)] {
            assert!(is_indexable(&text).is_err(), "{text}");
        }
    }
}
