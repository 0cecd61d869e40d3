//! `Filters`: the deprecated, still accepted way to find a user or a group by name.

use model::Fault;
use model::attribute::AttributeText;
use protocol::Fields;

/// Value that the filterable attribute must equal. Case does not matter.
#[derive(Clone, Debug)]
pub struct Filter(AttributeText);

impl Filter {
    /// Reads at most one filter, on the attribute `path`.
    pub(super) fn read(
        fields: &Fields<'_>,
        path: &'static str,
        must: &'static str,
    ) -> Result<Option<Self>, Fault> {
        let filters = fields.objects("Filters", 0..=1)?.unwrap_or_default();
        let Some(filter) = filters.first() else { return Ok(None) };
        let asked = filter.text("AttributePath")?;
        let asked = asked.ok_or_else(|| filter.missing("AttributePath"))?;
        if !asked.eq_ignore_ascii_case(path) {
            return Err(filter.invalid("AttributePath", must));
        }
        filter.required("AttributeValue").map(Self).map(Some)
    }

    pub(super) fn value(&self) -> &str {
        self.0.as_str()
    }
}
