//! A password that a person chooses: its rules, and its hash.

use kernel::Ctx;
use kernel::hash_seal::{Owner, open_hash, seal_hash};
use kernel::passwords::Sitter;
use model::Fault;
use model::password::StoredHash;
use model::source_network::Networks;

use super::password_rules::PasswordRules;

/// Label of the second field of the page, for error messages.
pub const CONFIRM_PASSWORD: &str = "Confirm password";

/// A new password as it was typed, twice.
#[derive(Clone, Copy)]
pub(crate) struct Typed<'a> {
    pub(crate) new_password: &'a str,
    pub(crate) confirm_password: &'a str,
}

/// Checks a new password against the rules that need no hash.
pub(crate) fn require_rules(rules: &PasswordRules, typed: Typed<'_>) -> Result<(), Fault> {
    rules.require(typed.new_password)?;
    if typed.confirm_password == typed.new_password {
        Ok(())
    } else {
        Err(Fault::invalid(CONFIRM_PASSWORD, "be the same as the new password"))
    }
}

/// Checks a new password against the rules and the remembered ones, and makes its hash. Returns `None` if it is one of
/// the remembered ones.
///
/// It hashes once for each remembered password, outside of any transaction.
pub(crate) fn hash_chosen(
    ctx: &Ctx<'_>,
    owner: Owner<'_>,
    (rules, remembered): (&PasswordRules, &[StoredHash]),
    typed: Typed<'_>,
) -> Result<Option<StoredHash>, Fault> {
    require_rules(rules, typed)?;
    let networks = Networks::of(&ctx.request.origin.source_address);
    let seat = ctx.portico.passwords.take_seat(Sitter::Known(&networks))?;
    let bytes = typed.new_password.as_bytes();
    for past in remembered.iter().filter_map(|past| open_hash(ctx.portico, owner, past)) {
        if seat.is_right(bytes, &past)? {
            return Ok(None);
        }
    }
    let hash = seat.keep(bytes, &*ctx.portico.random)?;
    drop(seat);
    seal_hash(ctx.portico, owner, &hash).map(Some)
}
