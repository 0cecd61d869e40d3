//! Forms that replies of several operations share.

use serde::Serialize;

/// A reply without members: `{}`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct NoReply {}

/// A moment as awsJson has it: seconds since 1970, as a number.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "milliseconds of this age fit a double exactly")]
pub fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
