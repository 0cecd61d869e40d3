//! The commands of the binary, one per file, and the steps that several of them share.

pub mod admin;
pub mod audit;
pub mod backup;
pub mod check;
mod endpoint;
pub mod follow;
mod greeting;
mod reader;
pub mod restore;
mod running;
pub mod sandbox;
pub mod serve;
mod shell_word;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;

use kernel::audit::{Head, keep};
use kernel::startup::{Founding, Purpose};
use kernel::{Portico, RequestInfo, Settings};
use model::ids::RequestId;
use store::{Db, Location, Origin};
use tokio::net::TcpListener;

use crate::config::DataArgs;
use crate::data_folder::DataFolder;
use crate::system::{SystemClock, SystemRandom};
use crate::words::say;

/// Maximum number of passwords that are hashed at once. There is one per core.
const HASHES_AT_ONCE_MAX: usize = 8;

/// Maximum number of people that wait for their password to be hashed. It is below the number of
/// workers, so that a storm of sign-ins leaves some free.
const HASHES_WAITING_MAX: usize = 16;

/// The number of passwords that may be hashed at once, and of people that may wait for that.
fn password_bounds() -> (usize, usize) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores.min(HASHES_AT_ONCE_MAX), HASHES_WAITING_MAX)
}

/// The data of a server, for a command beside it.
struct Beside {
    folder: DataFolder,
    portico: Arc<Portico>,
    /// The newest digest when the command began.
    before: Option<Head>,
}

impl Beside {
    /// Fails unless the database kept the events of the command. Seals them, unless the server runs, which seals them within a minute. Until they are
    /// sealed, somebody who writes to the database could cut them off unseen.
    fn seal(&self) -> Result<(), String> {
        keep::require_own_events(&self.portico, self.before.clone()).map_err(say)?;
        let seal = || keep::after_command(&self.portico).map_err(say);
        if let Err(why) = self.folder.while_stopped(seal) {
            eprintln!("The next start of the server seals the event of this command: {why}");
        }
        if self.portico.watch.findings() > 0 {
            eprintln!(
                "The audit log is not the one that the server knew: run `portico audit verify`."
            );
        }
        Ok(())
    }
}

/// Opens the data of a server that was started before, for a command beside it.
fn open_beside(data: DataArgs) -> Result<Beside, String> {
    let settings = data.with_file()?;
    let folder = DataFolder::open_beside(&settings.folder())?;
    let root_key = folder.root_key(&SystemRandom)?;
    let archive_folder = settings.archive_folder();
    let location = location(settings.database, &folder)?;
    let founding = Founding {
        purpose: Purpose::Beside,
        db: Db::open_beside(&location).map_err(say)?,
        clock: Box::new(SystemClock),
        random: Box::new(SystemRandom),
        root_key: &root_key,
        account_id: None,
        with_organization: true,
        passwords: (1, 0),
        static_keys: Vec::new(),
        head_folder: Some(folder.path().to_owned()),
        archive_folder: Some(archive_folder),
    };
    let portico = Portico::open(founding, Settings::new).map_err(say)?;
    let before = keep::end(&portico).map_err(say)?;
    Ok(Beside { folder, portico, before })
}

/// The location of the database: in the folder, unless PostgreSQL was named.
fn location(database: Option<String>, folder: &DataFolder) -> Result<Location, String> {
    if let Some(url) = database {
        return Ok(Location::Postgres(url));
    }
    folder.require_database()?;
    Ok(folder.database())
}

/// A request that the server's own host makes.
fn local_request(portico: &Portico) -> RequestInfo {
    let origin = Origin {
        source_address: "localhost".to_owned(),
        user_agent: concat!("portico/", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    RequestInfo::new(RequestId::random(&*portico.random), origin, true)
}

/// Listens on an address, which the operator gave with `setting`.
async fn bind(address: SocketAddr, setting: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        let advices = [
            (
                ErrorKind::AddrInUse,
                "Another program uses this port, perhaps another Portico: stop it, or choose another \
                 port, such as SETTING 127.0.0.1:8081",
            ),
            (
                ErrorKind::AddrNotAvailable,
                "This machine has no such address: SETTING takes one of its own, or 0.0.0.0 for all",
            ),
            (
                ErrorKind::PermissionDenied,
                "Ports below 1024 are for root: choose a higher one with SETTING and put a proxy in front of it, or \
                 let the user have it (AmbientCapabilities=CAP_NET_BIND_SERVICE of systemd)",
            ),
        ];
        let advice = advices.iter().find(|(kind, _)| *kind == error.kind());
        let advice = advice.map_or("Choose another address with SETTING", |(_, advice)| advice);
        let advice = advice.replace("SETTING", setting);
        format!("cannot listen on {address}: {error}. {advice}")
    })
}
