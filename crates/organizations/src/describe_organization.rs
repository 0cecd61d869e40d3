//! AWS Organizations, `DescribeOrganization`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::organization::{Account, Organization};
use protocol::NoFields;
use serde::Serialize;
use store::{account, organization};

pub const OPERATION: Operation<NoFields, DescribeOrganizationReply> = Operation::reads(
    "AWSOrganizationsV20161128.DescribeOrganization",
    "organizations:DescribeOrganization",
    describe_organization,
);

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeOrganizationReply {
    pub organization: OrganizationReply,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OrganizationReply {
    pub id: String,
    pub arn: String,
    pub feature_set: &'static str,
    pub master_account_arn: String,
    pub master_account_id: String,
    pub master_account_email: String,
    pub available_policy_types: Vec<String>,
}

impl OrganizationReply {
    pub(super) fn new(organization: &Organization, manager: &Account) -> Self {
        let (id, account) = (&organization.id, &manager.id);
        Self {
            id: id.to_string(),
            arn: format!("arn:aws:organizations::{account}:organization/{id}"),
            feature_set: "ALL",
            master_account_arn: format!("arn:aws:organizations::{account}:account/{id}/{account}"),
            master_account_id: account.to_string(),
            master_account_email: manager.email.to_string(),
            available_policy_types: Vec::new(),
        }
    }
}

/// Describes the organisation. Every member account may call this.
pub fn describe_organization(
    ctx: &Ctx<'_>,
    _: &NoFields,
) -> Result<DescribeOrganizationReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut read = ctx.read(&permit)?;
    let organization = organization::require(&mut read)?;
    let manager = account::require(&mut read, &organization.management_account_id)?;

    Ok(DescribeOrganizationReply { organization: OrganizationReply::new(&organization, &manager) })
}
