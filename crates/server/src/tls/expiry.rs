//! The time in which a certificate is good, and when its end is told.

use std::time::Duration;

use rustls::pki_types::CertificateDer;
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// Maximum time before the end of a certificate in which it is told.
const NOTICE_MAX: Duration = Duration::from_hours(21 * 24);

/// The part of a certificate's time before its end in which that is told: a fifth.
const NOTICE_PART: u32 = 5;

/// Time in which a certificate is good, since 1970. RFC 5280 §4.1.2.5.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Validity {
    not_before: Duration,
    pub(super) not_after: Duration,
}

impl Validity {
    /// Reads the time of a certificate.
    pub(super) fn of(certificate: &CertificateDer<'_>) -> Result<Self, String> {
        let certificate = Certificate::from_der(certificate).map_err(|why| why.to_string())?;
        let validity = certificate.tbs_certificate.validity;
        let (not_before, not_after) =
            (validity.not_before.to_unix_duration(), validity.not_after.to_unix_duration());
        Ok(Self { not_before, not_after })
    }

    pub(super) fn has_ended(self, now: Duration) -> bool {
        now > self.not_after
    }

    /// A sentence for the log if the time has not begun, or ends soon.
    pub(super) fn warning(self, now: Duration) -> Option<String> {
        if now < self.not_before {
            return Some("is not valid yet: is the clock of this machine right?".into());
        }
        let notice = (self.not_after.saturating_sub(self.not_before) / NOTICE_PART).min(NOTICE_MAX);
        let left = self.not_after.saturating_sub(now);
        if self.has_ended(now) {
            return Some("has expired, and clients refuse it: renew it".into());
        }
        let hours = left.as_secs() / 3600;
        (left < notice)
            .then(|| format!("ends in {} days and {} hours: renew it", hours / 24, hours % 24))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    fn warned(days: u32, left: Duration) -> Option<String> {
        let not_before = 20_000 * DAY;
        let not_after = not_before + days * DAY;
        Validity { not_before, not_after }.warning(not_after.saturating_sub(left))
    }

    #[test]
    fn the_end_is_told_in_time_for_short_and_long_certificates() {
        for (days, quiet, told) in [(90, 19, 17), (365, 22, 20), (6, 2, 1), (3650, 22, 20)] {
            assert_eq!(warned(days, quiet * DAY), None, "{days}");
            assert!(warned(days, told * DAY).unwrap().contains(&format!("in {told} days")));
        }
    }

    #[test]
    fn a_time_that_is_over_or_to_come_is_told() {
        let second = Duration::from_secs(1);
        let validity = Validity { not_before: DAY, not_after: 2 * DAY };
        assert!(validity.warning(DAY.saturating_sub(second)).unwrap().contains("not valid yet"));
        assert!(validity.warning(2 * DAY + second).unwrap().contains("has expired"));
        assert!(validity.has_ended(2 * DAY + second) && !validity.has_ended(2 * DAY));
    }

    #[test]
    fn a_certificate_tells_its_time() {
        let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2030, 1, 1);
        params.not_after = rcgen::date_time_ymd(2070, 1, 1);
        let certificate = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        let validity = Validity::of(certificate.der()).unwrap();
        let seconds = (validity.not_before.as_secs(), validity.not_after.as_secs());
        assert_eq!(seconds, (1_893_456_000, 3_155_760_000));
        assert!(Validity::of(&CertificateDer::from(vec![1, 2, 3])).is_err());
    }
}
