//! Sign-in of a person without a password, with a code from the mail.
//!
//! CloudTrail: `CredentialVerification` with the `CredentialType` `EMAIL_OTP`.
//! INVARIANT: a code has 60 random bits and is good for ten minutes, so it cannot be guessed, and its attempts do not raise
//! the user's count from all networks. A wrong code, a name without a code and a name of no user are looked up by the same statements.

use kernel::Ctx;
use kernel::key_ring::Keys;
use kernel::perform::{retry, trace_admitted};
use kernel::sessions::secret::Secret;
use kernel::strangers::StrangerKind;
use kernel::throttle::{Attempt, Counts};
use model::ids::{IdentityStoreId, InstanceId, UserId};
use model::likeness::Likeness;
use model::mfa::NoPasswordSignInBehavior;
use model::password::{LinkPurpose, PasswordLink};
use model::token::TokenHash;
use model::{AuditEvent, Fault};
use sha2::{Digest, Sha256};
use store::{Tx, password_link, setting, user_password};

use super::authenticate::VERIFICATION;
use super::instance::require_instance;
use super::open_password_link::{OpenedLink, require_link};
use super::ticket::{Proof, Ticket};

/// Letters and digits that are not easily confused.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Number of letters of a code, in groups of four.
const CODE_CHARS: usize = 12;

/// Time for which the person may choose a password after the code.
const TICKET_MS: i64 = 15 * 60 * 1000;

pub struct RedeemEmailOtpRequest {
    /// `None` for the organisation's instance.
    pub instance_id: Option<InstanceId>,
    /// User name as typed.
    pub user_name: String,
    /// Code as typed.
    pub code: String,
    /// Cookie of the browser.
    pub browser: String,
}

/// Takes a code in exchange for a ticket for `set_new_password`. `NoSession` means that the name and the code do not belong
/// together.
pub fn redeem_email_otp(
    ctx: &Ctx<'_>,
    request: &RedeemEmailOtpRequest,
) -> Result<OpenedLink, Fault> {
    let address = &ctx.request.origin.source_address;
    let strangers = &ctx.portico.strangers;
    let place = strangers.take_place(StrangerKind::SignIn, address, ctx.now_ms());
    let outcome = retry(ctx.portico, || redeem(ctx, request, place.is_some()));
    match (place, &outcome) {
        (Some(place), Ok(Some(_))) => strangers.give_back(StrangerKind::SignIn, &place),
        (Some(_), Err(fault)) => trace_admitted(ctx, VERIFICATION, fault),
        (None, Ok(None) | Err(_)) => {
            strangers.leave_out(StrangerKind::SignIn, address, ctx.now_ms());
        }
        (Some(_), Ok(None)) | (None, Ok(Some(_))) => {}
    }
    outcome?.ok_or(Fault::NoSession)
}

/// Returns `None` if the code is wrong. `is_recorded` tells whether that leaves its event.
fn redeem(
    ctx: &Ctx<'_>,
    request: &RedeemEmailOtpRequest,
    is_recorded: bool,
) -> Result<Option<OpenedLink>, Fault> {
    let permit = ctx.authorize(VERIFICATION, "*")?;
    let mut tx = ctx.begin(permit)?;
    let instance = require_instance(&mut tx, request.instance_id.as_ref())?;
    let store_id = &instance.identity_store_id;
    let name = request.user_name.trim();
    let signer = user_password::find_signer_by_name(&mut tx, store_id, name)?;
    let counts = Counts::of(&Attempt {
        store_id,
        user_name: &Likeness::of(name),
        is_guessable: false,
        browser: &request.browser,
        source_address: &ctx.request.origin.source_address,
    });
    let now_ms = tx.now_ms();
    let (portico, random) = (ctx.portico, &*ctx.portico.random);
    let ready = counts.require_no_pause(&mut tx, &portico.keys, now_ms)?;
    let counted = counts.begin(&mut tx, &ready, portico.strangers.new_counters())?;
    // No user has a random id, so a code of an unknown name is looked up in vain.
    let user_id = signer.map_or_else(|| UserId::random(random), |signer| signer.user_id);
    let hash = code_hash(&portico.keys, (store_id, &user_id), &request.code);
    let event = AuditEvent::new()
        .asked("CredentialType", "EMAIL_OTP")
        .asked("AuthWorkflowID", &ctx.request.id);
    // Who turns codes off means those that wait too.
    let behavior: NoPasswordSignInBehavior = setting::find(&mut tx, &instance.id)?;
    let found = match behavior {
        NoPasswordSignInBehavior::EmailOtp => require_link(ctx, &mut tx, &hash),
        NoPasswordSignInBehavior::Blocked => Err(Fault::NoSession),
    };
    let (link, signer) = match found {
        Ok(found) => found,
        Err(Fault::NoSession) => {
            let event = event.hidden("userName").answered("CredentialVerification", "Failure");
            tx.commit(&event.if_recorded(is_recorded))?;
            return Ok(None);
        }
        Err(fault) => return Err(fault),
    };
    counted.take_back(&mut tx)?;
    let ticket = exchange(ctx, &mut tx, link)?.seal(ctx, &request.browser)?;
    let event = event
        .asked("userId", &user_id)
        .answered("CredentialVerification", "Success")
        .answered("UserAuthentication", "NewPasswordRequired");
    tx.commit(&event)?;
    Ok(Some(OpenedLink { purpose: LinkPurpose::EmailOtp, user_name: signer.user_name, ticket }))
}

/// Takes a random secret in place of the code, so that the code works once.
fn exchange(ctx: &Ctx<'_>, tx: &mut Tx<'_>, link: PasswordLink) -> Result<Ticket, Fault> {
    let secret_hash = Secret::random(&*ctx.portico.random).hash();
    let expires_at_ms = tx.now_ms() + TICKET_MS;
    let exchanged = PasswordLink { secret_hash, expires_at_ms, ..link };
    password_link::put(tx, &exchanged)?;
    Ok(Ticket {
        identity_store_id: exchanged.identity_store_id,
        user_id: exchanged.user_id,
        proof: Proof::Link(secret_hash),
    })
}

/// Makes a code: three groups of four letters.
pub(super) fn new_code(ctx: &Ctx<'_>) -> String {
    let code = ctx.random_text(ALPHABET, CODE_CHARS);
    let groups = code.as_bytes().chunks(4).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join("-")
}

/// The hash of a code of a user, in whatever way it is typed. The key makes it useless to who has only the database.
pub(super) fn code_hash(
    keys: &Keys,
    (store_id, user_id): (&IdentityStoreId, &UserId),
    code: &str,
) -> TokenHash {
    let code: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(2 * CODE_CHARS)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let mut digest = Sha256::new();
    digest.update(keys.derive("code by mail"));
    digest.update(format!("{store_id} {user_id} {code}"));
    digest.finalize().into()
}
