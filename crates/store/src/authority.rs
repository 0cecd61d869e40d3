//! Validity of role credentials, and the policies of their role.
//!
//! INVARIANT: credentials are valid while the user is enabled, their session and its parent portal
//! session exist, the role is the one they were issued for, no mark rose since they were issued, and a
//! grant of then is still there. A change takes effect at the next query. No clock is asked.

use model::Fault;
use model::ids::{AccountId, IdentityStoreId, InstanceId, PermissionSetId, UserId};
use model::session::{RevocationScope, Session};
use model::session_settings::SessionSettings;
use model::setting::Setting;
use policy::{Grounds, RolePerson, RoleSession};

use crate::removed_principal::not_removed;
use crate::row::text;
use crate::{Read, Row, column, setting};

/// Current policies of a role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RolePolicies {
    pub managed_policy_arns: Vec<String>,
    pub inline_policy: Option<String>,
}

/// A permission set in an account, held by a user.
#[derive(Clone, Copy, Debug)]
pub struct Holding<'a> {
    pub identity_store_id: &'a IdentityStoreId,
    pub user_id: &'a UserId,
    pub instance_id: &'a InstanceId,
    pub account_id: &'a AccountId,
    pub permission_set_id: &'a PermissionSetId,
}

/// Finds the policies of a session's role, if its credentials are still valid.
pub fn find_policies(
    read: &mut Read<'_>,
    session: &RoleSession,
    person: &RolePerson,
) -> Result<Option<RolePolicies>, Fault> {
    let sql = r"SELECT r.managed_policy_arns, r.inline_policy
        FROM identity_user u
        JOIN session s
            ON s.identity_store_id = u.identity_store_id AND s.id = $3 AND s.user_id = u.id
                AND (s.epoch IS NULL OR s.epoch = u.session_epoch)
        JOIN instance i ON i.id = $4 AND i.identity_store_id = u.identity_store_id
        JOIN role r ON r.instance_id = i.id AND r.account_id = $5 AND r.permission_set_id = $6
        WHERE u.identity_store_id = $1 AND u.id = $2 AND u.status = 'ENABLED'
            AND i.status = 'ACTIVE'
            AND r.role_id = $7
            AND (s.parent_id IS NULL OR EXISTS (
                SELECT 1 FROM session p
                WHERE p.identity_store_id = s.identity_store_id AND p.id = s.parent_id))";
    let values = [
        text(&person.identity_store_id),
        text(&person.user_id),
        text(&person.session_id),
        text(&person.instance_id),
        text(&session.account_id),
        text(&person.permission_set_id),
        text(&session.role_id),
    ];
    let found = read.query_one(sql, &values, policies)?;
    let holding = Holding {
        identity_store_id: &person.identity_store_id,
        user_id: &person.user_id,
        instance_id: &person.instance_id,
        account_id: &session.account_id,
        permission_set_id: &person.permission_set_id,
    };
    let now = find_grounds(read, holding)?;
    Ok(found.filter(|_| now.is_some_and(|now| person.grounds.hold(&now))))
}

/// Finds the grounds on which a user holds a role now; `None` if no grant is left.
///
/// Credentials that are issued on them in the same transaction end with every change that is committed
/// after its snapshot.
pub fn find_grounds(read: &mut Read<'_>, holding: Holding<'_>) -> Result<Option<Grounds>, Fault> {
    // CROSS JOIN: see `portal`.
    let sql = concat!(
        "SELECT held.number, u.credentials_not_before_ms
            + COALESCE((SELECT CAST(SUM(r.not_before_ms) AS BIGINT) FROM revocation r
                WHERE r.scope IN ($6, $7, $8, $9, $10)), 0) AS marks
        FROM (
            SELECT a.number FROM account_assignment a
            WHERE a.instance_id = $3 AND a.account_id = $4 AND a.permission_set_id = $5
                AND a.principal_type = 'USER' AND a.principal_id = $2
            UNION ALL
            SELECT a.number + m.number AS number
            FROM identity_membership m
            CROSS JOIN account_assignment a
            WHERE m.identity_store_id = $1 AND m.user_id = $2 AND ",
        not_removed!("m.group_id"),
        " AND a.instance_id = $3 AND a.account_id = $4 AND a.permission_set_id = $5
                AND a.principal_type = 'GROUP' AND a.principal_id = m.group_id
        ) held
        JOIN identity_user u ON u.identity_store_id = $1 AND u.id = $2"
    );
    let Holding { identity_store_id, user_id, instance_id, account_id, permission_set_id } =
        holding;
    let (instance, account, set) =
        (|| instance_id.clone(), || account_id.clone(), || permission_set_id.clone());
    let values = [
        text(identity_store_id),
        text(user_id),
        text(instance_id),
        text(account_id),
        text(permission_set_id),
        text(&RevocationScope::User(identity_store_id.clone(), user_id.clone())),
        text(&RevocationScope::Instance(instance())),
        text(&RevocationScope::Account(instance(), account())),
        text(&RevocationScope::PermissionSet(instance(), set())),
        text(&RevocationScope::Role(instance(), account(), set())),
    ];
    let rows =
        read.query(sql, &values, |row| Ok((row.integer("marks")?, row.integer("number")?)))?;
    let (marks, grants): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
    Ok(marks.first().map(|&marks| Grounds { marks, grants }))
}

/// Person of a session, who may sign in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionPerson {
    pub instance_id: InstanceId,
    pub user_name: String,
    pub settings: SessionSettings,
}

/// Finds the person of a session, if both the user and the instance are active.
pub fn find_person(read: &mut Read<'_>, session: &Session) -> Result<Option<SessionPerson>, Fault> {
    let sql = "SELECT i.id AS instance_id, u.user_name, t.value AS setting
        FROM identity_user u
        JOIN instance i ON i.identity_store_id = u.identity_store_id
        LEFT JOIN instance_setting t ON t.instance_id = i.id AND t.name = $3
        WHERE u.identity_store_id = $1 AND u.id = $2
            AND u.status = 'ENABLED' AND i.status = 'ACTIVE'";
    let name = text(SessionSettings::NAME);
    let values = [text(&session.identity_store_id), text(&session.user_id), name];
    read.query_one(sql, &values, |row: &Row| {
        Ok(SessionPerson {
            instance_id: row.parse("instance_id")?,
            user_name: row.text("user_name")?.to_owned(),
            settings: setting::joined(row)?,
        })
    })
}

fn policies(row: &Row) -> Result<RolePolicies, Fault> {
    let place = "reading the managed policies of a role";
    Ok(RolePolicies {
        managed_policy_arns: column::parse_json(row, "managed_policy_arns", place)?,
        inline_policy: row.text_or_null("inline_policy")?.map(str::to_owned),
    })
}
