//! Begins the ceremony that the page of a step needs: the proof or the registration of a security key.

use kernel::Ctx;
use kernel::perform::retry;
use kernel::sessions::sequence::{NextStep, Proven};
use model::Fault;
use model::mfa::MfaType;
use store::Read;
use webauthn::{Refusal, Registrant};

use crate::authenticate::VERIFICATION;
use crate::browser::Browser;
use crate::ceremony::{Audience, Ceremony, CeremonyKind, relying_party};
use crate::key_record::{open_all, user_handle};
use crate::sequence::{Arrival, Ask, SecondStep};
use crate::step_ticket::StepTicket;

/// Begins the ceremony of the step of a ticket. `None` if the step has none, or browsers offer no WebAuthn here.
pub fn offer_key(
    ctx: &Ctx<'_>,
    ticket: &str,
    browser: &Browser,
) -> Result<Option<Ceremony>, Fault> {
    let opened = StepTicket::open(ctx.portico, &browser.id, ticket);
    let ticket = opened.ok_or(Fault::NoSession)?;
    retry(ctx.portico, || {
        let permit = ctx.authorize(VERIFICATION, &ticket.user_id.arn())?;
        let mut read = ctx.read(&permit)?;
        begin(ctx, &mut read, &ticket, browser)
    })
}

/// Asks for the step of a ticket again.
pub fn ask_again(ctx: &Ctx<'_>, sealed: &str, browser: &Browser) -> Result<SecondStep, Fault> {
    let opened = StepTicket::open(ctx.portico, &browser.id, sealed);
    let ticket = opened.ok_or(Fault::NoSession)?;
    retry(ctx.portico, || {
        let permit = ctx.authorize(VERIFICATION, &ticket.user_id.arn())?;
        let mut read = ctx.read(&permit)?;
        let arrival = Arrival::require(ctx, &mut read, &ticket, browser)?;
        let standing = arrival.standing(ctx, &mut read)?;
        let NextStep::AskDevice(types) = arrival.next_step(&standing, Proven::Password) else {
            return Err(Fault::NoSession);
        };
        let may_trust = standing.may_trust();
        Ok(SecondStep {
            user_name: arrival.signer.user_name,
            ticket: sealed.to_owned(),
            ask: Ask::Device { types, may_trust },
        })
    })
}

fn begin(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    ticket: &StepTicket,
    browser: &Browser,
) -> Result<Option<Ceremony>, Fault> {
    let Some(server) = relying_party(ctx) else { return Ok(None) };
    let arrival = Arrival::require(ctx, read, ticket, browser)?;
    let standing = arrival.standing(ctx, read)?;
    let is_for_keys = |types: &[MfaType]| types.contains(&MfaType::Webauthn);
    let registered = open_all(ctx, &standing.factors.devices)?;
    let (kind, begun) = match arrival.next_step(&standing, Proven::Password) {
        NextStep::AskDevice(types) if is_for_keys(&types) => {
            (CeremonyKind::SecondFactor, server.begin_assertion(ctx.random(), &registered))
        }
        NextStep::Register(types) if is_for_keys(&types) => {
            let registrant = Registrant {
                user_handle: user_handle(ctx, &registered),
                user_name: &arrival.signer.user_name,
                display_name: &arrival.signer.user_name,
            };
            (
                CeremonyKind::Registration,
                server.begin_registration(ctx.random(), &registrant, &registered),
            )
        }
        NextStep::SignedIn(_)
        | NextStep::AskDevice(_)
        | NextStep::Register(_)
        | NextStep::EmailCode
        | NextStep::Blocked(_) => return Ok(None),
    };
    let begun = begun.map_err(not_begun)?;
    let person = Some((&ticket.identity_store_id, &ticket.user_id));
    let audience = Audience { browser: &browser.id, person };
    Ceremony::seal(ctx, kind, audience, begun).map(Some)
}

/// A ceremony of our own data that cannot begin is a bug.
pub(crate) fn not_begun(why: Refusal) -> Fault {
    Fault::broken(format!("a ceremony cannot begin: {}", why.reason()))
}
