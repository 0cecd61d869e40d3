//! Likenesses of the names and e-mail addresses of users.

use model::Fault;
use model::likeness::Likeness;
use model::user::User;

use crate::Tx;
use crate::likeness::{Claim, Claimant, Column, claim, likeness_state};
use crate::row::text;

/// Likenesses of user names.
// AUTHORITY: unchanged, because a likeness only finds a user.
const NAMES: Column = Column {
    holder: concat!(
        "SELECT id, created_at_ms, ",
        likeness_state!(),
        " AS state
        FROM identity_user WHERE identity_store_id = $1 AND user_name_likeness = $2"
    ),
    release: "UPDATE identity_user SET user_name_likeness = NULL, likeness_version = $3
        WHERE identity_store_id = $1 AND id = $2",
};

/// Likenesses of e-mail addresses.
// AUTHORITY: unchanged, because a likeness only finds a user.
const EMAILS: Column = Column {
    holder: concat!(
        "SELECT id, created_at_ms, ",
        likeness_state!(),
        " AS state
        FROM identity_user WHERE identity_store_id = $1 AND email_likeness = $2"
    ),
    release: "UPDATE identity_user SET email_likeness = NULL, likeness_version = $3
        WHERE identity_store_id = $1 AND id = $2",
};

/// Returns the likenesses of the name and of the address.
pub(crate) fn likenesses(user: &User) -> [Option<Likeness>; 2] {
    let email = user.email().map(|email| Likeness::of(email.as_str()));
    [Some(Likeness::of(user.user_name.as_str())), email]
}

/// Claims the likenesses of the name and of the address.
pub(crate) fn claims(tx: &mut Tx<'_>, user: &User) -> Result<[Claim; 2], Fault> {
    let (owner, id) = (user.identity_store_id.as_str(), user.id.as_str());
    let claimant = Claimant { owner, id, created_at_ms: user.created_at_ms };
    let [name, email] = likenesses(user);
    Ok([
        claim(tx, &NAMES, &claimant, name.as_ref())?,
        claim(tx, &EMAILS, &claimant, email.as_ref())?,
    ])
}

/// Writes the likenesses of a user. Revision and time of the user stay.
pub(crate) fn write(tx: &mut Tx<'_>, user: &User, claims: &[Claim; 2]) -> Result<(), Fault> {
    // AUTHORITY: unchanged, because a likeness only finds a user.
    let sql = "UPDATE identity_user
        SET user_name_likeness = $3, email_likeness = $4, likeness_version = $5,
            likeness_revision = revision
        WHERE identity_store_id = $1 AND id = $2";
    let [name, email] = claims;
    let (owner, id) = (text(&user.identity_store_id), text(&user.id));
    let values = [owner, id, name.value(), email.value(), Claim::version(claims).into()];
    tx.execute(sql, &values).map(drop)
}
