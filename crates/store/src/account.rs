//! Accounts of the organisation.

use model::ids::AccountId;
use model::organization::{Account, AccountEmail};
use model::{Entity, Fault};

use crate::row::text;
use crate::{Read, Row, Tx};

/// The columns of an account `c`, which [`account`] reads.
macro_rules! account_columns {
    () => {
        "c.id, c.name, c.email, c.joined_method, c.joined_at_ms"
    };
}
pub(crate) use account_columns;

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
        _ => Err(Fault::NotUnique { entity: Entity::Account, field: "Email" }),
    }
}

/// Finds the account with this number.
pub fn find(read: &mut Read<'_>, id: &AccountId) -> Result<Option<Account>, Fault> {
    let sql = concat!("SELECT ", account_columns!(), " FROM account c WHERE c.id = $1");
    read.query_one(sql, &[text(id)], account)
}

/// Returns the account, or `NotFound`.
pub fn require(read: &mut Read<'_>, id: &AccountId) -> Result<Account, Fault> {
    find(read, id)?.ok_or_else(|| Fault::not_found(Entity::Account, id))
}

/// Tells whether an account has this address. Case does not matter.
pub fn has_email(read: &mut Read<'_>, email: &AccountEmail) -> Result<bool, Fault> {
    let sql = "SELECT id FROM account WHERE email_key = $1";
    Ok(read.query_one(sql, &[text(&email.key())], |_| Ok(()))?.is_some())
}

/// Lists accounts by number: at most `limit` after the number `after`.
pub fn list(read: &mut Read<'_>, after: &str, limit: i64) -> Result<Vec<Account>, Fault> {
    let sql = concat!(
        "SELECT ",
        account_columns!(),
        " FROM account c
        WHERE c.id > $1
        ORDER BY c.id
        LIMIT $2"
    );
    read.query(sql, &[text(after), limit.into()], account)
}

pub(crate) fn account(row: &Row) -> Result<Account, Fault> {
    Ok(Account {
        id: row.parse("id")?,
        name: row.parse("name")?,
        email: row.parse("email")?,
        joined_method: row.parse("joined_method")?,
        joined_at_ms: row.integer("joined_at_ms")?,
    })
}
