//! REST-JSON: sso-oidc, where nobody signs, and the portal, where a token says who asks.

use std::sync::Arc;

use http::HeaderValue;
use model::Fault;
use policy::Caller;
use protocol::Fields;
use protocol::rest_json::{CONTENT_TYPE, Dialect, Route, error_reply};
use service::Portico;
use service::Served;

use super::{Answer, Exchange, error_response, json, log_broken, response, status};

pub(super) fn answer(exchange: &Exchange<'_>, route: &'static Route) -> Answer {
    let operation = operation(route);
    let outcome = operation.ok_or(Fault::UnknownOperation).and_then(|operation| {
        let asked = exchange.body.clone().and_then(|body| {
            let fields = route.fields(exchange.query(), &exchange.parts.headers, body)?;
            Ok((caller(exchange, route, &fields)?, fields))
        });
        match asked {
            Ok((caller, fields)) => json(&*operation.perform(&exchange.ctx(&caller), &fields)?),
            Err(fault) => exchange.refuse_stranger(operation.action(), fault),
        }
    });
    let mut response = match outcome {
        Ok(body) => response(status(200), CONTENT_TYPE, body.into()),
        Err(fault) => {
            log_broken(&exchange.info, &fault);
            error_response(error_reply(route.dialect, &fault), CONTENT_TYPE)
        }
    };
    // RFC 6749 §5.1: what carries tokens is kept by no cache.
    response
        .headers_mut()
        .insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Answer { operation: operation.map_or("Unknown", Served::name), response }
}

/// The operation that a route leads to.
pub(super) fn operation(route: &Route) -> Option<&'static dyn Served> {
    let prefix = match route.dialect {
        Dialect::Oidc => "SSOOIDC",
        Dialect::Portal => "SSOPortal",
    };
    service::find(&format!("{prefix}.{}", route.operation))
}

fn caller(
    exchange: &Exchange<'_>,
    route: &Route,
    fields: &Fields<'_>,
) -> Result<Arc<Caller>, Fault> {
    match route.dialect {
        Dialect::Oidc => Ok(Portico::stranger()),
        Dialect::Portal => {
            let token = fields.text("accessToken")?.ok_or(Fault::NoSession)?;
            service::credentials::person::caller_of_access_token(exchange.portico, token)
        }
    }
}
