//! The Gregorian calendar: between milliseconds since 1970 and dates.

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// From the weekday of 1970-01-01.
pub const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
/// From January.
pub const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A time, taken apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Moment {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub ms: i64,
    /// Days since the last Thursday, the weekday of 1970-01-01.
    pub weekday: i64,
}

impl Moment {
    /// Takes milliseconds since 1970 apart.
    #[must_use]
    pub fn of(ms: i64) -> Self {
        let (days, of_day) = (ms.div_euclid(DAY_MS), ms.rem_euclid(DAY_MS));
        let (year, month, day) = date(days);
        let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
        let (second, ms) = (of_day / 1000 % 60, of_day % 1000);
        Self { year, month, day, hour, minute, second, ms, weekday: days.rem_euclid(7) }
    }
}

// Years begin in March in both directions of the conversion: the leap day is then the last day of a
// year, and the first day of a month is a linear function of its number. 400 years have 146,097 days.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

fn days((year, month, day): (i64, i64, i64)) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
        - 719_468
}

/// Milliseconds of a date and a time of day, if both exist.
#[must_use]
pub fn to_ms(ymd: (i64, i64, i64), (hour, minute, second): (i64, i64, i64)) -> Option<i64> {
    let days = days(ymd);
    // A day that does not exist, such as 30 February, converts back to another date.
    (date(days) == ymd && hour < 24 && minute < 60 && second < 60).then_some(())?;
    Some(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000)
}
