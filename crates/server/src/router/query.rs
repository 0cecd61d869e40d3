//! AWS Query: sts, and whatever service speaks it.

use bytes::Bytes;
use http::Response;
use model::fault::kept;
use model::service::{Protocol, STS, Service, find_by_version};
use model::{AuditEvent, Fault};
use protocol::query::{CONTENT_TYPE, Call, error_reply, xml_reply};

use crate::destination::operation_name;
use crate::exchange::{Answer, Attempt, log_broken};
use crate::operations;
use crate::reply::{response, status};

pub(super) fn answer(attempt: Attempt<'_>) -> Answer {
    let exchange = attempt.exchange;
    let call = exchange.body().and_then(|body| Call::parse(exchange.head.query(), body));
    let version = call.as_ref().ok().map(|call| &*call.version);
    let service = version.and_then(find_by_version);
    let action = call.as_ref().ok().map(|call| &*call.action);
    let operation =
        service.zip(action).and_then(|(service, action)| operations::of_action(service, action));
    let namespace = namespace_of(service);
    let name = operation_name(operation);
    exchange.record_operation(name);
    let request_id = exchange.info.id.as_str();
    let unknown = service.unwrap_or(&STS).unknown_action;
    let outcome = match (call, operation) {
        (Ok(call), Some(operation)) => {
            let signing_name = service.and_then(|service| service.signing_name);
            let reply = match attempt.signer(signing_name.unwrap_or_default()) {
                Ok(caller) => operation.perform(&attempt.ctx(&caller), &call.fields),
                Err(rejection) => attempt.refuse(operation.action(), &rejection),
            };
            let value = reply.and_then(|reply| reply.to_value());
            value.map(|value| xml_reply(namespace, &call.action, &value, request_id))
        }
        (Ok(call), None) => {
            let name = kept(&call.action);
            let asked = AuditEvent::new().asked("action", &name);
            attempt.refuse_unserved(unknown, asked, Fault::UnknownOperation { name })
        }
        (Err(fault), _) => attempt.refuse_unserved(unknown, AuditEvent::new(), fault),
    };
    let response = match outcome {
        Ok(xml) => response(status(200), CONTENT_TYPE, xml.into()),
        Err(fault) => {
            log_broken(&fault);
            refusal(service, &fault, request_id)
        }
    };
    Answer { operation: name, response }
}

/// The response to a request with this fault.
pub(super) fn refusal(
    service: Option<&Service>,
    fault: &Fault,
    request_id: &str,
) -> Response<Bytes> {
    let (code, _, xml) = error_reply(namespace_of(service), fault, request_id);
    response(status(code), CONTENT_TYPE, xml.into())
}

/// The namespace of a service's replies. Requests of an unknown version are answered as sts answers.
fn namespace_of(service: Option<&Service>) -> &'static str {
    match service.unwrap_or(&STS).protocol {
        Protocol::Query { namespace, .. } => namespace,
        Protocol::AwsJson(_) | Protocol::RestJson(_) => "",
    }
}
