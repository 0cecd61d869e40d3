//! Accounts and roles that a person holds through assignments.
//!
//! The queries say CROSS JOIN because SQLite then keeps the join order: from the few groups of the
//! person to the assignments of each, and never through the assignments of everyone. PostgreSQL
//! finds that order by itself.

use model::Fault;
use model::ids::{AccountId, PermissionSetId, RoleId};
use model::organization::Account;
use policy::PersonSession;

use crate::account::{account, account_columns};
use crate::removed_principal::not_removed;
use crate::row::text;
use crate::{Read, Row};

/// The columns of a held role, of its permission set `p` and its role `r`, which [`held_role`] reads.
macro_rules! held_role_columns {
    () => {
        "p.id AS permission_set_id, p.name AS permission_set_name, r.name AS role_name, r.role_id, \
         r.session_duration_seconds, r.relay_state"
    };
}

/// Role that a person holds in an account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HeldRole {
    pub permission_set_id: PermissionSetId,
    /// Name of the permission set, which people and command lines use for the role.
    pub permission_set_name: String,
    /// `AWSReservedSSO_…`.
    pub role_name: String,
    pub role_id: RoleId,
    pub session_duration_seconds: i64,
    pub relay_state: Option<String>,
}

/// Account of one principal that is `$5` places behind their first one on the page, or a text after all accounts.
/// `$rest` is the condition on the principal and on the first account.
///
/// It ends the read of a principal with many accounts: each account adds an entry, so a page of `$5` entries ends before
/// it, even if the entries of the first account were on the page before.
macro_rules! end_of_page {
    ($($rest:tt)+) => {
        concat!(
            "COALESCE((SELECT DISTINCT b.account_id FROM account_assignment b
                WHERE b.instance_id = $1 AND ",
            $($rest)+,
            " ORDER BY b.account_id
                LIMIT 1 OFFSET $5), '~')"
        )
    };
}

/// Lists accounts in which the person holds a role, by number: at most `limit` after `after`.
///
/// MATERIALIZED ends the part of a group once. SQLite would find the end again for each assignment.
pub fn list_accounts(
    read: &mut Read<'_>,
    person: &PersonSession,
    after: &str,
    limit: i64,
) -> Result<Vec<Account>, Fault> {
    let sql = concat!(
        "WITH part AS MATERIALIZED (
            SELECT m.group_id, ",
        end_of_page!(
            "b.principal_type = 'GROUP' AND b.principal_id = m.group_id AND b.account_id > $4"
        ),
        " AS end_id
            FROM identity_membership m
            WHERE m.identity_store_id = $2 AND m.user_id = $3 AND ",
        not_removed!("m.group_id"),
        ")
        SELECT ",
        account_columns!(),
        " FROM (
            SELECT a.account_id
            FROM account_assignment a
            WHERE a.instance_id = $1 AND a.principal_type = 'USER' AND a.principal_id = $3
                AND a.account_id > $4 AND a.account_id <= ",
        end_of_page!("b.principal_type = 'USER' AND b.principal_id = $3 AND b.account_id > $4"),
        " UNION
            SELECT a.account_id
            FROM part
            CROSS JOIN account_assignment a
            WHERE a.instance_id = $1 AND a.principal_type = 'GROUP'
                AND a.principal_id = part.group_id
                AND a.account_id > $4 AND a.account_id <= part.end_id
            ORDER BY account_id
            LIMIT $5
        ) held
        CROSS JOIN account c
        WHERE c.id = held.account_id
        ORDER BY held.account_id"
    );
    let values = [
        text(&person.instance_id),
        text(&person.identity_store_id),
        text(&person.user_id),
        text(after),
        limit.into(),
    ];
    read.query(sql, &values, account)
}

/// Lists the person's roles in an account by name: at most `limit` after the name `after`.
pub fn list_roles(
    read: &mut Read<'_>,
    person: &PersonSession,
    account_id: &AccountId,
    after: &str,
    limit: i64,
) -> Result<Vec<HeldRole>, Fault> {
    let sql = concat!(
        "SELECT ",
        held_role_columns!(),
        " FROM (
            SELECT a.permission_set_id
            FROM account_assignment a
            WHERE a.instance_id = $1 AND a.principal_type = 'USER' AND a.principal_id = $3
                AND a.account_id = $4
            UNION
            SELECT a.permission_set_id
            FROM identity_membership m
            CROSS JOIN account_assignment a
            WHERE m.identity_store_id = $2 AND m.user_id = $3 AND ",
        not_removed!("m.group_id"),
        " AND a.instance_id = $1 AND a.principal_type = 'GROUP'
                AND a.principal_id = m.group_id AND a.account_id = $4
        ) held
        CROSS JOIN permission_set p
        JOIN role r
            ON r.instance_id = p.instance_id AND r.permission_set_id = p.id AND r.account_id = $4
        WHERE p.instance_id = $1 AND p.id = held.permission_set_id AND p.name > $5
        ORDER BY p.name
        LIMIT $6"
    );
    let values = [
        text(&person.instance_id),
        text(&person.identity_store_id),
        text(&person.user_id),
        text(account_id),
        text(after),
        limit.into(),
    ];
    read.query(sql, &values, held_role)
}

/// Lists the names of the person's roles in the accounts from `first` to `last`, by account number and name.
pub fn list_names(
    read: &mut Read<'_>,
    person: &PersonSession,
    (first, last): (&AccountId, &AccountId),
) -> Result<Vec<(AccountId, String)>, Fault> {
    let sql = concat!(
        "SELECT held.account_id, p.name
        FROM (
            SELECT a.account_id, a.permission_set_id
            FROM account_assignment a
            WHERE a.instance_id = $1 AND a.principal_type = 'USER' AND a.principal_id = $3
                AND a.account_id >= $4 AND a.account_id <= $5
            UNION
            SELECT a.account_id, a.permission_set_id
            FROM identity_membership m
            CROSS JOIN account_assignment a
            WHERE m.identity_store_id = $2 AND m.user_id = $3 AND ",
        not_removed!("m.group_id"),
        " AND a.instance_id = $1 AND a.principal_type = 'GROUP' AND a.principal_id = m.group_id
                AND a.account_id >= $4 AND a.account_id <= $5
        ) held
        CROSS JOIN permission_set p
        WHERE p.instance_id = $1 AND p.id = held.permission_set_id
        ORDER BY held.account_id, p.name"
    );
    let values = [
        text(&person.instance_id),
        text(&person.identity_store_id),
        text(&person.user_id),
        text(first),
        text(last),
    ];
    read.query(sql, &values, |row: &Row| {
        Ok((row.parse("account_id")?, row.text("name")?.to_owned()))
    })
}

/// Finds the role with this name that the person holds in an account.
pub fn find_role(
    read: &mut Read<'_>,
    person: &PersonSession,
    account_id: &AccountId,
    permission_set_name: &str,
) -> Result<Option<HeldRole>, Fault> {
    let sql = concat!(
        "SELECT ",
        held_role_columns!(),
        " FROM permission_set p
        JOIN role r
            ON r.instance_id = p.instance_id AND r.permission_set_id = p.id AND r.account_id = $4
        WHERE p.instance_id = $1 AND p.name = $5
            AND (EXISTS (
                SELECT 1 FROM account_assignment a
                WHERE a.instance_id = $1 AND a.account_id = $4 AND a.permission_set_id = p.id
                    AND a.principal_type = 'USER' AND a.principal_id = $3)
            OR EXISTS (
                SELECT 1 FROM identity_membership m
                JOIN account_assignment a
                    ON a.instance_id = $1 AND a.account_id = $4 AND a.permission_set_id = p.id
                        AND a.principal_type = 'GROUP' AND a.principal_id = m.group_id
                WHERE m.identity_store_id = $2 AND m.user_id = $3 AND ",
        not_removed!("m.group_id"),
        "))"
    );
    let values = [
        text(&person.instance_id),
        text(&person.identity_store_id),
        text(&person.user_id),
        text(account_id),
        text(permission_set_name),
    ];
    read.query_one(sql, &values, held_role)
}

fn held_role(row: &Row) -> Result<HeldRole, Fault> {
    Ok(HeldRole {
        permission_set_id: row.parse("permission_set_id")?,
        permission_set_name: row.text("permission_set_name")?.to_owned(),
        role_name: row.text("role_name")?.to_owned(),
        role_id: row.parse("role_id")?,
        session_duration_seconds: row.integer("session_duration_seconds")?,
        relay_state: row.text_or_null("relay_state")?.map(str::to_owned),
    })
}
