//! AWS Query: sts.

use model::Fault;
use protocol::query::{CONTENT_TYPE, Call, STS, Service, error_reply, xml_reply};

use crate::destination::operation_name;
use crate::exchange::{Answer, Attempt, log_broken};
use crate::operations;
use crate::reply::{response, status};

pub(super) fn answer(attempt: Attempt<'_>) -> Answer {
    let exchange = attempt.exchange;
    let call = exchange.body().and_then(|body| Call::parse(exchange.head.query(), body));
    let sts = call.as_ref().ok().filter(|call| Service::of_version(&call.version) == Some(STS));
    let operation = sts.and_then(|call| operations::of_sts_action(&call.action));
    let name = operation_name(operation);
    exchange.record_operation(name);
    let request_id = exchange.info.id.as_str();
    let outcome = call.and_then(|call| {
        let operation = operation.ok_or(Fault::UnknownOperation)?;
        let reply = match attempt.signer(STS.name) {
            Ok(caller) => operation.perform(&attempt.ctx(&caller), &call.fields)?,
            Err(fault) => attempt.refuse_stranger(operation.action(), fault)?,
        };
        Ok(xml_reply(STS, &call.action, &reply.to_value()?, request_id))
    });
    let response = match outcome {
        Ok(xml) => response(status(200), CONTENT_TYPE, xml.into()),
        Err(fault) => {
            log_broken(&fault);
            let (code, _, xml) = error_reply(STS, &fault, request_id);
            response(status(code), CONTENT_TYPE, xml.into())
        }
    };
    Answer { operation: name, response }
}
