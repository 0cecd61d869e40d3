//! Account assignments.

use model::Fault;
use model::assignment::{AccountAssignment, AssignmentPrincipal, GROUPS_MAX, PrincipalType};
use model::ids::{AccountId, IdentityStoreId, InstanceId, JobId, PermissionSetId, UserId};
use model::instance::Instance;

use crate::removed_principal::not_removed;
use crate::row::text;
use crate::{Read, Row, Tx, Value, role};

/// The columns of an assignment `a`, which [`assignment`] reads.
macro_rules! assignment_columns {
    () => {
        "a.instance_id, a.account_id, a.permission_set_id, a.principal_type, a.principal_id, \
         a.created_at_ms"
    };
}

/// Adds an assignment to an existing role, unless it exists.
///
/// The number of the request tells the assignment from one that is made after its deletion: credentials
/// carry it. An existing assignment keeps its number and its creation time.
pub fn insert(
    tx: &mut Tx<'_>,
    assignment: &AccountAssignment,
    request_id: &JobId,
) -> Result<(), Fault> {
    let sql = "INSERT INTO account_assignment
            (instance_id, account_id, permission_set_id, principal_type, principal_id,
             created_at_ms, number)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING";
    let [instance, account, set, kind, id] = key(assignment);
    let (created_at_ms, number) = (assignment.created_at_ms.into(), request_id.number().into());
    let values = [instance, account, set, kind, id, created_at_ms, number];
    if assignment.principal.kind() == PrincipalType::User {
        return tx.write(sql, &values);
    }
    if tx.execute(sql, &values)? == 0 {
        return Ok(());
    }
    // Of two groups that are added at the same time, the second is counted with the first.
    role::touch(tx, values.get(..3).unwrap_or_default())?;
    let count = "SELECT COUNT(*) AS count FROM account_assignment
        WHERE instance_id = $1 AND account_id = $2 AND permission_set_id = $3
            AND principal_type = 'GROUP'";
    let count =
        tx.query_one(count, values.get(..3).unwrap_or_default(), |row| row.integer("count"))?;
    if usize::try_from(count.unwrap_or(0)).is_ok_and(|count| count <= GROUPS_MAX) {
        return Ok(());
    }
    let limit = format!("{GROUPS_MAX} groups with one permission set in one account");
    Err(Fault::Quota { limit: limit.into() })
}

/// Deletes an assignment. Returns whether it existed.
pub fn delete(tx: &mut Tx<'_>, assignment: &AccountAssignment) -> Result<bool, Fault> {
    tx.change_authority();
    let sql = "DELETE FROM account_assignment
        WHERE instance_id = $1 AND account_id = $2 AND permission_set_id = $3
            AND principal_type = $4 AND principal_id = $5";
    Ok(tx.execute(sql, &key(assignment))? == 1)
}

/// Tells whether the assignment exists.
pub fn exists(read: &mut Read<'_>, assignment: &AccountAssignment) -> Result<bool, Fault> {
    let sql = concat!(
        "SELECT principal_id FROM account_assignment
        WHERE instance_id = $1 AND account_id = $2 AND permission_set_id = $3
            AND principal_type = $4 AND principal_id = $5 AND ",
        not_removed!("account_assignment.principal_id")
    );
    Ok(read.query_one(sql, &key(assignment), |_| Ok(()))?.is_some())
}

/// Lists assignments to one role, groups first: at most `limit` after a principal's type and id.
pub fn list(
    read: &mut Read<'_>,
    instance_id: &InstanceId,
    account_id: &AccountId,
    permission_set_id: &PermissionSetId,
    after: [&str; 2],
    limit: i64,
) -> Result<Vec<AccountAssignment>, Fault> {
    let sql = concat!(
        "SELECT ",
        assignment_columns!(),
        " FROM account_assignment a
        WHERE a.instance_id = $1 AND a.account_id = $2 AND a.permission_set_id = $3
            AND (a.principal_type, a.principal_id) > ($4, $5)
            AND ",
        not_removed!("a.principal_id"),
        " ORDER BY a.principal_type, a.principal_id
        LIMIT $6"
    );
    let values = [
        text(instance_id),
        text(account_id),
        text(permission_set_id),
        text(after[0]),
        text(after[1]),
        limit.into(),
    ];
    read.query(sql, &values, assignment)
}

/// Assignment with the name of its principal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NamedAssignment {
    pub permission_set_id: PermissionSetId,
    pub principal: AssignmentPrincipal,
    /// User name or group name. A deleted principal has none.
    pub name: Option<String>,
}

/// Lists assignments to the roles of an account for permission sets with ids after `after` and up to
/// `last`: at most `limit` for each role, in the order of [`list`].
///
/// The inner query finds where each role's part ends, so the cost does not depend on the number of
/// assignments to a role.
pub fn list_named(
    read: &mut Read<'_>,
    instance: &Instance,
    account_id: &AccountId,
    (after, last): (&str, &str),
    limit: i64,
) -> Result<Vec<NamedAssignment>, Fault> {
    let sql = concat!(
        "SELECT a.permission_set_id, a.principal_type, a.principal_id,
            COALESCE(u.user_name, g.display_name) AS principal_name
        FROM (
            SELECT r.permission_set_id,
                COALESCE((SELECT b.principal_type FROM account_assignment b
                    WHERE b.instance_id = $1 AND b.account_id = $2
                        AND b.permission_set_id = r.permission_set_id
                    ORDER BY b.principal_type, b.principal_id
                    LIMIT 1 OFFSET $6), '~') AS end_type,
                COALESCE((SELECT b.principal_id FROM account_assignment b
                    WHERE b.instance_id = $1 AND b.account_id = $2
                        AND b.permission_set_id = r.permission_set_id
                    ORDER BY b.principal_type, b.principal_id
                    LIMIT 1 OFFSET $6), '~') AS end_id
            FROM role r
            WHERE r.instance_id = $1 AND r.account_id = $2
                AND r.permission_set_id > $4 AND r.permission_set_id <= $5
        ) part
        JOIN account_assignment a
            ON a.instance_id = $1 AND a.account_id = $2
                AND a.permission_set_id = part.permission_set_id
                AND (a.principal_type, a.principal_id) < (part.end_type, part.end_id)
        LEFT JOIN identity_user u
            ON a.principal_type = 'USER' AND u.identity_store_id = $3 AND u.id = a.principal_id
        LEFT JOIN identity_group g
            ON a.principal_type = 'GROUP' AND g.identity_store_id = $3 AND g.id = a.principal_id
        WHERE ",
        not_removed!("a.principal_id"),
        " ORDER BY a.permission_set_id, a.principal_type, a.principal_id"
    );
    let values = [
        text(&instance.id),
        text(account_id),
        text(&instance.identity_store_id),
        text(after),
        text(last),
        limit.into(),
    ];
    read.query(sql, &values, |row| {
        Ok(NamedAssignment {
            permission_set_id: row.parse("permission_set_id")?,
            principal: principal(row)?,
            name: row.text_or_null("principal_name")?.map(str::to_owned),
        })
    })
}

/// Selection of assignments of a principal for a list.
#[derive(Clone, Copy, Debug)]
pub struct OfPrincipal<'a> {
    pub instance_id: &'a InstanceId,
    pub account_id: Option<&'a AccountId>,
    /// Account, permission set, principal type and principal id of the previous assignment.
    pub after: [&'a str; 4],
    pub limit: i64,
}

impl OfPrincipal<'_> {
    /// The first and the last account, between which an index finds the assignments, and the rest of the previous
    /// assignment.
    fn bounds(&self) -> ([Value; 2], [Value; 3]) {
        let [after, rest @ ..] = self.after;
        let bounds = match self.account_id {
            Some(account_id) => [account_id.as_str(), account_id.as_str()],
            // A text after all accounts.
            None => [after, "~"],
        };
        (bounds.map(text), rest.map(text))
    }
}

/// Lists assignments of a user and of the groups of the user, by account.
///
/// CROSS JOIN keeps the order of the tables on SQLite, as in [`crate::portal`].
pub fn list_of_user(
    read: &mut Read<'_>,
    which: OfPrincipal<'_>,
    identity_store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<Vec<AccountAssignment>, Fault> {
    let sql = concat!(
        "SELECT ",
        assignment_columns!(),
        " FROM account_assignment a
        WHERE a.instance_id = $1 AND a.principal_type = 'USER' AND a.principal_id = $2
            AND a.account_id >= $5 AND a.account_id <= $4
            AND (a.account_id, a.permission_set_id, a.principal_type, a.principal_id)
                > ($5, $6, $7, $8)
        UNION ALL
        SELECT ",
        assignment_columns!(),
        " FROM identity_membership m
        CROSS JOIN account_assignment a
        WHERE m.identity_store_id = $3 AND m.user_id = $2 AND ",
        not_removed!("m.group_id"),
        " AND a.instance_id = $1 AND a.principal_type = 'GROUP' AND a.principal_id = m.group_id
            AND a.account_id >= $5 AND a.account_id <= $4
            AND (a.account_id, a.permission_set_id, a.principal_type, a.principal_id)
                > ($5, $6, $7, $8)
        ORDER BY account_id, permission_set_id, principal_type, principal_id
        LIMIT $9"
    );
    let ([first, last], [set, kind, id]) = which.bounds();
    let values = [
        text(which.instance_id),
        text(user_id),
        text(identity_store_id),
        last,
        first,
        set,
        kind,
        id,
        which.limit.into(),
    ];
    read.query(sql, &values, assignment)
}

/// Lists direct assignments of a user or group, by account.
pub fn list_of_principal(
    read: &mut Read<'_>,
    which: OfPrincipal<'_>,
    principal: &AssignmentPrincipal,
) -> Result<Vec<AccountAssignment>, Fault> {
    let sql = concat!(
        "SELECT ",
        assignment_columns!(),
        " FROM account_assignment a
        WHERE a.instance_id = $1 AND a.principal_type = $2 AND a.principal_id = $3
            AND a.account_id >= $5 AND a.account_id <= $4
            AND (a.account_id, a.permission_set_id, a.principal_type, a.principal_id)
                > ($5, $6, $7, $8)
            AND ",
        not_removed!("a.principal_id"),
        " ORDER BY a.account_id, a.permission_set_id
        LIMIT $9"
    );
    let ([first, last], [set, kind, id]) = which.bounds();
    let values = [
        text(which.instance_id),
        text(&principal.kind()),
        text(principal.id()),
        last,
        first,
        set,
        kind,
        id,
        which.limit.into(),
    ];
    read.query(sql, &values, assignment)
}

pub(crate) fn key(assignment: &AccountAssignment) -> [Value; 5] {
    [
        text(&assignment.instance_id),
        text(&assignment.account_id),
        text(&assignment.permission_set_id),
        text(&assignment.principal.kind()),
        text(assignment.principal.id()),
    ]
}

fn assignment(row: &Row) -> Result<AccountAssignment, Fault> {
    Ok(AccountAssignment {
        instance_id: row.parse("instance_id")?,
        account_id: row.parse("account_id")?,
        permission_set_id: row.parse("permission_set_id")?,
        principal: principal(row)?,
        created_at_ms: row.integer("created_at_ms")?,
    })
}

fn principal(row: &Row) -> Result<AssignmentPrincipal, Fault> {
    AssignmentPrincipal::new(row.parse("principal_type")?, row.text("principal_id")?)
        .map_err(|must| Fault::broken_at("reading the principal of an assignment", must))
}
