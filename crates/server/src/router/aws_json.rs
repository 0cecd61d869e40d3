//! awsJson 1.1: sso-admin, identitystore, organizations and our own `PorticoAdmin`.

use model::Fault;
use protocol::Fields;
use protocol::aws_json::{CONTENT_TYPE, Dialect, error_reply};
use service::dispatch::trace;
use service::dispatch::{self, Operation};

use super::{Answer, Exchange, error_response, log_broken, response, status};

/// The name that requests to a service are signed for, by the first half of the target.
const SIGNING_NAMES: &[(&str, &str)] = &[
    ("AWSIdentityStore", "identitystore"),
    ("AWSOrganizationsV20161128", "organizations"),
    ("PorticoAdmin", "portico"),
    ("SWBExternalService", "sso"),
];

pub(super) fn answer(exchange: &Exchange<'_>, target: &str) -> Answer {
    let operation = dispatch::find(target);
    let prefix = target.split('.').next().unwrap_or_default();
    let signing_name = SIGNING_NAMES.iter().find(|(known, _)| *known == prefix);
    let outcome = match (operation, signing_name) {
        (Some(operation), Some((_, service))) => perform(exchange, operation, service),
        _ => Err(Fault::UnknownOperation),
    };
    let name = operation.map_or("Unknown", |operation| operation.name);
    let response = match outcome {
        Ok(body) => response(status(200), CONTENT_TYPE, body.into()),
        Err(fault) => {
            log_broken(&exchange.info, &fault);
            let dialect = Dialect::of_target(target);
            let reply = error_reply(dialect, &fault, exchange.info.id.as_str());
            error_response(reply, CONTENT_TYPE)
        }
    };
    Answer { operation: name, response }
}

fn perform(
    exchange: &Exchange<'_>,
    operation: &'static Operation,
    service: &str,
) -> Result<Vec<u8>, Fault> {
    match exchange.signer(service) {
        Ok(caller) => {
            let ctx = exchange.ctx(&caller);
            let fields = exchange.body.clone().and_then(|body| Fields::from_json(body));
            match fields {
                Ok(fields) => operation.perform(&ctx, &fields),
                Err(fault) => trace(&ctx, operation.action, Some(&fault)).and(Err(fault)),
            }
        }
        Err(fault) => exchange.refuse_stranger(operation.action, fault),
    }
}
