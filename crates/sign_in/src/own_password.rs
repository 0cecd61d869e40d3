//! The present password of a person who is signed in, as proof that it is they who sit at the browser.
//!
//! INVARIANT: an attempt counts as one to sign in. So who has found a browser open guesses no faster than a stranger.

use kernel::Ctx;
use kernel::hash_seal::open_hash;
use kernel::passwords::Seat;
use kernel::perform::retry;
use kernel::throttle::{Attempt, Counted, Counts};
use model::ids::IdentityStoreId;
use model::likeness::Likeness;
use model::password::{Password, PasswordKind};
use model::sign_in_record::CredentialType;
use model::{AuditEvent, Fault};
use policy::PersonSession;
use store::user_password::{self, Signer};
use store::{Read, Tx};

use super::authenticate::{CHALLENGE, VERIFICATION};
use crate::history;

/// Label of the field, for error messages.
pub const CURRENT_PASSWORD: &str = "Current password";

/// Attempt whose password was right.
pub(crate) struct Verified {
    counts: Counts,
    counted: Counted,
    /// Revision of the password.
    revision: i64,
}

/// Attempt that is counted, and whose password is still to be verified.
struct Begun<'a> {
    seat: Seat<'a>,
    counts: Counts,
    counted: Counted,
    signer: Signer,
}

/// Verifies the password of the calling person. `browser` is the value of the browser's lasting cookie.
///
/// The hash is made outside of any transaction, so this is called without `retry`.
pub(crate) fn verify(
    ctx: &Ctx<'_>,
    person: &PersonSession,
    password: &str,
    browser: &str,
) -> Result<Verified, Fault> {
    // Text that cannot be a password is the password of no user.
    let password: Password = password.parse().map_err(|_| wrong_password())?;
    let begun = retry(ctx.portico, || begin(ctx, person, browser))?;
    let owner = (&person.identity_store_id, &person.user_id);
    let kept = begun.signer.password.as_ref().filter(|kept| kept.kind == PasswordKind::Chosen);
    let hash = kept.and_then(|kept| open_hash(ctx.portico, owner, &kept.hash));
    let outcome = begun.seat.is_right_evenly(password.as_bytes(), hash.as_ref());
    let is_right = match outcome {
        Ok(is_right) => is_right,
        Err(fault) => {
            retry(ctx.portico, || take_back(ctx, person, &begun))?;
            return Err(fault);
        }
    };
    let (Some(kept), true) = (kept, is_right) else {
        retry(ctx.portico, || refuse(ctx, person))?;
        history::note_failure(ctx, owner.0, Some(owner.1), CredentialType::Password);
        return Err(wrong_password());
    };
    let revision = kept.revision;
    let Begun { counts, counted, .. } = begun;
    Ok(Verified { counts, counted, revision })
}

impl Verified {
    /// Records the success, in the transaction of what it was asked for. `NoSession` if the password was changed, or the
    /// person disabled, meanwhile.
    pub(crate) fn succeed(&self, tx: &mut Tx<'_>, person: &PersonSession) -> Result<(), Fault> {
        let signer = find_signer(tx, person)?;
        let is_same = signer.password.is_some_and(|kept| kept.revision == self.revision);
        if !is_same {
            return Err(Fault::NoSession);
        }
        self.counts.succeed(tx, &self.counted)
    }

    /// Takes the attempt back, because the password was right and something else was not.
    pub(crate) fn take_back(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        self.counted.take_back(tx)
    }
}

/// The fault of a password that is not the person's.
pub(crate) fn wrong_password() -> Fault {
    Fault::invalid(CURRENT_PASSWORD, "be the password that you signed in with")
}

/// The counters of the attempts of the calling person.
pub(crate) fn counts(
    ctx: &Ctx<'_>,
    (store_id, user_name): (&IdentityStoreId, &str),
    browser: &str,
) -> Counts {
    Counts::of(&Attempt {
        store_id,
        user_name: &Likeness::of(user_name),
        is_guessable: true,
        browser,
        source_address: &ctx.request.origin.source_address,
    })
}

fn begin<'a>(ctx: &Ctx<'a>, person: &PersonSession, browser: &str) -> Result<Begun<'a>, Fault> {
    let permit = ctx.authorize(CHALLENGE, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let signer = find_signer(&mut tx, person)?;
    let counts = counts(ctx, (&person.identity_store_id, &signer.user_name), browser);
    let now_ms = tx.now_ms();
    let ready = counts.require_no_pause(&mut tx, &ctx.portico.keys, now_ms)?;
    let seat = ctx.portico.passwords.take_seat(counts.sitter(&ready))?;
    let counted = counts.begin(&mut tx, &ready, ctx.portico.strangers.new_counters())?;
    tx.commit(&event(person))?;
    Ok(Begun { seat, counts, counted, signer })
}

fn find_signer(read: &mut Read<'_>, person: &PersonSession) -> Result<Signer, Fault> {
    let found = user_password::find_signer(read, &person.identity_store_id, &person.user_id)?;
    found.filter(|signer| signer.is_enabled).ok_or(Fault::NoSession)
}

fn take_back(ctx: &Ctx<'_>, person: &PersonSession, begun: &Begun<'_>) -> Result<(), Fault> {
    let permit = ctx.authorize(VERIFICATION, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    begun.counted.take_back(&mut tx)?;
    tx.commit(&event(person).answered("CredentialVerification", "None"))
}

fn refuse(ctx: &Ctx<'_>, person: &PersonSession) -> Result<(), Fault> {
    let permit = ctx.authorize(VERIFICATION, &person.user_id.arn())?;
    let tx = ctx.begin(permit)?;
    tx.commit(&event(person).answered("CredentialVerification", "Failure"))
}

fn event(person: &PersonSession) -> AuditEvent {
    AuditEvent::new().asked("CredentialType", "PASSWORD").asked("userId", &person.user_id)
}
