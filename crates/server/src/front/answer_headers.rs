//! The headers that every answer has, whoever wrote it.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue, StatusCode, header};
use model::Clock;

use crate::app::Site;

/// Strict-Transport-Security: for one year, this host and all hosts below it. RFC 6797 §6.1.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Number of seconds after which a client may try again what the server could not do, if nothing else is said.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// Adds the headers that every answer has.
pub fn complete(site: &Site, status: StatusCode, headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // RFC 9110 §15.6.4
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.entry(header::RETRY_AFTER).or_insert(RETRY_AFTER);
    }
    // RFC 6797 §7.2: an answer over plain http must not have it.
    if site.is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    // The HTTP library dates other answers by the clock of the machine. AWS: the SDKs correct their own
    // clock by the date of a refusal, so it must be the date that signatures are compared with.
    if let Some(sandbox) = &site.sandbox
        && let Some(date) = date(sandbox.clock.now_ms())
    {
        headers.insert(header::DATE, date);
    }
}

/// Adds the date to an answer that the HTTP library does not write, unless it is there.
pub fn add_date(headers: &mut HeaderMap, now_ms: i64) {
    if let Some(date) = date(now_ms) {
        headers.entry(header::DATE).or_insert(date);
    }
}

/// A date of HTTP. RFC 9110 §5.6.7.
fn date(ms: i64) -> Option<HeaderValue> {
    let since = Duration::from_millis(u64::try_from(ms).ok()?);
    let at = SystemTime::UNIX_EPOCH.checked_add(since)?;
    // RFC 9110 §5.6.7: a year has four digits, so `httpdate` refuses later ones by a panic.
    let is_writable = since < Duration::from_secs(DATE_SECONDS_END);
    is_writable.then(|| HeaderValue::try_from(httpdate::fmt_http_date(at)).ok()).flatten()
}

/// The first second that has no date: 10000-01-01T00:00:00Z.
const DATE_SECONDS_END: u64 = 253_402_300_800;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_a_date_if_it_has_one() {
        assert_eq!(date(784_111_777_999).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
        let last = i64::try_from(DATE_SECONDS_END).unwrap() * 1000 - 1;
        assert_eq!(date(last).unwrap(), "Fri, 31 Dec 9999 23:59:59 GMT");
        assert_eq!((date(last + 1), date(-1), date(i64::MAX)), (None, None, None));
    }
}
