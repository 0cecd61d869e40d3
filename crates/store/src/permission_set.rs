//! Permission sets of an instance, with their policies.
//!
//! INVARIANT: every edit increments `revision`, which shows the roles that were not provisioned
//! since.

use model::ids::{InstanceId, PermissionSetArn, PermissionSetId};
use model::permission_set::{
    MANAGED_POLICIES_MAX, ManagedPolicyArn, PERMISSION_SETS_MAX, PermissionSet, PolicyDocument,
};
use model::{Fault, IdentityCenterEntity};

use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx};

/// The columns of a permission set, which [`permission_set`] reads.
macro_rules! permission_set_columns {
    () => {
        "instance_id, id, name, description, session_duration, relay_state, revision, \
         created_at_ms"
    };
}

/// Adds a permission set with a name that is new to its instance.
pub fn insert(tx: &mut Tx<'_>, set: &PermissionSet) -> Result<(), Fault> {
    let count = "SELECT COUNT(*) AS count FROM permission_set WHERE instance_id = $1";
    let count = tx.query_one(count, &[text(&set.instance_id)], |row| row.integer("count"))?;
    if usize::try_from(count.unwrap_or(0)).is_ok_and(|count| count >= PERMISSION_SETS_MAX) {
        let limit = format!("{PERMISSION_SETS_MAX} permission sets in an instance");
        return Err(Fault::Quota { limit: limit.into() });
    }
    let sql = "INSERT INTO permission_set (instance_id, id, name, description, session_duration,
            relay_state, inline_policy, revision, created_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8)
        ON CONFLICT (instance_id, name) DO NOTHING";
    let values = [
        text(&set.instance_id),
        text(&set.id),
        text(&set.name),
        text_or_null(set.description.as_ref()),
        text(&set.session_duration),
        text_or_null(set.relay_state.as_ref()),
        set.revision.into(),
        set.created_at_ms.into(),
    ];
    match tx.execute(sql, &values)? {
        1 => Ok(()),
        _ => Err(Fault::not_unique(IdentityCenterEntity::PermissionSet, "Name")),
    }
}

/// Finds the permission set in the instance.
pub fn find(
    read: &mut Read<'_>,
    instance_id: &InstanceId,
    id: &PermissionSetId,
) -> Result<Option<PermissionSet>, Fault> {
    let sql = concat!(
        "SELECT ",
        permission_set_columns!(),
        " FROM permission_set WHERE instance_id = $1 AND id = $2"
    );
    read.query_one(sql, &[text(instance_id), text(id)], permission_set)
}

/// Returns the permission set, or `NotFound`.
pub fn require(read: &mut Read<'_>, arn: &PermissionSetArn) -> Result<PermissionSet, Fault> {
    let found = find(read, &arn.instance_id, &arn.id)?;
    found.ok_or_else(|| Fault::not_found(IdentityCenterEntity::PermissionSet, arn))
}

/// Lists permission sets by id: at most `limit` after the id `after`.
pub fn list(
    read: &mut Read<'_>,
    instance_id: &InstanceId,
    after: &str,
    limit: i64,
) -> Result<Vec<PermissionSet>, Fault> {
    let sql = concat!(
        "SELECT ",
        permission_set_columns!(),
        " FROM permission_set WHERE instance_id = $1 AND id > $2
        ORDER BY id
        LIMIT $3"
    );
    read.query(sql, &[text(instance_id), text(after), limit.into()], permission_set)
}

/// Updates the description, the session duration and the relay state.
pub fn update(tx: &mut Tx<'_>, set: &PermissionSet) -> Result<(), Fault> {
    let sql = "UPDATE permission_set SET description = $3, session_duration = $4,
            relay_state = $5, revision = revision + 1
        WHERE instance_id = $1 AND id = $2";
    let values = [
        text(&set.instance_id),
        text(&set.id),
        text_or_null(set.description.as_ref()),
        text(&set.session_duration),
        text_or_null(set.relay_state.as_ref()),
    ];
    tx.write(sql, &values)
}

/// Deletes a permission set that has no role in any account.
pub fn delete(tx: &mut Tx<'_>, arn: &PermissionSetArn) -> Result<(), Fault> {
    let sql = "DELETE FROM permission_set WHERE instance_id = $1 AND id = $2";
    tx.write(sql, &[text(&arn.instance_id), text(&arn.id)])
}

/// Finds the inline policy of the permission set.
pub fn find_inline_policy(
    read: &mut Read<'_>,
    arn: &PermissionSetArn,
) -> Result<Option<PolicyDocument>, Fault> {
    let sql = "SELECT inline_policy FROM permission_set WHERE instance_id = $1 AND id = $2";
    let policy = |row: &Row| row.parse_or_null("inline_policy");
    Ok(read.query_one(sql, &[text(&arn.instance_id), text(&arn.id)], policy)?.flatten())
}

/// Sets or deletes the inline policy. Returns whether that changed anything.
pub fn set_inline_policy(
    tx: &mut Tx<'_>,
    arn: &PermissionSetArn,
    policy: Option<&PolicyDocument>,
) -> Result<bool, Fault> {
    let sql = "UPDATE permission_set SET inline_policy = $3, revision = revision + 1
        WHERE instance_id = $1 AND id = $2 AND inline_policy IS DISTINCT FROM $3";
    let values = [text(&arn.instance_id), text(&arn.id), text_or_null(policy)];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Attaches a managed policy that the permission set does not have.
pub fn attach_managed_policy(
    tx: &mut Tx<'_>,
    set: &PermissionSetArn,
    policy: &ManagedPolicyArn,
) -> Result<(), Fault> {
    let sql = "INSERT INTO permission_set_managed_policy (instance_id, permission_set_id, arn)
        VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING";
    if tx.execute(sql, &[text(&set.instance_id), text(&set.id), text(policy)])? == 0 {
        // AWS: attaching an attached policy is refused, not ignored.
        return Err(Fault::conflict(
            "The managed policy is attached to the permission set already.",
        ));
    }
    if list_managed_policies(tx, set, "", i64::MAX)?.len() > MANAGED_POLICIES_MAX {
        let limit = format!("{MANAGED_POLICIES_MAX} managed policies in a permission set");
        return Err(Fault::Quota { limit: limit.into() });
    }
    count_edit(tx, set)
}

/// Detaches a managed policy that the permission set has.
pub fn detach_managed_policy(
    tx: &mut Tx<'_>,
    set: &PermissionSetArn,
    policy: &ManagedPolicyArn,
) -> Result<(), Fault> {
    let sql = "DELETE FROM permission_set_managed_policy
        WHERE instance_id = $1 AND permission_set_id = $2 AND arn = $3";
    if tx.execute(sql, &[text(&set.instance_id), text(&set.id), text(policy)])? == 0 {
        return Err(Fault::not_found(IdentityCenterEntity::ManagedPolicy, policy));
    }
    count_edit(tx, set)
}

/// Lists managed policies of a permission set by ARN: at most `limit` after the ARN `after`.
pub fn list_managed_policies(
    read: &mut Read<'_>,
    set: &PermissionSetArn,
    after: &str,
    limit: i64,
) -> Result<Vec<ManagedPolicyArn>, Fault> {
    let sql = "SELECT arn FROM permission_set_managed_policy
        WHERE instance_id = $1 AND permission_set_id = $2 AND arn > $3
        ORDER BY arn
        LIMIT $4";
    let values = [text(&set.instance_id), text(&set.id), text(after), limit.into()];
    read.query(sql, &values, |row| row.parse("arn"))
}

fn count_edit(tx: &mut Tx<'_>, set: &PermissionSetArn) -> Result<(), Fault> {
    let sql = "UPDATE permission_set SET revision = revision + 1
        WHERE instance_id = $1 AND id = $2";
    tx.write(sql, &[text(&set.instance_id), text(&set.id)])
}

fn permission_set(row: &Row) -> Result<PermissionSet, Fault> {
    Ok(PermissionSet {
        instance_id: row.parse("instance_id")?,
        id: row.parse("id")?,
        name: row.parse("name")?,
        description: row.parse_or_null("description")?,
        session_duration: row.parse("session_duration")?,
        relay_state: row.parse_or_null("relay_state")?,
        revision: row.integer("revision")?,
        created_at_ms: row.integer("created_at_ms")?,
    })
}
