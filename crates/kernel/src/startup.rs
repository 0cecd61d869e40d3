//! Startup: the organisation, the keys and the set-up link of a server.

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::ids::{AccountId, IdentityStoreId, InstanceId, OrganizationId, RootId};
use model::mfa::NoPasswordSignInBehavior;
use model::organization::{Account, JoinedMethod, Organization};
use model::{AuditEvent, Clock, Fault, Random};
use policy::{NoFacts, Permit};
use sha2::{Digest, Sha256};
use store::{Db, Read, account, organization, setting, setup_link};

use crate::archive::Folder;
use crate::audit::seal;
use crate::caller_cache::CallerCache;
use crate::failed_sign_ins::FailedSignIns;
use crate::forwards::Forwards;
use crate::job_counts::JobCounts;
use crate::journal::Journal;
use crate::key_ring::{self, Keys};
use crate::passwords::Passwords;
use crate::policy_cache::PolicyCache;
use crate::session_uses::SessionUses;
use crate::watch::{Kept, Watch};
use crate::{Ctx, Portico, RequestInfo, Settings, StaticKey};

/// Validity of a set-up link.
const SETUP_LINK_MS: i64 = 24 * 60 * 60 * 1000;

/// Action of Portico itself at the first start.
const FOUND: &str = "portico:FoundOrganization";

/// Action of Portico itself, for whoever opens a page. It leaves no event.
const READ_STANDING: &str = "portico:ReadStanding";

/// Purpose of opening the data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Serving. The first start founds an organisation.
    Serve,
    /// One command beside a server. It fails if there is no organisation yet.
    Beside,
}

/// Parts of a server.
pub struct Founding<'a> {
    pub purpose: Purpose,
    pub db: Db,
    pub clock: Box<dyn Clock>,
    pub random: Box<dyn Random>,
    /// Key of the key file.
    pub root_key: &'a [u8; 32],
    /// Number of the first account. A random number is used if it is absent.
    pub account_id: Option<AccountId>,
    /// True if the first account begins with an organisation.
    pub with_organization: bool,
    /// Maximum number of concurrent password hashes, and of callers that wait for one.
    pub passwords: (usize, usize),
    /// Keys that never expire, in a sandbox.
    pub static_keys: Vec<StaticKey>,
    /// Folder in which the server keeps the head of its audit log; `None` for no head.
    pub head_folder: Option<PathBuf>,
    /// Folder of the audit archive; `None` for no archive.
    pub archive_folder: Option<PathBuf>,
}

impl Portico {
    /// Opens a server over its database. Founds the organisation at the first start.
    pub fn open(
        founding: Founding<'_>,
        settings: impl FnOnce(AccountId) -> Settings,
    ) -> Result<Arc<Self>, Fault> {
        // The first events are written before any key of the database is known.
        founding.db.prove_events_with(key_ring::event_mac(founding.root_key));
        let account_id = first_account(&founding)?;
        let Founding {
            purpose,
            db,
            clock,
            random,
            root_key,
            passwords,
            static_keys,
            head_folder,
            archive_folder,
            ..
        } = founding;
        let (at_once, waiting_max) = passwords;
        let keys = Keys::load(&db, root_key, &*random, clock.now_ms())?;
        let portico = Self {
            archive: Folder::new(archive_folder),
            paging_key: keys.derive("paging"),
            clock,
            db,
            job_counts: JobCounts::default(),
            forwards: Forwards::default(),
            journal: Journal::default(),
            caller_cache: CallerCache::default(),
            policy_cache: PolicyCache::default(),
            static_keys,
            strangers: crate::strangers::Strangers::default(),
            keys,
            passwords: Passwords::new(at_once, waiting_max),
            polls: crate::polls::Polls::default(),
            random,
            failed_sign_ins: FailedSignIns::default(),
            session_uses: SessionUses::default(),
            settings: settings(account_id),
            watch: Watch::new(head_folder, key_ring::head_mac(root_key)),
        };
        // A node that keeps a head has done this before.
        if purpose == Purpose::Serve && matches!(portico.watch.read(), Ok(Kept::Nothing)) {
            seal::seal_earlier(&portico)?;
        }
        Ok(Arc::new(portico))
    }
}

/// Tells whether a server was started with this database before.
pub fn is_founded(db: &Db) -> Result<bool, Fault> {
    let permit = permit(FOUND)?;
    find_first_account(&mut db.read(&permit)?).map(|found| found.is_some())
}

fn find_first_account(read: &mut Read<'_>) -> Result<Option<AccountId>, Fault> {
    Ok(match organization::find(read)? {
        Some(organization) => Some(organization.management_account_id),
        None => account::list(read, "", 1)?.pop().map(|account| account.id),
    })
}

/// Returns the first account of this server. Makes it, with its organisation, if the database is
/// empty.
fn first_account(founding: &Founding<'_>) -> Result<AccountId, Fault> {
    let permit = permit(FOUND)?;
    let found = find_first_account(&mut founding.db.read(&permit)?)?;
    match (found, &founding.account_id) {
        (Some(found), Some(wanted)) if found != *wanted => Err(Fault::Broken(format!(
            "the data belongs to account {found}, not {wanted}: \
             leave --account away, or use another data folder"
        ))),
        (Some(found), _) => Ok(found),
        (None, _) if founding.purpose == Purpose::Beside => Err(Fault::Broken(
            "the database has no organisation yet: start `portico serve` with it first".to_owned(),
        )),
        (None, wanted) => found_organization(founding, permit, wanted.clone()),
    }
}

fn found_organization(
    founding: &Founding<'_>,
    permit: Permit,
    wanted: Option<AccountId>,
) -> Result<AccountId, Fault> {
    let random = &*founding.random;
    let id = wanted.unwrap_or_else(|| AccountId::random(random));
    let mut tx = founding
        .db
        .begin(permit, RequestInfo::own(random).stamp(founding.clock.now_ms(), random))?;
    let broken = |must| Fault::Broken(format!("the first account must {must}"));
    let first = Account {
        id: id.clone(),
        name: "Management account".parse().map_err(broken)?,
        email: format!("management@{id}.portico.example").parse().map_err(broken)?,
        joined_method: JoinedMethod::Invited,
        joined_at_ms: tx.now_ms(),
    };
    account::insert(&mut tx, &first)?;
    let mut event = AuditEvent::new().answered("accountId", &id);
    if founding.with_organization {
        let organization = Organization {
            id: OrganizationId::random(random),
            root_id: RootId::random(random),
            management_account_id: id.clone(),
            next_identity_store_id: IdentityStoreId::random(random),
            created_at_ms: tx.now_ms(),
        };
        organization::insert(&mut tx, &organization)?;
        event = event.answered("organizationId", &organization.id);
    }
    tx.commit(&event)?;
    Ok(id)
}

/// Makes a set-up link and returns its token. Earlier links become invalid.
pub fn make_setup_link(ctx: &Ctx<'_>) -> Result<String, Fault> {
    let permit = ctx.authorize("portico:MakeSetUpLink", "*")?;
    let token = URL_SAFE_NO_PAD.encode(ctx.random::<32>());
    let mut tx = ctx.begin(permit)?;
    let expires_at_ms = tx.now_ms() + SETUP_LINK_MS;
    setup_link::replace(&mut tx, &Sha256::digest(token.as_bytes()).into(), expires_at_ms)?;
    tx.commit(&AuditEvent::new().hidden("token"))?;
    Ok(token)
}

/// Tells whether a set-up link can still be redeemed.
pub fn is_setup_link_good(ctx: &Ctx<'_>, token: &str) -> Result<bool, Fault> {
    let permit = ctx.authorize(READ_STANDING, "*")?;
    let mut read = ctx.read(&permit)?;
    setup_link::is_good(&mut read, &Sha256::digest(token.as_bytes()).into(), ctx.now_ms())
}

fn permit(action: &'static str) -> Result<Permit, Fault> {
    policy::authorize(&Portico::itself(), action, "*", &NoFacts)
}

/// Progress of a server's set-up.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Instance of the organisation, once it is enabled.
    pub instance_id: Option<InstanceId>,
    /// Display name of the instance.
    pub instance_name: Option<String>,
    /// Start URL of that instance, or of the future one.
    pub start_url: String,
    /// Whether people without a password may ask for a code by mail.
    pub sends_email_otp: bool,
}

/// Finds the progress of this server's set-up.
pub fn find_standing(ctx: &Ctx<'_>) -> Result<Standing, Fault> {
    let permit = ctx.authorize(READ_STANDING, "*")?;
    let mut read = ctx.read(&permit)?;
    if let Some(instance) = store::instance::find_of_organization(&mut read)? {
        let behavior: NoPasswordSignInBehavior = setting::find(&mut read, &instance.id)?;
        return Ok(Standing {
            sends_email_otp: behavior == NoPasswordSignInBehavior::EmailOtp,
            start_url: instance.start_url(),
            instance_name: instance.name.map(|name| name.to_string()),
            instance_id: Some(instance.id),
        });
    }
    let next = organization::find(&mut read)?.map(|found| found.next_identity_store_id);
    let next = next.map_or_else(String::new, |id| format!("https://{id}.awsapps.com/start"));
    Ok(Standing { instance_id: None, instance_name: None, start_url: next, sends_email_otp: false })
}
