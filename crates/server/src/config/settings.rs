//! The settings of a server: one struct for the command line, the environment and the file.
//!
//! A new setting is a field here, merged in `or`, and obeyed where it is read.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::FalseyValueParser;
use kernel::Settings;
use model::ids::AccountId;
use protocol::host::HostName;
use serde::Deserialize;

use super::age::Age;
use super::mail::MailArgs;
use super::secrets::has_password;
use super::switch::Switch;
use super::values::{ProxyRange, Region, S3Domain, host_name, positive};
use super::words::in_words;
use crate::forward::Target;

/// Default of [`ServeArgs::queue_max`].
const QUEUE_MAX: usize = 1024;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Location of the data.
#[derive(Args, Clone, Debug, Default)]
pub struct DataArgs {
    /// Folder of the database, the key file and the objects [default: portico-data].
    #[arg(long, value_name = "DIR", env = "PORTICO_DATA")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL URL instead of the embedded database.
    #[arg(long, value_name = "URL", env = "PORTICO_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Folder of the audit archive, which all servers of a database share [default: `audit` in the data folder; with
    /// --database, in its `objects`].
    #[arg(long, value_name = "DIR", env = "PORTICO_AUDIT_ARCHIVE")]
    pub audit_archive: Option<PathBuf>,
    /// A TOML file with the same settings: `data`, `database`, `listen`, `public_url`, …
    #[arg(long, value_name = "FILE", env = "PORTICO_CONFIG")]
    pub config: Option<PathBuf>,
}

// The help shows the comments of the fields. The file refuses unknown names, and the refusal lists the
// known ones. A flattened `DataArgs` would lose that list, so its three fields stand here again.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the command line"
)]
pub struct ServeArgs {
    /// Folder of the database, the key file and the objects [default: portico-data].
    #[arg(long, value_name = "DIR", env = "PORTICO_DATA")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL URL instead of the embedded database.
    #[arg(long, value_name = "URL", env = "PORTICO_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// A TOML file with the same settings: `data`, `database`, `listen`, `public_url`, …
    #[arg(long, value_name = "FILE", env = "PORTICO_CONFIG")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// True if the file is where the password of the database, or of the mail server, is.
    #[arg(skip)]
    #[serde(skip)]
    pub is_config_secret: bool,
    /// Address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS", env = "PORTICO_LISTEN", value_parser = listen_address)]
    pub listen: Option<SocketAddr>,
    /// A PEM file with the certificate and those of its CAs: `--listen` speaks HTTPS. It is read again when it changes.
    #[arg(long, value_name = "FILE", env = "PORTICO_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,
    /// A PEM file with the key of the certificate.
    #[arg(long, value_name = "FILE", env = "PORTICO_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    /// Another address and port, for plain HTTP beside HTTPS; loopback only.
    #[arg(long, value_name = "ADDRESS", env = "PORTICO_PLAIN_LISTEN", value_parser = listen_address)]
    pub plain_listen: Option<SocketAddr>,
    /// The address that people and programs know this server under [default: `http://localhost:PORT`, and https with
    /// `--tls-cert`].
    #[arg(long, value_name = "URL", env = "PORTICO_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Allow a public URL of plain http that is not on this machine.
    #[arg(long, env = "PORTICO_INSECURE_HTTP", value_parser = FalseyValueParser::new())]
    pub insecure_http: bool,
    /// The region that clients are told to use [default: us-east-1].
    #[arg(long, value_name = "REGION", env = "PORTICO_REGION")]
    pub region: Option<Region>,
    /// Number of the management account, at the first start [default: random].
    #[arg(long, value_name = "ACCOUNT", env = "PORTICO_ACCOUNT")]
    pub account: Option<String>,
    /// A host name whose sub-domains are buckets, besides `localhost`.
    #[arg(long, value_name = "HOST", env = "PORTICO_S3_DOMAIN")]
    pub s3_domain: Option<S3Domain>,
    /// A proxy, or a network of proxies alone, whose X-Forwarded-For is believed. May be given several times, or
    /// with commas.
    #[arg(
        long = "trusted-proxy",
        value_name = "ADDRESS",
        env = "PORTICO_TRUSTED_PROXIES",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<ProxyRange>,
    /// Another name that a server on loopback answers to. May be given several times, or with commas.
    #[arg(
        long = "allow-host",
        value_name = "NAME",
        env = "PORTICO_ALLOW_HOSTS",
        value_delimiter = ',',
        value_parser = host_name
    )]
    pub allow_hosts: Vec<HostName>,
    /// A file with the token that opens /metrics to other machines, 16 characters at least.
    #[arg(long, value_name = "FILE", env = "PORTICO_METRICS_TOKEN_FILE")]
    pub metrics_token_file: Option<PathBuf>,
    /// Another address and port, for /metrics, /healthz and /readyz alone.
    #[arg(long, value_name = "ADDRESS", env = "PORTICO_METRICS_LISTEN", value_parser = listen_address)]
    pub metrics_listen: Option<SocketAddr>,
    /// Do not record reads and writes of S3 objects in the audit log.
    #[arg(long, env = "PORTICO_NO_S3_DATA_EVENTS", value_parser = FalseyValueParser::new())]
    pub no_s3_data_events: bool,
    /// Folder of the audit archive, which all servers of a database share [default: `audit` in the data folder; with
    /// --database, in its `objects`].
    #[arg(long, value_name = "DIR", env = "PORTICO_AUDIT_ARCHIVE")]
    pub audit_archive: Option<PathBuf>,
    /// Age at which audit events move into the archive, such as 12h or 7d, or `never` [default: 1d].
    #[arg(long, value_name = "AGE", env = "PORTICO_AUDIT_ARCHIVE_AFTER")]
    pub audit_archive_after: Option<Age>,
    /// Age at which audit events are removed from the archive, such as 90d or 2y, or `never` [default: never].
    #[arg(long, value_name = "AGE", env = "PORTICO_AUDIT_KEEP")]
    pub audit_keep: Option<Age>,
    /// Whether successful reads are in the audit log: `on` or `off`. Changes, vends, sign-ins and refusals always are
    /// [default: on].
    #[arg(long, value_name = "SWITCH", env = "PORTICO_AUDIT_READS")]
    pub audit_reads: Option<Switch>,
    /// A target that audit events are forwarded to: `file:/path`, `syslog+tcp://host:port`, `syslog+tls://host:port`,
    /// `otlp+http://host:port` or `otlp+https://host:port`. May be given several times, or with commas.
    #[arg(long, value_name = "TARGET", env = "PORTICO_AUDIT_FORWARD", value_delimiter = ',')]
    pub audit_forward: Vec<Target>,
    /// A PEM file of the CAs of such targets [default: those that this machine trusts].
    #[arg(long, value_name = "FILE", env = "PORTICO_AUDIT_FORWARD_CA")]
    pub audit_forward_ca: Option<PathBuf>,
    /// Number of days after which an S3 upload in parts that is not completed ends [default: 7].
    #[arg(long, value_name = "NUMBER", env = "PORTICO_S3_UPLOAD_DAYS", value_parser = positive)]
    pub s3_upload_days: Option<NonZeroU16>,
    /// Serve although the files of S3 objects that the database names are not in the data folder, as after their loss.
    #[arg(long, env = "PORTICO_ACCEPT_MISSING_OBJECTS", value_parser = FalseyValueParser::new())]
    #[serde(skip)]
    pub accept_missing_objects: bool,
    /// Number of hours that the files of deleted and overwritten S3 objects stay, for backups [default: 24].
    #[arg(long, value_name = "NUMBER", env = "PORTICO_S3_DELETED_HOURS", value_parser = positive)]
    pub s3_deleted_hours: Option<NonZeroU16>,
    /// Maximum number of requests that wait for a worker, and for the write queue [default: 1024].
    #[arg(long, value_name = "NUMBER", env = "PORTICO_QUEUE_MAX", value_parser = positive)]
    pub queue_max: Option<NonZeroU16>,
    #[command(flatten)]
    pub mail: MailArgs,
}

/// Defaults. Those that `service` obeys are in its `Settings::new`.
impl ServeArgs {
    /// The folder of the data.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| PathBuf::from("portico-data"))
    }

    /// The address to listen on.
    #[must_use]
    pub fn listen_address(&self) -> SocketAddr {
        self.listen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)))
    }

    /// Maximum number of requests that wait for a worker, and of those in the write queue.
    #[must_use]
    pub fn queue_max(&self) -> usize {
        self.queue_max.map_or(QUEUE_MAX, |most| most.get().into())
    }

    /// Files of the operator's that have secrets in them.
    #[must_use]
    pub fn secret_files(&self) -> Vec<&Path> {
        let config = self.config.as_deref().filter(|_| self.is_config_secret);
        let password = self.mail.smtp_password_file.as_deref();
        [self.metrics_token_file.as_deref(), password, config].into_iter().flatten().collect()
    }

    /// The settings that `service` obeys.
    #[must_use]
    pub fn service_settings(
        &self,
        public_url: String,
        management_account_id: AccountId,
    ) -> Settings {
        let defaults = Settings::new(management_account_id);
        Settings {
            public_url,
            region: self.region.as_ref().map_or(&*defaults.region, Region::as_str).to_owned(),
            s3_domain: self.s3_domain.as_ref().map(|domain| domain.as_str().to_owned()),
            s3_data_events: !self.no_s3_data_events,
            s3_upload_days: self.s3_upload_days.map_or(defaults.s3_upload_days, NonZeroU16::get),
            s3_deleted_ms: self
                .s3_deleted_hours
                .map_or(defaults.s3_deleted_ms, |hours| i64::from(hours.get()) * HOUR_MS),
            ..self.audit_settings(defaults)
        }
    }
}

impl ServeArgs {
    /// Fills the settings that the command line and the environment left open from the file.
    pub fn with_file(self) -> Result<Self, String> {
        match &self.config {
            Some(path) => {
                let file = Self::read(path)?;
                Ok(self.or(file))
            }
            None => Ok(self),
        }
    }

    fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            format!("--config must be a TOML file that can be read: {}: {error}", path.display())
        })?;
        toml::from_str(&text)
            .map_err(|error| format!("{}: {}", path.display(), in_words(&error.to_string())))
    }

    /// These settings; `other` fills the ones that are open.
    fn or(self, other: Self) -> Self {
        let is_config_secret = (self.database.is_none()
            && other.database.as_deref().is_some_and(has_password))
            || (self.mail.smtp_url.is_none() && other.mail.has_password());
        let proxies = self.trusted_proxies;
        let hosts = self.allow_hosts;
        let targets = self.audit_forward;
        Self {
            data: self.data.or(other.data),
            database: self.database.or(other.database),
            config: self.config.or(other.config),
            is_config_secret,
            listen: self.listen.or(other.listen),
            tls_cert: self.tls_cert.or(other.tls_cert),
            tls_key: self.tls_key.or(other.tls_key),
            plain_listen: self.plain_listen.or(other.plain_listen),
            public_url: self.public_url.or(other.public_url),
            insecure_http: self.insecure_http || other.insecure_http,
            region: self.region.or(other.region),
            account: self.account.or(other.account),
            s3_domain: self.s3_domain.or(other.s3_domain),
            trusted_proxies: if proxies.is_empty() { other.trusted_proxies } else { proxies },
            allow_hosts: if hosts.is_empty() { other.allow_hosts } else { hosts },
            accept_missing_objects: self.accept_missing_objects,
            metrics_token_file: self.metrics_token_file.or(other.metrics_token_file),
            metrics_listen: self.metrics_listen.or(other.metrics_listen),
            no_s3_data_events: self.no_s3_data_events || other.no_s3_data_events,
            audit_archive: self.audit_archive.or(other.audit_archive),
            audit_archive_after: self.audit_archive_after.or(other.audit_archive_after),
            audit_keep: self.audit_keep.or(other.audit_keep),
            audit_reads: self.audit_reads.or(other.audit_reads),
            audit_forward: if targets.is_empty() { other.audit_forward } else { targets },
            audit_forward_ca: self.audit_forward_ca.or(other.audit_forward_ca),
            s3_upload_days: self.s3_upload_days.or(other.s3_upload_days),
            s3_deleted_hours: self.s3_deleted_hours.or(other.s3_deleted_hours),
            queue_max: self.queue_max.or(other.queue_max),
            mail: self.mail.or(other.mail),
        }
    }
}

impl DataArgs {
    /// The settings of the server whose data this is.
    pub fn with_file(self) -> Result<ServeArgs, String> {
        let Self { data, database, audit_archive, config } = self;
        ServeArgs { data, database, config, audit_archive, ..ServeArgs::default() }.with_file()
    }
}

/// An address and a port, as `--listen` takes them.
pub(super) fn listen_address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "it must be an IP address and a port, such as 127.0.0.1:8080")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Result<ServeArgs, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portico.toml");
        std::fs::write(&path, text).unwrap();
        let args = ServeArgs {
            config: Some(path),
            region: Some("eu-west-1".parse().unwrap()),
            ..ServeArgs::default()
        };
        args.with_file()
    }

    #[test]
    fn the_file_fills_what_the_command_line_left_open() {
        let args = file(
            "region = 'us-west-2'\ndata = '/d'\ninsecure_http = true\n\
             trusted_proxies = ['10.0.0.1']\nlisten = '127.0.0.1:9000'",
        )
        .unwrap();
        assert_eq!(args.region.as_ref().map(Region::as_str), Some("eu-west-1"));
        assert_eq!((args.folder(), args.insecure_http), (PathBuf::from("/d"), true));
        assert_eq!(args.listen_address().port(), 9000);
        assert_eq!(file("queue_max = 7").unwrap().queue_max(), 7);
        assert!(file("queue_max = 0").is_err());
        assert_eq!(args.trusted_proxies, ["10.0.0.1".parse().unwrap()]);
        for (setting, words) in [
            ("region = 'mars'", "the form of a Region"),
            ("s3_domain = 'http://x'", "a domain name"),
            ("trusted_proxies = ['10.0.0.0/0']", "only proxies"),
        ] {
            let refused = file(setting).unwrap_err();
            assert!(refused.contains(words) && refused.contains(setting), "{refused}");
        }
    }

    #[test]
    fn the_file_tells_what_a_value_must_be_in_words_of_people() {
        for (setting, words) in [
            ("data = 1", "expected text in quotes"),
            ("public_url = 1", "expected text in quotes"),
            ("region = 1", "expected text in quotes"),
            ("insecure_http = 'yes'", "expected true or false without quotes"),
            ("trusted_proxies = '127.0.0.1'", "expected a list"),
            ("allow_hosts = 1", "expected a list"),
            ("queue_max = '7'", "a number from 1 to 65535 without quotes"),
            ("queue_max = 70000", "a number from 1 to 65535 without quotes"),
            ("listen = '8080'", "an IP address and a port"),
            ("listen = 8080", "an IP address and a port"),
        ] {
            let refused = file(setting).unwrap_err();
            assert!(refused.contains(words) && refused.contains(setting), "{refused}");
        }
    }

    #[test]
    fn the_file_refuses_unknown_names() {
        let refused = file("regoin = 'us-west-2'").unwrap_err();
        let known = "expected one of `data`, `database`, `listen`, `tls_cert`, `tls_key`, `plain_listen`, `public_url`, `insecure_http`, \
            `region`, `account`, `s3_domain`, `trusted_proxies`, `allow_hosts`, `metrics_token_file`, \
            `metrics_listen`, `no_s3_data_events`, `audit_archive`, `audit_archive_after`, `audit_keep`, \
            `audit_reads`, `audit_forward`, `audit_forward_ca`, `s3_upload_days`, `s3_deleted_hours`, `queue_max`, `mail`";
        assert!(refused.contains("unknown field `regoin`") && refused.contains(known), "{refused}");
        assert!(file("config = 'more.toml'").is_err());
    }

    #[test]
    fn the_file_has_names_and_an_address_too() {
        let args = file("allow_hosts = ['aws.test']\nmetrics_listen = '127.0.0.1:9464'").unwrap();
        assert_eq!(args.allow_hosts, ["aws.test".parse().unwrap()]);
        assert_eq!(args.metrics_listen.unwrap().port(), 9464);
        assert!(file("allow_hosts = ['aws.test:1']").unwrap_err().contains("without a port"));
    }

    #[test]
    fn a_file_with_a_password_is_secret() {
        let secret = |text: &str| file(text).unwrap().secret_files().len();
        assert_eq!(secret("region = 'us-west-2'"), 0);
        assert_eq!(secret("metrics_token_file = '/t'"), 1);
        for url in ["postgres://a:b@h/d", "postgresql://a:b@h", "postgres://a@h/d?password=b"] {
            assert_eq!(secret(&format!("database = '{url}'")), 1, "{url}");
        }
        for url in ["postgres://a@h:5432/d", "postgres:///d?host=/run/postgresql"] {
            assert_eq!(secret(&format!("database = '{url}'")), 0, "{url}");
        }
    }

    #[test]
    fn settings_that_are_left_open_everywhere_have_defaults() {
        let args = ServeArgs::default().with_file().unwrap();
        assert_eq!(args.folder(), PathBuf::from("portico-data"));
        assert_eq!(args.listen_address().to_string(), "127.0.0.1:8080");
        assert_eq!(args.queue_max(), 1024);
        let settings = args.service_settings(String::new(), "123456789012".parse().unwrap());
        assert_eq!((settings.region.as_str(), settings.s3_data_events), ("us-east-1", true));
        assert_eq!(settings.s3_upload_days, 7);
        let set = file("s3_upload_days = 30").unwrap();
        let settings = set.service_settings(String::new(), "123456789012".parse().unwrap());
        assert_eq!(settings.s3_upload_days, 30);
        assert_eq!(settings.s3_deleted_ms, 86_400_000);
        let set = file("s3_deleted_hours = 2").unwrap();
        let settings = set.service_settings(String::new(), "123456789012".parse().unwrap());
        assert_eq!(settings.s3_deleted_ms, 7_200_000);
        assert!(file("s3_upload_days = 0").is_err());
    }
}
