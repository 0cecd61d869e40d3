//! Every operation of the wire is tried by nobody, without permission, from another account, and
//! by its administrator; each of these leaves its event in the audit log.
//!
//! The walk is compared with the table of operations: a new operation without a step fails it. It is
//! one file because each step needs what the steps before it made.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use service::{find, operations};

use crate::support::{Answer, CommandLine, Keys, Organization, Portico, Request, Visitor, text};

/// Operations that anybody whose keys are good may ask.
// AWS: it answers even where a policy denies it.
const NEED_NO_PERMISSION: &[&str] = &["STS.GetCallerIdentity"];

/// Operations that an administrator of a member account may do, because they are about their own
/// account, or what every account of an organization may know.
const OPEN_TO_MEMBERS: &[&str] = &[
    // AWS: every account of an organization may describe it.
    "AWSOrganizationsV20161128.DescribeOrganization",
    // AWS: lists the instances that the caller's account can see.
    "SWBExternalService.ListInstances",
    // AWS: a member account may have an instance of its own.
    "SWBExternalService.CreateInstance",
    "AWSIdentityStore.ListIdentityStores",
    // It is about nobody's account.
    "STS.GetAccessKeyInfo",
];

/// What was asked for, by the id of the request.
struct Asked {
    operation: String,
    is_refused: bool,
}

struct Walk<'a> {
    organization: &'a Organization<'a>,
    /// Of a role in the management account that may do next to nothing.
    poor: Keys,
    /// Of an administrator of a member account.
    member: Keys,
    asked: RefCell<BTreeMap<String, Asked>>,
    done: RefCell<BTreeSet<String>>,
    complaints: RefCell<Vec<String>>,
}

impl Walk<'_> {
    fn portico(&self) -> &Portico {
        self.organization.portico
    }

    fn note(&self, operation: &str, answer: &Answer) {
        assert!(find(operation).is_some(), "{operation} is not in the table");
        let id = answer.header("x-amzn-requestid").unwrap().to_owned();
        let asked = Asked { operation: operation.to_owned(), is_refused: answer.status != 200 };
        self.asked.borrow_mut().insert(id, asked);
    }

    /// A signed call of awsJson or Query.
    fn ask(&self, keys: &Keys, operation: &str, input: &Value) -> Answer {
        let request = match operation.split_once('.').unwrap() {
            ("STS", action) => {
                let version = [("Action", action), ("Version", "2011-06-15")];
                let fields = input.as_object().unwrap().iter();
                let fields = fields.map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
                let pairs: Vec<_> = version.into_iter().chain(fields).collect();
                keys.sign_query("sts", &pairs, self.portico())
            }
            _ => keys.sign_call(operation, input, self.portico()),
        };
        let answer = self.portico().send(&request);
        self.note(operation, &answer);
        answer
    }

    /// The call without its signature.
    fn ask_as_nobody(&self, operation: &str, input: &Value) {
        let mut request = match operation.split_once('.').unwrap() {
            ("STS", action) => {
                let pairs = [("Action", action), ("Version", "2011-06-15")];
                Keys::sandbox().sign_query("sts", &pairs, self.portico())
            }
            _ => Keys::sandbox().sign_call(operation, input, self.portico()),
        };
        request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        let answer = self.portico().send(&request);
        let expected = match operation.split_once('.').unwrap() {
            ("STS", _) => (403, "MissingAuthenticationToken"),
            _ => (400, "MissingAuthenticationTokenException"),
        };
        assert_eq!((answer.status, answer.error().as_str()), expected, "{operation} {answer}");
        self.note(operation, &answer);
    }

    /// By nobody, without permission, and from another account.
    fn refuse(&self, operation: &str, input: &Value) {
        self.ask_as_nobody(operation, input);
        for (who, keys, is_open) in [
            ("the poor", &self.poor, false),
            ("a member", &self.member, OPEN_TO_MEMBERS.contains(&operation)),
        ] {
            let answer = self.ask(keys, operation, input);
            if is_open || NEED_NO_PERMISSION.contains(&operation) {
                self.complain_unless(answer.status == 200, who, operation, &answer);
            } else {
                let denied = ["AccessDenied", "AccessDeniedException"];
                let is_denied = answer.status != 200 && denied.contains(&answer.error().as_str());
                self.complain_unless(is_denied, who, operation, &answer);
            }
        }
    }

    /// The walk goes on, so that it tells of everything at once.
    fn complain_unless(&self, right: bool, who: &str, operation: &str, answer: &Answer) {
        if !right {
            self.complaints.borrow_mut().push(format!("{operation} by {who}: {answer}"));
        }
    }

    fn succeed(&self, operation: &str, input: &Value) -> Value {
        let answer = self.ask(&self.organization.keys, operation, input);
        assert_eq!(answer.status, 200, "{operation} {input} {answer}");
        self.done.borrow_mut().insert(operation.to_owned());
        if operation.starts_with("STS.") { Value::Null } else { answer.ok() }
    }

    fn step(&self, operation: &str, input: &Value) -> Value {
        self.refuse(operation, input);
        self.succeed(operation, input)
    }

    /// The instance goes in the background; until it is gone there can be no other.
    fn create_another_instance(&self) {
        const ATTEMPTS_MAX: usize = 10_000;
        let operation = "SWBExternalService.CreateInstance";
        let mut tries = (0..ATTEMPTS_MAX)
            .map(|_| self.ask(&self.organization.keys, operation, &json!({})))
            .skip_while(|answer| answer.status != 200 && answer.error() == "ConflictException");
        let answer = tries.next().unwrap();
        assert_eq!(answer.status, 200, "{answer}");
        self.done.borrow_mut().insert(operation.to_owned());
    }

    fn walk_organization(&self) {
        let step = |name: &str, input: &Value| {
            self.step(&format!("AWSOrganizationsV20161128.{name}"), input)
        };
        let account = json!({ "AccountId": self.organization.account });
        step("DescribeOrganization", &json!({}));
        step("DescribeAccount", &account);
        step("ListAccounts", &json!({}));
        step("ListRoots", &json!({}));
        step("ListParents", &json!({ "ChildId": self.organization.account }));
        step("ListCreateAccountStatus", &json!({}));
        let new = json!({ "AccountName": "Backup", "Email": "backup@example.com" });
        let made = step("CreateAccount", &new);
        let id = json!({ "CreateAccountRequestId": made["CreateAccountStatus"]["Id"] });
        step("DescribeCreateAccountStatus", &id);
        self.organization.account_outcome(&made);
        let resource = json!({ "ResourceId": self.organization.account });
        let with = |name: &str, value: Value| {
            let mut input = resource.clone();
            input[name] = value;
            input
        };
        step("TagResource", &with("Tags", json!([{ "Key": "a", "Value": "1" }])));
        step("ListTagsForResource", &resource);
        step("UntagResource", &with("TagKeys", json!(["a"])));
        // It succeeds where there is no organization yet: in a test of its own.
        let name = "AWSOrganizationsV20161128.CreateOrganization";
        self.ask_as_nobody(name, &json!({}));
        let poor = self.ask(&self.poor, name, &json!({}));
        assert_eq!(poor.error(), "AccessDeniedException", "{poor}");
        for keys in [&self.member, &self.organization.keys] {
            let answer = self.ask(keys, name, &json!({}));
            assert_eq!(answer.error(), "AlreadyInOrganizationException", "{answer}");
        }
        self.done.borrow_mut().insert(name.to_owned());
    }

    fn walk_identity_store(&self) -> (String, String) {
        let of = |more: Value| self.organization.of_store(more);
        let step =
            |name: &str, input: &Value| self.step(&format!("AWSIdentityStore.{name}"), input);
        let unique = |path: &str, value: &str| {
            let attribute = json!({ "AttributePath": path, "AttributeValue": value });
            of(json!({ "AlternateIdentifier": { "UniqueAttribute": attribute } }))
        };
        let change = |id: &str, value: &str, path: &str| {
            let operation = json!([{ "AttributePath": path, "AttributeValue": "New" }]);
            of(json!({ id: value, "Operations": operation }))
        };
        step("ListIdentityStores", &json!({}));
        step("DescribeIdentityStore", &of(json!({})));
        let name = json!({ "GivenName": "Walker", "FamilyName": "Example" });
        let new = json!({ "UserName": "walker", "DisplayName": "Walker", "Name": name });
        let user = text(&step("CreateUser", &of(new))["UserId"]);
        step("DescribeUser", &of(json!({ "UserId": user })));
        step("UpdateUser", &change("UserId", &user, "title"));
        step("ListUsers", &of(json!({})));
        step("GetUserId", &unique("userName", "walker"));
        let group = text(&step("CreateGroup", &of(json!({ "DisplayName": "Walkers" })))["GroupId"]);
        step("DescribeGroup", &of(json!({ "GroupId": group })));
        step("UpdateGroup", &change("GroupId", &group, "description"));
        step("ListGroups", &of(json!({})));
        step("GetGroupId", &unique("displayName", "Walkers"));
        let member = json!({ "UserId": user });
        let both = of(json!({ "GroupId": group, "MemberId": member }));
        let membership = text(&step("CreateGroupMembership", &both)["MembershipId"]);
        step("DescribeGroupMembership", &of(json!({ "MembershipId": membership })));
        step("GetGroupMembershipId", &both);
        step("ListGroupMemberships", &of(json!({ "GroupId": group })));
        step("ListGroupMembershipsForMember", &of(json!({ "MemberId": member })));
        step("IsMemberInGroups", &of(json!({ "MemberId": member, "GroupIds": [group] })));
        step("DeleteGroupMembership", &of(json!({ "MembershipId": membership })));
        (user, group)
    }

    fn walk_permission_sets(&self) -> String {
        let of = |more: Value| self.organization.of_instance(more);
        let step =
            |name: &str, input: &Value| self.step(&format!("SWBExternalService.{name}"), input);
        step("ListInstances", &json!({}));
        step("DescribeInstance", &of(json!({})));
        step("UpdateInstance", &of(json!({ "Name": "Walked" })));
        let made = step("CreatePermissionSet", &of(json!({ "Name": "Walked" })));
        let arn = text(&made["PermissionSet"]["PermissionSetArn"]);
        let set = |mut more: Value| {
            more["PermissionSetArn"] = json!(arn);
            of(more)
        };
        step("DescribePermissionSet", &set(json!({})));
        step("UpdatePermissionSet", &set(json!({ "Description": "Walks" })));
        step("ListPermissionSets", &of(json!({})));
        let policy = json!({ "ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess" });
        step("AttachManagedPolicyToPermissionSet", &set(policy.clone()));
        step("ListManagedPoliciesInPermissionSet", &set(json!({})));
        step("DetachManagedPolicyFromPermissionSet", &set(policy));
        let statement = json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }]);
        let inline = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
        step("PutInlinePolicyToPermissionSet", &set(json!({ "InlinePolicy": inline })));
        step("GetInlinePolicyForPermissionSet", &set(json!({})));
        step("DeleteInlinePolicyFromPermissionSet", &set(json!({})));
        let tags = json!([{ "Key": "a", "Value": "1" }]);
        step("TagResource", &of(json!({ "ResourceArn": arn, "Tags": tags })));
        step("ListTagsForResource", &of(json!({ "ResourceArn": arn })));
        step("UntagResource", &of(json!({ "ResourceArn": arn, "TagKeys": ["a"] })));
        arn
    }

    fn walk_assignments(&self, user: &str, set: &str) {
        let of = |more: Value| self.organization.of_instance(more);
        let step =
            |name: &str, input: &Value| self.step(&format!("SWBExternalService.{name}"), input);
        let account = self.organization.account.as_str();
        let both = of(json!({ "AccountId": account, "PermissionSetArn": set }));
        let assignment = self.organization.assignment("USER", user, account, set);
        let begun = step("CreateAccountAssignment", &assignment);
        let id = &begun["AccountAssignmentCreationStatus"]["RequestId"];
        let asked = of(json!({ "AccountAssignmentCreationRequestId": id }));
        step("DescribeAccountAssignmentCreationStatus", &asked);
        self.organization.outcome("CreateAccountAssignment", &begun);
        step("ListAccountAssignmentCreationStatus", &of(json!({})));
        step("ListAccountAssignments", &both);
        let principal = of(json!({ "PrincipalId": user, "PrincipalType": "USER" }));
        step("ListAccountAssignmentsForPrincipal", &principal);
        let everywhere = json!({
            "PermissionSetArn": set, "TargetType": "ALL_PROVISIONED_ACCOUNTS",
        });
        let begun = step("ProvisionPermissionSet", &of(everywhere));
        let id = &begun["PermissionSetProvisioningStatus"]["RequestId"];
        let asked = of(json!({ "ProvisionPermissionSetRequestId": id }));
        step("DescribePermissionSetProvisioningStatus", &asked);
        self.organization.outcome("ProvisionPermissionSet", &begun);
        step("ListPermissionSetProvisioningStatus", &of(json!({})));
        step("ListAccountsForProvisionedPermissionSet", &of(json!({ "PermissionSetArn": set })));
        step("ListPermissionSetsProvisionedToAccount", &of(json!({ "AccountId": account })));
        let begun = step("DeleteAccountAssignment", &assignment);
        let id = &begun["AccountAssignmentDeletionStatus"]["RequestId"];
        let asked = of(json!({ "AccountAssignmentDeletionRequestId": id }));
        step("DescribeAccountAssignmentDeletionStatus", &asked);
        self.organization.outcome("DeleteAccountAssignment", &begun);
        step("ListAccountAssignmentDeletionStatus", &of(json!({})));
        step("DeletePermissionSet", &of(json!({ "PermissionSetArn": set })));
    }

    fn walk_administration(&self, user: &str) {
        let of = |more: Value| self.organization.of_store(more);
        let step = |name: &str, input: &Value| self.step(&format!("PorticoAdmin.{name}"), input);
        let of_user = of(json!({ "UserId": user }));
        step("DisableUser", &of_user);
        step("EnableUser", &of_user);
        step("ResetUserPassword", &of(json!({ "UserId": user, "Mode": "ONE_TIME_PASSWORD" })));
        self.organization.sign_in_first("walker", user);
        let sessions = step("ListSessions", &of_user);
        let id = text(&sessions["Sessions"][0]["SessionId"]);
        step("DeleteSessions", &of(json!({ "UserId": user, "SessionIds": [id] })));
        let person = self.organization.of_instance(json!({ "PrincipalId": user }));
        step("RevokeRoleCredentials", &person);
    }

    /// sso-oidc is open: what nobody may say is what is malformed.
    fn walk_oauth(&self, browser: &mut Visitor<'_>) {
        let ask = |operation: &str, path: &str, body: &str| {
            let answer = self.portico().send(&Request::post(path).body(body));
            self.note(&format!("SSOOIDC.{operation}"), &answer);
            answer
        };
        let paths = [
            ("RegisterClient", "/client/register"),
            ("StartDeviceAuthorization", "/device_authorization"),
            ("CreateToken", "/token"),
        ];
        for (operation, path) in paths {
            for body in ["{}", "{", "[]"] {
                let answer = ask(operation, path, body);
                assert_eq!(answer.error(), "InvalidRequestException", "{path} {answer}");
                assert_eq!(answer.json()["error"], "invalid_request");
            }
        }
        let client = json!({
            "clientName": "walker", "clientType": "public", "scopes": ["sso:account:access"],
        });
        let client = ask("RegisterClient", "/client/register", &client.to_string()).ok();
        let start_url = format!("https://{}.awsapps.com/start", self.organization.store);
        let mut input = json!({
            "clientId": client["clientId"], "clientSecret": client["clientSecret"],
            "startUrl": start_url,
        });
        let path = "/device_authorization";
        let device = ask("StartDeviceAuthorization", path, &input.to_string()).ok();
        input["grantType"] = json!("urn:ietf:params:oauth:grant-type:device_code");
        input["deviceCode"] = device["deviceCode"].clone();
        let page = browser.open(device["verificationUriComplete"].as_str().unwrap());
        let page = browser.submit(&page, &[("user_code", device["userCode"].as_str().unwrap())]);
        browser.submit(&page, &[("answer", "allow")]);
        assert_eq!(ask("CreateToken", "/token", &input.to_string()).status, 200);
        for (operation, _) in paths {
            self.done.borrow_mut().insert(format!("SSOOIDC.{operation}"));
        }
    }

    /// The portal answers a token; nobody has none, or one that is not known. `elsewhere` is of
    /// somebody who may enter another account alone, in the same role.
    fn walk_portal(&self, line: &CommandLine, role: &str, elsewhere: &CommandLine) {
        let account = &self.organization.account;
        let roles = format!("/assignment/roles?account_id={account}");
        let keys = format!("/federation/credentials?account_id={account}&role_name={role}");
        let ask = |operation: &str, method: &str, path: &str, token: Option<&str>| {
            let mut request = Request::new(method, path);
            if let Some(token) = token {
                request = request.header("x-amz-sso_bearer_token", token);
            }
            let answer = self.portico().send(&request);
            self.note(&format!("SSOPortal.{operation}"), &answer);
            answer
        };
        // AWS: nobody is told whether the account is there.
        for (line, account, role) in [
            (line, account.as_str(), "NoSuchRole"),
            (line, "000000000001", role),
            (elsewhere, account, role),
        ] {
            let path = format!("/federation/credentials?account_id={account}&role_name={role}");
            let answer = ask("GetRoleCredentials", "GET", &path, Some(&line.access_token));
            assert_eq!((answer.status, answer.error().as_str()), (403, "ForbiddenException"));
        }
        let token = Some(elsewhere.access_token.as_str());
        let reply = ask("ListAccountRoles", "GET", &roles, token).ok();
        assert_eq!(reply, json!({ "roleList": [] }));
        let accounts = ask("ListAccounts", "GET", "/assignment/accounts", token).ok();
        let seen = accounts["accountList"].as_array().unwrap().iter();
        let seen: Vec<_> = seen.map(|account| text(&account["accountName"])).collect();
        assert_eq!(seen, ["storage"]);
        for (operation, method, path) in [
            ("ListAccounts", "GET", "/assignment/accounts"),
            ("ListAccountRoles", "GET", roles.as_str()),
            ("GetRoleCredentials", "GET", keys.as_str()),
            ("Logout", "POST", "/logout"),
        ] {
            for token in [None, Some("not-a-token"), Some(line.refresh_token.as_str())] {
                let answer = ask(operation, method, path, token);
                assert_eq!(answer.error(), "UnauthorizedException", "{operation} {answer}");
                assert_eq!(answer.status, 401);
            }
            let answer = ask(operation, method, path, Some(&line.access_token));
            assert_eq!(answer.status, 200, "{operation} {answer}");
            self.done.borrow_mut().insert(format!("SSOPortal.{operation}"));
        }
    }
}

#[test]
fn every_operation_refuses_nobody_the_poor_and_strangers_and_each_try_is_in_the_audit_log() {
    let folder = tempfile::tempdir().unwrap();
    let portico = Portico::serve_in(folder.path(), &[]);
    let data = ["--data", folder.path().to_str().unwrap()];
    let operator = Organization::operator(&data);
    let organization = Organization::of(&portico, operator.clone());
    let nearly_nothing = organization.create_permission_set("Poor", &["s3:ListAllMyBuckets"]);
    let everything = organization.create_permission_set("Rich", &["*"]);
    let storage = organization.create_account("storage");
    let [poor, rich] = ["poor", "rich"].map(|name| organization.create_user(name));
    organization.assign("USER", &poor, &organization.account, &nearly_nothing);
    organization.assign("USER", &rich, &storage, &everything);
    let line = organization.command_line(&mut organization.sign_in_first("poor", &poor));
    let rich_line = organization.command_line(&mut organization.sign_in_first("rich", &rich));
    let walk = Walk {
        poor: organization.role_keys(&line, &organization.account, "Poor"),
        member: organization.role_keys(&rich_line, &storage, "Rich"),
        organization: &organization,
        asked: RefCell::default(),
        done: RefCell::default(),
        complaints: RefCell::default(),
    };

    walk.step("STS.GetCallerIdentity", &json!({}));
    walk.step("STS.GetAccessKeyInfo", &json!({ "AccessKeyId": walk.member.id }));
    walk.walk_organization();
    let (user, group) = walk.walk_identity_store();
    let set = walk.walk_permission_sets();
    walk.walk_assignments(&user, &set);
    walk.walk_administration(&user);
    walk.walk_oauth(&mut organization.sign_in("poor"));
    let of_store = |more| organization.of_store(more);
    walk.step("AWSIdentityStore.DeleteGroup", &of_store(json!({ "GroupId": group })));
    walk.step("AWSIdentityStore.DeleteUser", &of_store(json!({ "UserId": user })));
    walk.refuse("SWBExternalService.CreateInstance", &json!({ "Name": "Another" }));
    walk.step("SWBExternalService.DeleteInstance", &organization.of_instance(json!({})));
    walk.create_another_instance();
    let anew = Organization::of(&portico, operator);
    let set = anew.create_permission_set("Portal", &["s3:*"]);
    let [line, elsewhere] = [("visitor", &anew.account), ("elsewhere", &storage)]
        .map(|(name, account)| anew.person_with_a_role(name, account, &set));
    walk.walk_portal(&line, "Portal", &elsewhere);

    let table: BTreeSet<String> = operations().map(|it| it.name().to_owned()).collect();
    let not_walked: Vec<_> = table.difference(&walk.done.borrow()).cloned().collect();
    assert_eq!(not_walked, [""; 0], "operations without a step");
    let complaints = walk.complaints.take();
    assert!(complaints.is_empty(), "{complaints:#?}");
    // Reads may be buffered for a second; a graceful end writes them.
    let asked = walk.asked.take();
    assert!(portico.terminate().success());
    let exported = Portico::run(&[&["audit", "export"], &data[..]].concat());
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let exported = String::from_utf8(exported.stdout).unwrap();
    assert!(exported.contains("\"eventName\":\"FoundOrganization\""), "the first start is told of");
    compare_with_the_log(&asked, &exported);
}

#[test]
fn an_account_that_stands_alone_makes_its_organization() {
    let portico = Portico::sandbox_with(&["--no-organization"]);
    let made = portico.call("AWSOrganizationsV20161128.CreateOrganization", &json!({})).ok();
    assert_eq!(made["Organization"]["FeatureSet"], "ALL", "{made}");
    portico.call("AWSOrganizationsV20161128.DescribeOrganization", &json!({})).ok();
}

/// Every answer is told of in the log, as what it was.
fn compare_with_the_log(asked: &BTreeMap<String, Asked>, exported: &str) {
    let mut events: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in exported.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        events.entry(text(&event["requestID"])).or_default().push(event);
    }
    let mut missing = Vec::new();
    for (id, Asked { operation, is_refused }) in asked {
        let (service, name) = find(operation).unwrap().action().split_once(':').unwrap();
        let found = events.get(id).is_some_and(|events| {
            events.iter().any(|event| {
                event["eventName"] == name && event["errorCode"].is_string() == *is_refused
            })
        });
        if !found {
            let instead = events.get(id);
            missing.push(format!("{service}:{name} refused={is_refused} {instead:?}"));
        }
    }
    assert!(missing.is_empty(), "not in the audit log: {missing:#?}");
}
