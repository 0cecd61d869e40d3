//! Writing and reading times in each format.

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
