//! Issued keys are refused at the next call after their grant ends; keys of others stay valid.

use serde_json::{Value, json};

use crate::support::{Answer, CommandLine, Keys, Organization, Portico, Request, Visitor, text};

/// Alice, with keys of a role, and Bob, who has another role in another account.
struct Scene<'a> {
    organization: &'a Organization<'a>,
    user: String,
    group: String,
    membership: String,
    set: String,
    browser: Visitor<'a>,
    line: CommandLine,
    keys: Keys,
    unrelated: Keys,
}

/// The way in which Alice gets her role.
#[derive(Clone, Copy, Eq, PartialEq)]
enum By {
    Herself,
    HerGroup,
}

impl<'a> Scene<'a> {
    fn new(organization: &'a Organization<'a>, by: By) -> Self {
        let account = &organization.account;
        let set = organization.create_permission_set("Reader", &["s3:ListAllMyBuckets"]);
        let group = organization.create_group("Readers");
        let user = organization.create_user("alice");
        let membership = organization.join(&user, &group);
        match by {
            By::Herself => organization.assign("USER", &user, account, &set),
            By::HerGroup => organization.assign("GROUP", &group, account, &set),
        }
        let mut browser = organization.sign_in_first("alice", &user);
        let line = organization.command_line(&mut browser);
        let keys = organization.role_keys(&line, account, "Reader");

        let other_account = organization.create_account("storage");
        let other_set = organization.create_permission_set("Lister", &["s3:ListAllMyBuckets"]);
        let bob = organization.create_user("bob");
        organization.assign("USER", &bob, &other_account, &other_set);
        let bobs = organization.command_line(&mut organization.sign_in_first("bob", &bob));
        let unrelated = organization.role_keys(&bobs, &other_account, "Lister");

        let scene =
            Self { organization, user, group, membership, set, browser, line, keys, unrelated };
        assert_works(organization.portico, &scene.keys);
        assert_works(organization.portico, &scene.unrelated);
        scene
    }

    fn call(&self, operation: &str, input: &Value) {
        self.organization.call(operation, input).ok();
    }

    fn revoke(&self, what: Value) {
        let input = self.organization.of_instance(what);
        self.call("PorticoAdmin.RevokeRoleCredentials", &input);
    }
}

/// Makes the calls of `aws s3 ls` and `aws sts get-caller-identity`.
fn calls(portico: &Portico, keys: &Keys) -> [Answer; 2] {
    let who = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];
    [keys.sign("s3", Request::get("/"), portico), keys.sign_query("sts", &who, portico)]
        .map(|request| portico.send(&request))
}

#[track_caller]
fn assert_works(portico: &Portico, keys: &Keys) {
    for answer in calls(portico, keys) {
        assert_eq!(answer.status, 200, "{answer}");
    }
}

#[track_caller]
fn assert_refused(portico: &Portico, keys: &Keys) {
    let told = calls(portico, keys).map(|answer| (answer.status, answer.error()));
    let [s3, sts] = [(400, "InvalidToken"), (403, "InvalidClientTokenId")]
        .map(|(status, code)| (status, code.to_owned()));
    assert_eq!(told, [s3, sts]);
}

/// Checks that `withdraw` ends Alice's keys and not Bob's.
#[track_caller]
fn withdraws(by: By, withdraw: impl FnOnce(&mut Scene<'_>)) {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let mut scene = Scene::new(&organization, by);
    withdraw(&mut scene);
    assert_refused(&portico, &scene.keys);
    assert_works(&portico, &scene.unrelated);
}

#[test]
fn a_disabled_user_is_refused_and_stays_so_when_enabled_again() {
    withdraws(By::Herself, |scene| {
        let user = scene.organization.of_store(json!({ "UserId": scene.user }));
        scene.call("PorticoAdmin.DisableUser", &user);
        assert_refused(scene.organization.portico, &scene.keys);
        scene.call("PorticoAdmin.EnableUser", &user);
    });
}

#[test]
fn a_deleted_user_is_refused() {
    withdraws(By::Herself, |scene| {
        let user = scene.organization.of_store(json!({ "UserId": scene.user }));
        scene.call("AWSIdentityStore.DeleteUser", &user);
    });
}

#[test]
fn the_keys_of_a_deleted_assignment_are_refused_and_stay_so_when_it_is_made_again() {
    withdraws(By::Herself, |scene| {
        let organization = scene.organization;
        let account = &organization.account;
        organization.unassign("USER", &scene.user, account, &scene.set);
        assert_refused(organization.portico, &scene.keys);
        organization.assign("USER", &scene.user, account, &scene.set);
    });
}

#[test]
fn the_keys_of_a_groups_deleted_assignment_are_refused() {
    withdraws(By::HerGroup, |scene| {
        let account = &scene.organization.account;
        scene.organization.unassign("GROUP", &scene.group, account, &scene.set);
    });
}

#[test]
fn a_removed_member_is_refused_and_stays_so_when_back_in_the_group() {
    withdraws(By::HerGroup, |scene| {
        let membership = json!({ "MembershipId": scene.membership });
        let membership = scene.organization.of_store(membership);
        scene.call("AWSIdentityStore.DeleteGroupMembership", &membership);
        assert_refused(scene.organization.portico, &scene.keys);
        scene.organization.join(&scene.user, &scene.group);
    });
}

#[test]
fn the_members_of_a_deleted_group_are_refused() {
    withdraws(By::HerGroup, |scene| {
        let group = scene.organization.of_store(json!({ "GroupId": scene.group }));
        scene.call("AWSIdentityStore.DeleteGroup", &group);
    });
}

#[test]
fn signing_out_ends_what_the_command_line_got() {
    withdraws(By::Herself, |scene| {
        let page = scene.browser.open("/start");
        let page = scene.browser.press(&page, "/sign-out");
        page.assert_says("You are signed out");
    });
}

#[test]
fn a_deleted_session_ends_what_came_from_it() {
    withdraws(By::Herself, |scene| {
        let user = scene.organization.of_store(json!({ "UserId": scene.user }));
        let listed = scene.organization.call("PorticoAdmin.ListSessions", &user).ok();
        let sessions = listed["Sessions"].as_array().unwrap().iter();
        // The session of the browser is the parent of the command line's.
        let mut portals = sessions.filter(|session| session["ParentSessionId"].is_null());
        let id = text(&portals.next().unwrap()["SessionId"]);
        let mut input = user;
        input["SessionIds"] = json!([id]);
        scene.call("PorticoAdmin.DeleteSessions", &input);
    });
}

#[test]
fn logging_the_command_line_out_ends_its_keys_and_not_the_browsers_session() {
    withdraws(By::Herself, |scene| {
        let token = scene.line.access_token.clone();
        let logout = Request::post("/logout").header("x-amz-sso_bearer_token", &token);
        assert_eq!(scene.organization.portico.send(&logout).status, 200);
        scene.browser.open("/start").assert_says("Access portal");
        let again = scene.organization.command_line(&mut scene.browser);
        let account = &scene.organization.account;
        let keys = scene.organization.role_keys(&again, account, "Reader");
        assert_works(scene.organization.portico, &keys);
    });
}

#[test]
fn a_persons_keys_can_be_revoked() {
    withdraws(By::Herself, |scene| scene.revoke(json!({ "PrincipalId": scene.user })));
}

#[test]
fn the_keys_of_an_account_can_be_revoked() {
    let revoke = |scene: &mut Scene<'_>| {
        scene.revoke(json!({ "AccountId": scene.organization.account }));
    };
    withdraws(By::Herself, revoke);
}

#[test]
fn the_keys_of_a_permission_set_can_be_revoked() {
    withdraws(By::Herself, |scene| scene.revoke(json!({ "PermissionSetArn": scene.set })));
}

#[test]
fn the_keys_of_a_role_can_be_revoked() {
    withdraws(By::HerGroup, |scene| {
        let account = &scene.organization.account;
        scene.revoke(json!({ "AccountId": account, "PermissionSetArn": scene.set }));
    });
}

#[test]
fn everyones_keys_can_be_revoked_and_the_next_ones_work_again() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let scene = Scene::new(&organization, By::Herself);
    scene.revoke(json!({}));
    assert_refused(&portico, &scene.keys);
    assert_refused(&portico, &scene.unrelated);
    portico.advance(1);
    assert_works(&portico, &organization.role_keys(&scene.line, &organization.account, "Reader"));
}

#[test]
fn an_edit_of_the_policy_reaches_keys_that_were_issued_before() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let scene = Scene::new(&organization, By::Herself);
    let list = || portico.send(&scene.keys.sign("s3", Request::get("/"), &portico));
    organization.allow(&scene.set, &["sqs:*"]);
    // An account keeps the role of the last provisioning.
    assert_eq!(list().status, 200);
    organization.provision(&scene.set);
    assert_eq!((list().status, list().error().as_str()), (403, "AccessDenied"));
    organization.allow(&scene.set, &["s3:ListAllMyBuckets"]);
    organization.provision(&scene.set);
    assert_works(&portico, &scene.keys);
}
