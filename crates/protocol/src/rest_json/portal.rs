//! The errors of the portal API (sso): `{"message": …}`.

use model::Fault;
use serde_json::{Value, json};

use crate::sentence::sentence;

pub(super) fn error_reply(fault: &Fault) -> (u16, &'static str, Value) {
    let (status, exception) = spelling(fault);
    (status, exception, json!({"message": sentence(fault)}))
}

// INVARIANT: the one table of the portal's codes; no `_ =>` arm.
fn spelling(fault: &Fault) -> (u16, &'static str) {
    match fault {
        Fault::UnknownOperation { .. } => (404, "UnknownOperationException"),
        Fault::TooLarge { .. } => (413, "InvalidRequestException"),
        Fault::Unreadable { .. }
        | Fault::Invalid { .. }
        | Fault::NotUnique { .. }
        | Fault::Conflict { .. }
        | Fault::StaleRevision
        | Fault::Quota { .. }
        | Fault::Unsupported { .. }
        | Fault::OAuth(_) => (400, "InvalidRequestException"),
        Fault::NoSession
        | Fault::Unsigned
        | Fault::UnknownKey
        | Fault::ExpiredKey
        | Fault::RevokedKey
        | Fault::BadSignature { .. } => (401, "UnauthorizedException"),
        // AWS: the answer to a person without the role, although the service model does not have it.
        Fault::NoAccess | Fault::NotAdmitted { .. } | Fault::Denied(_) => {
            (403, "ForbiddenException")
        }
        Fault::NotFound { .. } => (404, "ResourceNotFoundException"),
        Fault::Throttled { .. } | Fault::Busy | Fault::Contended => {
            (429, "TooManyRequestsException")
        }
        // AWS: "Common Errors". The service model has none for it; the SDKs try again when they read the status.
        Fault::Unavailable(_) => (503, "ServiceUnavailable"),
        Fault::Broken(_) => (500, "InternalServerException"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_says_what_its_clients_look_for() {
        let told = |fault: &Fault| {
            let (status, exception, body) = error_reply(fault);
            format!("{status} {exception} {body}")
        };
        insta::assert_snapshot!(told(&Fault::NoAccess), @r#"403 ForbiddenException {"message":"No access"}"#);
        insta::assert_snapshot!(told(&Fault::NoSession), @r#"401 UnauthorizedException {"message":"Session token not found or invalid"}"#);
        insta::assert_snapshot!(told(&Fault::Busy), @r#"429 TooManyRequestsException {"message":"Too many requests at the same time. Try again."}"#);
    }
}
