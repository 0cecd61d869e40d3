//! Comparing names by what people see: one key for every spelling that looks the same.
//!
//! Unicode 16 §3.13, D146 (compatibility caseless matching), without invisible characters; the domain of an
//! address as people read it (UTS #46, `ToUnicode`).

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::case_fold::{UNIQUE_BYTES_MAX, fold};
use crate::invisible::is_invisible;

/// Key under which two texts that look the same are equal.
///
/// Case, normal form, compatibility forms (ligatures, full-width letters), invisible characters and
/// the amount of white space make no difference, nor does the ASCII form (`xn--…`) of a domain after an `@`.
/// Letters of different scripts that share a shape, such as the Latin and the Cyrillic `a`, stay different.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Likeness(String);

/// Maximum number of rounds after which a key no longer changes.
// A round that removes an invisible character can put two characters beside each other that the
// next round composes. Two rounds are enough for each single character; see the tests.
const ROUNDS_MAX: u8 = 8;

/// Beginning of a label of a domain in ASCII form.
// RFC 5890 §2.3.2.1.
const ACE_PREFIX: &str = "xn--";

impl Likeness {
    /// Makes the key of a text. Any text has one.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.is_ascii() {
            let key = with_single_spaces(&text.to_ascii_lowercase());
            if !key.contains(ACE_PREFIX) && !key.ends_with('.') {
                return Self(key);
            }
        }
        let mut key = round(text);
        for _ in 1..ROUNDS_MAX {
            let next = round(&key);
            if next == key {
                break;
            }
            key = next;
        }
        Self(key)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key, if it fits into an index entry of the database.
    ///
    /// A compatibility form can be eleven times as long as the character that it stands for. New
    /// names are refused if their key does not fit.
    #[must_use]
    pub fn indexed(&self) -> Option<&str> {
        (self.0.len() <= UNIQUE_BYTES_MAX).then_some(self.as_str())
    }
}

fn round(text: &str) -> String {
    const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).map(twin).collect();
    let folded = fold(&NFKC.normalize(&visible));
    with_readable_domain(with_single_spaces(&NFKC.normalize(&folded)))
}

/// The ASCII character that fonts draw as this one: hyphens that are no hyphen-minus, and small capitals of the shape of
/// the small letter. NFKC keeps them apart.
fn twin(c: char) -> char {
    match c {
        '\u{2010}' | '\u{2011}' | '\u{2212}' => '-',
        'ᴄ' => 'c',
        'ᴏ' => 'o',
        'ꜱ' => 's',
        'ᴜ' => 'u',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ᴢ' => 'z',
        other => other,
    }
}

/// Writes the domain after the last `@` in one form: readable, with one kind of dots, and none at its end. A domain
/// that is not valid stays as it is.
fn with_readable_domain(key: String) -> String {
    let Some((local, domain)) = key.rsplit_once('@') else { return key };
    let is_plain = domain.is_ascii() && !domain.contains(ACE_PREFIX);
    let domain = domain.strip_suffix(['.', '\u{3002}']).unwrap_or(domain);
    if is_plain {
        return format!("{local}@{domain}");
    }
    match idna::domain_to_unicode(domain) {
        (readable, Ok(())) => format!("{local}@{readable}"),
        (_, Err(_)) => key,
    }
}

/// Removes outer white space, and makes one space of each other run of it.
fn with_single_spaces(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !single.is_empty() {
            single.push(' ');
        }
        single.push_str(word);
    }
    single
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::visible::is_visible;

    fn key(text: &str) -> String {
        Likeness::of(text).as_str().to_owned()
    }

    #[test]
    fn spellings_that_look_the_same_have_one_key() {
        for (one, other) in [
            ("josé", "jose\u{301}"),                      // two normal forms
            ("JOSÉ", "jose\u{301}"),                      // and two cases
            ("\u{fb01}nn", "FINN"),                       // a ligature
            ("\u{ff4a}\u{ff41}\u{ff4e}\u{ff45}", "jane"), // full-width letters
            ("straße", "STRASSE"),                        // ß
            ("stra\u{1e9e}e", "strasse"),                 // capital ß
            ("ΟΔΟΣ", "οδος"),                             // the two small sigmas
            ("οδοσ", "οδος"),
            ("\u{212a}im", "kim"),           // the Kelvin sign
            ("\u{212b}sa", "a\u{30a}sa"),    // the Ångström sign
            ("ılgaz", "ILGAZ"),              // ı, whose upper case is I
            ("\u{130}lgaz", "i\u{307}lgaz"), // İ keeps its dot
            ("ja\u{200b}ne", "jane"),        // a space without width
            ("jane\u{fe0f}", "jane"),        // a variation selector
            ("j\u{3164}ane", "jane"),        // a Hangul filler
            ("a\u{34f}\u{301}", "á"),        // composed once the joiner has gone
            ("Admins \u{a0}of\u{3000}Zürich ", "admins of zürich"),
            ("", "\u{200d}"),
            ("b@münchen.example", "b@xn--mnchen-3ya.example"), // both forms of a domain
            ("B@MÜNCHEN.example", "b@XN--MNCHEN-3YA.Example"),
            ("b@mu\u{308}nchen.example", "b@xn--mnchen-3ya.example"),
            ("josé@straße.example", "jose\u{301}@xn--strae-oqa.example"),
            ("b@\u{ff58}n--mnchen-3ya.example", "b@münchen.example"),
            ("b@a.東京.example", "b@a.xn--1lqs71d.example"),
            ("b@x.de", "b@x\u{3002}de"), // the ideographic full stop
            ("b@x.de", "b@x.de."),
            ("b@münchen.example", "b@münchen.example\u{3002}"),
            ("it-admin", "it\u{2010}admin"), // hyphens
            ("it-admin", "it\u{2011}admin"),
            ("it-admin", "it\u{2212}admin"),
            ("bo", "bᴏ"), // small capitals
            ("wvcsuz", "ᴡᴠᴄꜱᴜᴢ"),
        ] {
            assert_eq!(key(one), key(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn names_that_look_different_keep_different_keys() {
        for (one, other) in [
            ("jose", "josé"),
            ("\u{130}lgaz", "ilgaz"),
            ("jane", "janet"),
            ("ops", "ops."),                 // no domain
            ("it-admin", "it\u{2013}admin"), // a dash
            ("jane doe", "janedoe"),
            ("p\u{430}ul", "paul"),        // the Cyrillic letter
            ("xn--mnchen-3ya", "münchen"), // no domain
            ("xn--mnchen-3ya@example.com", "münchen@example.com"),
            ("b@xn--mnchen-3yb.example", "b@münchen.example"),
            ("b@xn--.example", "b@.example"), // not valid
            ("b@xn--abc-.example", "b@abc.example"),
        ] {
            assert_ne!(key(one), key(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn every_character_has_a_key_that_is_its_own_key_and_is_as_coarse_as_case() {
        // The higher planes hold ideographs and unassigned characters only.
        for c in ('\0'..='\u{1ffff}').filter(|c| is_visible(*c)) {
            let text = c.to_string();
            let own = key(&text);
            assert_eq!(key(&own), own, "{c:?}");
            assert_eq!(key(&fold(&text)), own, "{c:?}");
            assert_eq!(round(&own), own, "{c:?}");
            assert!(own.len() <= 11 * text.len(), "{c:?}");
        }
    }

    #[test]
    fn a_key_that_is_too_long_for_an_index_is_not_stored() {
        let likeness = Likeness::of(&"\u{fdfa}".repeat(128));
        assert!(likeness.as_str().len() > UNIQUE_BYTES_MAX);
        assert_eq!(likeness.indexed(), None);
        assert_eq!(Likeness::of("Jane").indexed(), Some("jane"));
    }

    /// Any text, and texts of characters that change their neighbours.
    fn some_text() -> impl Strategy<Value = String> {
        let domain =
            "[a-zA-Z]{0,2}@(xn--[a-z0-9-]{1,8}\\.)?[a-zü。\u{ff58}.-]{0,6}(xn--[a-z0-9]{1,6})?";
        let lively = "[a-zé\u{301}\u{307}\u{323}\u{34f}\u{345}\u{fe0f}\u{200d}ᄀ-ᇿ가\u{3164}αιᾳßſΣςİı \u{a0}]{0,12}";
        prop_oneof![any::<String>(), lively, domain]
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(text in some_text()) {
            let own = key(&text);
            prop_assert_eq!(key(&own), own);
        }

        #[test]
        fn case_and_normal_form_make_no_difference(text in some_text()) {
            let own = key(&text);
            let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
            let normal = ComposingNormalizerBorrowed::new_nfkc().normalize(&visible).into_owned();
            let (lower, upper) = (normal.to_lowercase(), normal.to_uppercase());
            // The case of a text that is not normal may put marks in another order.
            for other in [fold(&normal), lower, upper, normal] {
                prop_assert_eq!(key(&other), own.as_str());
            }
        }
    }
}
