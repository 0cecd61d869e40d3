//! The history of a person's sign-ins, and the warning about many attempts in vain.

use kernel::perform::retry;
use kernel::sessions::kept_user_agent;
use kernel::sessions::sequence::Proven;
use kernel::{Ctx, Portico, RequestInfo};
use mail::notice;
use model::ids::{IdentityStoreId, SignInId, UserId};
use model::message::MessageKind;
use model::sign_in_record::{CredentialType, SignInOutcome, SignInRecord};
use model::{AuditEvent, Fault};
use store::{Tx, message, sign_in_record, user};

const NOTE: &str = "signin:NoteFailedSignIns";

/// Number of attempts in vain within [`DAY_MS`] of which a person is warned: where their limit from all networks begins.
const WARNED_FROM: i64 = 30;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Adds a sign-in to the history of the person.
pub(crate) fn add(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    (store_id, user_id): (&IdentityStoreId, &UserId),
    proven: Proven,
) -> Result<(), Fault> {
    let (outcome, shown, at_ms) = (SignInOutcome::Succeeded, shown_last(proven), tx.now_ms());
    sign_in_record::insert(tx, &record(ctx, (store_id, user_id), (outcome, shown), at_ms))
}

/// Notes for the history of a person that an attempt was in vain. `user_id` is `None` for a name that is nobody's.
pub(crate) fn note_failure(
    ctx: &Ctx<'_>,
    store_id: &IdentityStoreId,
    user_id: Option<&UserId>,
    shown: CredentialType,
) {
    if let Some(user_id) = user_id {
        let told = (SignInOutcome::Failed, shown);
        let record = record(ctx, (store_id, user_id), told, ctx.now_ms());
        ctx.portico.failed_sign_ins.note(record);
    }
}

fn record(
    ctx: &Ctx<'_>,
    (store_id, user_id): (&IdentityStoreId, &UserId),
    (outcome, credential_type): (SignInOutcome, CredentialType),
    at_ms: i64,
) -> SignInRecord {
    let origin = &ctx.request.origin;
    SignInRecord {
        identity_store_id: store_id.clone(),
        user_id: user_id.clone(),
        id: SignInId::random(&*ctx.portico.random),
        outcome,
        credential_type,
        source_address: origin.source_address.clone(),
        user_agent: kept_user_agent(&origin.user_agent),
        attempts: 1,
        at_ms,
    }
}

fn shown_last(proven: Proven) -> CredentialType {
    match proven {
        Proven::Password => CredentialType::Password,
        Proven::Device(mfa_type) => mfa_type.into(),
        Proven::EmailCode => CredentialType::EmailOtp,
        Proven::Passkey => CredentialType::Passkey,
    }
}

/// Writes the attempts in vain that were noted, and warns people at whom there were many. A server does it each second.
pub fn write_failures(portico: &Portico) -> Result<(), Fault> {
    let waiting = portico.failed_sign_ins.take();
    if waiting.is_empty() {
        return Ok(());
    }
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    // What cannot be written is in the audit log all the same, and the others are written.
    let written = waiting.iter().map(|record| retry(portico, || write(&ctx, record)));
    written.fold(Ok(()), Result::and)
}

fn write(ctx: &Ctx<'_>, record: &SignInRecord) -> Result<(), Fault> {
    let (store_id, user_id) = (&record.identity_store_id, &record.user_id);
    let permit = ctx.authorize(NOTE, &user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    // The person may be gone by now.
    if user::find(&mut tx, store_id, user_id)?.is_none() {
        return Ok(());
    }
    sign_in_record::add_failures(&mut tx, record)?;
    let since_ms = tx.now_ms() - DAY_MS;
    let failures = sign_in_record::count_failures(&mut tx, store_id, user_id, since_ms)?;
    let kind = MessageKind::FailedSignIns;
    let is_warned = failures >= WARNED_FROM
        && !message::is_posted_since(&mut tx, store_id, user_id, kind, since_ms)?
        && notice::failed_sign_ins(ctx, &mut tx, (store_id, user_id), failures)?;
    let event = AuditEvent::new().asked("userId", user_id).answered("failures", failures);
    // Each attempt is in the log already.
    tx.commit(&event.if_recorded(is_warned))
}
