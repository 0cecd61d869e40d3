//! AWS Query: sts.

use http::header;
use model::Fault;
use protocol::query::{CONTENT_TYPE, Call, STS, Service, error_reply, xml_reply};
use protocol::sigv4::Signed;
use service::Served;

use super::{Answer, Exchange, log_broken, response, status};

/// Whether a request says its operation in `Action=`, or was signed for a service that does.
pub(super) fn is_query(exchange: &Exchange<'_>) -> bool {
    let signed = Signed::find(exchange.signed_parts());
    if matches!(&signed, Ok(Some(signed)) if signed.service() == STS.name) {
        return true;
    }
    let has_action = |text: &str| text.split('&').any(|pair| pair.starts_with("Action="));
    let is_form = exchange
        .header(header::CONTENT_TYPE.as_str())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let body = || exchange.body.as_ref().ok().and_then(|body| std::str::from_utf8(body).ok());
    exchange.parts.uri.path() == "/"
        && (has_action(exchange.query()) || is_form && body().is_some_and(has_action))
}

pub(super) fn answer(exchange: &Exchange<'_>) -> Answer {
    let call = exchange.body.clone().and_then(|body| Call::parse(exchange.query(), body));
    let service = call.as_ref().ok().and_then(|call| Service::of_version(&call.version));
    let name = call.as_ref().ok().map(|call| format!("STS.{}", call.action));
    let operation = name.as_deref().filter(|_| service == Some(STS)).and_then(service::find);
    let request_id = exchange.info.id.as_str();
    let outcome = call.and_then(|call| {
        let operation = operation.ok_or(Fault::UnknownOperation)?;
        let reply = match exchange.signer(STS.name) {
            Ok(caller) => operation.perform(&exchange.ctx(&caller), &call.fields)?,
            Err(fault) => exchange.refuse_stranger(operation.action(), fault)?,
        };
        Ok(xml_reply(STS, &call.action, &reply.to_value()?, request_id))
    });
    let response = match outcome {
        Ok(xml) => response(status(200), CONTENT_TYPE, xml.into()),
        Err(fault) => {
            log_broken(&exchange.info, &fault);
            let (code, _, xml) = error_reply(STS, &fault, request_id);
            response(status(code), CONTENT_TYPE, xml.into())
        }
    };
    Answer { operation: operation.map_or("Unknown", Served::name), response }
}
