//! A person at the sandbox's pages: signs in, and allows a command line access.

use serde_json::{Value, json};

use super::api::{Api, Reply};
use crate::bench::browser::Browser;

const PASSWORD: &str = "Model-Check-7-Staple";

/// The access token of a command line that a new person lets in.
pub fn access_token(api: &Api) -> Result<Value, String> {
    let asked = |reply: Reply| match reply.error {
        None => Ok(reply.output),
        Some(error) => Err(format!("nobody is let in: {error}: {}", reply.message)),
    };
    let at = |value: &Value, place: &str| value.pointer(place).cloned().unwrap_or_default();
    let listed = asked(api.aws_json("SWBExternalService.ListInstances", &json!({}))?)?;
    let store = at(&listed, "/Instances/0/IdentityStoreId");
    let settings = json!({
        "InstanceArn": at(&listed, "/Instances/0/InstanceArn"), "NoMfaSignInBehavior": "ALLOWED",
    });
    asked(api.aws_json("PorticoAdmin.PutMfaSettings", &settings)?)?;
    let user = json!({
        "IdentityStoreId": store, "UserName": "grace", "DisplayName": "Grace Hopper",
        "Name": {"GivenName": "Grace", "FamilyName": "Hopper"},
    });
    let user = asked(api.aws_json("AWSIdentityStore.CreateUser", &user)?)?;
    let client = json!({
        "clientName": "model-check", "clientType": "public", "scopes": ["sso:account:access"],
    });
    let client = asked(api.oidc("/client/register", &client)?)?;
    let [id, secret] = ["/clientId", "/clientSecret"].map(|place| at(&client, place));
    let url = format!("https://{}.awsapps.com/start", store.as_str().unwrap_or_default());
    let device = json!({"clientId": id, "clientSecret": secret, "startUrl": url});
    let device = asked(api.oidc("/device_authorization", &device)?)?;
    let reset = json!({
        "IdentityStoreId": store, "UserId": at(&user, "/UserId"), "Mode": "ONE_TIME_PASSWORD",
    });
    let reset = asked(api.aws_json("PorticoAdmin.ResetUserPassword", &reset)?)?;
    let password = at(&reset, "/OneTimePassword");
    let mut browser = sign_in(api, "grace", password.as_str().unwrap_or_default())?;
    allow(&mut browser, &device)?;
    let grant = json!({
        "clientId": id, "clientSecret": secret, "deviceCode": at(&device, "/deviceCode"),
        "grantType": "urn:ietf:params:oauth:grant-type:device_code",
    });
    Ok(at(&asked(api.oidc("/token", &grant)?)?, "/accessToken"))
}

/// Signs in with a one-time password, and chooses a new one.
pub fn sign_in(api: &Api, name: &str, one_time_password: &str) -> Result<Browser, String> {
    let mut browser = Browser::new(&api.process);
    let page = browser.open("/sign-in")?;
    let filled = [("user_name", name), ("password", one_time_password)];
    let page = browser.submit(&page, "password", &filled)?;
    let chosen = [("new_password", PASSWORD), ("confirm_password", PASSWORD)];
    browser.submit(&page, "new_password", &chosen)?;
    Ok(browser)
}

/// Confirms the code of a device, and allows its client access.
pub fn allow(browser: &mut Browser, authorization: &Value) -> Result<(), String> {
    let text = |name: &str| authorization.get(name).and_then(Value::as_str).unwrap_or_default();
    let page = browser.open(text("verificationUriComplete"))?;
    let page = browser.submit(&page, "user_code", &[("user_code", text("userCode"))])?;
    browser.submit(&page, "answer", &[("answer", "allow")]).map(drop)
}
