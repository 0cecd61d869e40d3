//! awsJson 1.1: sso-admin, identitystore, organizations and our own `PorticoAdmin`.

use model::Fault;
use protocol::Fields;
use protocol::aws_json::{CONTENT_TYPE, Dialect, error_reply};
use service::Served;
use service::dispatch::trace;

use super::{Answer, Exchange, error_response, json, log_broken, response, status};

pub(super) fn answer(exchange: &Exchange<'_>, target: &str) -> Answer {
    let operation = service::find(target);
    let prefix = target.split('.').next().unwrap_or_default();
    let service = model::service::find(prefix);
    let outcome = match (operation, service.and_then(|service| service.signing_name)) {
        (Some(operation), Some(signing_name)) => perform(exchange, operation, signing_name),
        _ => Err(Fault::UnknownOperation),
    };
    let name = operation.map_or("Unknown", Served::name);
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
    operation: &'static dyn Served,
    signing_name: &str,
) -> Result<Vec<u8>, Fault> {
    match exchange.signer(signing_name) {
        Ok(caller) => {
            let ctx = exchange.ctx(&caller);
            let fields = exchange.body.clone().and_then(|body| Fields::from_json(body));
            match fields {
                Ok(fields) => json(&*operation.perform(&ctx, &fields)?),
                Err(fault) => trace(&ctx, operation.action(), Some(&fault)).and(Err(fault)),
            }
        }
        Err(fault) => exchange.refuse_stranger(operation.action(), fault),
    }
}
