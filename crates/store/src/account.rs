//! Accounts of the organisation.

use model::ids::AccountId;
use model::organization::{Account, AccountEmail};
use model::{Fault, OrganizationsEntity};

use crate::row::text;
use crate::{Read, Row, Tx};

/// Adds an account whose number and address are new.
pub fn insert(tx: &mut Tx<'_>, account: &Account) -> Result<(), Fault> {
    let sql = "INSERT INTO account (id, name, email, email_key, joined_method, joined_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING";
    let values = [
        text(&account.id),
        text(&account.name),
        text(&account.email),
        text(&account.email.key()),
        text(account.joined_method.as_str()),
        account.joined_at_ms.into(),
    ];
    match tx.execute(sql, &values)? {
        1 => Ok(()),
        _ => Err(Fault::not_unique(OrganizationsEntity::Account, "Email")),
    }
}

/// The account, if there is one of this number.
pub fn find(read: &mut Read<'_>, id: &AccountId) -> Result<Option<Account>, Fault> {
    let sql = "SELECT id, name, email, joined_method, joined_at_ms FROM account WHERE id = $1";
    read.query_one(sql, &[text(id)], account)
}

/// The account, or the fault that there is none.
pub fn require(read: &mut Read<'_>, id: &AccountId) -> Result<Account, Fault> {
    find(read, id)?.ok_or_else(|| Fault::not_found(OrganizationsEntity::Account, id))
}

/// Whether an account has this address, in whatever case.
pub fn has_email(read: &mut Read<'_>, email: &AccountEmail) -> Result<bool, Fault> {
    let sql = "SELECT id FROM account WHERE email_key = $1";
    Ok(read.query_one(sql, &[text(&email.key())], |_| Ok(()))?.is_some())
}

/// Accounts by number, at most `limit` after the number `after`.
pub fn list(read: &mut Read<'_>, after: &str, limit: i64) -> Result<Vec<Account>, Fault> {
    let sql = "SELECT id, name, email, joined_method, joined_at_ms FROM account
        WHERE id > $1
        ORDER BY id
        LIMIT $2";
    read.query(sql, &[text(after), limit.into()], account)
}

fn account(row: &Row) -> Result<Account, Fault> {
    Ok(Account {
        id: row.parse(0)?,
        name: row.parse(1)?,
        email: row.parse(2)?,
        joined_method: row.parse(3)?,
        joined_at_ms: row.integer(4)?,
    })
}
