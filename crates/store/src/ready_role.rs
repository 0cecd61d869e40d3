//! Roles to which assignments can be added at once.

use model::Fault;
use model::assignment::AccountAssignment;
use model::role::RoleName;

use crate::Read;
use crate::account_assignment::key;
use crate::row::text;

/// Role that is as its permission set is now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReadyRole {
    pub name: RoleName,
    pub permission_set_revision: i64,
}

/// Finds the role of an assignment, if it is as its permission set is now, and no unfinished job of the instance is about
/// `subject`.
pub fn find(
    read: &mut Read<'_>,
    assignment: &AccountAssignment,
    subject: &str,
) -> Result<Option<ReadyRole>, Fault> {
    let sql = "SELECT r.name, r.permission_set_revision
        FROM role r
        JOIN permission_set p ON p.instance_id = r.instance_id AND p.id = r.permission_set_id
        WHERE r.instance_id = $1 AND r.account_id = $2 AND r.permission_set_id = $3
            AND r.permission_set_revision = p.revision
            AND NOT EXISTS (SELECT 1 FROM job_subject s
                WHERE s.owner_id = $1 AND s.subject = $4)";
    let [instance, account, set, ..] = key(assignment);
    read.query_one(sql, &[instance, account, set, text(subject)], |row| {
        let permission_set_revision = row.integer("permission_set_revision")?;
        Ok(ReadyRole { name: row.parse("name")?, permission_set_revision })
    })
}
