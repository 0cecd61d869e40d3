//! A person, whom the operator lets in.

use serde_json::{Value, json};

use super::{Scenario, at, merged, person, with};

impl Scenario<'_> {
    /// A person signs in, lets a command line in, and uses the portal through it.
    pub fn let_in(&mut self) -> Result<(), String> {
        let world = self.world.clone();
        let [user, _] = &world.users;
        let [account, _] = &world.accounts;
        let grants = json!(["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"]);
        let public = json!({
            "clientName": "model-check", "clientType": "public", "grantTypes": grants,
            "scopes": ["sso:account:access"],
        });
        let client = self.call("sso-oidc.RegisterClient", &public)?;
        let known = json!({
            "clientId": at(&client, "/clientId"), "clientSecret": at(&client, "/clientSecret"),
        });
        let url = format!("https://{}.awsapps.com/start", world.store.as_str().unwrap_or_default());
        let input = with(&known, "startUrl", &json!(url));
        let device = self.call("sso-oidc.StartDeviceAuthorization", &input)?;
        let mut browser = person::sign_in(self.api, &world.store, user, "ada")?;
        person::allow(&mut browser, &device)?;
        let [device_code, refresh_token] =
            ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"];
        let grant = json!({"grantType": device_code, "deviceCode": at(&device, "/deviceCode")});
        let tokens = self.call("sso-oidc.CreateToken", &merged(&known, &grant))?;
        let grant =
            json!({"grantType": refresh_token, "refreshToken": at(&tokens, "/refreshToken")});
        let tokens = self.call("sso-oidc.CreateToken", &merged(&known, &grant))?;
        let token = json!({"accessToken": at(&tokens, "/accessToken")});
        self.list_portal("sso.ListAccounts", &token)?;
        let account = with(&token, "accountId", account);
        self.list_portal("sso.ListAccountRoles", &account)?;
        let role = with(&account, "roleName", &json!("Reader"));
        self.call("sso.GetRoleCredentials", &role)?;
        self.call("sso.Logout", &token)?;
        Ok(())
    }

    /// The portal spells pages in small letters.
    fn list_portal(&mut self, name: &str, input: &Value) -> Result<(), String> {
        let first = with(input, "maxResults", &json!(1));
        let page = self.call(name, &first)?;
        if let Some(token) = page.get("nextToken") {
            self.call(name, &with(&first, "nextToken", token))?;
        }
        self.call(name, input).map(drop)
    }
}
