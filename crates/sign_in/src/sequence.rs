//! The steps of the sign-in sequence behind the first factor, as pages show them (decision 0040).
//!
//! INVARIANT: settings, devices and trust are read in the transaction that begins the session, whatever a page said.

use kernel::Ctx;
use kernel::sessions::sequence::{NextStep, Proven, Situation, next_step};
use kernel::sessions::{NewSession, begin_portal_session};
use kernel::strength::{is_guaranteed, is_vouched};
use kernel::throttle::{Attempt, Counts};
use model::attribute::EmailAddress;
use model::ids::{IdentityStoreId, UserId};
use model::instance::{Instance, InstanceStatus};
use model::likeness::Likeness;
use model::mfa::{MfaBypass, MfaDevice, MfaSettings, MfaType, NoMfaSignInBehavior, PromptMode};
use model::password::PasswordKind;
use model::sign_in_record::CredentialType;
use model::{AuditEvent, Fault};
use policy::NamedPerson;
use store::user_password::{self, Signer};
use store::{Read, Tx, instance, mfa_bypass, setting, user, user_email};

use crate::browser::Browser;
use crate::factors::Factors;
use crate::history;
use crate::step_ticket::{StepTicket, TICKET_MS};
use crate::trust;

/// Where a person is in the sequence.
#[derive(Debug)]
pub enum Progress {
    /// The person is signed in.
    SignedIn(NewSession),
    /// The person has more to do.
    SecondStep(SecondStep),
}

/// What a person has to do before a session begins.
#[derive(Debug)]
pub struct SecondStep {
    pub user_name: String,
    /// Proof of what was done so far, for the form of the next page.
    pub ticket: String,
    pub ask: Ask,
}

/// What a page asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ask {
    /// A device of one of these types. The one that was used last comes first.
    Device {
        types: Vec<MfaType>,
        /// True if the person may call the browser their own.
        may_trust: bool,
    },
    /// A new device of one of these types.
    Register { types: Vec<MfaType> },
    /// The code that goes to the person's address.
    EmailCode { may_trust: bool },
    /// Nothing: an administrator has to help.
    Blocked,
}

/// A person in the sequence, as they are now.
pub(crate) struct Arrival<'a> {
    pub(crate) instance: Instance,
    pub(crate) signer: Signer,
    pub(crate) browser: &'a Browser,
    /// When the sequence ends that the person is in, if they are in one.
    pub(crate) until_ms: Option<i64>,
}

/// What the instance asks for, and what the person has.
pub(crate) struct Standing {
    pub(crate) settings: MfaSettings,
    pub(crate) factors: Factors,
    /// Address, if a code may have to go to it.
    pub(crate) address: Option<EmailAddress>,
    trusted: Option<trust::Found>,
    /// True if an administrator lets the person in once without a second factor.
    is_excused: bool,
}

impl Standing {
    /// Tells whether people may call a browser their own.
    pub(crate) fn may_trust(&self) -> bool {
        self.settings.prompt_mode == PromptMode::ContextAware
    }
}

impl<'a> Arrival<'a> {
    /// Finds the person of a ticket, if their password is still the one that was typed.
    pub(crate) fn require(
        ctx: &Ctx<'_>,
        read: &mut Read<'_>,
        ticket: &StepTicket,
        browser: &'a Browser,
    ) -> Result<Self, Fault> {
        let (store_id, user_id) = (&ticket.identity_store_id, &ticket.user_id);
        let found = Self::find(read, (store_id, user_id), browser)?;
        let arrival = Self { until_ms: Some(ticket.expires_at_ms), ..found };
        let is_unchanged = arrival.signer.password.as_ref().is_some_and(|password| {
            password.revision == ticket.revision && password.kind == PasswordKind::Chosen
        });
        if !is_unchanged {
            ctx.describe(
                AuditEvent::new()
                    .asked("userId", user_id)
                    .answered("reason", "the password was changed meanwhile"),
            );
            return Err(Fault::NoSession);
        }
        Ok(arrival)
    }

    /// Finds the person of a ticket, if the step behind the password is still the one that a page `asks` for.
    pub(crate) fn require_step(
        ctx: &Ctx<'_>,
        read: &mut Read<'_>,
        ticket: &StepTicket,
        browser: &'a Browser,
        asks: impl FnOnce(&NextStep) -> bool,
    ) -> Result<(Self, Standing), Fault> {
        let arrival = Self::require(ctx, read, ticket, browser)?;
        let standing = arrival.standing(ctx, read)?;
        if asks(&arrival.next_step(&standing, Proven::Password)) {
            Ok((arrival, standing))
        } else {
            Err(Fault::NoSession)
        }
    }

    /// Finds a person who may sign in and has shown that they are who they say.
    pub(crate) fn find(
        read: &mut Read<'_>,
        (store_id, user_id): (&IdentityStoreId, &UserId),
        browser: &'a Browser,
    ) -> Result<Self, Fault> {
        let found = instance::find_by_store(read, store_id)?;
        let is_active = |instance: &Instance| instance.status == InstanceStatus::Active;
        let instance = found.filter(is_active).ok_or(Fault::NoSession)?;
        let found = user_password::find_signer(read, store_id, user_id)?;
        let signer = found.filter(|signer| signer.is_enabled).ok_or(Fault::NoSession)?;
        Ok(Self { instance, signer, browser, until_ms: None })
    }

    /// Reads what the instance asks for, and what the person has.
    pub(crate) fn standing(&self, ctx: &Ctx<'_>, read: &mut Read<'_>) -> Result<Standing, Fault> {
        let (store_id, user_id) = (&self.instance.identity_store_id, &self.signer.user_id);
        let settings: MfaSettings = setting::find(read, &self.instance.id)?;
        let factors = Factors::find(ctx, read, &self.instance, user_id)?;
        let trusted = if settings.prompt_mode == PromptMode::ContextAware {
            trust::find(ctx, read, (store_id, user_id), self.browser)?
        } else {
            None
        };
        let address = match settings.no_mfa_sign_in_behavior {
            NoMfaSignInBehavior::EmailOtp => self.guaranteed_address(ctx, read)?,
            NoMfaSignInBehavior::RequireRegistration
            | NoMfaSignInBehavior::Blocked
            | NoMfaSignInBehavior::Allowed => None,
        };
        let is_excused = match mfa_bypass::find(read, store_id, user_id, ctx.now_ms())? {
            Some(MfaBypass { voucher, .. }) => {
                is_vouched(ctx, read, &self.instance, user_id, voucher.as_ref())?
            }
            None => false,
        };
        Ok(Standing { settings, factors, address, trusted, is_excused })
    }

    /// The address that a second factor may go to. Who changed the address of a person who may do more is no second factor.
    fn guaranteed_address(
        &self,
        ctx: &Ctx<'_>,
        read: &mut Read<'_>,
    ) -> Result<Option<EmailAddress>, Fault> {
        let (store_id, user_id) = (&self.instance.identity_store_id, &self.signer.user_id);
        let found = user::find(read, store_id, user_id)?.and_then(|user| user.email().cloned());
        let Some(address) = found else { return Ok(None) };
        let guarantor = user_email::find(read, store_id, user_id, address.mailbox())?.guarantor();
        let is_guaranteed = is_guaranteed(ctx, read, &self.instance, user_id, &guarantor)?;
        Ok(is_guaranteed.then_some(address))
    }

    /// Returns what the person has to do next.
    pub(crate) fn next_step(&self, standing: &Standing, proven: Proven) -> NextStep {
        let devices: Vec<MfaType> = standing.factors.devices.iter().map(|it| it.mfa_type).collect();
        next_step(&Situation {
            identity_store_id: &self.instance.identity_store_id,
            user_id: &self.signer.user_id,
            settings: &standing.settings,
            proven,
            devices: &devices,
            is_trusted: standing.trusted.is_some(),
            is_excused: standing.is_excused,
            has_address: standing.address.is_some(),
        })
    }

    /// Goes on: begins the session, or tells what else the person has to do. Returns the event with what came of it.
    pub(crate) fn advance(
        &self,
        ctx: &Ctx<'_>,
        tx: &mut Tx<'_>,
        proven: Proven,
        event: &AuditEvent,
    ) -> Result<(Progress, AuditEvent), Fault> {
        let standing = self.standing(ctx, tx)?;
        let outcome = |word: &str| event.clone().answered("UserAuthentication", word);
        let may_trust = standing.may_trust();
        let (ask, event) = match self.next_step(&standing, proven) {
            NextStep::SignedIn(proof) => {
                if let Some(found) = &standing.trusted {
                    found.note_use(tx)?;
                }
                let mut event = outcome("Success");
                let is_excused = standing.is_excused && proven == Proven::Password;
                if is_excused {
                    let (store_id, user_id) =
                        (&self.instance.identity_store_id, &self.signer.user_id);
                    // INVARIANT: it is good for one sign-in, also on two nodes at the same moment.
                    if !mfa_bypass::spend(tx, store_id, user_id)? {
                        return Err(Fault::Contended);
                    }
                    event = event.answered("mfaBypass", "true");
                }
                self.counts(ctx).know(tx)?;
                let person = (&self.instance.identity_store_id, &self.signer.user_id);
                history::add(ctx, tx, person, proven)?;
                let new = begin_portal_session(ctx, tx, &proof)?;
                let new = NewSession { is_excused, ..new };
                let event = event.answered("sessionId", &new.session.id);
                return Ok((Progress::SignedIn(new), event));
            }
            NextStep::AskDevice(types) => {
                (Ask::Device { types, may_trust }, outcome("SecondFactorRequired"))
            }
            NextStep::Register(types) => {
                (Ask::Register { types }, outcome("DeviceEnrollmentRequired"))
            }
            NextStep::EmailCode => (Ask::EmailCode { may_trust }, outcome("EmailCodeRequired")),
            NextStep::Blocked(obstacle) => {
                (Ask::Blocked, outcome("Failure").answered("reason", obstacle.as_str()))
            }
        };
        Ok((Progress::SecondStep(self.second_step(ctx, ask, None)?), event))
    }

    /// Goes on after a right second factor, and commits. Trusts the browser if the person calls it their own; returns the
    /// new value of its cookie then.
    pub(crate) fn succeed(
        &self,
        ctx: &Ctx<'_>,
        mut tx: Tx<'_>,
        standing: &Standing,
        (proven, is_own): (Proven, bool),
        event: AuditEvent,
    ) -> Result<(Progress, Option<String>), Fault> {
        let mut event = event.answered("CredentialVerification", "Success");
        let trusted = if is_own && standing.may_trust() {
            event = event.answered("trustedBrowser", "true");
            let owner = (&self.instance.identity_store_id, &self.signer.user_id);
            Some(trust::begin(ctx, &mut tx, owner, self.browser)?)
        } else {
            None
        };
        let (progress, event) = self.advance(ctx, &mut tx, proven, &event)?;
        tx.commit(&event)?;
        Ok((progress, trusted))
    }

    /// Makes a step with its ticket. `out_of_step` is the device and the time step of a code that came from a wrong clock.
    pub(crate) fn second_step(
        &self,
        ctx: &Ctx<'_>,
        ask: Ask,
        out_of_step: Option<(&MfaDevice, i64)>,
    ) -> Result<SecondStep, Fault> {
        let ticket = StepTicket {
            identity_store_id: self.instance.identity_store_id.clone(),
            user_id: self.signer.user_id.clone(),
            revision: self.signer.password.as_ref().map_or(0, |password| password.revision),
            out_of_step: out_of_step.map(|(device, step)| (device.id.clone(), step)),
            expires_at_ms: self.until_ms.unwrap_or_else(|| ctx.now_ms() + TICKET_MS),
        };
        let ticket = ticket.seal(ctx, &self.browser.id)?;
        Ok(SecondStep { user_name: self.signer.user_name.clone(), ticket, ask })
    }

    /// The counters of the person's attempts from this browser.
    pub(crate) fn counts(&self, ctx: &Ctx<'_>) -> Counts {
        Counts::of(&Attempt {
            store_id: &self.instance.identity_store_id,
            user_name: &Likeness::of(&self.signer.user_name),
            is_guessable: true,
            browser: &self.browser.id,
            source_address: &ctx.request.origin.source_address,
        })
    }
}

impl Arrival<'_> {
    /// Notes for the person's history that a second factor was wrong.
    pub(crate) fn note_failure(&self, ctx: &Ctx<'_>, credential_type: CredentialType) {
        let (store_id, user_id) = (&self.instance.identity_store_id, &self.signer.user_id);
        history::note_failure(ctx, store_id, Some(user_id), credential_type);
    }
}

/// Names the person of a ticket in the events that follow.
pub(crate) fn name_person(ctx: &Ctx<'_>, ticket: &StepTicket) {
    ctx.name_person(NamedPerson {
        identity_store_id: ticket.identity_store_id.clone(),
        user_id: ticket.user_id.clone(),
        session_id: None,
    });
}

/// Begins the event of a step with this type of credential.
pub(crate) fn event_of(ctx: &Ctx<'_>, ticket: &StepTicket, credential_type: &str) -> AuditEvent {
    AuditEvent::new()
        .asked("CredentialType", credential_type)
        .asked("AuthWorkflowID", &ctx.request.id)
        .asked("userId", &ticket.user_id)
}
