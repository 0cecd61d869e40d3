//! `portico sandbox`: a throw-away organisation in memory, with static administrator keys.

use std::path::Path;
use std::sync::Arc;

use kernel::startup::{Founding, Purpose};
use kernel::{Portico, Settings, StaticKey};
use mail::Delivery;
use model::Fault;
use model::ids::AccountId;
use objects::SharedFolder;
use store::{Db, Location};
use tempfile::TempDir;

use super::endpoint::endpoint;
use super::running::{Listeners, serve_until_told};
use super::serve::WORKERS;
use super::{bind, password_bounds};
use crate::app::Site;
use crate::background::Background;
use crate::config::{SandboxArgs, ServeArgs};
use crate::core::Core;
use crate::host_names::Names;
use crate::mailbox::Mailbox;
use crate::movable_clock::MovableClock;
use crate::sandbox::{Founder, Sandbox};
use crate::system::SystemRandom;
use crate::telemetry;
use crate::words::say;
use crate::workers::Workers;
use crate::write_queue::WriteQueue;

/// Time for which the files of deleted objects stay, in memory mostly. Readers of many parts need them meanwhile.
const DELETED_MS: i64 = 5 * 60 * 1000;

/// Serves until told to stop.
pub fn serve_sandbox(args: &SandboxArgs) -> Result<(), String> {
    telemetry::start_log()?;
    if !args.listen.ip().is_loopback() {
        return Err(format!(
            "a sandbox has well-known keys, so it listens on this machine alone: {} is no loopback \
             address. Say `--listen 127.0.0.1:{}`, or run `portico serve` for other machines",
            args.listen,
            args.listen.port()
        ));
    }
    let account_id: AccountId =
        args.account.parse().map_err(|must| format!("--account must {must}"))?;
    let keys = static_keys(&args.access_keys)?;
    let first = keys.first().ok_or("--access-key must be ID:SECRET")?;
    let StaticKey { access_key_id, secret_access_key } = first.clone();

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let listener = runtime.block_on(bind(args.listen, "--listen"))?;
    let local = listener.local_addr().map_err(|error| error.to_string())?;
    let url = format!("http://localhost:{}", local.port());

    let (clock, mailbox) = (MovableClock::default(), Mailbox::default());
    let queue_max = ServeArgs::default().queue_max();
    let workers = Workers::start(WORKERS, queue_max).map_err(|error| error.to_string())?;
    let found: Box<Founder> = {
        let (clock, url, standalone) = (clock.clone(), url.clone(), args.no_organization);
        let (threads, mailbox) = (workers.clone(), mailbox.clone());
        Box::new(move || {
            let founding = Founding {
                purpose: Purpose::Serve,
                db: Db::open(Location::Memory)?,
                clock: Box::new(clock.clone()),
                random: Box::new(SystemRandom),
                // The database ends with the process, so its keys are never opened again.
                root_key: &[0; 32],
                account_id: Some(account_id.clone()),
                with_organization: !standalone,
                passwords: password_bounds(),
                static_keys: keys.clone(),
                head_folder: None,
                archive_folder: None,
            };
            let settings = |account_id| Settings {
                public_url: url.clone(),
                s3_deleted_ms: DELETED_MS,
                ..Settings::new(account_id)
            };
            let portico = Portico::open(founding, settings)?;
            if !standalone {
                sso_admin::create_instance::enable_instance(&portico)?;
            }
            let scratch = scratch_folder()
                .map_err(|why| Fault::broken_at("making a folder for objects", why))?;
            let core = Core::open(portico, &threads, (scratch.path(), SharedFolder::trusted()))?;
            mailbox.empty();
            let delivery = Arc::new(Delivery::new(Box::new(mailbox.clone())));
            let background = Background::start(&core.portico, &core.objects, None, Some(&delivery))
                .map_err(|why| Fault::broken_at("starting the background threads", why))?;
            let (background, scratch) = (Some(background), Some(scratch));
            Ok(Core { delivery: Some(delivery), background, scratch, ..core })
        })
    };
    let core = found().map_err(say)?;
    let sandbox = Sandbox { clock, found, mailbox };
    let write_queue = WriteQueue::start(queue_max).map_err(|error| error.to_string())?;
    let mut site = Site::new(core, workers, write_queue, Some(sandbox));
    site.names = Some(Names::of_sandbox(&args.allow_hosts));
    println!("# A sandbox, account {}: nothing is left of it when it ends.", args.account);
    println!("# What every AWS client needs to find it. Type it in the client's shell:");
    println!("export AWS_ENDPOINT_URL={}", endpoint(local));
    println!("export AWS_REGION=us-east-1");
    println!("export AWS_DEFAULT_REGION=us-east-1");
    println!("export AWS_ACCESS_KEY_ID={access_key_id}");
    println!("export AWS_SECRET_ACCESS_KEY={secret_access_key}");
    runtime.block_on(serve_until_told(Listeners::one(listener), Arc::new(site)))
}

/// A folder for objects that is removed with the sandbox. It is in memory where the machine has
/// `/dev/shm`.
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
