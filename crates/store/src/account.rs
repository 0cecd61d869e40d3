//! Accounts of the organisation.

use model::ids::AccountId;
use model::likeness::Likeness;
use model::organization::{Account, AccountEmail};
use model::{Fault, OrganizationsEntity};

use crate::likeness::{Claim, Claimant, Column, claim};
use crate::row::text;
use crate::{Read, Row, Tx};

/// The columns of an account `c`, which [`account`] reads.
macro_rules! account_columns {
    () => {
        "c.id, c.name, c.email, c.joined_method, c.joined_at_ms"
    };
}
pub(crate) use account_columns;

/// Likenesses of addresses. All accounts have one owner, the empty text.
// AUTHORITY: unchanged, because a likeness only compares addresses.
const EMAILS: Column = Column {
    holder: "SELECT id, joined_at_ms AS created_at_ms, likeness_version AS state
        FROM account WHERE $1 = '' AND email_likeness = $2",
    release: "UPDATE account SET email_likeness = NULL, likeness_version = $3
        WHERE $1 = '' AND id = $2",
};

/// Adds an account whose number and address are new.
pub fn insert(tx: &mut Tx<'_>, account: &Account) -> Result<(), Fault> {
    let sql = "INSERT INTO account (id, name, email, email_key, joined_method, joined_at_ms,
            email_likeness, likeness_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT DO NOTHING";
    let claim = Claim::unique(Some(&Likeness::of(account.email.as_str())));
    let values = [
        text(&account.id),
        text(&account.name),
        text(&account.email),
        text(&account.email.key()),
        text(account.joined_method.as_str()),
        account.joined_at_ms.into(),
        claim.value(),
        Claim::version([&claim]).into(),
    ];
    match tx.execute(sql, &values)? {
        1 => Ok(()),
        _ => Err(Fault::not_unique(OrganizationsEntity::Account, "Email")),
    }
}

/// Finds the account with this number.
pub fn find(read: &mut Read<'_>, id: &AccountId) -> Result<Option<Account>, Fault> {
    let sql = concat!("SELECT ", account_columns!(), " FROM account c WHERE c.id = $1");
    read.query_one(sql, &[text(id)], account)
}

/// Returns the account, or `NotFound`.
pub fn require(read: &mut Read<'_>, id: &AccountId) -> Result<Account, Fault> {
    find(read, id)?.ok_or_else(|| Fault::not_found(OrganizationsEntity::Account, id))
}

/// Tells whether an account has this address, or one that looks the same.
pub fn has_email(read: &mut Read<'_>, email: &AccountEmail) -> Result<bool, Fault> {
    let sql = "SELECT id FROM account WHERE email_key = $1 OR email_likeness = $2";
    let likeness = Likeness::of(email.as_str());
    let found = read.query(sql, &[text(&email.key()), text(likeness.as_str())], |_| Ok(()))?;
    Ok(!found.is_empty())
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

/// Lists the accounts whose likenesses are of a version, by number, after the number `after`.
pub(crate) fn list_of_likeness_version(
    read: &mut Read<'_>,
    version: i64,
    after: &str,
    limit: i64,
) -> Result<Vec<Account>, Fault> {
    let sql = concat!(
        "SELECT ",
        account_columns!(),
        " FROM account c
        WHERE c.likeness_version = $1 AND c.id > $2
        ORDER BY c.id
        LIMIT $3"
    );
    read.query(sql, &[version.into(), text(after), limit.into()], account)
}

/// Claims the likeness of the address.
pub(crate) fn claims(tx: &mut Tx<'_>, account: &Account) -> Result<Claim, Fault> {
    let claimant =
        Claimant { owner: "", id: account.id.as_str(), created_at_ms: account.joined_at_ms };
    claim(tx, &EMAILS, &claimant, Some(&Likeness::of(account.email.as_str())))
}

/// Writes the likeness of an account.
pub(crate) fn write_likeness(
    tx: &mut Tx<'_>,
    account: &Account,
    claim: &Claim,
) -> Result<(), Fault> {
    let sql = "UPDATE account SET email_likeness = $2, likeness_version = $3 WHERE id = $1";
    let values = [text(&account.id), claim.value(), Claim::version([claim]).into()];
    tx.execute(sql, &values).map(drop)
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
