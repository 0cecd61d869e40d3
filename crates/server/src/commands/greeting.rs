//! What a server prints for its operator at the start. Lines that begin with `export` may be evaluated by a shell.

use std::net::SocketAddr;
use std::sync::Arc;

use kernel::perform::retry;
use kernel::startup;
use kernel::{Ctx, Portico, Settings};

use super::endpoint::endpoint;
use super::local_request;
use super::shell_word::{credential_process, program, quoted};
use crate::config::{ServeArgs, is_localhost, writes_to_journal};
use crate::data_folder::DataFolder;
use crate::words::say;

/// Prints what the operator needs next. `local` is the address that is listened on.
pub(super) fn greet(
    portico: &Arc<Portico>,
    args: &ServeArgs,
    folder: &DataFolder,
    local: SocketAddr,
) -> Result<(), String> {
    let (caller, request) = (Portico::itself(), local_request(portico));
    let ctx = Ctx::new(portico, &caller, &request);
    let Settings { public_url, region, management_account_id, .. } = &portico.settings;
    // Absolute, because profiles are used from other folders.
    let data = args.folder();
    let data = std::path::absolute(&data).unwrap_or(data);
    println!("# Portico {}, data in {}", env!("CARGO_PKG_VERSION"), data.display());
    println!("# Management account: {management_account_id}");
    if !local.ip().is_loopback() && args.public_url.is_none() {
        println!("# Other machines reach this server, but its links lead to {public_url}:");
        println!("# give --public-url with the https address that people use.");
        tracing::warn!(
            %local,
            "other machines reach this server by its IP addresses{}, and its links lead to this machine: give \
             --public-url, or --listen 127.0.0.1:{}",
            if args.tls_cert.is_some() { "" } else { ", over plain http" },
            local.port()
        );
    }
    let program = program();
    let quoted_data = quoted(&data);
    let standing = retry(portico, || startup::find_standing(&ctx)).map_err(say)?;
    if standing.instance_id.is_none() {
        let token = retry(portico, || startup::make_setup_link(&ctx)).map_err(say)?;
        let link = format!("{public_url}/setup?token={token}");
        folder.keep_setup_link(&link)?;
        println!("#");
        println!(
            "# Set-up link: open it in a browser and press Enable. It is good once, for 24 hours;"
        );
        println!("# `{program} admin setup-link --data {quoted_data}` makes another.");
        if writes_to_journal() {
            println!("# It is not shown here, because others read the journal. It is in a file:");
            println!("# sudo cat {}", quoted(&data.join("setup-link")));
        } else {
            println!("# Until it is used it is also in {}/setup-link.", data.display());
            println!("{link}");
        }
    } else {
        folder.setup_link().remove().map_err(say)?;
        println!("# Portal for people: {public_url}/start");
        println!(
            "# Console for you: the link that `{program} admin setup-link --data {quoted_data}` prints"
        );
    }
    println!("#");
    println!("# Start URL, for `aws configure sso` (a name: nothing is ever sent there):");
    println!("{}", standing.start_url);
    println!("#");
    println!("# What every AWS client needs to find this server. Type it in the client's shell:");
    // With an address, clients write bucket names in the path, which needs no name service.
    // A certificate is for names.
    let is_by_address = is_localhost(public_url) && args.tls_cert.is_none();
    let endpoint = if is_by_address { endpoint(local) } else { public_url.clone() };
    println!("export AWS_ENDPOINT_URL={endpoint}");
    println!("export AWS_REGION={region}");
    // boto3 reads AWS_DEFAULT_REGION; the CLI and the other SDKs read AWS_REGION.
    println!("export AWS_DEFAULT_REGION={region}");
    println!("#");
    println!("# Administrators, on this host, have this line in a profile of ~/.aws/config:");
    println!("# credential_process = {}", credential_process(&data));
    if args.database.is_some() {
        println!(
            "# `portico admin` finds the database by PORTICO_DATABASE, --config or --database."
        );
    }
    Ok(())
}
