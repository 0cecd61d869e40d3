//! What is known of the address of a user: who set it, and whether the person proved that it is theirs.
//!
//! The column `email_key` has the mailbox, letter by letter ([`EmailAddress::mailbox`](model::attribute::EmailAddress::mailbox)).

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::password::{Guarantor, Voucher};

use crate::row::text;
use crate::{Read, Row, Tx, column};

/// What is known of an address of a user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserEmail {
    /// Caller who set the address, if it is known.
    pub voucher: Option<Voucher>,
    /// When the person proved that the address is theirs.
    pub verified_at_ms: Option<i64>,
}

impl UserEmail {
    /// Who answers for what is sent to the address.
    #[must_use]
    pub fn guarantor(self) -> Guarantor {
        match self.verified_at_ms {
            Some(_) => Guarantor::Person,
            None => Guarantor::Caller(self.voucher),
        }
    }
}

/// Notes that a caller set an address, which nobody has proved yet.
pub fn set(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    mailbox: &str,
    voucher: &Voucher,
) -> Result<(), Fault> {
    let sql = "INSERT INTO user_email (identity_store_id, user_id, email_key, voucher)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (identity_store_id, user_id) DO UPDATE
            SET email_key = $3, voucher = $4, verified_at_ms = NULL";
    tx.write(sql, &[text(store_id), text(user_id), text(mailbox), column::voucher(Some(voucher))?])
}

/// Notes that the person proved that the address is theirs.
pub fn verify(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    mailbox: &str,
) -> Result<(), Fault> {
    let sql = "INSERT INTO user_email (identity_store_id, user_id, email_key, verified_at_ms)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (identity_store_id, user_id) DO UPDATE SET email_key = $3, verified_at_ms = $4,
            voucher = CASE WHEN user_email.email_key = $3 THEN user_email.voucher ELSE NULL END";
    tx.write(sql, &[text(store_id), text(user_id), text(mailbox), tx.now_ms().into()])
}

/// Finds what is known of an address of a user. Nothing is known of one that was set in another way.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    mailbox: &str,
) -> Result<UserEmail, Fault> {
    let sql = "SELECT voucher, verified_at_ms FROM user_email
        WHERE identity_store_id = $1 AND user_id = $2 AND email_key = $3";
    let found = read.query_one(sql, &[text(store_id), text(user_id), text(mailbox)], email)?;
    Ok(found.unwrap_or(UserEmail { voucher: None, verified_at_ms: None }))
}

fn email(row: &Row) -> Result<UserEmail, Fault> {
    let voucher = column::parse_voucher(row)?;
    let is_verified = !row.is_null("verified_at_ms")?;
    let verified_at_ms = is_verified.then(|| row.integer("verified_at_ms")).transpose()?;
    Ok(UserEmail { voucher, verified_at_ms })
}
