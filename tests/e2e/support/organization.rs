//! An organization with an enabled instance: calls of its administrator, and people who sign in.

use std::cell::Cell;

use serde_json::{Value, json};

use super::{Answer, Keys, Portico, Request, Visitor};

pub const PASSWORD: &str = "Plenty-of-Birds-19";

/// Maximum number of calls that wait for a job. Nothing sleeps between them.
const QUESTIONS_MAX: usize = 20_000;

pub struct Organization<'a> {
    pub portico: &'a Portico,
    /// Keys of the administrator.
    pub keys: Keys,
    pub instance: String,
    pub store: String,
    /// The management account.
    pub account: String,
    made: Cell<u32>,
}

/// A command line that a person let in.
#[derive(Clone, Debug)]
pub struct CommandLine {
    pub client_id: String,
    pub client_secret: String,
    pub access_token: String,
    pub refresh_token: String,
    pub expires_in: i64,
}

impl<'a> Organization<'a> {
    /// The organization of a sandbox. Its instance is enabled from the start.
    pub fn of_sandbox(portico: &'a Portico) -> Self {
        Self::of(portico, Keys::sandbox())
    }

    /// The organization of a real server. The operator enables the instance unless it is enabled.
    pub fn of_server(portico: &'a Portico) -> Self {
        let data = portico.data();
        Self::of(portico, Self::operator(&["--data", data.to_str().unwrap()]))
    }

    /// Keys from `portico admin credentials` on the server's host.
    pub fn operator(arguments: &[&str]) -> Keys {
        let said = Portico::run(&[&["admin", "credentials"], arguments].concat());
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        Keys::read(&serde_json::from_slice(&said.stdout).unwrap())
    }

    pub fn of(portico: &'a Portico, keys: Keys) -> Self {
        let list = || {
            portico.call_as(&keys, "SWBExternalService.ListInstances", &json!({})).ok()["Instances"]
                [0]
            .clone()
        };
        let mut found = list();
        if found.is_null() {
            portico.call_as(&keys, "SWBExternalService.CreateInstance", &json!({})).ok();
            found = list();
        }
        let described =
            portico.call_as(&keys, "AWSOrganizationsV20161128.DescribeOrganization", &json!({}));
        let account = text(&described.ok()["Organization"]["MasterAccountId"]);
        let [instance, store] = ["InstanceArn", "IdentityStoreId"].map(|name| text(&found[name]));
        // Most tests are about something else than second factors.
        let settings = json!({ "InstanceArn": instance, "NoMfaSignInBehavior": "ALLOWED" });
        portico.call_as(&keys, "PorticoAdmin.PutMfaSettings", &settings).ok();
        Self { portico, keys, instance, store, account, made: Cell::new(0) }
    }

    /// Creates a user, assigns a permission set in an account, and answers with a command line of theirs.
    pub fn person_with_a_role(&self, name: &str, account: &str, set: &str) -> CommandLine {
        let user = self.create_user(name);
        self.assign("USER", &user, account, set);
        self.command_line(&mut self.sign_in_first(name, &user))
    }

    /// Creates a user whose role of the management account allows `actions`. Returns a command line
    /// of theirs and the credentials of the role.
    pub fn person_who_may(&self, name: &str, role: &str, actions: &[&str]) -> (CommandLine, Keys) {
        let set = self.create_permission_set(role, actions);
        let line = self.person_with_a_role(name, &self.account, &set);
        let keys = self.role_keys(&line, &self.account, role);
        (line, keys)
    }

    /// Makes a call as the administrator.
    pub fn call(&self, operation: &str, input: &Value) -> Answer {
        self.portico.call_as(&self.keys, operation, input)
    }

    /// The input of an operation on the instance.
    pub fn of_instance(&self, mut input: Value) -> Value {
        input["InstanceArn"] = json!(self.instance);
        input
    }

    /// The input of an operation on the identity store.
    pub fn of_store(&self, mut input: Value) -> Value {
        input["IdentityStoreId"] = json!(self.store);
        input
    }

    #[track_caller]
    pub fn create_user(&self, name: &str) -> String {
        let input = self.of_store(json!({
            "UserName": name,
            "DisplayName": name,
            "Name": { "GivenName": name, "FamilyName": "Example" },
        }));
        text(&self.call("AWSIdentityStore.CreateUser", &input).ok()["UserId"])
    }

    #[track_caller]
    pub fn create_group(&self, name: &str) -> String {
        let input = self.of_store(json!({ "DisplayName": name }));
        text(&self.call("AWSIdentityStore.CreateGroup", &input).ok()["GroupId"])
    }

    /// Adds a user to a group; answers with the membership's id.
    #[track_caller]
    pub fn join(&self, user: &str, group: &str) -> String {
        let input = self.of_store(json!({ "GroupId": group, "MemberId": { "UserId": user } }));
        let reply = self.call("AWSIdentityStore.CreateGroupMembership", &input).ok();
        text(&reply["MembershipId"])
    }

    /// Creates a permission set with an inline policy that allows `actions` on all resources.
    #[track_caller]
    pub fn create_permission_set(&self, name: &str, actions: &[&str]) -> String {
        let input = self.of_instance(json!({ "Name": name }));
        let reply = self.call("SWBExternalService.CreatePermissionSet", &input).ok();
        let set = text(&reply["PermissionSet"]["PermissionSetArn"]);
        self.allow(&set, actions);
        set
    }

    /// Replaces the inline policy with one that allows only `actions`, on all resources.
    #[track_caller]
    pub fn allow(&self, set: &str, actions: &[&str]) {
        let statement = json!([{ "Effect": "Allow", "Action": actions, "Resource": "*" }]);
        let policy = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
        let input = self.of_instance(json!({ "PermissionSetArn": set, "InlinePolicy": policy }));
        self.call("SWBExternalService.PutInlinePolicyToPermissionSet", &input).ok();
    }

    /// An assignment with the members of a request.
    pub fn assignment(&self, kind: &str, principal: &str, account: &str, set: &str) -> Value {
        self.of_instance(json!({
            "PermissionSetArn": set, "PrincipalId": principal, "PrincipalType": kind,
            "TargetId": account, "TargetType": "AWS_ACCOUNT",
        }))
    }

    #[track_caller]
    pub fn assign(&self, kind: &str, principal: &str, account: &str, set: &str) {
        let input = self.assignment(kind, principal, account, set);
        self.finish("CreateAccountAssignment", &input);
    }

    #[track_caller]
    pub fn unassign(&self, kind: &str, principal: &str, account: &str, set: &str) {
        let input = self.assignment(kind, principal, account, set);
        self.finish("DeleteAccountAssignment", &input);
    }

    /// Provisions a permission set to every account that has it.
    #[track_caller]
    pub fn provision(&self, set: &str) {
        let input = self.of_instance(json!({
            "PermissionSetArn": set, "TargetType": "ALL_PROVISIONED_ACCOUNTS",
        }));
        self.finish("ProvisionPermissionSet", &input);
    }

    /// Starts a job of sso-admin, and waits until it succeeds.
    #[track_caller]
    fn finish(&self, operation: &str, input: &Value) {
        let reply = self.call(&format!("SWBExternalService.{operation}"), input).ok();
        let status = self.outcome(operation, &reply);
        assert_eq!(status["Status"], "SUCCEEDED", "{status}");
    }

    /// The final status of the job that `operation` started with this reply.
    #[track_caller]
    pub fn outcome(&self, operation: &str, reply: &Value) -> Value {
        let (question, request, member) = match operation {
            "CreateAccountAssignment" => (
                "SWBExternalService.DescribeAccountAssignmentCreationStatus",
                "AccountAssignmentCreationRequestId",
                "AccountAssignmentCreationStatus",
            ),
            "DeleteAccountAssignment" => (
                "SWBExternalService.DescribeAccountAssignmentDeletionStatus",
                "AccountAssignmentDeletionRequestId",
                "AccountAssignmentDeletionStatus",
            ),
            "ProvisionPermissionSet" => (
                "SWBExternalService.DescribePermissionSetProvisioningStatus",
                "ProvisionPermissionSetRequestId",
                "PermissionSetProvisioningStatus",
            ),
            other => panic!("{other} is no long work of sso-admin"),
        };
        let input = self.of_instance(json!({ request: reply[member]["RequestId"] }));
        for _ in 0..QUESTIONS_MAX {
            let status = self.call(question, &input).ok()[member].clone();
            if status["Status"] != "IN_PROGRESS" {
                return status;
            }
        }
        panic!("{operation} does not end");
    }

    /// The final status of the job that `CreateAccount` started with this reply.
    #[track_caller]
    pub fn account_outcome(&self, reply: &Value) -> Value {
        let input = json!({ "CreateAccountRequestId": reply["CreateAccountStatus"]["Id"] });
        let question = "AWSOrganizationsV20161128.DescribeCreateAccountStatus";
        for _ in 0..QUESTIONS_MAX {
            let status = self.call(question, &input).ok()["CreateAccountStatus"].clone();
            if status["State"] != "IN_PROGRESS" {
                return status;
            }
        }
        panic!("CreateAccount does not end");
    }

    #[track_caller]
    pub fn create_account(&self, name: &str) -> String {
        let input = json!({ "AccountName": name, "Email": format!("{name}@example.com") });
        let reply = self.call("AWSOrganizationsV20161128.CreateAccount", &input).ok();
        let status = self.account_outcome(&reply);
        assert_eq!(status["State"], "SUCCEEDED", "{status}");
        text(&status["AccountId"])
    }

    /// A browser in which a user signed in with a first password and chose [`PASSWORD`].
    #[track_caller]
    pub fn sign_in_first(&self, name: &str, user: &str) -> Visitor<'a> {
        let input = self.of_store(json!({ "UserId": user, "Mode": "ONE_TIME_PASSWORD" }));
        let reply = self.call("PorticoAdmin.ResetUserPassword", &input).ok();
        self.sign_in_once(name, &text(&reply["OneTimePassword"]))
    }

    /// A browser in which a user signed in with a one-time password and chose [`PASSWORD`].
    #[track_caller]
    pub fn sign_in_once(&self, name: &str, one_time_password: &str) -> Visitor<'a> {
        let mut browser = Visitor::of(self.portico);
        let page = browser.open("/sign-in");
        let filled = [("user_name", name), ("password", one_time_password)];
        let page = browser.submit(&page, &filled);
        let chosen = [("new_password", PASSWORD), ("confirm_password", PASSWORD)];
        let page = browser.submit(&page, &chosen);
        assert_eq!(page.answer.status, 200, "{}", page.answer);
        browser
    }

    /// A browser in which a user signed in with [`PASSWORD`].
    #[track_caller]
    pub fn sign_in(&self, name: &str) -> Visitor<'a> {
        let mut browser = Visitor::of(self.portico);
        let page = browser.open("/sign-in");
        let page = browser.submit(&page, &[("user_name", name), ("password", PASSWORD)]);
        assert_eq!(page.answer.status, 200, "{}", page.answer);
        browser
    }

    /// Lets a command line in by device code.
    #[track_caller]
    pub fn command_line(&self, browser: &mut Visitor<'a>) -> CommandLine {
        let ask = |path: &str, body: &Value| self.portico.send(&Request::post(path).json(body));
        let device_code = "urn:ietf:params:oauth:grant-type:device_code";
        self.made.set(self.made.get() + 1);
        let client = ask(
            "/client/register",
            &json!({
                "clientName": format!("command line {}", self.made.get()),
                "clientType": "public", "scopes": ["sso:account:access"],
                "grantTypes": [device_code, "refresh_token"],
            }),
        )
        .ok();
        let start_url = format!("https://{}.awsapps.com/start", self.store);
        let (id, secret) = (&client["clientId"], &client["clientSecret"]);
        let device = ask(
            "/device_authorization",
            &json!({ "clientId": id, "clientSecret": secret, "startUrl": start_url }),
        )
        .ok();
        browser.let_in(&text(&device["verificationUriComplete"]), &text(&device["userCode"]));
        let tokens = ask(
            "/token",
            &json!({
                "clientId": id, "clientSecret": secret, "grantType": device_code,
                "deviceCode": device["deviceCode"],
            }),
        )
        .ok();
        CommandLine {
            client_id: text(id),
            client_secret: text(secret),
            access_token: text(&tokens["accessToken"]),
            refresh_token: text(&tokens["refreshToken"]),
            expires_in: tokens["expiresIn"].as_i64().unwrap(),
        }
    }

    /// Keys of a role, requested with a command line's token.
    #[track_caller]
    pub fn role_keys(&self, line: &CommandLine, account: &str, role: &str) -> Keys {
        let target = format!("/federation/credentials?account_id={account}&role_name={role}");
        let request = Request::get(&target).header("x-amz-sso_bearer_token", &line.access_token);
        Keys::read(&self.portico.send(&request).ok()["roleCredentials"])
    }
}

/// The text of a value that must be one.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
