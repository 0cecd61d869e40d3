//! The portal API shows a person only the accounts and roles that are assigned to them.

use serde_json::json;

use super::driver::Driver;
use crate::support::{CommandLine, text};

/// `line` belongs to a person with `role` in the management account, `elsewhere` to a person who has
/// the role only in the account "storage".
pub fn assert_accounts_are_apart(
    driver: &mut Driver<'_>,
    line: &CommandLine,
    role: &str,
    elsewhere: &CommandLine,
) {
    let account = driver.organization.account.clone();
    let keys = "SSOPortal.GetRoleCredentials";
    // AWS: the answer does not say whether the account exists.
    for (line, account, role) in [
        (line, account.as_str(), "NoSuchRole"),
        (line, "000000000001", role),
        (elsewhere, account.as_str(), role),
    ] {
        let input = json!({ "accountId": account, "roleName": role });
        let answer = driver.ask_with_token(keys, &input, Some(&line.access_token));
        assert_eq!((answer.status, answer.error().as_str()), (403, "ForbiddenException"));
    }
    let token = Some(elsewhere.access_token.as_str());
    let input = json!({ "accountId": account });
    let reply = driver.ask_with_token("SSOPortal.ListAccountRoles", &input, token).ok();
    assert_eq!(reply, json!({ "roleList": [] }));
    let accounts = driver.ask_with_token("SSOPortal.ListAccounts", &json!({}), token).ok();
    let seen = accounts["accountList"].as_array().unwrap().iter();
    let seen: Vec<_> = seen.map(|account| text(&account["accountName"])).collect();
    assert_eq!(seen, ["storage"]);
}
