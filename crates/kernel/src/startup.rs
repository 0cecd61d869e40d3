//! How a server comes to its organisation, its keys and its set-up link.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::ids::{AccountId, IdentityStoreId, InstanceId, OrganizationId, RootId};
use model::organization::{Account, JoinedMethod, Organization};
use model::{AuditEvent, Clock, Fault, Random};
use policy::{NoFacts, Permit};
use sha2::{Digest, Sha256};
use store::{Db, account, organization, setup_link};

use crate::credentials::Keys;
use crate::journal::Journal;
use crate::passwords::Passwords;
use crate::{Ctx, Portico, RequestInfo, Settings, StaticKey};

/// How long a set-up link is good.
const SETUP_LINK_MS: i64 = 24 * 60 * 60 * 1000;

/// What a process opens the data for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// To serve it: at the first start an organisation is made.
    Serve,
    /// For one command beside a server. An organisation that is not there is not made.
    Beside,
}

/// What a server is made of.
pub struct Founding<'a> {
    pub purpose: Purpose,
    pub db: Db,
    pub clock: Box<dyn Clock>,
    pub random: Box<dyn Random>,
    /// The key of the key file.
    pub root_key: &'a [u8; 32],
    /// The number of the first account, if the operator wants one; otherwise a random one.
    pub account_id: Option<AccountId>,
    /// Whether the first account begins with an organisation.
    pub with_organization: bool,
    /// How many passwords may be hashed at once, and how many people may wait for that.
    pub passwords: (usize, usize),
    /// Keys that never expire, in a sandbox.
    pub static_keys: Vec<StaticKey>,
}

impl Portico {
    /// Opens a server over its database; at the first start founds the organisation.
    pub fn open(
        founding: Founding<'_>,
        settings: impl FnOnce(AccountId) -> Settings,
    ) -> Result<Arc<Self>, Fault> {
        let account_id = first_account(&founding)?;
        let Founding { db, clock, random, root_key, passwords, static_keys, .. } = founding;
        let (at_once, waiting_max) = passwords;
        let keys = Keys::load(&db, root_key, &*random, clock.now_ms())?;
        Ok(Arc::new(Self {
            paging_key: keys.derive("paging"),
            clock,
            db,
            journal: Journal::default(),
            authorities: crate::credentials::authority::Authorities::default(),
            static_keys,
            keys,
            passwords: Passwords::new(at_once, waiting_max),
            polls: crate::polls::Polls::default(),
            random,
            settings: settings(account_id),
        }))
    }
}

/// The account that owned this server first; made, with its organisation, if there is none.
fn first_account(founding: &Founding<'_>) -> Result<AccountId, Fault> {
    let permit = permit("portico:FoundOrganization")?;
    let mut read = founding.db.read(&permit)?;
    let found = match organization::find(&mut read)? {
        Some(organization) => Some(organization.management_account_id),
        None => account::list(&mut read, "", 1)?.pop().map(|account| account.id),
    };
    drop(read);
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

/// The token of a new set-up link. Links made before are void.
pub fn make_setup_link(ctx: &Ctx<'_>, (): &()) -> Result<String, Fault> {
    let permit = ctx.authorize("portico:MakeSetUpLink", "*")?;
    let token = URL_SAFE_NO_PAD.encode(ctx.random::<32>());
    let mut tx = ctx.begin(permit)?;
    let expires_at_ms = tx.now_ms() + SETUP_LINK_MS;
    setup_link::replace(&mut tx, &Sha256::digest(token.as_bytes()).into(), expires_at_ms)?;
    tx.commit(&AuditEvent::new().hidden("token"))?;
    Ok(token)
}

fn permit(action: &'static str) -> Result<Permit, Fault> {
    policy::authorize(&Portico::itself(), action, "*", &NoFacts)
}

/// How far a server has come.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The organisation's instance, once it is enabled.
    pub instance_id: Option<InstanceId>,
    /// What people call it.
    pub instance_name: Option<String>,
    /// The start URL of that instance, or of the one it will have.
    pub start_url: String,
}

/// How far this server has come.
pub fn find_standing(ctx: &Ctx<'_>, (): &()) -> Result<Standing, Fault> {
    let permit = ctx.authorize("portico:ReadStanding", "*")?;
    let mut read = ctx.read(&permit)?;
    if let Some(instance) = store::instance::find_of_organization(&mut read)? {
        return Ok(Standing {
            start_url: instance.start_url(),
            instance_name: instance.name.map(|name| name.to_string()),
            instance_id: Some(instance.id),
        });
    }
    let next = organization::find(&mut read)?.map(|found| found.next_identity_store_id);
    let next = next.map_or_else(String::new, |id| format!("https://{id}.awsapps.com/start"));
    Ok(Standing { instance_id: None, instance_name: None, start_url: next })
}
