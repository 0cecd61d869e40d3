//! Constants of the samples that pages show of themselves without a server.

use maud::Markup;

/// Rendered samples of a page, each with the name of its file.
pub type Samples = Vec<(&'static str, Markup)>;

/// 2026-11-24T08:12:30Z.
pub const NOW: i64 = 1_795_507_950_000;
/// Milliseconds of an hour.
pub const HOUR: i64 = 3_600_000;
pub const START_URL: &str = "https://d-90678874c6.awsapps.com/start";
pub const PORTAL_URL: &str = "http://localhost:8080/start";
pub const ENDPOINT_URL: &str = "http://127.0.0.1:8080";
pub const ACCOUNT_ID: &str = "299712345678";
pub const ACCOUNT_NAME: &str = "Rail production";
pub const USER_NAME: &str = "amelia.brandt";
pub const INSTANCE_ARN: &str = "arn:aws:sso:::instance/ssoins-72230a1b2c3d4e5f";
pub const PERMISSION_SET_ARN: &str =
    "arn:aws:sso:::permissionSet/ssoins-72230a1b2c3d4e5f/ps-0a1b2c3d4e5f6a7b";
pub const CLIENT_NAME: &str = "botocore-client-test";
/// Form token.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789a";

/// Samples of a page without a view of its own.
pub(crate) fn no_samples() -> Samples {
    Vec::new()
}
