//! `portico admin`: commands on the server's own host, which can read the key file.

use kernel::credentials::operator::vend_operator_credentials;
use kernel::perform::retry;
use kernel::startup::make_setup_link;
use kernel::{Ctx, Portico};
use protocol::timestamp;

use super::{local_request, open_beside};
use crate::config::{DataArgs, public_url};
use crate::data_folder::DataFolder;
use crate::words::say;

/// Prints administrator keys in the format of the AWS CLI's `credential_process`, version 1.
pub fn print_credentials(data: DataArgs, duration_seconds: i64) -> Result<(), String> {
    let beside = open_beside(data)?;
    let portico = &beside.portico;
    let (caller, request) = (Portico::itself(), local_request(portico));
    let ctx = Ctx::new(portico, &caller, &request);
    let duration_ms = duration_seconds.saturating_mul(1000);
    let vend = |ctx: &Ctx<'_>, (): &()| vend_operator_credentials(ctx, "admin", duration_ms);
    let credentials = vend(&ctx, &()).map_err(say)?;
    // The event is sealed before the keys are shown.
    beside.seal()?;
    let json = serde_json::json!({
        "Version": 1,
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "SessionToken": credentials.session_token,
        "Expiration": timestamp::rfc_3339(credentials.expires_at_ms),
    });
    println!("{json}");
    Ok(())
}

/// Prints a new set-up link, and keeps it in its file.
pub fn print_setup_link(
    data: DataArgs,
    url: Option<&str>,
    insecure_http: bool,
) -> Result<(), String> {
    let settings = data.clone().with_file()?;
    let folder = DataFolder::open_beside(&settings.folder())?;
    let url = if url.is_some() {
        public_url(url, 8080, settings.tls_cert.is_some(), insecure_http || settings.insecure_http)?
    } else {
        // The server already decided whether plain http is allowed.
        public_url(folder.served_url()?.as_deref(), 8080, false, true)?
    };
    let beside = open_beside(data)?;
    let portico = &beside.portico;
    let (caller, request) = (Portico::itself(), local_request(portico));
    let ctx = Ctx::new(portico, &caller, &request);
    let token = retry(portico, || make_setup_link(&ctx)).map_err(say)?;
    beside.seal()?;
    let link = format!("{url}/setup?token={token}");
    folder.keep_setup_link(&link)?;
    println!("{link}");
    eprintln!("Open it in a browser. It is good once, for 24 hours; links from before are void.");
    Ok(())
}
