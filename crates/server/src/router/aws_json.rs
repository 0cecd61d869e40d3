//! awsJson 1.1: sso-admin, identitystore, organizations and our own `PorticoAdmin`.

use kernel::perform::trace;
use model::Fault;
use model::service::{AwsJsonErrors, Protocol, Service};
use protocol::Fields;
use protocol::aws_json::{CONTENT_TYPE, error_reply};

use crate::destination::operation_name;
use crate::exchange::{Answer, Attempt, log_broken};
use crate::operations::Operation;
use crate::reply::{error_response, json, response, status};

pub(super) fn answer(attempt: Attempt<'_>, operation: Option<Operation>) -> Answer {
    let exchange = attempt.exchange;
    let target = exchange.head.target().unwrap_or_default();
    let prefix = target.split('.').next().unwrap_or_default();
    let service = model::service::find(prefix);
    let outcome = match (operation, service.and_then(|service| service.signing_name)) {
        (Some(operation), Some(signing_name)) => perform(attempt, operation, signing_name),
        _ => Err(Fault::UnknownOperation),
    };
    let response = match outcome {
        Ok(body) => response(status(200), CONTENT_TYPE, body.into()),
        Err(fault) => {
            log_broken(&fault);
            let reply = error_reply(errors_of(service), &fault, exchange.info.id.as_str());
            error_response(reply, CONTENT_TYPE)
        }
    };
    Answer { operation: operation_name(operation), response }
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
                Err(fault) => trace(&ctx, operation.action(), Some(&fault)).and(Err(fault)),
            }
        }
        Err(fault) => attempt.refuse_stranger(operation.action(), fault),
    }
}
