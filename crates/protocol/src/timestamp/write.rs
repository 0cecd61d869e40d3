//! Writing times.

use model::calendar::{DAY_MS, MONTHS, Moment, WEEKDAYS};

/// `1440938160.5`: seconds since 1970, as a JSON number has them.
#[must_use]
pub fn epoch_seconds(ms: i64) -> f64 {
    let days = i32::try_from(ms.div_euclid(DAY_MS)).unwrap_or(i32::MAX);
    let ms_of_day = i32::try_from(ms.rem_euclid(DAY_MS)).unwrap_or(0);
    // A double is exact for whole numbers below 2^53, so only the division rounds, to nearest.
    (f64::from(days) * 86_400_000.0 + f64::from(ms_of_day)) / 1000.0
}

/// `2015-08-30T12:36:00.500Z`.
#[must_use]
pub fn rfc_3339(ms: i64) -> String {
    let Moment { year, month, day, hour, minute, second, ms, .. } = Moment::of(ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

/// `Sun, 30 Aug 2015 12:36:00 GMT`. Milliseconds are cut off.
#[must_use]
pub fn http_date(ms: i64) -> String {
    let Moment { year, month, day, hour, minute, second, weekday, .. } = Moment::of(ms);
    let nth = |names: &'static [&'static str], number: i64| {
        usize::try_from(number).ok().and_then(|number| names.get(number)).copied().unwrap_or("???")
    };
    let (weekday, month) = (nth(&WEEKDAYS, weekday), nth(&MONTHS, month - 1));
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// `20150830T123600Z`. Milliseconds are cut off.
#[must_use]
pub fn amz_date(ms: i64) -> String {
    let Moment { year, month, day, hour, minute, second, .. } = Moment::of(ms);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}
