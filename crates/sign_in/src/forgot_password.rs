//! "Forgot password": a link to set another one, by mail. People who have none yet ask for a code.
//!
//! INVARIANT: the request does the same for every name, known or not: it counts, and queues a job. The job finds out
//! whether there is somebody to write to. So neither the answer nor its time tells who is a user.
//! INVARIANT: a stranger can make a bounded number of jobs and messages: by network, by person and in all. The row of a
//! job goes when it is done.

use kernel::Ctx;
use kernel::jobs::{Attempt, Kind, Payload, Progress};
use kernel::perform::{retry, trace_admitted};
use kernel::sessions::secret::Secret;
use kernel::strangers::StrangerKind;
use kernel::strength::is_guaranteed;
use kernel::throttle::{self, Limit};
use mail::Content;
use mail::outbox::{self, Post};
use model::ids::{IdentityStoreId, InstanceId};
use model::instance::Instance;
use model::mfa::NoPasswordSignInBehavior;
use model::password::{LinkPurpose, PasswordKind, PasswordLink};
use model::source_network::{NetworkSize, Networks};
use model::token::TokenHash;
use model::user::User;
use model::{AuditEvent, Fault};
use serde::{Deserialize, Serialize};
use store::sign_in_attempt::{self, AttemptScope};
use store::user_password::{self, Signer};
use store::{Tx, instance, message, password_link, setting, user, user_email};

use super::instance::require_instance;
use super::redeem_email_otp::{code_hash, new_code};

const ACTION: &str = "signin:ForgotPassword";

/// Job that writes to the person, if there is one.
pub const JOB: Kind<ForgottenPassword> = Kind::small("FORGOT_PASSWORD", ACTION, write_to_person);

const MINUTE_MS: i64 = 60 * 1000;

/// Validity of a link.
const LINK_MS: i64 = 60 * MINUTE_MS;

/// Validity of a code.
const CODE_MS: i64 = 10 * MINUTE_MS;

/// Limit of requests by address or IPv6 /64. An office may have many users who forget.
const BY_PLACE: Limit = Limit { free: 10, forgive_ms: MINUTE_MS, pause_max_ms: 0 };

/// Limit of requests by IPv4 /24 or IPv6 /48, and by the /56 between.
const BY_BLOCK: Limit = Limit { free: 40, forgive_ms: MINUTE_MS / 4, pause_max_ms: 0 };

/// Limit of messages to one person: three an hour. The person reads the last of them, whoever asked for it.
const BY_PERSON: Limit = Limit { free: 3, forgive_ms: 20 * MINUTE_MS, pause_max_ms: 0 };

/// Limit of messages in all, for each identity store: a thousand, and then as many an hour.
const IN_ALL: Limit = Limit { free: 1000, forgive_ms: 3600, pause_max_ms: 0 };

/// Maximum number of characters that are kept of a typed name. No user has a name that long.
const NAME_CHARS_MAX: usize = 256;

/// Purpose of the seal on a typed name, because people type passwords there.
const PURPOSE: &str = "name of who forgot a password";

pub struct ForgotPasswordRequest {
    /// `None` for the organisation's instance.
    pub instance_id: Option<InstanceId>,
    /// User name as typed.
    pub user_name: String,
    pub way: Way,
}

/// What a person is sent.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Way {
    /// A link, who has chosen a password.
    #[default]
    Link,
    /// A code, who has not, if the instance sends codes.
    Code,
}

/// Payload of the job.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ForgottenPassword {
    identity_store_id: IdentityStoreId,
    /// User name as typed, sealed.
    user_name: String,
    source_address: String,
    #[serde(default)]
    way: Way,
}

impl Payload for ForgottenPassword {
    fn resource(&self) -> String {
        "*".to_owned()
    }
}

/// Asks for a link or a code for whoever has this name. Succeeds whether or not anybody does.
pub fn forgot_password(ctx: &Ctx<'_>, request: &ForgotPasswordRequest) -> Result<(), Fault> {
    let address = &ctx.request.origin.source_address;
    let strangers = &ctx.portico.strangers;
    let place = strangers.take_place(StrangerKind::SignIn, address, ctx.now_ms());
    let outcome = retry(ctx.portico, || ask(ctx, request, place.is_some()));
    match (&place, &outcome) {
        (Some(_), Err(fault)) => trace_admitted(ctx, ACTION, fault),
        (None, _) => strangers.leave_out(StrangerKind::SignIn, address, ctx.now_ms()),
        (Some(_), Ok(())) => {}
    }
    outcome
}

/// `is_recorded` tells whether the request leaves its event.
fn ask(ctx: &Ctx<'_>, request: &ForgotPasswordRequest, is_recorded: bool) -> Result<(), Fault> {
    let permit = ctx.authorize(ACTION, "*")?;
    let room = JOB.require_room(ctx, &mut ctx.read(&permit)?)?;
    let mut tx = ctx.begin(permit)?;
    let instance = require_instance(&mut tx, request.instance_id.as_ref())?;
    let source_address = &ctx.request.origin.source_address;
    count(&mut tx, &Networks::of(source_address))?;
    let name: String = request.user_name.trim().chars().take(NAME_CHARS_MAX).collect();
    let store_id = &instance.identity_store_id;
    let (keys, random) = (&ctx.portico.keys, &*ctx.portico.random);
    let payload = ForgottenPassword {
        identity_store_id: store_id.clone(),
        user_name: keys.seal(PURPOSE, random, store_id.as_str().as_bytes(), name.as_bytes())?,
        source_address: source_address.clone(),
        way: request.way,
    };
    JOB.queue(ctx, (&mut tx, room), instance.id.to_string(), &payload)?;
    tx.commit(&AuditEvent::new().hidden("userName").if_recorded(is_recorded))
}

/// Counts a request. Fails during a pause of any network.
fn count(tx: &mut Tx<'_>, networks: &Networks) -> Result<(), Fault> {
    for (size, network) in networks.iter() {
        let limit = match size {
            NetworkSize::Single => BY_PLACE,
            NetworkSize::Site | NetworkSize::Block | NetworkSize::Proxies => BY_BLOCK,
        };
        let scope = throttle::scope(["forgot password from", &network.to_string(), "", ""]);
        if let Some(retry_after_seconds) = raise(tx, &scope, &limit)? {
            return Err(Fault::Throttled { retry_after_seconds });
        }
    }
    Ok(())
}

/// Raises a counter, or returns the seconds after which it is free again.
///
/// Nothing is guessed here, so there are no growing pauses: what is free is all, and comes back one by one.
fn raise(tx: &mut Tx<'_>, scope: &AttemptScope, limit: &Limit) -> Result<Option<u64>, Fault> {
    let attempts = sign_in_attempt::find(tx, scope)?;
    let raised = limit.fail(&attempts, tx.now_ms());
    if raised.failures > limit.free {
        return Ok(Some(u64::try_from(limit.forgive_ms / 1000).unwrap_or(0).max(1)));
    }
    throttle::keep(tx, scope, limit, &raised)?;
    Ok(None)
}

/// Writes to the person with the name, if there is one who may set another password.
///
/// INVARIANT: it is right on a snapshot. A link is bound to the address that it was sent to and to the revision of the
/// password, which an administrator may reset at the same moment, and two jobs for one person write the same row.
fn write_to_person(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_, ForgottenPassword>,
) -> Result<Progress, Fault> {
    let payload = &attempt.payload;
    let store_id = &payload.identity_store_id;
    let name = ctx
        .portico
        .keys
        .open(PURPOSE, store_id.as_str().as_bytes(), &payload.user_name)
        .and_then(|name| String::from_utf8(name).ok())
        .ok_or_else(|| Fault::broken("a typed name does not open"))?;
    let signer = user_password::find_signer_by_name(tx, store_id, &name)?;
    // A stranger's request about nobody leaves no event of its own beside that of the request.
    let (Some(signer), Some(instance)) = (signer, instance::find_by_store(tx, store_id)?) else {
        return Ok(Progress::Removed(AuditEvent::new().if_recorded(false)));
    };
    let event = AuditEvent::new()
        .asked("userId", &signer.user_id)
        .asked("sourceAddress", &payload.source_address);
    let event = match post_secret(ctx, tx, (&instance, &signer), payload)? {
        Ok(message_id) => event.answered("messageId", message_id),
        Err(reason) => event.answered("reason", reason),
    };
    Ok(Progress::Removed(event))
}

/// Posts a link or a code to a person, and returns the id of the message, or why there is none.
fn post_secret(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    (instance, signer): (&Instance, &Signer),
    payload: &ForgottenPassword,
) -> Result<Result<String, &'static str>, Fault> {
    let (store_id, user_id) = (&instance.identity_store_id, &signer.user_id);
    let kind = signer.password.as_ref().map(|password| &password.kind);
    if !signer.is_enabled {
        return Ok(Err("the person is disabled"));
    }
    let has_chosen = kind == Some(&PasswordKind::Chosen);
    match payload.way {
        Way::Link if !has_chosen => return Ok(Err("the person has not chosen a password yet")),
        // A code would undo what an administrator gave, or took away.
        Way::Code if kind.is_some() => return Ok(Err("the person has a password")),
        Way::Link | Way::Code => {}
    }
    let behavior: NoPasswordSignInBehavior = setting::find(tx, &instance.id)?;
    if payload.way == Way::Code && behavior == NoPasswordSignInBehavior::Blocked {
        return Ok(Err("the instance sends no codes"));
    }
    let found = user::find(tx, store_id, user_id)?;
    let address = found.and_then(|user| Some((user.email()?.clone(), user)));
    let Some((recipient, user)) = address else { return Ok(Err("the person has no address")) };
    let mailbox = recipient.mailbox().to_owned();
    let guarantor = user_email::find(tx, store_id, user_id, &mailbox)?.guarantor();
    if !is_guaranteed(ctx, tx, instance, user_id, &guarantor)? {
        return Ok(Err("the address is not verified, and the person may do more than who set it"));
    }
    for (scope, limit) in [
        (["forgot password of", store_id.as_str(), user_id.as_str(), ""], BY_PERSON),
        (["forgot password in all", store_id.as_str(), "", ""], IN_ALL),
    ] {
        if raise(tx, &throttle::scope(scope), &limit)?.is_some() {
            return Ok(Err("there were too many such messages lately"));
        }
    }
    match outbox::require_room(ctx, tx, store_id, &recipient) {
        Err(Fault::Quota { .. }) => return Ok(Err("there is no room for another message")),
        room => room?,
    }
    let to = Recipient { user: &user, source_address: &payload.source_address };
    let made = match payload.way {
        Way::Link => make_link(ctx, &to),
        Way::Code => make_code(ctx, &to),
    };
    let (created_at_ms, expires_at_ms) = (tx.now_ms(), tx.now_ms() + made.lasts_ms);
    let link = PasswordLink {
        identity_store_id: store_id.clone(),
        user_id: user_id.clone(),
        purpose: made.purpose,
        secret_hash: made.secret_hash,
        mailbox: Some(mailbox),
        guarantor,
        password_revision: Some(revision_of(signer)),
        created_at_ms,
        expires_at_ms,
    };
    password_link::put(tx, &link)?;
    message::end_of_kind(tx, store_id, user_id, made.content.kind())?;
    let content = made.content;
    let (identity_store_id, user_id) = (store_id.clone(), Some(user_id.clone()));
    let post = Post { identity_store_id, user_id, recipient, content, expires_at_ms };
    outbox::post(ctx, tx, &post).map(|id| Ok(id.to_string()))
}

/// Revision of the password of a person, 0 if there is none.
fn revision_of(signer: &Signer) -> i64 {
    signer.password.as_ref().map_or(0, |password| password.revision)
}

/// Person whom a secret is made for, and the address that the request came from.
struct Recipient<'a> {
    user: &'a User,
    source_address: &'a str,
}

/// Secret in a message.
struct Made {
    purpose: LinkPurpose,
    secret_hash: TokenHash,
    lasts_ms: i64,
    content: Content,
}

fn make_link(ctx: &Ctx<'_>, to: &Recipient<'_>) -> Made {
    let secret = Secret::random(&*ctx.portico.random);
    Made {
        purpose: LinkPurpose::PasswordReset,
        secret_hash: secret.hash(),
        lasts_ms: LINK_MS,
        content: Content::ForgotPassword {
            display_name: to.user.display_name.to_string(),
            user_name: to.user.user_name.to_string(),
            secret: secret.reveal().to_owned(),
            source_address: to.source_address.to_owned(),
        },
    }
}

fn make_code(ctx: &Ctx<'_>, to: &Recipient<'_>) -> Made {
    let code = new_code(ctx);
    let user = (&to.user.identity_store_id, &to.user.id);
    Made {
        purpose: LinkPurpose::EmailOtp,
        secret_hash: code_hash(&ctx.portico.keys, user, &code),
        lasts_ms: CODE_MS,
        content: Content::EmailOtp {
            display_name: to.user.display_name.to_string(),
            user_name: to.user.user_name.to_string(),
            code,
            source_address: to.source_address.to_owned(),
        },
    }
}
