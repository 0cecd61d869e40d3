//! `AlternateIdentifier`: finds a user or a group without its id.

use model::Fault;
use model::external_id::ExternalId;
use protocol::Fields;

/// AWS: `AlternateIdentifier`.
#[derive(Clone, Debug)]
pub enum AlternateIdentifier {
    /// Id of the user or group at an external identity provider.
    ExternalId(ExternalId),
    /// Value of a unique attribute. `path` is the attribute path in the spelling of the operation.
    UniqueAttribute { path: &'static str, value: String },
}

impl AlternateIdentifier {
    /// Reads the identifier. `paths` are the unique attributes; `must` is the error for any other
    /// path.
    pub(super) fn read(
        fields: &Fields<'_>,
        paths: &[&'static str],
        must: &'static str,
    ) -> Result<Self, Fault> {
        const FIELD: &str = "AlternateIdentifier";
        let union = fields.object(FIELD)?.ok_or_else(|| fields.missing(FIELD))?;
        match (union.object("ExternalId")?, union.object("UniqueAttribute")?) {
            (Some(external), None) => Ok(Self::ExternalId(ExternalId {
                issuer: external.required("Issuer")?,
                id: external.required("Id")?,
            })),
            (None, Some(unique)) => {
                let asked = unique.text("AttributePath")?;
                let asked = asked.ok_or_else(|| unique.missing("AttributePath"))?;
                // AWS: its own examples write the path in several cases.
                let path = paths.iter().find(|path| path.eq_ignore_ascii_case(asked));
                let path = path.ok_or_else(|| unique.invalid("AttributePath", must))?;
                let value = unique.text("AttributeValue")?;
                let value = value.ok_or_else(|| unique.missing("AttributeValue"))?;
                Ok(Self::UniqueAttribute { path, value: value.to_owned() })
            }
            (None, None) | (Some(_), Some(_)) => {
                Err(fields.invalid(FIELD, "hold either ExternalId or UniqueAttribute"))
            }
        }
    }
}
