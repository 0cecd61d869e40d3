//! `portico audit`: read and prove the audit log.

use crate::config::DataArgs;

/// Proves that nothing sealed was altered or removed.
pub fn verify(_data: DataArgs) -> Result<(), String> {
    Err("not built yet".to_owned())
}

/// Prints events as JSON lines.
pub fn export(_data: DataArgs) -> Result<(), String> {
    Err("not built yet".to_owned())
}
