//! Times of conditions.
//!
//! W3C, "Date and Time Formats", a profile of ISO 8601; or seconds since 1970.

use model::calendar::to_ms;

/// Reads a time into milliseconds since 1970. Without a zone it is UTC.
// AWS: W3C's ISO 8601 formats, or epoch time. Four digits alone are a year.
pub(super) fn parse(text: &str) -> Option<i64> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(text) && text.len() != 4 {
        let seconds: i64 = text.parse().ok()?;
        return seconds.checked_mul(1000);
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let number = |text: &str, digits: usize| {
        (is_number(text) && text.len() == digits).then(|| text.parse::<i64>().ok()).flatten()
    };
    let mut parts = date.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |month| number(month, 2))?;
    let day = parts.next().map_or(Some(1), |day| number(day, 2))?;
    let is_whole = date.len() == 10 || time.is_none();
    (parts.next().is_none() && is_whole).then_some(())?;
    let Some(time) = time else { return to_ms((year, month, day), (0, 0, 0)) };

    let (clock, offset_minutes) = split_zone(time)?;
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let seconds = parts.next().unwrap_or("00");
    parts.next().is_none().then_some(())?;
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    is_number(fraction).then_some(())?;
    // Smaller units are cut off.
    let ms: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let whole = to_ms((year, month, day), (hour, minute, number(second, 2)?))?;
    Some(whole + ms - offset_minutes * 60_000)
}

/// The time of day, and the minutes by which its zone is ahead of UTC.
fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let Some((clock, zone)) = time.rfind(['+', '-']).and_then(|at| time.split_at_checked(at))
    else {
        return Some((time, 0));
    };
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let number = |text: &str, end: i64| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| is_number && (0..end).contains(number))
    };
    Some((clock, sign * (number(hours, 24)? * 60 + number(minutes, 60)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formats_of_w3c_and_seconds_since_1970_are_read() {
        for (text, ms) in [
            ("1970", 0),
            ("1970-02", 31 * 86_400_000),
            ("1970-01-02", 86_400_000),
            ("1970-01-01T00:01Z", 60_000),
            ("1970-01-01T00:00:01Z", 1000),
            ("1970-01-01T00:00:01", 1000),
            ("1970-01-01T00:00:01.5Z", 1500),
            ("1970-01-01T00:00:01.123456Z", 1123),
            ("1970-01-01T01:00:00+01:00", 0),
            ("1969-12-31T19:00:00-05:00", 0),
            ("2026-11-30T12:00:00Z", 1_796_040_000_000),
            ("1796040000", 1_796_040_000_000),
            ("0", 0),
        ] {
            assert_eq!(parse(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "now",
            "1970-1-1",
            "1970-13-01",
            "1970-02-30",
            "1970-01T00:00Z",
            "1970-01-01T",
            "1970-01-01T24:00Z",
            "1970-01-01T00Z",
            "1970-01-01 00:00:00",
            "1970-01-01T00:00:00+1",
            "1970-01-01T00:00:00+24:00",
            "1970-01-01T00:00:00.Z",
            "-1",
            "1.5",
            "99999999999999999999",
            "2026-11-30T12:00:00Zx",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
