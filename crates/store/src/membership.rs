//! Memberships of users in groups.

use model::ids::{GroupId, IdentityStoreId, MembershipId, UserId};
use model::membership::Membership;
use model::{Fault, IdentityStoreEntity};

use crate::removed_principal::not_removed;
use crate::row::text;
use crate::{Read, Row, Tx};

/// Selects the columns of a membership, which [`membership`] reads.
macro_rules! select_membership {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.identity_store_id, m.group_id, m.user_id, m.created_at_ms,
                m.created_by, m.updated_at_ms, m.updated_by
            FROM identity_membership m
            WHERE ",
            not_removed!("m.group_id"),
            " AND ",
            not_removed!("m.user_id"),
            " AND ",
            $rest
        )
    };
}

/// Adds a user to a group. Both exist, and the user is not a member yet. The number of the membership, which
/// credentials carry, comes from its id.
pub fn insert(tx: &mut Tx<'_>, membership: &Membership) -> Result<(), Fault> {
    let sql = "INSERT INTO identity_membership (identity_store_id, id, group_id, user_id,
            created_at_ms, created_by, updated_at_ms, updated_by, number)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT DO NOTHING";
    let values = [
        text(&membership.identity_store_id),
        text(&membership.id),
        text(&membership.group_id),
        text(&membership.user_id),
        membership.created_at_ms.into(),
        text(&membership.created_by),
        membership.updated_at_ms.into(),
        text(&membership.updated_by),
        membership.id.number().into(),
    ];
    match tx.execute(sql, &values)? {
        1 => Ok(()),
        _ => Err(Fault::not_unique(IdentityStoreEntity::GroupMembership, "GroupId and MemberId")),
    }
}

/// Deletes a membership, and with it the authority that it gave.
pub fn delete(tx: &mut Tx<'_>, store_id: &IdentityStoreId, id: &MembershipId) -> Result<(), Fault> {
    tx.change_authority();
    let sql = "DELETE FROM identity_membership WHERE identity_store_id = $1 AND id = $2";
    tx.write(sql, &[text(store_id), text(id)])
}

/// Finds the membership with this id.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &MembershipId,
) -> Result<Option<Membership>, Fault> {
    let sql = select_membership!("m.identity_store_id = $1 AND m.id = $2");
    read.query_one(sql, &[text(store_id), text(id)], membership)
}

/// Returns the membership, or `NotFound`.
pub fn require(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &MembershipId,
) -> Result<Membership, Fault> {
    find(read, store_id, id)?
        .ok_or_else(|| Fault::not_found(IdentityStoreEntity::GroupMembership, id))
}

/// Finds the membership of a user in a group.
pub fn find_of(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    group_id: &GroupId,
    user_id: &UserId,
) -> Result<Option<Membership>, Fault> {
    let sql = select_membership!("m.identity_store_id = $1 AND m.group_id = $2 AND m.user_id = $3");
    read.query_one(sql, &[text(store_id), text(group_id), text(user_id)], membership)
}

/// Returns the subset of `groups` that the user is a member of.
pub fn find_among(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    groups: &[GroupId],
) -> Result<Vec<GroupId>, Fault> {
    const AT_ONCE: usize = 10;
    let sql = concat!(
        "SELECT m.group_id FROM identity_membership m
        WHERE m.identity_store_id = $1 AND m.user_id = $2
            AND m.group_id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AND ",
        not_removed!("m.group_id")
    );
    let mut found = Vec::new();
    for groups in groups.chunks(AT_ONCE) {
        let mut values = vec![text(store_id), text(user_id)];
        // A short chunk repeats its groups to fill the placeholders.
        values.extend(groups.iter().cycle().take(AT_ONCE).map(text));
        found.extend(read.query(sql, &values, |row| row.parse("group_id"))?);
    }
    Ok(found)
}

/// Lists memberships in a group by user id: at most `limit` after the user id `after`.
pub fn list_of_group(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    group_id: &GroupId,
    after: &str,
    limit: i64,
) -> Result<Vec<Membership>, Fault> {
    let sql = select_membership!(
        "m.identity_store_id = $1 AND m.group_id = $2 AND m.user_id > $3
        ORDER BY m.user_id LIMIT $4"
    );
    let values = [text(store_id), text(group_id), text(after), limit.into()];
    read.query(sql, &values, membership)
}

/// Lists memberships of a user by group id: at most `limit` after the group id `after`.
pub fn list_of_user(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    after: &str,
    limit: i64,
) -> Result<Vec<Membership>, Fault> {
    let sql = select_membership!(
        "m.identity_store_id = $1 AND m.user_id = $2 AND m.group_id > $3
        ORDER BY m.group_id LIMIT $4"
    );
    let values = [text(store_id), text(user_id), text(after), limit.into()];
    read.query(sql, &values, membership)
}

fn membership(row: &Row) -> Result<Membership, Fault> {
    Ok(Membership {
        id: row.parse("id")?,
        identity_store_id: row.parse("identity_store_id")?,
        group_id: row.parse("group_id")?,
        user_id: row.parse("user_id")?,
        created_at_ms: row.integer("created_at_ms")?,
        created_by: row.text("created_by")?.to_owned(),
        updated_at_ms: row.integer("updated_at_ms")?,
        updated_by: row.text("updated_by")?.to_owned(),
    })
}
