//! REST-JSON: sso-oidc, whose requests are not signed, and the portal, whose callers hold a token.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Response, header};
use kernel::Portico;
use kernel::credentials::Rejection;
use kernel::credentials::person::caller_of_access_token;
use model::Fault;
use model::service::{Protocol, RestJsonErrors};
use policy::Caller;
use protocol::Fields;
use protocol::rest_json::{BEARER_TOKEN, CONTENT_TYPE, Route, error_reply};

use crate::destination::operation_name;
use crate::exchange::{Answer, Attempt, Exchange, log_broken};
use crate::operations::Operation;
use crate::reply::{error_response, json, response, status};

pub(super) fn answer(
    attempt: Attempt<'_>,
    route: &'static Route,
    operation: Option<Operation>,
) -> Answer {
    let exchange = attempt.exchange;
    let unknown = || Fault::unknown_request(exchange.head.method(), exchange.head.path());
    let action = operation.map_or(route.service.unknown_action, kernel::Served::action);
    let outcome = match (asked(exchange, route), operation) {
        (Ok((caller, fields)), Some(operation)) => {
            operation.perform(&attempt.ctx(&caller), &fields).and_then(|reply| json(&*reply))
        }
        (Ok((caller, _)), None) => {
            attempt.refuse(action, &Rejection::of_request(caller, unknown()))
        }
        (Err(rejection), Some(_)) => attempt.refuse(action, &rejection),
        (Err(rejection), None) => attempt.refuse(action, &rejection).or(Err(unknown())),
    };
    let mut response = match outcome {
        Ok(body) => response(status(200), CONTENT_TYPE, body.into()),
        Err(fault) => {
            log_broken(&fault);
            refusal(route, &fault)
        }
    };
    // RFC 6749 §5.1: no cache keeps a response that carries tokens.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Answer { operation: operation_name(operation), response }
}

/// The response to a request with this fault.
pub(super) fn refusal(route: &Route, fault: &Fault) -> Response<Bytes> {
    let mut response = error_response(error_reply(errors_of(route), fault), CONTENT_TYPE);
    // RFC 9110 §10.2.3.
    if let Fault::Throttled { retry_after_seconds } = fault {
        response.headers_mut().insert(header::RETRY_AFTER, (*retry_after_seconds).into());
    }
    response
}

/// The caller of a request, and its fields.
fn asked<'a>(
    exchange: &'a Exchange,
    route: &Route,
) -> Result<(Arc<Caller>, Fields<'a>), Rejection> {
    let head = &exchange.head;
    let fields =
        exchange.body().and_then(|body| route.fields(head.query(), &head.parts.headers, body));
    match (fields, errors_of(route)) {
        (Ok(fields), RestJsonErrors::Oidc) => Ok((Portico::anonymous(), fields)),
        (Err(fault), RestJsonErrors::Oidc) => Err(fault.into()),
        (Ok(fields), RestJsonErrors::Portal) => Ok((caller(exchange)?, fields)),
        (Err(fault), RestJsonErrors::Portal) => Err(match caller(exchange) {
            Ok(caller) => Rejection::of_request(caller, fault),
            Err(rejection) => rejection.because(fault),
        }),
    }
}

/// The person whose access token a request of the portal carries.
fn caller(exchange: &Exchange) -> Result<Arc<Caller>, Rejection> {
    let token = exchange.head.header(BEARER_TOKEN).ok_or(Fault::NoSession)?;
    caller_of_access_token(&exchange.core.portico, token)
}

fn errors_of(route: &Route) -> RestJsonErrors {
    match route.service.protocol {
        Protocol::RestJson(errors) => errors,
        // No route is of another protocol.
        Protocol::AwsJson(_) | Protocol::Query { .. } => RestJsonErrors::Portal,
    }
}

#[cfg(test)]
mod tests {
    use protocol::rest_json::{ERROR_TYPE, find_route};

    use super::*;

    #[test]
    fn a_client_that_is_too_fast_is_told_how_long_to_wait() {
        let told = |method: &str, path: &str, fault: &Fault| {
            let response = refusal(find_route(method, path, "").unwrap(), fault);
            let header = |name: &str| {
                let value = response.headers().get(name)?;
                value.to_str().ok().map(str::to_owned)
            };
            (header(ERROR_TYPE).unwrap_or_default(), header("retry-after"))
        };
        let throttled = Fault::Throttled { retry_after_seconds: 90 };
        let wait = Some("90".to_owned());
        for path in ["/device_authorization", "/token"] {
            let answer = told("POST", path, &throttled);
            assert_eq!(answer, ("SlowDownException".to_owned(), wait.clone()), "{path}");
        }
        let answer = told("GET", "/assignment/accounts", &throttled);
        assert_eq!(answer, ("TooManyRequestsException".to_owned(), wait));
        // A poll that came too early has the pause of its own protocol. RFC 8628 §3.5.
        let early = model::OAuthError::SlowDown.because("Wait longer between two polls.");
        assert_eq!(told("POST", "/token", &early), ("SlowDownException".to_owned(), None));
    }
}
