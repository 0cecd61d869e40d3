//! Stock SDKs work with the settings that the server prints.
//!
//! Each SDK runs the scripts of its language in this folder. A script reports a failure as an exception.
//! `matrix` and `rclone` have clients that are no SDKs of AWS.

mod boto3;
mod javascript;
mod matrix;
mod rclone;
mod sdk;
mod sharing;

use crate::support::{Home, Portico};

/// A home with the environment that the server printed. The keys of a sandbox are left out: they are
/// the administrator's, and clients would prefer them to any profile.
fn home(portico: &Portico) -> Home {
    let mut lines = portico.environment();
    assert!(lines.iter().any(|(name, _)| name == "AWS_ENDPOINT_URL"), "{lines:?}");
    lines.retain(|(name, _)| !name.contains("ACCESS_KEY"));
    lines.iter().fold(Home::of(portico), |home, (name, value)| home.set(name, value))
}
