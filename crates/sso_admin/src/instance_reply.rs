//! Instance in replies of sso-admin.

use kernel::reply::seconds;
use model::instance::Instance;
use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InstanceReply {
    pub instance_arn: String,
    pub identity_store_id: String,
    pub identity_store_arn: String,
    pub owner_account_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Seconds since 1970.
    pub created_date: f64,
    pub status: &'static str,
    pub primary_region: String,
    pub regions: [RegionReply; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RegionReply {
    pub region_name: String,
    pub status: &'static str,
    /// Seconds since 1970.
    pub added_date: f64,
    pub is_primary_region: bool,
}

impl InstanceReply {
    pub(super) fn new(instance: &Instance, region: &str) -> Self {
        let created_date = seconds(instance.created_at_ms);
        let only = RegionReply {
            region_name: region.to_owned(),
            status: "ACTIVE",
            added_date: created_date,
            is_primary_region: true,
        };
        Self {
            instance_arn: instance.id.arn(),
            identity_store_id: instance.identity_store_id.to_string(),
            identity_store_arn: instance.identity_store_arn(),
            owner_account_id: instance.owner_account_id.to_string(),
            name: instance.name.as_ref().map(ToString::to_string),
            created_date,
            status: instance.status.as_str(),
            primary_region: region.to_owned(),
            regions: [only],
        }
    }
}
