//! Columns that several entities have: JSON in text, sizes in bytes, copies of external ids, vouchers.

use model::Fault;
use model::external_id::ExternalId;
use model::object::Description;
use model::password::Voucher;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Row, Value};

/// Writes a value as JSON text. `place` names the column for the log.
pub(crate) fn json(value: &impl Serialize, place: &'static str) -> Result<Value, Fault> {
    let text = serde_json::to_string(value).map_err(|why| Fault::broken_at(place, why))?;
    Ok(Value::Text(text))
}

/// Reads a column of JSON text. `place` names the column for the log.
pub(crate) fn parse_json<T: DeserializeOwned>(
    row: &Row,
    column: &str,
    place: &'static str,
) -> Result<T, Fault> {
    // INVARIANT: the error text may quote the JSON, which may hold personal data. The fault holds
    // only the kind and the position of the error.
    serde_json::from_str(row.text(column)?).map_err(|why| {
        let (kind, column) = (why.classify(), why.column());
        Fault::broken_at(place, format_args!("{kind:?} error at line {}, {column}", why.line()))
    })
}

/// Writes the `external_ids` column of a user or a group: JSON, or NULL for none.
pub(crate) fn external_ids(external_ids: &[ExternalId]) -> Result<Value, Fault> {
    if external_ids.is_empty() {
        return Ok(Value::Null);
    }
    json(&external_ids, "writing external ids")
}

/// Reads the `external_ids` column of a user or a group.
pub(crate) fn parse_external_ids(row: &Row) -> Result<Vec<ExternalId>, Fault> {
    if row.is_null("external_ids")? {
        return Ok(Vec::new());
    }
    parse_json(row, "external_ids", "reading external ids")
}

/// Writes the `description` column of an object or an upload: JSON.
pub(crate) fn description(description: &Description) -> Result<Value, Fault> {
    json(description, "writing the description of an object")
}

/// Reads the `description` column of an object or an upload.
pub(crate) fn parse_description(row: &Row) -> Result<Description, Fault> {
    parse_json(row, "description", "reading the description of an object")
}

/// Writes a `voucher` column: JSON, or NULL for none.
pub(crate) fn voucher(voucher: Option<&Voucher>) -> Result<Value, Fault> {
    voucher.map_or(Ok(Value::Null), |voucher| json(voucher, "writing a voucher"))
}

/// Reads a `voucher` column.
pub(crate) fn parse_voucher(row: &Row) -> Result<Option<Voucher>, Fault> {
    if row.is_null("voucher")? {
        return Ok(None);
    }
    parse_json(row, "voucher", "reading a voucher").map(Some)
}

/// Writes a number of bytes.
pub(crate) fn size(size: u64) -> Result<Value, Fault> {
    i64::try_from(size)
        .map(Value::Integer)
        .map_err(|why| Fault::broken_at("writing a number of bytes", why))
}

/// Reads a number of bytes.
pub(crate) fn parse_size(row: &Row, column: &str) -> Result<u64, Fault> {
    u64::try_from(row.integer(column)?)
        .map_err(|why| Fault::broken_at("reading a number of bytes", why))
}
