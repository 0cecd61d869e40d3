//! Stock clients other than the CLI do what the CLI does, by the settings that the server prints.
//!
//! Each SDK runs the scripts of its language in this folder; what they find wrong is an exception.

mod boto3;
mod javascript;
mod rclone;
mod sdk;

use crate::support::{Home, Portico};

/// A home whose clients know what the server printed, as a shell that took it over does. The keys
/// of a sandbox are its administrator's, and clients would take them before any profile.
fn home(portico: &Portico) -> Home {
    let mut lines = portico.environment();
    assert!(lines.iter().any(|(name, _)| name == "AWS_ENDPOINT_URL"), "{lines:?}");
    lines.retain(|(name, _)| !name.contains("ACCESS_KEY"));
    lines.iter().fold(Home::of(portico), |home, (name, value)| home.set(name, value))
}
