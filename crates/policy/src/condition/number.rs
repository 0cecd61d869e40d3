//! Numbers of conditions: integers and decimal fractions, exactly.

/// A decimal number with at most 18 digits before and 9 behind the point, in billionths.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Number(i128);

const FRACTION_DIGITS_MAX: usize = 9;
const WHOLE_DIGITS_MAX: usize = 18;

impl Number {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let is_number = |digits: &str, max: usize| {
            (1..=max).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let is_good = is_number(whole, WHOLE_DIGITS_MAX)
            && fraction.is_none_or(|fraction| is_number(fraction, FRACTION_DIGITS_MAX));
        is_good.then_some(())?;
        let fraction = fraction.unwrap_or_default();
        let billionths: i128 = format!("{whole}{fraction:0<FRACTION_DIGITS_MAX$}").parse().ok()?;
        Some(Self(sign * billionths))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value() {
        let number = |text: &str| Number::parse(text).unwrap();
        assert_eq!(number("10"), number("10.0"));
        assert_eq!(number("-0"), number("0"));
        assert!(number("9") < number("10") && number("-2") < number("-1.5"));
        assert!(number("0.1") < number("0.100000001"));
        assert!(number("999999999999999998") < number("999999999999999999"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in
            ["", "-", "+1", "1e3", "1.", ".5", "0x10", " 1", "1 ", "1_000", "1.0.0", "--1", "٣"]
        {
            assert_eq!(Number::parse(text), None, "{text}");
        }
        assert_eq!(Number::parse(&"9".repeat(19)), None);
        assert_eq!(Number::parse("0.0000000001"), None);
    }
}
