//! Points in time as the protocols write them. Inside Portico they are milliseconds since 1970.
//!
//! Smithy, "Timestamp formats": `epoch-seconds` (awsJson), `date-time` (RFC 3339; Query, S3's XML),
//! `http-date` (RFC 9110 §5.6.7); and the basic ISO 8601 form of `X-Amz-Date`.

const DAY_MS: i64 = 86_400_000;
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `1440938160.5`: seconds since 1970, as a JSON number has them.
#[must_use]
pub fn epoch_seconds(ms: i64) -> f64 {
    let days = i32::try_from(ms.div_euclid(DAY_MS)).unwrap_or(i32::MAX);
    let ms_of_day = i32::try_from(ms.rem_euclid(DAY_MS)).unwrap_or(0);
    // Whole numbers below 2^53 are exact, so only the division rounds, and it rounds to nearest.
    (f64::from(days) * 86_400_000.0 + f64::from(ms_of_day)) / 1000.0
}

/// `2015-08-30T12:36:00.500Z`.
#[must_use]
pub fn rfc_3339(ms: i64) -> String {
    let Moment { year, month, day, hour, minute, second, ms, .. } = Moment::of(ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

/// `Sun, 30 Aug 2015 12:36:00 GMT`. The milliseconds are lost.
#[must_use]
pub fn http_date(ms: i64) -> String {
    let Moment { year, month, day, hour, minute, second, weekday, .. } = Moment::of(ms);
    let nth = |names: &'static [&'static str], number: i64| {
        usize::try_from(number).ok().and_then(|number| names.get(number)).copied().unwrap_or("???")
    };
    let (weekday, month) = (nth(&WEEKDAYS, weekday), nth(&MONTHS, month - 1));
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// `20150830T123600Z`. The milliseconds are lost.
#[must_use]
pub fn amz_date(ms: i64) -> String {
    let Moment { year, month, day, hour, minute, second, .. } = Moment::of(ms);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// Milliseconds of a text like `20150830T123600Z`.
#[must_use]
pub fn parse_amz_date(text: &str) -> Option<i64> {
    let mut reader = Reader(text);
    let (year, month, day) = (reader.number(4)?, reader.number(2)?, reader.number(2)?);
    reader.literal("T")?;
    let (hour, minute, second) = (reader.number(2)?, reader.number(2)?, reader.number(2)?);
    reader.literal("Z")?;
    reader.end()?;
    to_ms((year, month, day), (hour, minute, second))
}

/// Milliseconds of a text like `2015-08-30T12:36:00Z`, `…00.5Z` or `…00+02:00`.
#[must_use]
pub fn parse_rfc_3339(text: &str) -> Option<i64> {
    let mut reader = Reader(text);
    let year = reader.number(4)?;
    reader.literal("-")?;
    let month = reader.number(2)?;
    reader.literal("-")?;
    let day = reader.number(2)?;
    // RFC 3339 §5.6: the letters may be small.
    reader.literal("T").or_else(|| reader.literal("t"))?;
    let time = reader.time()?;
    let fraction = reader.fraction()?;
    let offset_minutes = reader.offset()?;
    reader.end()?;
    Some(to_ms((year, month, day), time)? + fraction - offset_minutes * 60_000)
}

/// Milliseconds of a text like `Sun, 30 Aug 2015 12:36:00 GMT`.
#[must_use]
pub fn parse_http_date(text: &str) -> Option<i64> {
    // RFC 9110 §5.6.7: the weekday says nothing new; the two obsolete forms are not read.
    let (weekday, rest) = text.split_once(", ")?;
    WEEKDAYS.contains(&weekday).then_some(())?;
    let mut reader = Reader(rest);
    let day = reader.number(2)?;
    reader.literal(" ")?;
    let month = MONTHS.iter().zip(1_i64..).find(|(name, _)| reader.0.starts_with(**name))?;
    reader.literal(month.0)?;
    reader.literal(" ")?;
    let year = reader.number(4)?;
    reader.literal(" ")?;
    let time = reader.time()?;
    reader.literal(" GMT")?;
    reader.end()?;
    to_ms((year, month.1, day), time)
}

struct Moment {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    ms: i64,
    /// Days after the last Thursday, the weekday of 1970-01-01.
    weekday: i64,
}

impl Moment {
    fn of(ms: i64) -> Self {
        let (days, of_day) = (ms.div_euclid(DAY_MS), ms.rem_euclid(DAY_MS));
        let (year, month, day) = date(days);
        let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
        let (second, ms) = (of_day / 1000 % 60, of_day % 1000);
        Self { year, month, day, hour, minute, second, ms, weekday: days.rem_euclid(7) }
    }
}

// Both ways count from a March: then the leap day ends a year, and a month's first day is a
// linear function of its number. 400 years have 146,097 days.
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

fn to_ms(ymd: (i64, i64, i64), (hour, minute, second): (i64, i64, i64)) -> Option<i64> {
    let days = days(ymd);
    // A day that does not exist, like 30 February, comes back as another one.
    (date(days) == ymd && hour < 24 && minute < 60 && second < 60).then_some(())?;
    Some(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000)
}

/// What is left of a text.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        head.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
        self.0 = rest;
        head.parse().ok()
    }

    fn literal(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    fn time(&mut self) -> Option<(i64, i64, i64)> {
        let hour = self.number(2)?;
        self.literal(":")?;
        let minute = self.number(2)?;
        self.literal(":")?;
        Some((hour, minute, self.number(2)?))
    }

    /// Milliseconds of `.5`, `.500` or `.500123`; what is finer is cut.
    fn fraction(&mut self) -> Option<i64> {
        if self.literal(".").is_none() {
            return Some(0);
        }
        let length = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) =
            self.0.split_at_checked(length).filter(|_| (1..=9).contains(&length))?;
        self.0 = rest;
        digits
            .bytes()
            .chain(*b"00")
            .take(3)
            .try_fold(0, |ms, digit| Some(ms * 10 + i64::from(digit.checked_sub(b'0')?)))
    }

    /// Minutes that the text's clock is ahead of UTC.
    fn offset(&mut self) -> Option<i64> {
        if self.literal("Z").or_else(|| self.literal("z")).is_some() {
            return Some(0);
        }
        let sign = if self.literal("+").is_some() { 1 } else { -1 };
        if sign < 0 {
            self.literal("-")?;
        }
        let hours = self.number(2)?;
        self.literal(":")?;
        let minutes = self.number(2)?;
        (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AT_MS: i64 = 1_440_938_160_500;
    /// From year 0 to year 9999, which every form can write.
    const YEARS: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

    #[test]
    fn each_form_is_written_as_its_standard_says() {
        assert_eq!(rfc_3339(AT_MS), "2015-08-30T12:36:00.500Z");
        assert_eq!(http_date(AT_MS), "Sun, 30 Aug 2015 12:36:00 GMT");
        assert_eq!(amz_date(AT_MS), "20150830T123600Z");
        assert_eq!(serde_json::json!(epoch_seconds(AT_MS)).to_string(), "1440938160.5");
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(rfc_3339(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(amz_date(1_709_251_199_000), "20240229T235959Z");
    }

    #[test]
    fn offsets_and_fractions_are_read() {
        for (text, ms) in [
            ("2015-08-30T12:36:00.5Z", AT_MS),
            ("2015-08-30t14:36:00.50099+02:00", AT_MS),
            ("2015-08-30T08:06:00.5-04:30", AT_MS),
            ("1970-01-01T00:00:00z", 0),
        ] {
            assert_eq!(parse_rfc_3339(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "20150830T1236Z",
            "20150830T123600",
            "2015083xT123600Z",
            "20151330T123600Z",
            "20150230T000000Z",
            "20150830T240000Z",
            "20150830T126000Z",
            "20150830T123600Z ",
            "２0150830T123600Z",
        ] {
            assert_eq!(parse_amz_date(text), None, "{text}");
        }
        for text in [
            "2015-08-30T12:36:00",
            "2015-08-30 12:36:00Z",
            "2015-08-30T12:36:00.Z",
            "2015-02-29T00:00:00Z",
            "2015-08-30T12:36:00+2:00",
            "2015-08-30T12:36:00.1234567890Z",
            "2015-08-30T12:36:00+24:00",
        ] {
            assert_eq!(parse_rfc_3339(text), None, "{text}");
        }
        for text in [
            "Sun, 30 Aug 2015 12:36:00",
            "Son, 30 Aug 2015 12:36:00 GMT",
            "Sun, 30 Foo 2015 12:36:00 GMT",
        ] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_time_reads_back(ms in YEARS) {
            let second = ms.div_euclid(1000) * 1000;
            prop_assert_eq!(parse_rfc_3339(&rfc_3339(ms)), Some(ms));
            prop_assert_eq!(parse_http_date(&http_date(ms)), Some(second));
            prop_assert_eq!(parse_amz_date(&amz_date(ms)), Some(second));
            let written = serde_json::json!(epoch_seconds(ms)).to_string();
            let exact = format!("{}.{:03}", ms.abs() / 1000, ms.abs() % 1000);
            let exact: f64 = exact.parse().unwrap();
            let written: f64 = written.parse().unwrap();
            prop_assert_eq!(written.abs().to_bits(), exact.to_bits());
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            let _ = (parse_rfc_3339(&text), parse_http_date(&text), parse_amz_date(&text));
        }
    }
}
