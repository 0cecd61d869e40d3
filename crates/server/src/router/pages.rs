//! Pages: forms in, HTML out.

use http::StatusCode;

use super::{Answer, Exchange, plain};

pub(super) fn answer(_exchange: &Exchange<'_>) -> Answer {
    plain("Page", StatusCode::NOT_FOUND, "Not found\n".to_owned())
}
