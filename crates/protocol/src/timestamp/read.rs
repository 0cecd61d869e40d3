//! Reading times.

use model::calendar::{MONTHS, WEEKDAYS, to_ms};

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
    // RFC 3339 §5.6: the letters may be in lower case.
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
    // RFC 9110 §5.6.7: the weekday is redundant and not compared. The two obsolete forms are refused.
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

/// The unread rest of a text.
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

    /// Milliseconds of `.5`, `.500` or `.500123`. Smaller units are cut off.
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

    /// The offset from UTC in minutes.
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
