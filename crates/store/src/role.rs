//! Roles: permission sets as provisioned in accounts.

use model::Fault;
use model::ids::{AccountId, InstanceId, PermissionSetArn, PermissionSetId};
use model::organization::AccountName;
use model::permission_set::{
    ManagedPolicyArn, PROVISIONED_IN_ACCOUNT_MAX, PermissionSetName, ProvisioningStatus,
};
use model::role::Role;

use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx, Value, column};

/// The columns of a role `r`, which [`role`] reads.
macro_rules! role_columns {
    () => {
        "r.instance_id, r.account_id, r.permission_set_id, r.name, r.role_id, \
         r.managed_policy_arns, r.inline_policy, r.session_duration_seconds, r.relay_state, \
         r.permission_set_revision, r.revision, r.created_at_ms"
    };
}

/// Adds a role to an account that has no role of its permission set.
pub fn insert(tx: &mut Tx<'_>, role: &Role) -> Result<(), Fault> {
    // The permission set may change meanwhile, and others may add roles up to the quota.
    tx.require_serializable()?;
    let count = "SELECT COUNT(*) AS count FROM role WHERE instance_id = $1 AND account_id = $2";
    let values = [text(&role.instance_id), text(&role.account_id)];
    let count = tx.query_one(count, &values, |row| row.integer("count"))?;
    if usize::try_from(count.unwrap_or(0)).is_ok_and(|count| count >= PROVISIONED_IN_ACCOUNT_MAX) {
        let limit = format!("{PROVISIONED_IN_ACCOUNT_MAX} permission sets in an account");
        return Err(Fault::Quota { limit: limit.into() });
    }
    let sql = "INSERT INTO role (instance_id, account_id, permission_set_id, name, role_id,
            managed_policy_arns, inline_policy, session_duration_seconds, relay_state,
            permission_set_revision, revision, created_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let values = [
        text(&role.instance_id),
        text(&role.account_id),
        text(&role.permission_set_id),
        text(&role.name),
        text(&role.role_id),
        arns(&role.managed_policy_arns)?,
        text_or_null(role.inline_policy.as_ref()),
        role.session_duration_seconds.into(),
        text_or_null(role.relay_state.as_ref()),
        role.permission_set_revision.into(),
        role.revision.into(),
        role.created_at_ms.into(),
    ];
    tx.write(sql, &values)
}

/// Provisions a role again from its permission set. Credentials of the role have its new policies
/// at once.
pub fn update(tx: &mut Tx<'_>, role: &Role) -> Result<(), Fault> {
    tx.require_serializable()?;
    tx.change_authority();
    let sql = "UPDATE role SET managed_policy_arns = $4, inline_policy = $5,
            session_duration_seconds = $6, relay_state = $7, permission_set_revision = $8,
            revision = revision + 1
        WHERE instance_id = $1 AND account_id = $2 AND permission_set_id = $3";
    let values = [
        text(&role.instance_id),
        text(&role.account_id),
        text(&role.permission_set_id),
        arns(&role.managed_policy_arns)?,
        text_or_null(role.inline_policy.as_ref()),
        role.session_duration_seconds.into(),
        text_or_null(role.relay_state.as_ref()),
        role.permission_set_revision.into(),
    ];
    tx.write(sql, &values)
}

/// Finds the role of a permission set in an account.
pub fn find(
    read: &mut Read<'_>,
    instance_id: &InstanceId,
    account_id: &AccountId,
    permission_set_id: &PermissionSetId,
) -> Result<Option<Role>, Fault> {
    let sql = concat!(
        "SELECT ",
        role_columns!(),
        " FROM role r
        WHERE r.instance_id = $1 AND r.account_id = $2 AND r.permission_set_id = $3"
    );
    read.query_one(sql, &[text(instance_id), text(account_id), text(permission_set_id)], role)
}

/// Finds the role in an account by the name of its permission set.
pub fn find_by_permission_set_name(
    read: &mut Read<'_>,
    instance_id: &InstanceId,
    account_id: &AccountId,
    name: &PermissionSetName,
) -> Result<Option<Role>, Fault> {
    let sql = concat!(
        "SELECT ",
        role_columns!(),
        " FROM permission_set p
        JOIN role r ON r.instance_id = p.instance_id AND r.account_id = $2
            AND r.permission_set_id = p.id
        WHERE p.instance_id = $1 AND p.name = $3"
    );
    read.query_one(sql, &[text(instance_id), text(account_id), text(name)], role)
}

/// Tells whether the permission set has a role in any account.
pub fn is_any_of(read: &mut Read<'_>, set: &PermissionSetArn) -> Result<bool, Fault> {
    Ok(!list_accounts(read, set, None, "", 1)?.is_empty())
}

/// Lists accounts with a role of the permission set, by number: at most `limit` after `after`.
///
/// A filter scans every such account from there on.
pub fn list_accounts(
    read: &mut Read<'_>,
    set: &PermissionSetArn,
    status: Option<ProvisioningStatus>,
    after: &str,
    limit: i64,
) -> Result<Vec<AccountId>, Fault> {
    let sql = "SELECT r.account_id
        FROM role r
        JOIN permission_set p ON p.instance_id = r.instance_id AND p.id = r.permission_set_id
        WHERE r.instance_id = $1 AND r.permission_set_id = $2 AND r.account_id > $3
            AND ($4 = '' OR ($4 = 'LATEST_PERMISSION_SET_PROVISIONED')
                = (r.permission_set_revision = p.revision))
        ORDER BY r.account_id
        LIMIT $5";
    let values = [
        text(&set.instance_id),
        text(&set.id),
        text(after),
        text(status.map_or("", ProvisioningStatus::as_str)),
        limit.into(),
    ];
    read.query(sql, &values, |row| row.parse("account_id"))
}

/// Lists permission sets with a role in an account, by id: at most `limit` after the id `after`.
///
/// A filter scans every such permission set from there on: at most 500.
pub fn list_permission_sets(
    read: &mut Read<'_>,
    instance_id: &InstanceId,
    account_id: &AccountId,
    status: Option<ProvisioningStatus>,
    after: &str,
    limit: i64,
) -> Result<Vec<PermissionSetId>, Fault> {
    let sql = "SELECT r.permission_set_id
        FROM role r
        JOIN permission_set p ON p.instance_id = r.instance_id AND p.id = r.permission_set_id
        WHERE r.instance_id = $1 AND r.account_id = $2 AND r.permission_set_id > $3
            AND ($4 = '' OR ($4 = 'LATEST_PERMISSION_SET_PROVISIONED')
                = (r.permission_set_revision = p.revision))
        ORDER BY r.permission_set_id
        LIMIT $5";
    let values = [
        text(instance_id),
        text(account_id),
        text(after),
        text(status.map_or("", ProvisioningStatus::as_str)),
        limit.into(),
    ];
    read.query(sql, &values, |row| row.parse("permission_set_id"))
}

/// Permission set with a role in an account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProvisionedSet {
    pub id: PermissionSetId,
    pub name: PermissionSetName,
}

/// Lists permission sets with a role in an account with their names, in the order of
/// [`list_permission_sets`].
pub fn list_named_permission_sets(
    read: &mut Read<'_>,
    instance_id: &InstanceId,
    account_id: &AccountId,
    after: &str,
    limit: i64,
) -> Result<Vec<ProvisionedSet>, Fault> {
    let sql = "SELECT p.id, p.name
        FROM role r
        JOIN permission_set p ON p.instance_id = r.instance_id AND p.id = r.permission_set_id
        WHERE r.instance_id = $1 AND r.account_id = $2 AND r.permission_set_id > $3
        ORDER BY r.permission_set_id
        LIMIT $4";
    let values = [text(instance_id), text(account_id), text(after), limit.into()];
    read.query(sql, &values, |row| {
        Ok(ProvisionedSet { id: row.parse("id")?, name: row.parse("name")? })
    })
}

/// Account with a role of a permission set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProvisionedAccount {
    pub id: AccountId,
    pub name: AccountName,
    pub status: ProvisioningStatus,
}

/// Lists accounts with a role of the permission set with their names, in the order of
/// [`list_accounts`].
pub fn list_named_accounts(
    read: &mut Read<'_>,
    set: &PermissionSetArn,
    after: &str,
    limit: i64,
) -> Result<Vec<ProvisionedAccount>, Fault> {
    let sql = "SELECT c.id, c.name, r.permission_set_revision, p.revision
        FROM role r
        JOIN permission_set p ON p.instance_id = r.instance_id AND p.id = r.permission_set_id
        JOIN account c ON c.id = r.account_id
        WHERE r.instance_id = $1 AND r.permission_set_id = $2 AND r.account_id > $3
        ORDER BY r.account_id
        LIMIT $4";
    let values = [text(&set.instance_id), text(&set.id), text(after), limit.into()];
    read.query(sql, &values, |row| {
        let (id, name) = (row.parse("id")?, row.parse("name")?);
        let is_latest = row.integer("permission_set_revision")? == row.integer("revision")?;
        let status =
            if is_latest { ProvisioningStatus::Latest } else { ProvisioningStatus::NotLatest };
        Ok(ProvisionedAccount { id, name, status })
    })
}

/// Writes a role as it is. Of two transactions that do so at the same time one is contended, also on a snapshot, and
/// sees what the other wrote when it is done again.
pub(crate) fn touch(tx: &mut Tx<'_>, key: &[Value]) -> Result<(), Fault> {
    // AUTHORITY: unchanged, because the row stays as it is.
    let sql = "UPDATE role SET revision = revision
        WHERE instance_id = $1 AND account_id = $2 AND permission_set_id = $3";
    tx.write(sql, key)
}

/// Deletes a role that has no assignments. Returns whether it did.
///
/// INVARIANT: a role exists as long as it has assignments; a role made later is another role. On a snapshot the foreign
/// key sees assignments that were added meanwhile. A role that is kept has an assignment
/// which nobody else deletes meanwhile.
pub fn delete_unassigned(
    tx: &mut Tx<'_>,
    instance_id: &InstanceId,
    account_id: &AccountId,
    permission_set_id: &PermissionSetId,
) -> Result<bool, Fault> {
    tx.change_authority();
    let sql = "DELETE FROM role
        WHERE instance_id = $1 AND account_id = $2 AND permission_set_id = $3
            AND NOT EXISTS (SELECT 1 FROM account_assignment a
                WHERE a.instance_id = $1 AND a.account_id = $2 AND a.permission_set_id = $3)";
    let values = [text(instance_id), text(account_id), text(permission_set_id)];
    let is_deleted = tx.execute(sql, &values)? == 1;
    if !is_deleted && tx.is_on_snapshot()? {
        keep_one_assignment(tx, &values)?;
    }
    Ok(is_deleted)
}

/// Writes one assignment of a role as it is, so that it is there when this transaction is committed, or this
/// transaction is contended.
fn keep_one_assignment(tx: &mut Tx<'_>, key: &[Value]) -> Result<(), Fault> {
    // AUTHORITY: unchanged, because the row stays as it is.
    let sql = "UPDATE account_assignment SET number = number
        WHERE instance_id = $1 AND account_id = $2 AND permission_set_id = $3
            AND principal_type = (SELECT a.principal_type FROM account_assignment a
                WHERE a.instance_id = $1 AND a.account_id = $2 AND a.permission_set_id = $3
                ORDER BY a.principal_type, a.principal_id
                LIMIT 1)
            AND principal_id = (SELECT a.principal_id FROM account_assignment a
                WHERE a.instance_id = $1 AND a.account_id = $2 AND a.permission_set_id = $3
                ORDER BY a.principal_type, a.principal_id
                LIMIT 1)";
    tx.write(sql, key)
}

/// Writes the `managed_policy_arns` column: a JSON list.
fn arns(arns: &[ManagedPolicyArn]) -> Result<Value, Fault> {
    column::json(&arns, "writing the managed policies of a role")
}

fn role(row: &Row) -> Result<Role, Fault> {
    let place = "reading the managed policies of a role";
    let arns: Vec<String> = column::parse_json(row, "managed_policy_arns", place)?;
    let arns: Result<_, _> = arns.iter().map(|arn| arn.parse()).collect();
    Ok(Role {
        instance_id: row.parse("instance_id")?,
        account_id: row.parse("account_id")?,
        permission_set_id: row.parse("permission_set_id")?,
        name: row.parse("name")?,
        role_id: row.parse("role_id")?,
        managed_policy_arns: arns.map_err(|must| Fault::broken_at(place, must))?,
        inline_policy: row.parse_or_null("inline_policy")?,
        session_duration_seconds: row.integer("session_duration_seconds")?,
        relay_state: row.parse_or_null("relay_state")?,
        permission_set_revision: row.integer("permission_set_revision")?,
        revision: row.integer("revision")?,
        created_at_ms: row.integer("created_at_ms")?,
    })
}
