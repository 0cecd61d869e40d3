//! `portico serve`: the real server.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use model::ids::AccountId;
use service::dispatch::call;
use service::startup::{self, Founding, Purpose};
use service::{Ctx, Portico, Settings, jobs};
use store::Db;

use super::{bind, local_request, location, password_bounds, say, serve_until_told};
use crate::app::{Core, Site};
use crate::background::Background;
use crate::config::{ServeArgs, public_url};
use crate::data_folder::DataFolder;
use crate::lane::Lane;
use crate::senses::{SystemClock, SystemRandom};
use crate::telemetry;
use crate::workers::Workers;

/// Threads are cheap while they wait, and writers wait for the disk: more of them, larger batches.
pub const WORKERS: usize = 32;

/// Requests that may wait for a worker. The next one is refused.
pub const QUEUE_MAX: usize = 1024;

/// Where other nodes may share the files, one that no row names is left alone this long.
const ORPHAN_AGE_SHARED: Duration = Duration::from_hours(7 * 24);

/// Serves until told to stop.
pub fn serve(args: ServeArgs) -> Result<(), String> {
    let args = args.with_file()?;
    telemetry::start_log();
    let listen = args.listen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)));
    // Whether the URL may be used is known before anything is made.
    public_url(args.public_url.as_deref(), listen.port(), args.insecure_http)?;
    let account_id = args.account.as_deref().map(str::parse).transpose();
    let account_id = account_id.map_err(|must| format!("--account must {must}"))?;

    let folder = DataFolder::open_to_serve(&args.data.folder())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let listener = runtime.block_on(bind(listen))?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let url = public_url(args.public_url.as_deref(), port, args.insecure_http)?;

    let location = location(args.data.database.clone(), &folder)?;
    // This thread is not one of the runtime's, so the blocking PostgreSQL client may be used.
    let open = || Db::open(location).map_err(say);
    let (db, root_key) = if args.data.database.is_some() {
        // A database that cannot be reached leaves no key file behind.
        let db = open()?;
        (db, folder.root_key(&SystemRandom)?)
    } else {
        let root_key = folder.root_key(&SystemRandom)?;
        (open()?, root_key)
    };

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
    };
    let settings = |management_account_id: AccountId| Settings {
        public_url: url.clone(),
        region: args.region.clone().unwrap_or_else(|| "us-east-1".to_owned()),
        s3_domain: args.s3_domain.clone(),
        s3_data_events: !args.no_s3_data_events,
        management_account_id,
    };
    let portico = Portico::open(founding, settings).map_err(say)?;
    if let Err(fault) = jobs::resume::resume(&portico) {
        tracing::warn!(?fault, "jobs that another server left wait for their lease");
    }
    let background = Background::start(&portico).map_err(|error| error.to_string())?;
    folder.note_url(&url)?;
    greet(&portico, &args, listen, port)?;

    let workers = Workers::start(WORKERS, QUEUE_MAX).map_err(|error| error.to_string())?;
    let lane = Lane::start(QUEUE_MAX).map_err(|error| error.to_string())?;
    let core = Core::open(portico, &workers, &folder.objects()).map_err(say)?;
    // Alone on its files, a server that starts finds no upload under way; beside others it may.
    let orphan_age = if args.data.database.is_some() { ORPHAN_AGE_SHARED } else { Duration::ZERO };
    core.objects.sweep(orphan_age).map_err(say)?;
    let mut site = Site::new(core, workers, lane, None);
    site.trusted_proxies.clone_from(&args.trusted_proxies);
    println!("ready {url}");
    runtime.block_on(serve_until_told(listener, Arc::new(site)))?;
    background.stop();
    Ok(())
}

/// Prints what the operator needs next. Lines that begin with `export` may be evaluated by a shell.
fn greet(
    portico: &Arc<Portico>,
    args: &ServeArgs,
    listen: SocketAddr,
    port: u16,
) -> Result<(), String> {
    let (caller, request) = (Portico::itself(), local_request(portico));
    let ctx = Ctx::new(portico, &caller, &request);
    let Settings { public_url, region, management_account_id, .. } = &portico.settings;
    // From anywhere: profiles are used in other folders than this.
    let data = args.data.folder();
    let data = std::path::absolute(&data).unwrap_or(data);
    let data = data.display();
    println!("# Portico {}, data in {data}", env!("CARGO_PKG_VERSION"));
    println!("# Management account: {management_account_id}");
    if !listen.ip().is_loopback() && args.public_url.is_none() {
        println!("# Other machines reach this server, but its links lead to {public_url}:");
        println!("# give --public-url with the https address that people use.");
    }
    let standing = call(&ctx, &(), startup::find_standing).map_err(say)?;
    if standing.instance_id.is_none() {
        let token = call(&ctx, &(), startup::make_setup_link).map_err(say)?;
        println!("#");
        println!(
            "# Set-up link: open it in a browser and press Enable. It is good once, for 24 hours;"
        );
        println!("# `portico admin setup-link --data {data}` makes another.");
        println!("{public_url}/setup?token={token}");
    } else {
        println!("# Portal for people: {public_url}/start");
        println!(
            "# Console for you: the link that `portico admin setup-link --data {data}` prints"
        );
    }
    println!("#");
    println!("# Start URL, for `aws configure sso` (a name: nothing is ever sent there):");
    println!("{}#", standing.start_url);
    println!("#");
    println!("# What every AWS client needs to find this server. Type it in the client's shell:");
    // An address makes clients write bucket names in the path, where no name service is needed.
    let endpoint = if public_url.starts_with("http://localhost") {
        format!("http://127.0.0.1:{port}")
    } else {
        public_url.clone()
    };
    println!("export AWS_ENDPOINT_URL={endpoint}");
    println!("export AWS_REGION={region}");
    // boto3 reads this one, the CLI and the other SDKs that one.
    println!("export AWS_DEFAULT_REGION={region}");
    println!("#");
    println!("# Administrators, on this host, have this line in a profile of ~/.aws/config:");
    println!("# credential_process = portico admin credentials --data {data}");
    Ok(())
}
