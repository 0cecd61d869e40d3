//! Times in words. A page has them in UTC. The script converts them to the reader's time zone.

use jiff::Timestamp;
use maud::{Markup, html};

/// Renders a moment near `now_ms`: «17:12 UTC», with the date on another day.
#[must_use]
pub fn clock(at_ms: i64, now_ms: i64) -> Markup {
    let (at, now) = (timestamp(at_ms), timestamp(now_ms));
    let same_day = at.strftime("%F").to_string() == now.strftime("%F").to_string();
    if same_day { time(at, "clock", "%H:%M UTC") } else { time(at, "day", "%-d %B, %H:%M UTC") }
}

/// Renders a moment of any day: «24 November 2026, 17:12 UTC».
#[must_use]
pub fn moment(at_ms: i64) -> Markup {
    time(timestamp(at_ms), "moment", "%-d %B %Y, %H:%M UTC")
}

/// Renders a time of day to the second, to be compared with another clock: «17:12:40 UTC».
#[must_use]
pub fn utc(at_ms: i64) -> Markup {
    let at = timestamp(at_ms);
    html! { time datetime=(at.to_string()) { (at.strftime("%H:%M:%S UTC")) } }
}

/// Renders the time since a moment: «20 seconds ago».
#[must_use]
pub fn ago(at_ms: i64, now_ms: i64) -> Markup {
    let at = timestamp(at_ms);
    let seconds = now_ms.saturating_sub(at_ms).max(0) / 1000;
    let words = if seconds == 0 { "just now".to_owned() } else { lasting(seconds) + " ago" };
    html! { time datetime=(at.to_string()) title=(at.strftime("%-d %B %Y, %H:%M:%S UTC")) { (words) } }
}

/// Writes a length of time in its largest whole unit: «8 hours».
#[must_use]
pub fn lasting(seconds: i64) -> String {
    const UNITS: [(i64, &str); 4] =
        [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let unit = UNITS.into_iter().find(|(length, _)| seconds >= *length);
    let (length, noun) = unit.unwrap_or((1, "second"));
    let number = seconds / length;
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Writes a waiting time, rounded up.
#[must_use]
pub fn waiting(seconds: u64) -> String {
    let unit = match seconds {
        0..=60 => 1,
        61..=3_600 => 60,
        3_601.. => 3_600,
    };
    let whole = seconds.max(1).div_ceil(unit).saturating_mul(unit);
    lasting(i64::try_from(whole).unwrap_or(i64::MAX))
}

fn time(at: Timestamp, form: &str, format: &str) -> Markup {
    html! { time datetime=(at.to_string()) data-form=(form) { (at.strftime(format)) } }
}

/// Converts milliseconds since 1970. A moment outside the calendar becomes 1970.
fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-24T17:12:30Z.
    const NOW: i64 = 1_795_540_350_000;

    #[test]
    fn times_are_said_with_as_much_date_as_needed() {
        let day = 86_400_000;
        assert_eq!(
            clock(NOW, NOW).into_string(),
            r#"<time datetime="2026-11-24T17:12:30Z" data-form="clock">17:12 UTC</time>"#
        );
        assert!(clock(NOW + day, NOW).into_string().contains(">25 November, 17:12 UTC<"));
        assert!(moment(NOW).into_string().contains(">24 November 2026, 17:12 UTC<"));
    }

    #[test]
    fn lengths_are_said_in_their_largest_unit() {
        let ago = |seconds: i64| ago(NOW - seconds * 1000, NOW).into_string();
        assert!(ago(0).contains(">just now<"));
        assert!(ago(-5).contains(">just now<"));
        assert!(ago(1).contains(">1 second ago<"));
        assert!(ago(119).contains(">1 minute ago<"));
        assert_eq!(lasting(28_800), "8 hours");
        assert_eq!(lasting(0), "0 seconds");
        let waits = [0, 2, 60, 61, 120, 3_599, 3_601].map(waiting);
        let expected =
            ["1 second", "2 seconds", "1 minute", "2 minutes", "2 minutes", "1 hour", "2 hours"];
        assert_eq!(waits, expected);
        assert_eq!(lasting(90 * 86_400), "90 days");
    }
}
