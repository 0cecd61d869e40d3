//! Ages of audit events as settings.

use std::str::FromStr;

use serde::Deserialize;

/// An age, or none ever.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Age(Option<i64>);

/// Longest age in milliseconds: a thousand years.
const MS_MAX: i64 = 1000 * 366 * 24 * 60 * 60 * 1000;

/// Units with their milliseconds.
const UNITS: [(&str, i64); 5] = [
    ("s", 1000),
    ("m", 60 * 1000),
    ("h", 60 * 60 * 1000),
    ("d", 24 * 60 * 60 * 1000),
    ("y", 365 * 24 * 60 * 60 * 1000),
];

impl Age {
    /// The age in milliseconds; `None` for never.
    #[must_use]
    pub fn ms(self) -> Option<i64> {
        self.0
    }
}

impl FromStr for Age {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "never" {
            return Ok(Self(None));
        }
        let ms = UNITS.iter().find_map(|(unit, unit_ms)| {
            let number = text.strip_suffix(unit)?;
            let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
            number.parse::<i64>().ok().filter(|_| is_number)?.checked_mul(*unit_ms)
        });
        let ms = ms.filter(|ms| (1..=MS_MAX).contains(ms));
        let must = "it must be a number and a unit, such as 90s, 30m, 12h, 7d or 2y, or `never`";
        ms.map(|ms| Self(Some(ms))).ok_or(must)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_a_number_with_a_unit() {
        for (text, ms) in [
            ("1s", Some(1000)),
            ("30m", Some(1_800_000)),
            ("12h", Some(43_200_000)),
            ("7d", Some(604_800_000)),
            ("2y", Some(63_072_000_000)),
            ("never", None),
        ] {
            assert_eq!(text.parse::<Age>().unwrap().ms(), ms, "{text}");
        }
        for text in
            ["", "7", "d", "0d", "-7d", "+7d", "7 d", "1.5h", "7w", "99999999999999999y", "2000y"]
        {
            assert!(text.parse::<Age>().unwrap_err().contains("a unit"), "{text}");
        }
    }
}
