//! What lives as long as the process.

use std::sync::Arc;

use model::ids::AccountId;
use model::{Clock, Random};
use policy::{Caller, Principal, builtin};
use store::Db;

use crate::credentials::Keys;
use crate::credentials::authority::Authorities;
use crate::journal::Journal;
use crate::passwords::Passwords;
use crate::polls::Polls;

/// The program, without sockets.
pub struct Portico {
    pub authorities: Authorities,
    pub clock: Box<dyn Clock>,
    pub db: Db,
    pub journal: Journal,
    pub keys: Keys,
    /// Binds paging tokens to their queries.
    pub paging_key: [u8; 32],
    pub passwords: Passwords,
    /// When clients asked last whether their device codes were allowed.
    pub polls: Polls,
    pub random: Box<dyn Random>,
    pub settings: Settings,
    /// Keys that never expire: the sandbox has some, a server has none.
    pub static_keys: Vec<StaticKey>,
}

/// A key of the sandbox.
#[derive(Clone)]
pub struct StaticKey {
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// What the configuration says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Without a slash at the end.
    pub public_url: String,
    /// The region that clients are told to use. Any other works too.
    pub region: String,
    /// Virtual-host style buckets are served under `<bucket>.<this>` too.
    pub s3_domain: Option<String>,
    /// Whether reads and writes of S3 objects are recorded in the audit log.
    pub s3_data_events: bool,
    /// The account that owned this server first.
    pub management_account_id: AccountId,
}

impl Settings {
    /// The defaults.
    #[must_use]
    pub fn new(management_account_id: AccountId) -> Self {
        Self {
            public_url: String::new(),
            region: "us-east-1".to_owned(),
            s3_domain: None,
            s3_data_events: true,
            management_account_id,
        }
    }
}

impl Portico {
    /// Portico itself as a caller, for long work and for its own start.
    #[must_use]
    pub fn itself() -> Arc<Caller> {
        Arc::new(Caller { principal: Principal::Portico, policies: vec![builtin::portico()] })
    }

    /// A caller of whom nothing is known.
    #[must_use]
    pub fn stranger() -> Arc<Caller> {
        Arc::new(Caller { principal: Principal::Anonymous, policies: vec![builtin::anonymous()] })
    }
}
