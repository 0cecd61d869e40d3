//! Error column of the audit log: a code and a sentence in one text.
//!
//! CloudTrail record contents: `errorCode` and `errorMessage`. All protocols share one table, so
//! that a search for `AccessDenied` finds the refusals of every service.

use model::{Fault, OAuthError, SignatureFlaw};
use protocol::sentence;

/// Writes a fault as the text of the error column.
#[must_use]
pub fn written(fault: &Fault) -> String {
    format!("{}: {}", code(fault), sentence(fault))
}

/// Splits the text of an error column into its code and its sentence.
#[must_use]
pub fn read(text: &str) -> (&str, &str) {
    match text.split_once(": ") {
        Some((code, sentence)) if code.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            (code, sentence)
        }
        Some(_) | None => ("Failure", text),
    }
}

// INVARIANT: no `_ =>` arm; a new fault does not compile until it has a code here.
fn code(fault: &Fault) -> &'static str {
    match fault {
        Fault::UnknownOperation { .. } => "UnknownOperation",
        Fault::Unreadable { .. } => "SerializationException",
        Fault::TooLarge { .. } => "RequestTooLarge",
        Fault::Invalid { .. } => "ValidationException",
        Fault::Unsigned => "MissingAuthenticationToken",
        Fault::UnknownKey | Fault::RevokedKey => "InvalidClientTokenId",
        Fault::ExpiredKey => "ExpiredToken",
        Fault::BadSignature { flaw, .. } => signature_code(*flaw),
        // AWS: CloudTrail uses this code for every service.
        Fault::Denied(_) | Fault::NotAdmitted { .. } | Fault::NoAccess => "AccessDenied",
        Fault::NoSession => "UnauthorizedException",
        Fault::NotFound { .. } => "ResourceNotFoundException",
        Fault::NotUnique { .. } | Fault::Conflict { .. } | Fault::StaleRevision => {
            "ConflictException"
        }
        Fault::Quota { .. } => "ServiceQuotaExceededException",
        Fault::Unsupported { .. } => "UnsupportedOperationException",
        Fault::OAuth(oauth) => oauth_code(oauth.error),
        Fault::Contended | Fault::Throttled { .. } | Fault::Busy => "ThrottlingException",
        Fault::Unavailable(_) => "ServiceUnavailable",
        Fault::Broken(_) => "InternalFailure",
    }
}

fn signature_code(flaw: SignatureFlaw) -> &'static str {
    match flaw {
        SignatureFlaw::Malformed | SignatureFlaw::MalformedLink | SignatureFlaw::Foreign => {
            "IncompleteSignature"
        }
        SignatureFlaw::Skewed => "RequestTimeTooSkewed",
        SignatureFlaw::Expired => "RequestExpired",
        SignatureFlaw::Uncovered | SignatureFlaw::WrongBody | SignatureFlaw::Mismatched => {
            "SignatureDoesNotMatch"
        }
    }
}

fn oauth_code(error: OAuthError) -> &'static str {
    match error {
        OAuthError::InvalidRequest => "InvalidRequestException",
        OAuthError::InvalidClient => "InvalidClientException",
        OAuthError::InvalidGrant => "InvalidGrantException",
        OAuthError::UnauthorizedClient => "UnauthorizedClientException",
        OAuthError::UnsupportedGrantType => "UnsupportedGrantTypeException",
        OAuthError::InvalidScope => "InvalidScopeException",
        OAuthError::AuthorizationPending => "AuthorizationPendingException",
        OAuthError::SlowDown => "SlowDownException",
        OAuthError::AccessDenied => "AccessDeniedException",
        OAuthError::ExpiredToken => "ExpiredTokenException",
        OAuthError::InvalidClientMetadata => "InvalidClientMetadataException",
        OAuthError::InvalidRedirectUri => "InvalidRedirectUriException",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reads_back_as_code_and_sentence() {
        let fault = Fault::invalid("Name", "be short: really");
        let text = written(&fault);
        assert_eq!(read(&text), ("ValidationException", "Name must be short: really."));
        assert_eq!(read("no code here: at all"), ("Failure", "no code here: at all"));
    }
}
