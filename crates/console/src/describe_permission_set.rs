//! Console, a permission set with its policies, the accounts where it is provisioned, and its tags.
//!
//! Seven statements read the page. The API has five operations for it.

use kernel::page::{Page, Paged};
use kernel::parts::{Parts, Permitted};
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{AccountId, InstanceId, PermissionSetArn};
use model::organization::AccountName;
use model::permission_set::{
    MANAGED_POLICIES_MAX, ManagedPolicyArn, PermissionSet, PolicyDocument, ProvisioningStatus,
};
use model::tag::{TAGS_MAX, Tag};
use organizations::access::part_arn;
use organizations::describe_account;
use sso_admin::access::require_permission_set;
use sso_admin::permission_set_request::PermissionSetRequest;
use sso_admin::tags::Taggable;
use sso_admin::{
    get_inline_policy_for_permission_set, list_accounts_for_provisioned_permission_set,
    list_managed_policies_in_permission_set, list_tags_for_resource,
};
use store::role::{self, ProvisionedAccount};
use store::{organization, permission_set, tag};

pub const OPERATION: Operation<DescribePermissionSetRequest, PermissionSetReply> = Operation::reads(
    "Console.DescribePermissionSet",
    sso_admin::describe_permission_set::OPERATION.action,
    describe_permission_set,
);

#[derive(Debug)]
pub struct DescribePermissionSetRequest {
    pub instance_id: InstanceId,
    pub arn: PermissionSetArn,
    /// Page of the accounts.
    pub page: Page,
}

/// A permission set with its parts.
#[derive(Debug)]
pub struct PermissionSetReply {
    pub set: PermissionSet,
    pub managed_policies: Permitted<Vec<ManagedPolicyArn>>,
    pub inline_policy: Permitted<Option<PolicyDocument>>,
    /// Accounts where the permission set is provisioned, by number.
    pub accounts: Permitted<Paged<SetInAccount>>,
    pub tags: Permitted<Vec<Tag>>,
}

/// An account where the permission set is provisioned.
#[derive(Debug)]
pub struct SetInAccount {
    pub id: AccountId,
    /// Absent if the role may not describe the account.
    pub name: Option<AccountName>,
    pub status: ProvisioningStatus,
}

/// Returns the permission set, and each of its parts that the role may see.
pub fn describe_permission_set(
    ctx: &Ctx<'_>,
    request: &DescribePermissionSetRequest,
) -> Result<PermissionSetReply, Fault> {
    let DescribePermissionSetRequest { instance_id, arn, page } = request;
    let one =
        PermissionSetRequest { instance_id: instance_id.clone(), permission_set_arn: arn.clone() };
    let resources = one.resources();
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut parts = Parts::new(ctx);
    let managed = list_managed_policies_in_permission_set::OPERATION.action;
    let may_list_managed = parts.ask(managed, &resources)?;
    let inline = get_inline_policy_for_permission_set::OPERATION.action;
    let may_see_inline = parts.ask(inline, &resources)?;
    let provisioned = list_accounts_for_provisioned_permission_set::OPERATION.action;
    let may_list_accounts = parts.ask(provisioned, &resources)?;
    let tagged = Taggable::PermissionSet(arn.clone());
    let may_list_tags =
        parts.ask(list_tags_for_resource::OPERATION.action, &[tagged.resource()])?;

    let mut read = ctx.read(&permit)?;
    let set = require_permission_set(&mut read, instance_id, arn)?;
    let managed_policies = part(may_list_managed, || {
        permission_set::list_managed_policies(&mut read, arn, "", bound(MANAGED_POLICIES_MAX))
    })?;
    let inline_policy =
        part(may_see_inline, || permission_set::find_inline_policy(&mut read, arn))?;
    let accounts = part(may_list_accounts, || {
        let rows =
            |[after]: [String; 1], limit| role::list_named_accounts(&mut read, arn, &after, limit);
        let key = |account: &ProvisionedAccount| [account.id.to_string()];
        page.read(ctx, &OPERATION, &[arn], [""], rows, key)
    })?;
    let tags = part(may_list_tags, || {
        tag::list(&mut read, instance_id, &arn.to_string(), "", bound(TAGS_MAX))
    })?;
    let organization = organization::require(&mut read)?;
    drop(read);

    let mut described = |account: ProvisionedAccount| {
        let ProvisionedAccount { id, name, status } = account;
        let of_account = [part_arn(&organization, "account", id.as_str())];
        let may_see = parts.ask(describe_account::OPERATION.action, &of_account)?;
        Ok(SetInAccount { id, name: may_see.ok().map(|()| name), status })
    };
    let accounts = match accounts {
        Ok(Paged { rows, next_token }) => {
            let rows = rows.into_iter().map(&mut described).collect::<Result<_, Fault>>()?;
            Ok(Paged { rows, next_token })
        }
        Err(why) => Err(why),
    };
    Ok(PermissionSetReply { set, managed_policies, inline_policy, accounts, tags })
}

/// Reads a part if the role may see it.
fn part<T>(
    may_see: Permitted<()>,
    read: impl FnOnce() -> Result<T, Fault>,
) -> Result<Permitted<T>, Fault> {
    match may_see {
        Ok(()) => read().map(Ok),
        Err(why) => Ok(Err(why)),
    }
}

/// A limit that never cuts: the store holds at most this many.
fn bound(count_max: usize) -> i64 {
    i64::try_from(count_max).unwrap_or(i64::MAX)
}
