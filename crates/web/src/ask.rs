//! How a page asks the operations of `service`: as the API does, and leaving the same trace.

use model::Fault;
use protocol::sentence;
use protocol::{Fields, FromFields};
use service::Ctx;
use service::dispatch::{Access, call_traced};

use crate::console::Seen;

/// Reads with an operation of the API; `pairs` are its fields, under the names of the wire.
pub(crate) fn read<Request: FromFields, Reply>(
    ctx: &Ctx<'_>,
    action: &'static str,
    pairs: &[(&str, &str)],
    operation: fn(&Ctx<'_>, &Request) -> Result<Reply, Fault>,
) -> Result<Reply, Fault> {
    let request = Request::from_fields(&fields(pairs))?;
    call_traced(ctx, (action, Access::Reads), &request, operation)
}

/// Reads with an operation whose request was read already.
pub(crate) fn read_request<Request, Reply>(
    ctx: &Ctx<'_>,
    action: &'static str,
    request: &Request,
    operation: fn(&Ctx<'_>, &Request) -> Result<Reply, Fault>,
) -> Result<Reply, Fault> {
    call_traced(ctx, (action, Access::Reads), request, operation)
}

/// Reads with an operation that needs nothing but who asks.
pub(crate) fn read_plain<Reply>(
    ctx: &Ctx<'_>,
    action: &'static str,
    operation: fn(&Ctx<'_>, &()) -> Result<Reply, Fault>,
) -> Result<Reply, Fault> {
    call_traced(ctx, (action, Access::Reads), &(), operation)
}

/// Changes something with an operation.
pub(crate) fn write<Request, Reply>(
    ctx: &Ctx<'_>,
    action: &'static str,
    request: &Request,
    operation: fn(&Ctx<'_>, &Request) -> Result<Reply, Fault>,
) -> Result<Reply, Fault> {
    call_traced(ctx, (action, Access::Writes), request, operation)
}

/// Pairs as the fields of a request. A parameter that is empty was not given: on the first page of
/// a list there is no token.
pub(crate) fn fields(pairs: &[(&str, &str)]) -> Fields<'static> {
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    Fields::from_pairs(given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

/// The answer, or the words of the denial, which a page shows in place of it.
pub(crate) fn seen<T>(outcome: Result<T, Fault>) -> Result<Seen<T>, Fault> {
    match outcome {
        Ok(answer) => Ok(Ok(answer)),
        Err(fault @ Fault::Denied(_)) => Ok(Err(sentence(&fault))),
        Err(fault) => Err(fault),
    }
}
