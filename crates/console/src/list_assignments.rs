//! Console, a page of the permission sets of an account with the users and groups assigned to each.
//!
//! Two statements read the page. The single operations would take one for each permission set and
//! one for each principal.

use std::collections::HashMap;
use std::fmt::Display;

use identitystore::{describe_group, describe_user};
use kernel::identity_store::{admit, resources};
use kernel::page::{Page, Paged};
use kernel::parts::{Parts, Permitted};
use kernel::{Ctx, Operation};
use model::Fault;
use model::assignment::{AssignmentPrincipal, PrincipalType};
use model::ids::{AccountId, InstanceId, PermissionSetArn, PermissionSetId};
use model::instance::Instance;
use model::permission_set::PermissionSetName;
use sso_admin::access::require_organization_instance;
use sso_admin::permission_set_request::PermissionSetRequest;
use sso_admin::{
    describe_permission_set, list_account_assignments, list_permission_sets_provisioned_to_account,
};
use store::account;
use store::account_assignment::{self, NamedAssignment};
use store::role::{self, ProvisionedSet};

pub const OPERATION: Operation<ListAssignmentsRequest, Paged<AssignedSet>> = Operation::reads(
    "Console.ListAssignments",
    list_permission_sets_provisioned_to_account::OPERATION.action,
    list_assignments,
);

/// Maximum number of principals that a page shows of one permission set.
pub const PRINCIPALS_MAX: usize = 20;

#[derive(Debug)]
pub struct ListAssignmentsRequest {
    pub instance_id: InstanceId,
    pub account_id: AccountId,
    pub page: Page,
}

/// A permission set in an account.
#[derive(Debug)]
pub struct AssignedSet {
    pub arn: PermissionSetArn,
    /// Absent if the role may not describe the permission set.
    pub name: Option<PermissionSetName>,
    pub principals: Permitted<Vec<NamedPrincipal>>,
    /// True if there are more principals than the page shows.
    pub has_more: bool,
}

/// A user or group that is assigned to the account.
#[derive(Debug)]
pub struct NamedPrincipal {
    pub kind: PrincipalType,
    /// The user name or group name. It is the id if the role may not describe the principal, or the
    /// principal was deleted.
    pub name: String,
}

/// Lists a page of the permission sets that are provisioned in an account, by id.
pub fn list_assignments(
    ctx: &Ctx<'_>,
    request: &ListAssignmentsRequest,
) -> Result<Paged<AssignedSet>, Fault> {
    let ListAssignmentsRequest { instance_id, account_id, page } = request;
    let in_account = [instance_id.arn(), account_id.sso_arn()];
    let permit = ctx.authorize_all(OPERATION.action, &in_account)?;
    let mut read = ctx.read(&permit)?;
    let instance = require_organization_instance(&mut read, instance_id)?;
    account::require(&mut read, account_id)?;

    let mut from = String::new();
    let rows = |[after]: [String; 1], limit| {
        from.clone_from(&after);
        role::list_named_permission_sets(&mut read, instance_id, account_id, &after, limit)
    };
    let key = |set: &ProvisionedSet| [set.id.to_string()];
    let narrowed_by: [&dyn Display; 2] = [instance_id, account_id];
    let sets = page.read(ctx, &OPERATION, &narrowed_by, [""], rows, key)?;
    let mut assigned = match sets.rows.last() {
        Some(last) => {
            let range = (from.as_str(), last.id.as_str());
            // One more than is shown tells whether there are more.
            let limit = i64::try_from(PRINCIPALS_MAX).unwrap_or(i64::MAX).saturating_add(1);
            by_set(account_assignment::list_named(&mut read, &instance, account_id, range, limit)?)
        }
        None => HashMap::new(),
    };
    drop(read);

    let mut asking =
        Asking { ctx, parts: Parts::new(ctx), instance_id, instance: &instance, account_id };
    let mut rows = Vec::with_capacity(sets.rows.len());
    for set in sets.rows {
        let assignments = assigned.remove(&set.id).unwrap_or_default();
        rows.push(asking.set(set, assignments)?);
    }
    Ok(Paged { rows, next_token: sets.next_token })
}

fn by_set(assignments: Vec<NamedAssignment>) -> HashMap<PermissionSetId, Vec<NamedAssignment>> {
    let mut sets: HashMap<_, Vec<_>> = HashMap::new();
    for assignment in assignments {
        sets.entry(assignment.permission_set_id.clone()).or_default().push(assignment);
    }
    sets
}

/// Leaves out what the role may not see.
struct Asking<'r, 'a> {
    ctx: &'r Ctx<'a>,
    parts: Parts<'r, 'a>,
    instance_id: &'r InstanceId,
    instance: &'r Instance,
    account_id: &'r AccountId,
}

impl Asking<'_, '_> {
    fn set(
        &mut self,
        set: ProvisionedSet,
        mut assignments: Vec<NamedAssignment>,
    ) -> Result<AssignedSet, Fault> {
        let arn = PermissionSetArn { instance_id: self.instance_id.clone(), id: set.id };
        let one = PermissionSetRequest {
            instance_id: self.instance_id.clone(),
            permission_set_arn: arn.clone(),
        };
        let [of_set, of_instance] = one.resources();
        let described = self.parts.ask(
            describe_permission_set::OPERATION.action,
            &[of_set.clone(), of_instance.clone()],
        )?;
        let in_account = [of_set, of_instance, self.account_id.sso_arn()];
        let listed = self.parts.ask(list_account_assignments::OPERATION.action, &in_account)?;
        let has_more = listed.is_ok() && assignments.len() > PRINCIPALS_MAX;
        assignments.truncate(PRINCIPALS_MAX);
        let principals = match listed {
            Ok(()) => {
                let named = assignments.into_iter().map(|assignment| self.principal(assignment));
                Ok(named.collect::<Result<Vec<_>, _>>()?)
            }
            Err(why) => Err(why),
        };
        Ok(AssignedSet { arn, name: described.ok().map(|()| set.name), principals, has_more })
    }

    fn principal(&mut self, assignment: NamedAssignment) -> Result<NamedPrincipal, Fault> {
        let NamedAssignment { principal, name, .. } = assignment;
        let (action, arn) = match &principal {
            AssignmentPrincipal::User(id) => (describe_user::OPERATION.action, id.arn()),
            AssignmentPrincipal::Group(id) => (describe_group::OPERATION.action, id.arn()),
        };
        let (ctx, instance) = (self.ctx, self.instance);
        let about = resources(ctx, &instance.identity_store_id, [arn]);
        let may_see = self.parts.ask_also(action, &about, |permit| admit(ctx, instance, permit))?;
        let name = name.filter(|_| may_see.is_ok()).unwrap_or_else(|| principal.id().to_owned());
        Ok(NamedPrincipal { kind: principal.kind(), name })
    }
}
