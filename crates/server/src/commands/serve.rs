//! `portico serve`: the real server.

use std::sync::Arc;
use std::time::Duration;

use kernel::startup::{Founding, Purpose, is_founded};
use kernel::{Portico, Settings, jobs, renewal};
use mail::Delivery;
use model::{Clock, Fault};
use objects::SharedFolder;
use store::{Db, Location};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

use super::greeting::greet;
use super::running::{Listeners, serve_until_told};
use super::shell_word::credential_process;
use super::{bind, location, password_bounds};
use crate::app::Site;
use crate::background::Background;
use crate::check::database_file::require_sound;
use crate::config::{S3Domain, ServeArgs, TlsFiles, host_of, public_url, require_apart, tls_files};
use crate::core::Core;
use crate::data_folder::DataFolder;
use crate::forward::{Forwarding, client_config};
use crate::host_names::Names;
use crate::metrics_access::MetricsAccess;
use crate::smtp::Smtp;
use crate::system::{SystemClock, SystemRandom};
use crate::telemetry;
use crate::tls::Certificate;
use crate::words::say;
use crate::workers::Workers;
use crate::write_queue::WriteQueue;

/// Number of worker threads. They are cheap while they wait, and writers wait for the disk: more
/// threads make larger batches.
pub const WORKERS: usize = 32;

/// Minimum age of a file of objects that is swept because no row names it: longer than any upload takes, and long enough
/// to notice that the database is the wrong one.
const ORPHAN_AGE: Duration = Duration::from_hours(7 * 24);

/// Serves until told to stop.
pub fn serve(args: ServeArgs) -> Result<(), String> {
    let args = args.with_file()?;
    telemetry::start_log()?;
    let listen = args.listen_address();
    // A URL that may not be used is refused before anything is made.
    let files = tls_files(&args)?;
    let url_at =
        |port| public_url(args.public_url.as_deref(), port, files.is_some(), args.insecure_http);
    let url = url_at(listen.port())?;
    if let Some(domain) = &args.s3_domain {
        require_apart(&url, domain)?;
    }
    let account_id = args.account.as_deref().map(str::parse).transpose();
    let account_id = account_id.map_err(|must| format!("--account must {must}"))?;

    args.require_ages()?;
    let delivery = delivery(&args, &url)?;
    args.require_targets()?;
    let target_tls = client_config(&args.audit_forward, args.audit_forward_ca.as_deref())?;
    let access = metrics_access(&args, &url)?;

    let folder = DataFolder::open_to_serve(&args.folder())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let listener = runtime.block_on(bind(listen, "--listen"))?;
    let watched = args.metrics_listen.map(|address| bind(address, "--metrics-listen"));
    let watched = watched.map(|bound| runtime.block_on(bound)).transpose()?;
    let local = listener.local_addr().map_err(|error| error.to_string())?;
    let url = url_at(local.port())?;
    let certificate = files.map(|files| open_certificate(files, &args, &url)).transpose()?;
    let plain = args.plain_listen.map(|address| bind(address, "--plain-listen"));
    let plain = plain.map(|bound| runtime.block_on(bound)).transpose()?;

    // They count also if the database cannot be reached.
    for warning in folder.warnings_of_secrets(&args.secret_files()) {
        tracing::warn!("{warning}");
    }
    let (db, root_key) = open_database(&args, &folder, &runtime)?;
    for warning in folder.warnings() {
        tracing::warn!("{warning}");
    }

    let founding = Founding {
        purpose: Purpose::Serve,
        db,
        clock: Box::new(SystemClock),
        random: Box::new(SystemRandom),
        root_key: &root_key,
        account_id,
        with_organization: true,
        passwords: password_bounds(),
        static_keys: Vec::new(),
        head_folder: Some(folder.path().to_owned()),
        archive_folder: Some(args.archive_folder()),
    };
    let settings = |account_id| Settings {
        credential_process: Some(credential_process(&args.folder())),
        ..args.service_settings(url.clone(), account_id)
    };
    let portico = Portico::open(founding, settings).map_err(say)?;
    let agreement = agreement(&url, &portico.settings.region, args.s3_domain.as_ref());
    portico.db.join(&agreement).map_err(say)?;
    if let Err(fault) = jobs::resume::resume(&portico) {
        tracing::warn!(?fault, "jobs that another server left wait for their lease");
    }
    if let Err(fault) = renewal::fill_likenesses(&portico) {
        tracing::warn!(?fault, "names without a key for what looks the same wait for upkeep");
    }
    folder.note_url(&url)?;
    greet(&portico, &args, &folder, local)?;
    tell_of_others(watched.as_ref(), plain.as_ref());

    let workers = Workers::start(WORKERS, args.queue_max()).map_err(|error| error.to_string())?;
    let write_queue = WriteQueue::start(args.queue_max()).map_err(|error| error.to_string())?;
    let has_others = args.database.is_some() && !args.accept_missing_objects;
    let shared = if has_others { SharedFolder::default() } else { SharedFolder::trusted() };
    let core =
        Core::open(Arc::clone(&portico), &workers, (&folder.objects(), shared)).map_err(say)?;
    core.objects.require_shared_folder().map_err(say)?;
    core.objects.sweep(ORPHAN_AGE).map_err(say)?;
    let link = Some(folder.setup_link());
    let background = Background::start(&core.portico, &core.objects, link, delivery.as_ref())
        .map_err(|error| error.to_string())?;
    let forwarding = Forwarding::start(&core.portico, &args.audit_forward, &target_tls)
        .map_err(|error| error.to_string())?;
    let mut site = Site::new(Core { delivery, ..core }, workers, write_queue, None);
    site.trusted_proxies = args.trusted_proxies.iter().map(|proxy| proxy.0.clone()).collect();
    site.names =
        Names::of_server(&url, args.s3_domain.as_ref().map(S3Domain::as_str), &args.allow_hosts);
    (site.metrics_access, site.metrics_listener_access) = access;
    site.certificate = certificate.map(Arc::new);
    let listeners = Listeners { main: listener, plain, watched };
    runtime.block_on(serve_until_told(listeners, Arc::new(site)))?;
    forwarding.stop();
    background.stop();
    portico.db.leave();
    Ok(())
}

/// Opens the database, and the key that belongs to it.
fn open_database(
    args: &ServeArgs,
    folder: &DataFolder,
    runtime: &Runtime,
) -> Result<(Db, Zeroizing<[u8; 32]>), String> {
    let location = location(args.database.clone(), folder)?;
    // The calling thread is not one of the runtime's, so the blocking PostgreSQL client may be used.
    let open = || open_when_it_answers(runtime, &location);
    if args.database.is_some() {
        folder.require_no_database()?;
        // A database that cannot be reached leaves no key file behind.
        let db = open()?;
        folder.require_key(is_founded(&db).map_err(say)?)?;
        return Ok((db, folder.root_key(&SystemRandom)?));
    }
    require_sound(&folder.database_file(), folder.was_served())?;
    folder.begin_database()?;
    let root_key = folder.root_key(&SystemRandom)?;
    Ok((open()?, root_key))
}

/// Prints the addresses of the listeners beside the main one.
fn tell_of_others(watched: Option<&TcpListener>, plain: Option<&TcpListener>) {
    if let Some(address) = watched.and_then(|watched| watched.local_addr().ok()) {
        println!("# Metrics: http://{address}/metrics");
    }
    if let Some(address) = plain.and_then(|plain| plain.local_addr().ok()) {
        println!("# Plain HTTP, for programs on this machine: http://{address}");
    }
}

/// The way of messages out of the outbox, if the settings have a mail server.
fn delivery(args: &ServeArgs, url: &str) -> Result<Option<Arc<Delivery>>, String> {
    let smtp = Smtp::try_new(args.mail.server()?, url)?;
    Ok(smtp.map(|smtp| Arc::new(Delivery::new(Box::new(smtp)))))
}

/// Reads the files of the certificate, and warns if it is not for a name that clients use.
fn open_certificate(files: TlsFiles, args: &ServeArgs, url: &str) -> Result<Certificate, String> {
    let domain = args.s3_domain.as_ref().map(S3Domain::as_str);
    let of_s3 =
        domain.into_iter().flat_map(|domain| [domain.to_owned(), format!("bucket.{domain}")]);
    let hosts = host_of(url).into_iter().chain(of_s3).collect();
    Certificate::open(files.cert, files.key, hosts, SystemClock.now_ms())
}

/// What all servers of a database must have in common, in words.
fn agreement(url: &str, region: &str, s3_domain: Option<&S3Domain>) -> String {
    let domain = s3_domain.map(|domain| format!(" --s3-domain {}", domain.as_str()));
    format!("--public-url {url} --region {region}{}", domain.unwrap_or_default())
}

/// Who reads the metrics: on the address of the server, and on the address that has only them.
fn metrics_access(args: &ServeArgs, url: &str) -> Result<(MetricsAccess, MetricsAccess), String> {
    let listen = args.listen_address();
    if args.metrics_listen.is_some_and(|watched| watched == listen && listen.port() != 0) {
        return Err("--metrics-listen must be another address or port than --listen".to_owned());
    }
    let token = args.metrics_token_file.as_deref().map(MetricsAccess::read_token).transpose()?;
    Ok(match (args.metrics_listen, token) {
        (Some(_), token) => (MetricsAccess::Elsewhere, token.unwrap_or(MetricsAccess::Everybody)),
        (None, token) => {
            let here = token.unwrap_or_else(|| MetricsAccess::without_setting(url));
            (here, MetricsAccess::Elsewhere)
        }
    })
}

/// Pause between two attempts to open a database that does not answer.
const OPEN_PAUSE: Duration = Duration::from_secs(1);

/// Number of attempts after which the wait is told again.
const ATTEMPTS_TOLD: u32 = 10;

/// Opens the database. Waits for one that does not answer, because machines start in any order after a power cut.
fn open_when_it_answers(runtime: &Runtime, location: &Location) -> Result<Db, String> {
    let mut attempts = 0_u32;
    loop {
        match Db::open(location.clone()) {
            Err(Fault::Unavailable(why)) => {
                if attempts.is_multiple_of(ATTEMPTS_TOLD) {
                    tracing::warn!(why, "waiting for the database of --database; end with Ctrl-C");
                }
                attempts = attempts.wrapping_add(1);
                runtime.block_on(async { tokio::time::sleep(OPEN_PAUSE).await });
            }
            opened => return opened.map_err(say),
        }
    }
}
