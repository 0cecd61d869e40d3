//! Parameters of an address or a form, parsed once where they come in.

use std::str::FromStr;

use model::Fault;
use protocol::Fields;

/// Parses a parameter that must be there. Complaints call it `named`, as the API does. An empty
/// parameter counts as absent.
pub(crate) fn required<T: FromStr<Err = &'static str>>(
    fields: &Fields<'_>,
    name: &str,
    named: &'static str,
) -> Result<T, Fault> {
    match fields.text(name)? {
        None | Some("") => Err(fields.missing(named)),
        Some(text) => text.parse().map_err(|must: &'static str| Fault::invalid(named, must)),
    }
}

/// Reads a parameter of any form. An absent parameter is empty text.
pub(crate) fn text<'f>(fields: &'f Fields<'_>, name: &str) -> Result<&'f str, Fault> {
    Ok(fields.text(name)?.unwrap_or_default())
}
