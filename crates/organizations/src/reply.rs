//! Accounts in replies of organizations.

use kernel::reply::seconds;
use model::organization::{Account, Organization};
use serde::Serialize;

/// AWS: `Account`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccountReply {
    pub id: String,
    pub arn: String,
    pub email: String,
    pub name: String,
    pub status: &'static str,
    pub state: &'static str,
    /// AWS: `Paths`. The path of every account leads directly from the root.
    pub paths: [String; 1],
    pub joined_method: &'static str,
    /// Seconds since 1970.
    pub joined_timestamp: f64,
}

impl AccountReply {
    pub(crate) fn new(organization: &Organization, account: &Account) -> Self {
        let Organization { id, root_id, management_account_id, .. } = organization;
        Self {
            id: account.id.to_string(),
            arn: format!(
                "arn:aws:organizations::{management_account_id}:account/{id}/{}",
                account.id
            ),
            email: account.email.to_string(),
            name: account.name.to_string(),
            status: "ACTIVE",
            state: "ACTIVE",
            paths: [format!("{id}/{root_id}/{}/", account.id)],
            joined_method: account.joined_method.as_str(),
            joined_timestamp: seconds(account.joined_at_ms),
        }
    }
}
