//! Instance in replies of sso-admin.

use kernel::reply::Moment;
use model::ids::{AccountId, IdentityStoreId};
use model::instance::{Instance, InstanceStatus};
use serde::{Serialize, Serializer};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InstanceReply {
    pub instance_arn: String,
    pub identity_store_id: IdentityStoreId,
    pub identity_store_arn: String,
    pub owner_account_id: AccountId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub created_date: Moment,
    #[serde(serialize_with = "as_word")]
    pub status: InstanceStatus,
    pub primary_region: String,
    pub regions: [RegionReply; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RegionReply {
    pub region_name: String,
    pub status: &'static str,
    pub added_date: Moment,
    pub is_primary_region: bool,
}

impl InstanceReply {
    pub(super) fn new(instance: &Instance, region: &str) -> Self {
        let created_date = Moment(instance.created_at_ms);
        let only = RegionReply {
            region_name: region.to_owned(),
            status: "ACTIVE",
            added_date: created_date,
            is_primary_region: true,
        };
        Self {
            instance_arn: instance.id.arn(),
            identity_store_id: instance.identity_store_id.clone(),
            identity_store_arn: instance.identity_store_arn(),
            owner_account_id: instance.owner_account_id.clone(),
            name: instance.name.as_ref().map(ToString::to_string),
            created_date,
            status: instance.status,
            primary_region: region.to_owned(),
            regions: [only],
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn as_word<S: Serializer>(status: &InstanceStatus, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(status.as_str())
}
