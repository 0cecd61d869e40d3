//! Device page: a person types a code, sees the requesting client, and decides.
//!
//! RFC 8628 §3.3, §5.1 (guessing) and §5.4 (phishing).
//! INVARIANT: all steps of the page belong to one portal session: the person who typed the code
//! decides.

use kernel::sessions::proof::{ProofPurpose, require_fresh_proof};
use kernel::sessions::{person, require_portal};
use kernel::throttle::{self, Limit};
use kernel::{Ctx, Operation};
use model::oauth::{ClientName, DeviceAuthorization, DeviceState, Scopes, UserCode};
use model::{AuditEvent, Fault};
use policy::PersonSession;
use store::{Tx, device_authorization, sign_in_attempt};

use super::client_session::{begin_client_session, shown};
use super::device_setting::{NOT_BY_CODE, takes_codes};

pub const FIND: Operation<DeviceRequest, DeviceReply> =
    Operation::writes("SignIn.FindDevice", ACTION, find_device);

pub const CONFIRM: Operation<DeviceRequest, DeviceReply> =
    Operation::writes("SignIn.ConfirmDevice", ACTION, confirm_device);

pub const APPROVE: Operation<DeviceRequest, DeviceReply> =
    Operation::writes("SignIn.ApproveDevice", ACTION, approve_device);

pub const DENY: Operation<DeviceRequest, DeviceReply> =
    Operation::writes("SignIn.DenyDevice", ACTION, deny_device);

const ACTION: &str = "signin:AuthorizeDevice";

/// Limit for wrong codes in one session.
const GUESSES: Limit = Limit { free: 10, forgive_ms: 60_000, pause_max_ms: 300_000 };

#[derive(Debug)]
pub struct DeviceRequest {
    /// User code as typed.
    pub user_code: String,
}

/// Authorization request of a client, as shown to the person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeviceReply {
    pub user_code: UserCode,
    pub client_name: ClientName,
    pub scopes: Scopes,
    /// Source address, user agent and time of the client's request.
    pub source_address: String,
    pub user_agent: String,
    pub asked_at_ms: i64,
    pub expires_at_ms: i64,
}

/// Finds the request of a code, for the page that shows it before the person confirms it.
pub fn find_device(ctx: &Ctx<'_>, request: &DeviceRequest) -> Result<DeviceReply, Fault> {
    step(ctx, request, "FIND", |_, _, wish| match wish.state {
        DeviceState::Pending | DeviceState::Confirmed { .. } => Ok(()),
        DeviceState::Approved { .. } | DeviceState::Denied | DeviceState::Used { .. } => {
            Err(unknown_code())
        }
    })
}

/// Confirms that the code is on the device of the calling person.
pub fn confirm_device(ctx: &Ctx<'_>, request: &DeviceRequest) -> Result<DeviceReply, Fault> {
    step(ctx, request, "CONFIRM", |person, tx, wish| {
        let may_confirm = match &wish.state {
            DeviceState::Pending => true,
            // A person may confirm again after a new sign-in or after going back a page.
            DeviceState::Confirmed { user_id, .. } => *user_id == person.user_id,
            DeviceState::Approved { .. } | DeviceState::Denied | DeviceState::Used { .. } => false,
        };
        if !may_confirm {
            return Err(unknown_code());
        }
        let confirmed = DeviceState::Confirmed {
            user_id: person.user_id.clone(),
            portal_session_id: person.session_id.clone(),
        };
        device_authorization::advance(tx, wish, &confirmed)
    })
}

/// Approves the request for the calling person.
pub fn approve_device(ctx: &Ctx<'_>, request: &DeviceRequest) -> Result<DeviceReply, Fault> {
    step(ctx, request, "APPROVE", |person, tx, wish| {
        require_own(person, wish)?;
        let portal = require_portal(tx, person)?;
        require_fresh_proof(ctx, tx, &portal, ProofPurpose::Consent)?;
        let (name, address) = (&wish.client_name, &wish.source_address);
        let client = begin_client_session(ctx, tx, &portal, name, address, &wish.user_agent)?;
        let user_id = Some(person.user_id.clone());
        let approved = DeviceState::Approved { user_id, client_session_id: client.id };
        device_authorization::advance(tx, wish, &approved)
    })
}

/// Denies the request for the calling person.
pub fn deny_device(ctx: &Ctx<'_>, request: &DeviceRequest) -> Result<DeviceReply, Fault> {
    step(ctx, request, "DENY", |person, tx, wish| {
        require_own(person, wish)?;
        device_authorization::advance(tx, wish, &DeviceState::Denied)
    })
}

/// Runs one step of the page: finds the request, calls `change`, and returns the content of the
/// page.
fn step(
    ctx: &Ctx<'_>,
    request: &DeviceRequest,
    decision: &str,
    change: impl FnOnce(&PersonSession, &mut Tx<'_>, &DeviceAuthorization) -> Result<(), Fault>,
) -> Result<DeviceReply, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(ACTION, &person.instance_id.arn())?;
    let code = request.user_code.parse::<UserCode>();
    let code = code.map_err(|must| Fault::invalid("Code", must))?;
    let mut tx = ctx.begin(permit)?;
    require_portal(&mut tx, person)?;

    let scope = throttle::scope([
        "user code",
        person.identity_store_id.as_str(),
        person.session_id.as_str(),
        "",
    ]);
    let guesses = sign_in_attempt::find(&mut tx, &scope)?;
    let now_ms = tx.now_ms();
    if let Some(retry_after_seconds) = GUESSES.pause_seconds(&guesses, now_ms) {
        return Err(Fault::Throttled { retry_after_seconds });
    }
    let found = device_authorization::find_by_user_code(&mut tx, &code, now_ms)?;
    let wish = found.filter(|wish| wish.identity_store_id == person.identity_store_id);
    let Some(wish) = wish else {
        throttle::keep(&mut tx, &scope, &GUESSES, &GUESSES.fail(&guesses, now_ms))?;
        tx.commit(&AuditEvent::new().asked("decision", decision).answered("found", false))?;
        return Err(unknown_code());
    };
    if !takes_codes(&mut tx, &person.instance_id)? {
        return Err(Fault::invalid("Code", NOT_BY_CODE));
    }
    change(person, &mut tx, &wish)?;
    let event = AuditEvent::new()
        .asked("decision", decision)
        .asked("clientName", &wish.client_name)
        .asked("requestedFrom", &wish.source_address)
        .answered("found", true);
    tx.commit(&event)?;
    Ok(DeviceReply {
        user_code: wish.user_code,
        client_name: wish.client_name,
        scopes: shown(wish.scopes),
        source_address: wish.source_address,
        user_agent: wish.user_agent,
        asked_at_ms: wish.created_at_ms,
        expires_at_ms: wish.expires_at_ms,
    })
}

fn require_own(person: &PersonSession, wish: &DeviceAuthorization) -> Result<(), Fault> {
    match &wish.state {
        DeviceState::Confirmed { user_id, portal_session_id }
            if *user_id == person.user_id && *portal_session_id == person.session_id =>
        {
            Ok(())
        }
        DeviceState::Pending
        | DeviceState::Confirmed { .. }
        | DeviceState::Approved { .. }
        | DeviceState::Denied
        | DeviceState::Used { .. } => Err(unknown_code()),
    }
}

// The error is the same for an unknown code, an expired one, a decided one and one of another
// person.
fn unknown_code() -> Fault {
    Fault::invalid("Code", "be one that waits for you. Look at your device, or start again there")
}
