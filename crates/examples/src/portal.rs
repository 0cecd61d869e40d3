//! Access portal: the API that a command line calls with an access token.

use serde_json::{Value, json};

use crate::world::merged;
use crate::{Api, Call, Callers, World};

pub fn walk(api: &mut dyn Api, world: &World) {
    let mut step =
        |operation, input: Value| api.call(&Call::new(operation, input).by(Callers::AccessToken));
    let token = json!({ "accessToken": world.access_token });
    step("SSOPortal.ListAccounts", token.clone());
    let [account, _] = &world.accounts;
    let account = merged(&token, &json!({ "accountId": account }));
    step("SSOPortal.ListAccountRoles", account.clone());
    let role = merged(&account, &json!({ "roleName": "Reader" }));
    step("SSOPortal.GetRoleCredentials", role);
    step("SSOPortal.Logout", token);
}
