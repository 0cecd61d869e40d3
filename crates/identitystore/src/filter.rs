//! `Filters`: the old way to find a user or a group by name, still taken.

use model::Fault;
use model::attribute::AttributeText;
use protocol::Fields;

/// A value that the one attribute which can be filtered by must equal, in any case.
#[derive(Clone, Debug)]
pub struct Filter(AttributeText);

impl Filter {
    /// Reads at most one filter, on the attribute called `path`.
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
