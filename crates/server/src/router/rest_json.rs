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
use protocol::rest_json::{CONTENT_TYPE, Route, error_reply};

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
    let outcome = operation.ok_or(Fault::UnknownOperation).and_then(|operation| {
        match asked(exchange, route) {
            Ok((caller, fields)) => json(&*operation.perform(&attempt.ctx(&caller), &fields)?),
            Err(rejection) => attempt.refuse(operation.action(), &rejection),
        }
    });
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
    let (head, body) = (&exchange.head, exchange.body()?);
    let fields = route.fields(head.query(), &head.parts.headers, body)?;
    Ok((caller(exchange, route, &fields)?, fields))
}

fn caller(
    exchange: &Exchange,
    route: &Route,
    fields: &Fields<'_>,
) -> Result<Arc<Caller>, Rejection> {
    match errors_of(route) {
        RestJsonErrors::Oidc => Ok(Portico::anonymous()),
        RestJsonErrors::Portal => {
            let token = fields.text("accessToken")?.ok_or(Fault::NoSession)?;
            caller_of_access_token(&exchange.core.portico, token)
        }
    }
}

fn errors_of(route: &Route) -> RestJsonErrors {
    match route.service.protocol {
        Protocol::RestJson(errors) => errors,
        // No route is of another protocol.
        Protocol::AwsJson(_) | Protocol::Query { .. } => RestJsonErrors::Portal,
    }
}
