//! The command line, the environment and the configuration file, read once.
//!
//! The command line takes precedence over the environment, and the environment over the file.

mod age;
mod audit;
mod environment;
mod help;
mod journal;
mod mail;
mod public_url;
mod s3;
mod secrets;
mod settings;
mod switch;
mod tls_files;
mod values;
mod words;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand};
use protocol::host::HostName;

pub use environment::{log_level, parse, unknown_variables};
pub use journal::writes_to_journal;
pub use mail::{MailArgs, MailServer, MailTls, Password};
pub use public_url::{host_of, is_localhost, is_on_loopback, public_url, require_apart};
pub use s3::S3Settings;
pub use settings::{DataArgs, ServeArgs};
pub use tls_files::{TlsFiles, tls_files};
pub use values::{ProxyRange, Region, S3Domain};

use settings::listen_address;
use values::key_seconds;

/// The identity centre that you host yourself.
///
/// Without a command it serves, as `portico serve` does.
#[derive(Debug, Parser)]
#[command(name = "portico", version, about, after_help = help::EXAMPLES)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve an organisation (what `portico` without a command does).
    #[command(after_help = help::SERVE_EXAMPLES)]
    Serve(Box<ServeArgs>),
    /// Serve a throw-away organisation in memory, with static administrator keys, for tests.
    #[command(after_help = help::SANDBOX_EXAMPLES)]
    Sandbox(SandboxArgs),
    /// Act as the operator, on the server's own host, as the user who owns the data folder.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Read and prove the audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Copy the data of a server, which may run meanwhile, to a folder.
    #[command(after_help = help::BACKUP_EXAMPLES)]
    Backup(BackupArgs),
    /// Look for damage: database, key, objects, audit log, configuration.
    #[command(after_help = help::CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Make a data folder of a backup.
    #[command(after_help = help::RESTORE_EXAMPLES)]
    Restore(RestoreArgs),
}

#[derive(Args, Clone, Debug)]
pub struct SandboxArgs {
    /// Address and port to listen on; loopback only.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = listen_address)]
    pub listen: SocketAddr,
    /// Number of the management account.
    #[arg(long, value_name = "ACCOUNT", default_value = "123456789012")]
    pub account: String,
    /// A static administrator key. May be given several times [default: test:test].
    #[arg(long = "access-key", value_name = "ID:SECRET")]
    pub access_keys: Vec<String>,
    /// Another name that the sandbox answers to. May be given several times.
    #[arg(long = "allow-host", value_name = "NAME")]
    pub allow_hosts: Vec<HostName>,
    /// Start with an account that stands alone.
    #[arg(long)]
    pub no_organization: bool,
}

#[derive(Args, Clone, Debug)]
pub struct BackupArgs {
    /// Where the backup is kept: a folder of its own, or `s3://BUCKET/PREFIX`. A backup that is there already is renewed.
    #[arg(value_name = "DIR")]
    pub place: String,
    #[command(flatten)]
    pub data: DataArgs,
    /// Put the key file into the backup, too. Who reads the backup can then open everything in it.
    #[arg(long)]
    pub with_key: bool,
    /// Maximum number of MiB per second that are read and written, 0 for no bound.
    #[arg(long, value_name = "MIB", default_value_t = RATE_MIB)]
    pub rate: u64,
}

/// Pace of a backup. Measured: 50 writes a second were answered beside it, and no slower than before
/// (docs/operate/backup.md).
const RATE_MIB: u64 = 64;

#[derive(Args, Clone, Debug)]
pub struct CheckArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// Read everything: each index of the database, each reference, each byte of each object.
    #[arg(long)]
    pub full: bool,
}

#[derive(Args, Clone, Debug)]
pub struct RestoreArgs {
    /// Where the backup is kept.
    #[arg(value_name = "DIR")]
    pub place: String,
    #[command(flatten)]
    pub data: DataArgs,
    /// The key file of the server that was backed up.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Print short-lived administrator keys as `credential_process` wants them.
    #[command(after_help = help::CREDENTIALS_EXAMPLES)]
    Credentials {
        #[command(flatten)]
        data: DataArgs,
        /// Validity of the keys in seconds, 900 to 43200.
        #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
        #[arg(value_parser = key_seconds)]
        duration: i64,
    },
    /// Print a new single-use set-up link, and keep it in the data folder; earlier links are void.
    #[command(after_help = help::SETUP_LINK_EXAMPLES)]
    SetupLink {
        #[command(flatten)]
        data: DataArgs,
        /// The public URL of the server [default: what it was last started with].
        #[arg(long, value_name = "URL", env = "PORTICO_PUBLIC_URL")]
        public_url: Option<String>,
        /// Allow a public URL of plain http that is not on this machine.
        #[arg(long, env = "PORTICO_INSECURE_HTTP", value_parser = FalseyValueParser::new())]
        insecure_http: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Prove that no event was added, altered or removed; print the head to keep elsewhere.
    #[command(after_help = help::VERIFY_EXAMPLES)]
    Verify {
        #[command(flatten)]
        data: DataArgs,
        /// A head that was printed before, kept where nobody who can write the data can write it.
        #[arg(long, value_name = "NUMBER:HASH")]
        head: Option<String>,
        /// After a restored backup: keep the log as it is now as the head of this data folder.
        #[arg(long)]
        accept_head: bool,
    },
    /// Print events as JSON lines, in CloudTrail's form.
    #[command(after_help = help::EXPORT_EXAMPLES)]
    Export {
        #[command(flatten)]
        data: DataArgs,
        /// The first moment, such as `2027-01-31T08:00:00Z` [default: the beginning].
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// The first moment that is left out again [default: now].
        #[arg(long, value_name = "TIME")]
        to: Option<String>,
        /// Go on with what is sealed later, until interrupted. Events come digest by digest.
        #[arg(long, conflicts_with = "to")]
        follow: bool,
        /// Go on behind an event that was exported: its `digest`, or `digest:eventID`.
        #[arg(long, value_name = "PLACE", requires = "follow", conflicts_with = "from")]
        after: Option<String>,
    },
}
