//! AWS Organizations, `DescribeAccount`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::AccountId;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::account;

use super::access::{organization_part, require_managed};
use super::reply::AccountReply;

pub const OPERATION: Operation<DescribeAccountRequest, DescribeAccountReply> = Operation::reads(
    "AWSOrganizationsV20161128.DescribeAccount",
    "organizations:DescribeAccount",
    describe_account,
);

#[derive(Debug)]
pub struct DescribeAccountRequest {
    pub account_id: AccountId,
}

impl FromFields for DescribeAccountRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { account_id: fields.required("AccountId")? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeAccountReply {
    pub account: AccountReply,
}

/// Describes an account of the organisation.
pub fn describe_account(
    ctx: &Ctx<'_>,
    request: &DescribeAccountRequest,
) -> Result<DescribeAccountReply, Fault> {
    let resource = organization_part(ctx, "account", request.account_id.as_str())?;
    let permit = ctx.authorize(OPERATION.action, &resource)?;
    let mut read = ctx.read(&permit)?;
    let organization = require_managed(&mut read)?;
    let account = account::require(&mut read, &request.account_id)?;
    Ok(DescribeAccountReply { account: AccountReply::new(&organization, &account) })
}
