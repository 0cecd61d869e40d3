//! `portico sandbox`: a throw-away organisation in memory.

use std::path::Path;
use std::sync::{Arc, Mutex};

use model::ids::AccountId;
use service::startup::{Founding, Purpose};
use service::{Portico, Settings, StaticKey};
use store::{Db, Location};
use tempfile::TempDir;

use super::serve::{QUEUE_MAX, WORKERS};
use super::{bind, password_bounds, say, serve_until_told};
use crate::app::{Core, Site};
use crate::background::Background;
use crate::config::SandboxArgs;
use crate::lane::Lane;
use crate::sandbox::{Founder, Sandbox};
use crate::senses::{MovableClock, SystemRandom};
use crate::telemetry;
use crate::workers::Workers;

/// Serves until told to stop.
pub fn serve_sandbox(args: &SandboxArgs) -> Result<(), String> {
    telemetry::start_log();
    if !args.listen.ip().is_loopback() {
        return Err(format!(
            "a sandbox has well-known keys, so it listens on this machine alone: {} is no loopback \
             address",
            args.listen
        ));
    }
    let account_id: AccountId =
        args.account.parse().map_err(|must| format!("--account must {must}"))?;
    let keys = static_keys(&args.access_keys)?;
    let first = keys.first().ok_or("--access-key must be ID:SECRET")?;
    let StaticKey { access_key_id, secret_access_key } = first.clone();

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let listener = runtime.block_on(bind(args.listen))?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let url = format!("http://localhost:{port}");

    let clock = MovableClock::default();
    let workers = Workers::start(WORKERS, QUEUE_MAX).map_err(|error| error.to_string())?;
    let found: Box<Founder> = {
        let (clock, url, standalone) = (clock.clone(), url.clone(), args.no_organization);
        let hands = workers.clone();
        Box::new(move || {
            let founding = Founding {
                purpose: Purpose::Serve,
                db: Db::open(Location::Memory)?,
                clock: Box::new(clock.clone()),
                random: Box::new(SystemRandom),
                // The database ends with the process, so nothing needs to be opened again.
                root_key: &[0; 32],
                account_id: Some(account_id.clone()),
                with_organization: !standalone,
                passwords: password_bounds(),
                static_keys: keys.clone(),
            };
            let settings = |management_account_id: AccountId| Settings {
                public_url: url.clone(),
                region: "us-east-1".to_owned(),
                s3_domain: None,
                s3_data_events: true,
                management_account_id,
            };
            let portico = Portico::open(founding, settings)?;
            if !standalone {
                service::sso_admin::create_instance::enable_instance(&portico)?;
            }
            let background = Background::start(&portico).map_err(model::Fault::broken)?;
            let scratch = scratch_folder().map_err(model::Fault::broken)?;
            let core = Core::open(portico, &hands, scratch.path())?;
            Ok((Core { scratch: Some(scratch), ..core }, background))
        })
    };
    let (core, background) = found().map_err(say)?;
    let sandbox = Sandbox { clock, found, background: Mutex::new(Some(background)) };
    let lane = Lane::start(QUEUE_MAX).map_err(|error| error.to_string())?;
    let site = Arc::new(Site::new(core, workers, lane, Some(sandbox)));
    println!("# A sandbox, account {}: nothing is left of it when it ends.", args.account);
    println!("# What every AWS client needs to find it. Type it in the client's shell:");
    println!("export AWS_ENDPOINT_URL=http://127.0.0.1:{port}");
    println!("export AWS_REGION=us-east-1");
    println!("export AWS_DEFAULT_REGION=us-east-1");
    println!("export AWS_ACCESS_KEY_ID={access_key_id}");
    println!("export AWS_SECRET_ACCESS_KEY={secret_access_key}");
    println!("ready {url}");
    runtime.block_on(serve_until_told(listener, site))
}

/// A folder for objects that ends with the sandbox: in memory where the machine has such a place.
fn scratch_folder() -> std::io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    let named = tempfile::Builder::new().prefix("portico-sandbox-").to_owned();
    named.tempdir_in(memory).or_else(|_| named.tempdir())
}

fn static_keys(given: &[String]) -> Result<Vec<StaticKey>, String> {
    if given.is_empty() {
        return Ok(vec![StaticKey {
            access_key_id: "test".to_owned(),
            secret_access_key: "test".to_owned(),
        }]);
    }
    let one = |key: &String| match key.split_once(':') {
        Some((id, secret)) if !id.is_empty() && !secret.is_empty() && !id.contains('/') => {
            Ok(StaticKey { access_key_id: id.to_owned(), secret_access_key: secret.to_owned() })
        }
        _ => Err("--access-key must be ID:SECRET".to_owned()),
    };
    given.iter().map(one).collect()
}
