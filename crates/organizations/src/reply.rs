//! Accounts in replies of organizations.

use kernel::reply::Moment;
use model::ids::AccountId;
use model::organization::{Account, Organization};
use serde::Serialize;

use super::access::part_arn;

/// An account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccountReply {
    pub id: AccountId,
    pub arn: String,
    pub email: String,
    pub name: String,
    pub status: &'static str,
    pub state: &'static str,
    /// AWS: `Paths`. The path of every account leads directly from the root.
    pub paths: [String; 1],
    pub joined_method: &'static str,
    pub joined_timestamp: Moment,
}

impl AccountReply {
    pub(crate) fn new(organization: &Organization, account: &Account) -> Self {
        let Organization { id, root_id, .. } = organization;
        Self {
            id: account.id.clone(),
            arn: part_arn(organization, "account", account.id.as_str()),
            email: account.email.to_string(),
            name: account.name.to_string(),
            status: "ACTIVE",
            state: "ACTIVE",
            paths: [format!("{id}/{root_id}/{}/", account.id)],
            joined_method: account.joined_method.as_str(),
            joined_timestamp: Moment(account.joined_at_ms),
        }
    }
}
