//! How long the sessions of an instance last, and when its people prove again who they are.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::setting::Setting;

/// Sessions of the people of an instance. What an earlier version stored lacks members.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SessionSettings {
    /// Time after which a portal session ends, with the clients that act in it.
    pub portal_session_minutes: i64,
    /// Time without use after which a portal session ends. `None` for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inactivity_minutes: Option<i64>,
    /// Whether a person types their password again before a client may act for them.
    pub fresh_proof_for_consent: bool,
    /// Whether a person types their password again before they get keys of a role in the portal.
    pub fresh_proof_for_keys: bool,
}

const MINUTE_MS: i64 = 60 * 1000;
const DAY_MINUTES: i64 = 24 * 60;

impl SessionSettings {
    // AWS: «a minimum session duration of 15 minutes, and a maximum session duration of 90 days».
    pub const PORTAL_SESSION_MINUTES: RangeInclusive<i64> = 15..=90 * DAY_MINUTES;
    /// Uses are noted once a minute, so a shorter time would end sessions in use.
    pub const INACTIVITY_MINUTES: RangeInclusive<i64> = 5..=30 * DAY_MINUTES;
    /// Longest session of any settings, in milliseconds.
    pub const PORTAL_SESSION_MS_MAX: i64 = *Self::PORTAL_SESSION_MINUTES.end() * MINUTE_MS;

    /// Duration of a portal session in milliseconds.
    #[must_use]
    pub fn portal_session_ms(&self) -> i64 {
        self.portal_session_minutes * MINUTE_MS
    }

    /// Tells whether a session that was last used at a time has ended by inactivity.
    #[must_use]
    pub fn is_idle(&self, used_at_ms: i64, now_ms: i64) -> bool {
        self.inactivity_minutes.is_some_and(|minutes| now_ms - used_at_ms >= minutes * MINUTE_MS)
    }
}

impl Default for SessionSettings {
    // AWS: 8 hours.
    fn default() -> Self {
        Self {
            portal_session_minutes: 8 * 60,
            inactivity_minutes: None,
            fresh_proof_for_consent: false,
            fresh_proof_for_keys: false,
        }
    }
}

impl Setting for SessionSettings {
    const NAME: &'static str = "sessions";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_without_use_ends_after_the_time_that_was_set() {
        let never = SessionSettings::default();
        assert!(!never.is_idle(0, i64::MAX));
        let soon = SessionSettings { inactivity_minutes: Some(5), ..never };
        assert!(!soon.is_idle(1000, 300_999) && soon.is_idle(1000, 301_000));
    }

    #[test]
    fn what_an_earlier_version_stored_reads_with_defaults() {
        let read: SessionSettings =
            serde_json::from_str(r#"{"PortalSessionMinutes": 15}"#).unwrap();
        assert_eq!(read, SessionSettings { portal_session_minutes: 15, ..Default::default() });
    }
}
