//! The person whom a presented secret was made for, which may be presented in the wrong place.

use policy::NamedPerson;

use super::{client_token, secret};
use crate::Ctx;
use crate::key_ring::Keys;

/// Returns whose session a secret of any kind was made for, if this server made it.
#[must_use]
pub(crate) fn owner_of(keys: &Keys, presented: &str) -> Option<NamedPerson> {
    let of_token = || client_token::open(keys, presented).as_ref().map(client_token::person_of);
    secret::person_of(keys, presented).or_else(of_token)
}

/// Names the person whom a presented secret was made for in the events of the operation, if this server made it.
pub fn name_owner(ctx: &Ctx<'_>, presented: &str) {
    if let Some(person) = owner_of(&ctx.portico.keys, presented) {
        ctx.name_person(person);
    }
}
