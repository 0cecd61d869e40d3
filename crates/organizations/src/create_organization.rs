//! AWS Organizations, `CreateOrganization`.

use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, OrganizationId, RootId};
use model::organization::Organization;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{account, organization};

use super::describe_organization::{DescribeOrganizationReply, OrganizationReply};

pub const OPERATION: Operation<CreateOrganizationRequest, DescribeOrganizationReply> =
    Operation::writes(
        "AWSOrganizationsV20161128.CreateOrganization",
        "organizations:CreateOrganization",
        create_organization,
    );

#[derive(Debug)]
pub struct CreateOrganizationRequest;

impl FromFields for CreateOrganizationRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        match fields.text("FeatureSet")? {
            None | Some("ALL") => Ok(Self),
            Some("CONSOLIDATED_BILLING") => Err(Fault::Unsupported {
                because: "FeatureSet CONSOLIDATED_BILLING is not supported: there are no bills. \
                    Use ALL."
                    .into(),
            }),
            Some(_) => Err(fields.invalid("FeatureSet", "be ALL or CONSOLIDATED_BILLING")),
        }
    }
}

/// Creates the organisation of an account without one. The account becomes its management account.
pub fn create_organization(
    ctx: &Ctx<'_>,
    _: &CreateOrganizationRequest,
) -> Result<DescribeOrganizationReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let Some(account_id) = ctx.caller.account_id() else {
        return Err(permit.refusal("an organization is managed by the account of a role"));
    };
    let mut tx = ctx.begin(permit)?;
    let manager = account::require(&mut tx, account_id)?;
    let organization = Organization {
        id: OrganizationId::random(&*ctx.portico.random),
        root_id: RootId::random(&*ctx.portico.random),
        management_account_id: account_id.clone(),
        next_identity_store_id: IdentityStoreId::random(&*ctx.portico.random),
        created_at_ms: tx.now_ms(),
    };
    organization::insert(&mut tx, &organization)?;
    let event = AuditEvent::new().answered("organizationId", &organization.id);
    tx.commit(&event)?;
    Ok(DescribeOrganizationReply { organization: OrganizationReply::new(&organization, &manager) })
}
