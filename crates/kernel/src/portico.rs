//! State with the lifetime of the process.

use std::sync::Arc;

use model::ids::AccountId;
use model::{Clock, Random};
use policy::Caller;
use store::Db;

use crate::archive::Folder;
use crate::caller_cache::CallerCache;
use crate::callers;
use crate::failed_sign_ins::FailedSignIns;
use crate::forwards::Forwards;
use crate::job_counts::JobCounts;
use crate::journal::Journal;
use crate::key_ring::Keys;
use crate::passwords::Passwords;
use crate::policy_cache::PolicyCache;
use crate::polls::Polls;
use crate::session_uses::SessionUses;
use crate::strangers::Strangers;
use crate::watch::Watch;

/// Program without its sockets.
pub struct Portico {
    /// Folder of the events that are too old for the database.
    pub archive: Folder,
    pub caller_cache: CallerCache,
    pub clock: Box<dyn Clock>,
    pub db: Db,
    /// Attempts to sign in that were in vain, and wait to be written.
    pub failed_sign_ins: FailedSignIns,
    /// How many jobs callers with many have in the queue.
    pub job_counts: JobCounts,
    /// What is known of the targets that audit events are forwarded to.
    pub forwards: Forwards,
    pub journal: Journal,
    pub keys: Keys,
    /// Key that binds paging tokens to their queries.
    pub paging_key: [u8; 32],
    pub passwords: Passwords,
    /// Compiled policies.
    pub policy_cache: PolicyCache,
    /// Time of the last poll of each device code.
    pub polls: Polls,
    pub random: Box<dyn Random>,
    pub settings: Settings,
    /// Uses of sessions that wait to be written.
    pub session_uses: SessionUses,
    /// Keys that never expire. Only a sandbox has them.
    pub static_keys: Vec<StaticKey>,
    /// Budgets of events for unauthenticated callers.
    pub strangers: Strangers,
    /// What this server finds wrong with its audit log.
    pub watch: Watch,
}

/// Static access key of a sandbox.
#[derive(Clone)]
pub struct StaticKey {
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// Settings of the program.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Public URL without a trailing slash.
    pub public_url: String,
    /// Region that clients are told to use. Any other region works too.
    pub region: String,
    /// Domain under which virtual-host style buckets are served, as `<bucket>.<domain>`.
    pub s3_domain: Option<String>,
    /// True if reads and writes of S3 objects are recorded in the audit log.
    pub s3_data_events: bool,
    /// Number of days after which an S3 upload in parts that is not completed ends.
    pub s3_upload_days: u16,
    /// Time for which the files of deleted and overwritten S3 objects stay.
    pub s3_deleted_ms: i64,
    /// Age at which events move from the database into the archive, in milliseconds; `None` for never.
    pub audit_archive_after_ms: Option<i64>,
    /// Age at which events are removed from the archive, in milliseconds; `None` for never.
    pub audit_keep_ms: Option<i64>,
    /// True if successful reads are recorded in the audit log.
    pub audit_reads: bool,
    /// Targets that audit events are forwarded to.
    pub audit_forward: Vec<String>,
    /// First account of this server.
    pub management_account_id: AccountId,
    /// Command that prints the keys of administrators on the server's own host, as profiles of AWS clients have it. `None`
    /// for a server whose data goes when it ends.
    pub credential_process: Option<String>,
}

/// Default of [`Settings::s3_deleted_ms`]: a day.
const DELETED_MS: i64 = 24 * 60 * 60 * 1000;

impl Settings {
    /// Default of [`Settings::audit_archive_after_ms`]: a day.
    pub const AUDIT_ARCHIVE_AFTER_MS: Option<i64> = Some(24 * 60 * 60 * 1000);

    /// The defaults.
    #[must_use]
    pub fn new(management_account_id: AccountId) -> Self {
        Self {
            public_url: String::new(),
            region: "us-east-1".to_owned(),
            s3_domain: None,
            s3_data_events: true,
            s3_upload_days: 7,
            s3_deleted_ms: DELETED_MS,
            audit_archive_after_ms: Self::AUDIT_ARCHIVE_AFTER_MS,
            audit_keep_ms: None,
            audit_reads: true,
            audit_forward: Vec::new(),
            management_account_id,
            credential_process: None,
        }
    }
}

impl Portico {
    /// Makes Portico itself as a caller, for jobs and startup.
    #[must_use]
    pub fn itself() -> Arc<Caller> {
        callers::itself()
    }

    /// Makes an unauthenticated caller.
    #[must_use]
    pub fn anonymous() -> Arc<Caller> {
        callers::anonymous()
    }
}
