//! The errors of sso-oidc: RFC 6749 §5.2, with the exception names of the service model.

use model::{Fault, OAuthError};
use serde_json::{Value, json};

use crate::sentence::sentence;

pub(super) fn error_reply(fault: &Fault) -> (u16, &'static str, Value) {
    let (status, exception, error) = spelling(fault);
    (status, exception, json!({"error": error, "error_description": sentence(fault)}))
}

// INVARIANT: the one table of sso-oidc's codes; no `_ =>` arm.
fn spelling(fault: &Fault) -> (u16, &'static str, &'static str) {
    match fault {
        Fault::OAuth(oauth) => oauth_spelling(oauth.error),
        Fault::UnknownOperation { .. } => (404, "UnknownOperationException", "invalid_request"),
        Fault::TooLarge { .. } => (413, "InvalidRequestException", "invalid_request"),
        // `access_denied` would say that the person refused.
        Fault::Unreadable { .. }
        | Fault::NotAdmitted { .. }
        | Fault::Invalid { .. }
        | Fault::NotFound { .. }
        | Fault::NotUnique { .. }
        | Fault::Conflict { .. }
        | Fault::StaleRevision
        | Fault::Quota { .. }
        | Fault::Unsupported { .. } => (400, "InvalidRequestException", "invalid_request"),
        // RFC 6749 §5.2: a failed client authentication is answered with 401.
        Fault::Unsigned
        | Fault::UnknownKey
        | Fault::ExpiredKey
        | Fault::RevokedKey
        | Fault::BadSignature { .. } => (401, "InvalidClientException", "invalid_client"),
        Fault::NoSession => oauth_spelling(OAuthError::InvalidGrant),
        Fault::Denied(_) | Fault::NoAccess => oauth_spelling(OAuthError::AccessDenied),
        // AWS: the clients poll five seconds slower when they read this.
        Fault::Throttled { .. } | Fault::Busy | Fault::Contended => {
            oauth_spelling(OAuthError::SlowDown)
        }
        // RFC 6749 §4.1.2.1 has the word. The service model has one exception for all that the server cannot do.
        Fault::Unavailable(_) => (503, "InternalServerException", "temporarily_unavailable"),
        Fault::Broken(_) => (500, "InternalServerException", "server_error"),
    }
}

fn oauth_spelling(error: OAuthError) -> (u16, &'static str, &'static str) {
    match error {
        OAuthError::InvalidRequest => (400, "InvalidRequestException", "invalid_request"),
        OAuthError::InvalidClient => (401, "InvalidClientException", "invalid_client"),
        OAuthError::InvalidGrant => (400, "InvalidGrantException", "invalid_grant"),
        OAuthError::UnauthorizedClient => {
            (400, "UnauthorizedClientException", "unauthorized_client")
        }
        OAuthError::UnsupportedGrantType => {
            (400, "UnsupportedGrantTypeException", "unsupported_grant_type")
        }
        OAuthError::InvalidScope => (400, "InvalidScopeException", "invalid_scope"),
        OAuthError::AuthorizationPending => {
            (400, "AuthorizationPendingException", "authorization_pending")
        }
        OAuthError::SlowDown => (400, "SlowDownException", "slow_down"),
        OAuthError::AccessDenied => (400, "AccessDeniedException", "access_denied"),
        OAuthError::ExpiredToken => (400, "ExpiredTokenException", "expired_token"),
        OAuthError::InvalidClientMetadata => {
            (400, "InvalidClientMetadataException", "invalid_client_metadata")
        }
        OAuthError::InvalidRedirectUri => {
            (400, "InvalidRedirectUriException", "invalid_redirect_uri")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(fault: &Fault) -> String {
        let (status, exception, body) = error_reply(fault);
        format!("{status} {exception} {body}")
    }

    #[test]
    fn an_answer_of_oauth_keeps_its_word() {
        let pending =
            OAuthError::AuthorizationPending.because("Nobody has confirmed the code yet.");
        insta::assert_snapshot!(told(&pending), @r#"400 AuthorizationPendingException {"error":"authorization_pending","error_description":"Nobody has confirmed the code yet."}"#);
        let client = OAuthError::InvalidClient.because("The client is not known.");
        insta::assert_snapshot!(told(&client), @r#"401 InvalidClientException {"error":"invalid_client","error_description":"The client is not known."}"#);
    }

    #[test]
    fn other_faults_are_put_in_words_of_oauth() {
        insta::assert_snapshot!(told(&Fault::invalid("clientId", "be present")), @r#"400 InvalidRequestException {"error":"invalid_request","error_description":"clientId must be present."}"#);
        insta::assert_snapshot!(told(&Fault::broken("SELECT secret")), @r#"500 InternalServerException {"error":"server_error","error_description":"An unexpected error occurred."}"#);
    }
}
