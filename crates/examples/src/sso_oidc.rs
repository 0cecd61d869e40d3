//! IAM Identity Center OIDC: a command line gets access by device code.

use serde_json::{Value, json};

use crate::world::{USER_NAMES, at, merged};
use crate::{Api, Call, Callers, World, portico_admin};

/// Fills in [`World::access_token`].
pub fn walk(api: &mut dyn Api, world: &mut World) {
    const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
    const REFRESH_TOKEN: &str = "refresh_token";
    let new = json!({
        "clientName": "walker", "clientType": "public", "scopes": ["sso:account:access"],
        "grantTypes": [DEVICE_CODE, REFRESH_TOKEN],
    });
    let client = open(api, "SSOOIDC.RegisterClient", new);
    let client = json!({
        "clientId": at(&client, "/clientId"), "clientSecret": at(&client, "/clientSecret"),
    });
    let store = world.identity_store.as_str().unwrap_or_default();
    let start_url = json!({ "startUrl": format!("https://{store}.awsapps.com/start") });
    let device = merged(&client, &start_url);
    let device = open(api, "SSOOIDC.StartDeviceAuthorization", device);
    let ([user, _], [user_name, _]) = (&world.users, USER_NAMES);
    let password = portico_admin::reset_password(api, world, user);
    api.sign_in(user_name, &password);
    api.approve(&device);
    let grant = json!({ "grantType": DEVICE_CODE, "deviceCode": at(&device, "/deviceCode") });
    let tokens = open(api, "SSOOIDC.CreateToken", merged(&client, &grant));
    let grant = json!({
        "grantType": REFRESH_TOKEN, "refreshToken": at(&tokens, "/refreshToken"),
    });
    let tokens = open(api, "SSOOIDC.CreateToken", merged(&client, &grant));
    world.access_token = at(&tokens, "/accessToken");
}

fn open(api: &mut dyn Api, operation: &'static str, input: Value) -> Value {
    api.call(&Call::new(operation, input).by(Callers::Everyone))
}
