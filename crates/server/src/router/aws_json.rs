//! awsJson 1.1: sso-admin, identitystore, organizations and our own `PorticoAdmin`.

use bytes::Bytes;
use http::Response;
use kernel::perform::trace;
use model::fault::kept;
use model::service::{AwsJsonErrors, PORTICO_ADMIN, Protocol, Service};
use model::{AuditEvent, Fault};
use protocol::Fields;
use protocol::aws_json::{CONTENT_TYPE, error_reply};

use crate::destination::operation_name;
use crate::exchange::{Answer, Attempt, Exchange, log_broken};
use crate::operations::Operation;
use crate::reply::{error_response, json, response, status};

pub(super) fn answer(attempt: Attempt<'_>, operation: Option<Operation>) -> Answer {
    let exchange = attempt.exchange;
    let service = service_of(exchange);
    let signing_name = service.and_then(|service| service.signing_name);
    let outcome = if let (Some(operation), Some(signing_name)) = (operation, signing_name) {
        perform(attempt, operation, signing_name)
    } else {
        let name = kept(exchange.head.target().unwrap_or_default());
        let target = AuditEvent::new().asked("target", &name);
        let action = service.unwrap_or(&PORTICO_ADMIN).unknown_action;
        attempt.refuse_unserved(action, target, Fault::UnknownOperation { name })
    };
    let response = match outcome {
        Ok(body) => response(status(200), CONTENT_TYPE, body.into()),
        Err(fault) => {
            log_broken(&fault);
            refusal(exchange, &fault)
        }
    };
    Answer { operation: operation_name(operation), response }
}

/// The response to a request with this fault.
pub(super) fn refusal(exchange: &Exchange, fault: &Fault) -> Response<Bytes> {
    let errors = errors_of(service_of(exchange));
    error_response(error_reply(errors, fault, exchange.info.id.as_str()), CONTENT_TYPE)
}

fn service_of(exchange: &Exchange) -> Option<&'static Service> {
    let target = exchange.head.target().unwrap_or_default();
    model::service::find(target.split('.').next().unwrap_or_default())
}

/// The names of errors of a service. Those of most services tell of a service that is unknown.
fn errors_of(service: Option<&Service>) -> AwsJsonErrors {
    match service.map(|service| service.protocol) {
        Some(Protocol::AwsJson(errors)) => errors,
        Some(Protocol::RestJson(_) | Protocol::Query { .. }) | None => {
            AwsJsonErrors::IdentityCenter
        }
    }
}

fn perform(
    attempt: Attempt<'_>,
    operation: Operation,
    signing_name: &str,
) -> Result<Vec<u8>, Fault> {
    match attempt.signer(signing_name) {
        Ok(caller) => {
            let ctx = attempt.ctx(&caller);
            let fields = attempt.exchange.body().and_then(|body| Fields::from_json(body));
            match fields {
                Ok(fields) => json(&*operation.perform(&ctx, &fields)?),
                Err(fault) => trace(&ctx, operation.action(), &fault).and(Err(fault)),
            }
        }
        Err(rejection) => attempt.refuse(operation.action(), &rejection),
    }
}
