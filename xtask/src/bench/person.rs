//! People: users with passwords, signed in, with roles and command lines.

use std::time::Duration;

use serde_json::{Value, json};

use super::admin::user;
use super::browser::Browser;
use super::portico::Portico;
use super::watch::wait;
use super::wire::{Answer, Request};

pub const PASSWORD: &str = "Bench-Horse-7-Staple";

/// Name of the permission set.
pub const ROLE: &str = "BenchRole";

/// Maximum number of pauses of 50 ms.
const WAITS_MAX: u32 = 200;

/// A registered client and its present refresh token.
#[derive(Default)]
pub struct CommandLine {
    pub client_id: String,
    pub client_secret: String,
    pub refresh_token: String,
}

/// Creates a user who has chosen a password; answers with the id.
pub fn person_with_password(
    portico: &Portico,
    store_id: &str,
    name: &str,
) -> Result<String, String> {
    // What is measured is the password.
    let listed = portico.call("SWBExternalService.ListInstances", &json!({}))?;
    let settings = json!({
        "InstanceArn": listed.pointer("/Instances/0/InstanceArn"), "NoMfaSignInBehavior": "ALLOWED",
    });
    portico.call("PorticoAdmin.PutMfaSettings", &settings)?;
    let created = portico.call("AWSIdentityStore.CreateUser", &user(store_id, name))?;
    let user_id = text(&created, "UserId").ok_or("a user without an id")?;
    let reset = json!({
        "IdentityStoreId": store_id, "UserId": user_id, "Mode": "ONE_TIME_PASSWORD",
    });
    let reset = portico.call("PorticoAdmin.ResetUserPassword", &reset)?;
    let once = text(&reset, "OneTimePassword").ok_or("no one-time password")?;
    let mut browser = Browser::new(&portico.process);
    let page = sign_in(&mut browser, name, &once)?;
    let chosen = [("new_password", PASSWORD), ("confirm_password", PASSWORD)];
    browser.submit(&page, "new_password", &chosen)?;
    Ok(user_id)
}

pub fn sign_in(browser: &mut Browser, name: &str, password: &str) -> Result<Answer, String> {
    let page = browser.open("/sign-in")?;
    browser.submit(&page, "password", &[("user_name", name), ("password", password)])
}

/// The number of the management account.
pub fn management_account(portico: &Portico) -> Result<String, String> {
    let organization =
        portico.call("AWSOrganizationsV20161128.DescribeOrganization", &json!({}))?;
    let account_id = organization.get("Organization").and_then(|it| text(it, "MasterAccountId"));
    account_id.ok_or("an organisation without an account".to_owned())
}

/// Assigns the role in an account to a `USER` or `GROUP`, and waits until the assignment is done.
pub fn assign(
    portico: &Portico,
    instance_arn: &str,
    account_id: &str,
    (kind, principal_id): (&str, &str),
) -> Result<(), String> {
    let assignment = json!({
        "InstanceArn": instance_arn,
        "PermissionSetArn": permission_set(portico, instance_arn)?,
        "PrincipalType": kind,
        "PrincipalId": principal_id,
        "TargetType": "AWS_ACCOUNT",
        "TargetId": account_id,
    });
    let reply = portico.call("SWBExternalService.CreateAccountAssignment", &assignment)?;
    let id = reply.pointer("/AccountAssignmentCreationStatus/RequestId");
    let asked = json!({"InstanceArn": instance_arn, "AccountAssignmentCreationRequestId": id});
    let operation = "SWBExternalService.DescribeAccountAssignmentCreationStatus";
    ended(portico, operation, &asked, "/AccountAssignmentCreationStatus/Status").map(drop)
}

/// Asks for a status until its `state` is success, and answers with it.
pub fn ended(
    portico: &Portico,
    operation: &str,
    asked: &Value,
    state: &str,
) -> Result<Value, String> {
    for _ in 0..WAITS_MAX {
        let now = portico.call(operation, asked)?;
        match now.pointer(state).and_then(Value::as_str) {
            Some("SUCCEEDED") => return Ok(now),
            Some("IN_PROGRESS") => wait(Duration::from_millis(50)),
            _ => return Err(format!("{operation} answers {now}")),
        }
    }
    Err(format!("{operation} takes too long"))
}

/// The permission set of the benchmark, which may exist from the last size.
pub fn permission_set(portico: &Portico, instance_arn: &str) -> Result<String, String> {
    let instance = json!({"InstanceArn": instance_arn});
    let listed = portico.call("SWBExternalService.ListPermissionSets", &instance)?;
    let first = listed.get("PermissionSets").and_then(|arns| arns.get(0)?.as_str());
    if let Some(arn) = first {
        return Ok(arn.to_owned());
    }
    let wish = json!({"InstanceArn": instance_arn, "Name": ROLE});
    let created = portico.call("SWBExternalService.CreatePermissionSet", &wish)?;
    let arn = created.get("PermissionSet").and_then(|it| text(it, "PermissionSetArn"));
    let arn = arn.ok_or("a permission set without an ARN")?;
    let policy = json!({
        "InstanceArn": instance_arn,
        "PermissionSetArn": arn,
        "ManagedPolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
    });
    portico.call("SWBExternalService.AttachManagedPolicyToPermissionSet", &policy)?;
    Ok(arn)
}

/// Lets a command line in by device code; answers with the client and its access token.
pub fn command_line(
    portico: &Portico,
    store_id: &str,
    browser: &mut Browser,
) -> Result<(CommandLine, String), String> {
    let ask = |path: &str, body: &Value| -> Result<Value, String> {
        Ok(portico.send(&oidc_request(path, body))?.succeeded(path)?.json())
    };
    let wish = json!({
        "clientName": "bench",
        "clientType": "public",
        "scopes": ["sso:account:access"],
        "grantTypes": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
    });
    let client = ask("/client/register", &wish)?;
    let field = |reply: &Value, name: &str| text(reply, name).ok_or(format!("no {name}"));
    let (client_id, client_secret) = (field(&client, "clientId")?, field(&client, "clientSecret")?);
    let start_url = format!("https://{store_id}.awsapps.com/start");
    let wish = json!({
        "clientId": client_id, "clientSecret": client_secret, "startUrl": start_url,
    });
    let device = ask("/device_authorization", &wish)?;
    let page = browser.open(&field(&device, "verificationUriComplete")?)?;
    let code = field(&device, "userCode")?;
    let page = browser.submit(&page, "user_code", &[("user_code", &code)])?;
    browser.submit(&page, "answer", &[("answer", "allow")])?;
    let tokens = ask(
        "/token",
        &json!({
            "clientId": client_id,
            "clientSecret": client_secret,
            "grantType": "urn:ietf:params:oauth:grant-type:device_code",
            "deviceCode": field(&device, "deviceCode")?,
        }),
    )?;
    let refresh_token = field(&tokens, "refreshToken")?;
    let access_token = field(&tokens, "accessToken")?;
    Ok((CommandLine { client_id, client_secret, refresh_token }, access_token))
}

/// A restJson request of sso-oidc.
pub fn oidc_request(path: &str, body: &Value) -> Request {
    let request = Request { method: "POST", ..Request::read(path) };
    let request = request.with("content-type", "application/json");
    Request { body: body.to_string().into_bytes(), ..request }
}

pub fn text(reply: &Value, name: &str) -> Option<String> {
    reply.get(name)?.as_str().map(str::to_owned)
}
