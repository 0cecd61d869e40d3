//! The kinds of events that strangers leave.

use model::{Fault, OAuthError};

/// A kind of event that strangers leave. Each has a budget of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StrangerKind {
    /// Requests without a signature or a token that could prove anything.
    Unsigned,
    /// Requests with keys that are unknown, or with a signature that does not hold.
    Signature,
    /// Attempts to sign in, to set a password, and to get a token, that were refused.
    SignIn,
}

impl StrangerKind {
    pub const ALL: [Self; 3] = [Self::Unsigned, Self::Signature, Self::SignIn];

    /// The kind of an event. `None` for an answer that every client gets on its way to a token, and that
    /// leaves no event.
    // RFC 8628 §3.5: a client polls until the person has decided.
    #[must_use]
    pub fn of(action: &str, fault: &Fault) -> Option<Self> {
        if let Fault::OAuth(oauth) = fault
            && matches!(oauth.error, OAuthError::AuthorizationPending | OAuthError::SlowDown)
        {
            return None;
        }
        let service = action.split(':').next().unwrap_or_default();
        if matches!(service, "signin" | "sso-oauth") {
            return Some(Self::SignIn);
        }
        let is_signature = matches!(
            fault,
            Fault::BadSignature { .. } | Fault::UnknownKey | Fault::ExpiredKey | Fault::RevokedKey
        );
        Some(if is_signature { Self::Signature } else { Self::Unsigned })
    }

    /// The name in the log and in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsigned => "UNSIGNED_REQUESTS",
            Self::Signature => "FAILED_SIGNATURES",
            Self::SignIn => "REFUSED_SIGN_INS",
        }
    }
}

#[cfg(test)]
mod tests {
    use model::SignatureFlaw;

    use super::*;

    #[test]
    fn a_kind_follows_from_the_action_and_the_fault() {
        let of = StrangerKind::of;
        let flaw = Fault::bad_signature(SignatureFlaw::Mismatched, "hold");
        assert_eq!(of("sso:ListInstances", &Fault::Unsigned), Some(StrangerKind::Unsigned));
        assert_eq!(
            of("awsssoportal:ListAccounts", &Fault::NoSession),
            Some(StrangerKind::Unsigned)
        );
        assert_eq!(of("s3:GetObject", &flaw), Some(StrangerKind::Signature));
        assert_eq!(of("sts:GetCallerIdentity", &Fault::UnknownKey), Some(StrangerKind::Signature));
        assert_eq!(of("signin:CredentialChallenge", &Fault::Busy), Some(StrangerKind::SignIn));
        let grant = OAuthError::InvalidGrant.because("No.");
        assert_eq!(of("sso-oauth:CreateToken", &grant), Some(StrangerKind::SignIn));
        let pending = OAuthError::AuthorizationPending.because("Wait.");
        assert_eq!(of("sso-oauth:CreateToken", &pending), None);
    }
}
