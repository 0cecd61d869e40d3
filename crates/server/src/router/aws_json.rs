//! awsJson 1.1: sso-admin, identitystore, organizations and our own `PorticoAdmin`.

use model::Fault;
use protocol::Fields;
use protocol::aws_json::{CONTENT_TYPE, Dialect, error_reply};
use service::dispatch::trace;

use crate::destination::operation_name;
use crate::exchange::{Answer, Attempt, log_broken};
use crate::operations::Operation;
use crate::reply::{error_response, response, status};

/// The name that requests to a service are signed for, by the first half of the target.
const SIGNING_NAMES: &[(&str, &str)] = &[
    ("AWSIdentityStore", "identitystore"),
    ("AWSOrganizationsV20161128", "organizations"),
    ("PorticoAdmin", "portico"),
    ("SWBExternalService", "sso"),
];

pub(super) fn answer(attempt: Attempt<'_>, operation: Option<Operation>) -> Answer {
    let exchange = attempt.exchange;
    let target = exchange.head.target().unwrap_or_default();
    let prefix = target.split('.').next().unwrap_or_default();
    let signing_name = SIGNING_NAMES.iter().find(|(known, _)| *known == prefix);
    let outcome = match (operation, signing_name) {
        (Some(operation), Some((_, service))) => perform(attempt, operation, service),
        _ => Err(Fault::UnknownOperation),
    };
    let response = match outcome {
        Ok(body) => response(status(200), CONTENT_TYPE, body.into()),
        Err(fault) => {
            log_broken(&fault);
            let dialect = Dialect::of_target(target);
            let reply = error_reply(dialect, &fault, exchange.info.id.as_str());
            error_response(reply, CONTENT_TYPE)
        }
    };
    Answer { operation: operation_name(operation), response }
}

fn perform(attempt: Attempt<'_>, operation: Operation, service: &str) -> Result<Vec<u8>, Fault> {
    match attempt.signer(service) {
        Ok(caller) => {
            let ctx = attempt.ctx(&caller);
            let fields = attempt.exchange.body().and_then(|body| Fields::from_json(body));
            match fields {
                Ok(fields) => operation.perform(&ctx, &fields),
                Err(fault) => trace(&ctx, operation.action, Some(&fault)).and(Err(fault)),
            }
        }
        Err(fault) => attempt.refuse_stranger(operation.action, fault),
    }
}
