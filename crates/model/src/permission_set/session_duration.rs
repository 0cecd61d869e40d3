//! The duration of role sessions.

use std::fmt;
use std::str::FromStr;

/// The lifetime of the credentials of a role, 1 to 12 hours, as it was written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionDuration {
    text: String,
    seconds: i64,
}

impl SessionDuration {
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.seconds
    }
}

impl Default for SessionDuration {
    fn default() -> Self {
        Self { text: "PT1H".to_owned(), seconds: 3600 }
    }
}

impl FromStr for SessionDuration {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(1..=100).contains(&text.len()) {
            return Err("have length between 1 and 100");
        }
        let seconds = iso_seconds(text).ok_or("be an ISO 8601 duration, such as PT8H")?;
        if !(3600..=43_200).contains(&seconds) {
            return Err("be between 1 and 12 hours, PT1H to PT12H");
        }
        Ok(Self { text: text.to_owned(), seconds })
    }
}

impl fmt::Display for SessionDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

// ISO 8601 §5.5.2.4. Years and months have no fixed length, but any duration with one is too long.
fn iso_seconds(text: &str) -> Option<i64> {
    const DAY: i64 = 86_400;
    const DATE: [(char, i64); 4] = [('Y', 366 * DAY), ('M', 31 * DAY), ('W', 7 * DAY), ('D', DAY)];
    const TIME: [(char, i64); 3] = [('H', 3600), ('M', 60), ('S', 1)];
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None if text.is_empty() => return None,
        None => (text, ""),
    };
    sum(date, &DATE)?.checked_add(sum(time, &TIME)?)
}

/// Adds up numbers with units, such as `1H30M`: each unit at most once and in order.
fn sum(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let (mut sum, mut rest) = (0_i64, text);
    for (unit, seconds) in units {
        let Some((number, after)) = rest.split_once(*unit) else { continue };
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        sum = sum.checked_add(number.parse::<i64>().ok()?.checked_mul(*seconds)?)?;
        rest = after;
    }
    rest.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lasts_one_to_twelve_hours_however_it_is_written() {
        let seconds = |text: &str| text.parse::<SessionDuration>().map(|it| it.seconds());
        assert_eq!(seconds("PT1H"), Ok(3600));
        assert_eq!(seconds("PT12H"), Ok(43_200));
        assert_eq!(seconds("PT90M"), Ok(5400));
        assert_eq!(seconds("PT1H30M15S"), Ok(5415));
        assert_eq!(seconds("P0DT2H"), Ok(7200));
        for short_or_long in ["PT59M59S", "PT12H1S", "P1D", "P1Y", "PT0S", "P0W"] {
            assert_eq!(
                seconds(short_or_long),
                Err("be between 1 and 12 hours, PT1H to PT12H"),
                "{short_or_long}"
            );
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_as_none() {
        for text in ["P", "PT", "1H", "PT1", "PTH", "PT1M1H", "-PT1H", "PT1H ", "PT+1H", "pt1h"] {
            let refusal = text.parse::<SessionDuration>().unwrap_err();
            assert_eq!(refusal, "be an ISO 8601 duration, such as PT8H", "{text}");
        }
        let huge = format!("PT{}H", "9".repeat(60));
        assert!(huge.parse::<SessionDuration>().is_err());
        assert!("PT9223372036854775807H".parse::<SessionDuration>().is_err());
    }

    #[test]
    fn a_duration_reads_back_as_it_was_written() {
        let duration: SessionDuration = "PT60M".parse().unwrap();
        assert_eq!(duration.to_string().parse(), Ok(duration));
    }
}
