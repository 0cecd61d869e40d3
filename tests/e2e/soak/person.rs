//! A person with a browser, a command line and a role, who also administers: one turn is one use of the server.

use serde_json::{Value, json};

use crate::support::{Answer, CommandLine, Keys, Organization, PASSWORD, Request, Visitor, text};

/// The turns, in the order in which they are taken.
pub const TURNS: [fn(&mut Person<'_>, usize); 20] = [
    describe_a_user,
    put_an_object,
    call_with_role_keys,
    list_users,
    fetch_an_object,
    open_the_portal,
    join_and_leave_a_group,
    describe_a_user,
    list_accounts,
    list_objects,
    vend_role_keys,
    create_and_delete_a_user,
    be_refused,
    list_groups,
    refresh_the_token,
    delete_an_object,
    assign_and_unassign,
    describe_a_user,
    read_the_metrics,
    sign_in_again,
];

/// Number of objects that a person writes again and again.
const OBJECTS: usize = 50;

/// Number of rounds of turns between two sign-ins, whose hash costs as much as hundreds of other turns.
const SIGN_IN_EVERY: usize = 4;

pub struct Person<'a> {
    organization: Organization<'a>,
    name: String,
    user: String,
    group: String,
    set: String,
    /// A permission set that is assigned and unassigned.
    passing: String,
    browser: Visitor<'a>,
    line: CommandLine,
    keys: Keys,
}

impl<'a> Person<'a> {
    pub fn of(organization: Organization<'a>, number: usize) -> Self {
        let name = format!("person-{number}");
        let user = organization.create_user(&name);
        let group = organization.create_group(&format!("group-{number}"));
        let set = organization.create_permission_set(&format!("Role{number}"), &["s3:*"]);
        let passing = organization.create_permission_set(&format!("Passing{number}"), &["s3:*"]);
        organization.assign("USER", &user, &organization.account, &set);
        let mut browser = organization.sign_in_first(&name, &user);
        let line = organization.command_line(&mut browser);
        let keys = organization.role_keys(&line, &organization.account, &format!("Role{number}"));
        Self { organization, name, user, group, set, passing, browser, line, keys }
    }

    /// Takes the turn with this number, which only rises.
    pub fn take(&mut self, turn: usize) {
        TURNS[turn % TURNS.len()](self, turn);
    }

    fn call(&self, operation: &str, input: &Value) -> Value {
        self.organization.call(operation, input).ok()
    }

    fn of_store(&self, input: Value) -> Value {
        self.organization.of_store(input)
    }

    fn s3(&self, request: Request, expected: u16) {
        let answer = self.send(&self.keys.sign("s3", request, self.organization.portico));
        assert_eq!(answer.status, expected, "{answer}");
    }

    fn object(&self, turn: usize) -> String {
        format!("/soak/{}/{}", self.name, turn % OBJECTS)
    }

    fn ask_portal(&self, target: &str) -> Value {
        let token = &self.line.access_token;
        self.send(&Request::get(target).header("x-amz-sso_bearer_token", token)).ok()
    }

    fn send(&self, request: &Request) -> Answer {
        self.organization.portico.send(request)
    }
}

fn describe_a_user(person: &mut Person<'_>, _: usize) {
    let input = person.of_store(json!({ "UserId": person.user }));
    person.call("AWSIdentityStore.DescribeUser", &input);
}

fn list_users(person: &mut Person<'_>, _: usize) {
    person.call("AWSIdentityStore.ListUsers", &person.of_store(json!({ "MaxResults": 50 })));
}

fn list_groups(person: &mut Person<'_>, _: usize) {
    person.call("AWSIdentityStore.ListGroups", &person.of_store(json!({})));
}

fn create_and_delete_a_user(person: &mut Person<'_>, turn: usize) {
    let user = person.organization.create_user(&format!("{}-{turn}", person.name));
    person.call("AWSIdentityStore.DeleteUser", &person.of_store(json!({ "UserId": user })));
}

fn join_and_leave_a_group(person: &mut Person<'_>, _: usize) {
    let membership = person.organization.join(&person.user, &person.group);
    let input = person.of_store(json!({ "MembershipId": membership }));
    person.call("AWSIdentityStore.DeleteGroupMembership", &input);
}

fn assign_and_unassign(person: &mut Person<'_>, _: usize) {
    let account = person.organization.account.clone();
    let input = person.organization.of_instance(json!({
        "AccountId": account, "PermissionSetArn": person.set,
    }));
    person.organization.assign("USER", &person.user, &account, &person.passing);
    person.call("SWBExternalService.ListAccountAssignments", &input);
    person.organization.unassign("USER", &person.user, &account, &person.passing);
}

fn call_with_role_keys(person: &mut Person<'_>, _: usize) {
    let pairs = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];
    let request = person.keys.sign_query("sts", &pairs, person.organization.portico);
    let answer = person.send(&request);
    assert_eq!(answer.status, 200, "{answer}");
}

fn vend_role_keys(person: &mut Person<'_>, _: usize) {
    let role = person.name.replace("person-", "Role");
    let account = person.organization.account.clone();
    person.keys = person.organization.role_keys(&person.line, &account, &role);
}

fn list_accounts(person: &mut Person<'_>, _: usize) {
    let listed = person.ask_portal("/assignment/accounts");
    assert_eq!(listed["accountList"].as_array().unwrap().len(), 1, "{listed}");
}

fn open_the_portal(person: &mut Person<'_>, _: usize) {
    person.browser.open("/start").assert_says("Access portal");
}

fn refresh_the_token(person: &mut Person<'_>, _: usize) {
    let CommandLine { client_id, client_secret, refresh_token, .. } = &person.line;
    let request = Request::post("/token").json(&json!({
        "clientId": client_id, "clientSecret": client_secret,
        "grantType": "refresh_token", "refreshToken": refresh_token,
    }));
    let tokens = person.send(&request).ok();
    person.line.access_token = text(&tokens["accessToken"]);
    person.line.refresh_token = text(&tokens["refreshToken"]);
}

fn sign_in_again(person: &mut Person<'_>, turn: usize) {
    if !(turn / TURNS.len()).is_multiple_of(SIGN_IN_EVERY) {
        return;
    }
    let page = person.browser.open("/start");
    person.browser.press(&page, "/sign-out").assert_says("You are signed out");
    person.browser = person.organization.sign_in(&person.name);
    person.line = person.organization.command_line(&mut person.browser);
    vend_role_keys(person, turn);
}

fn put_an_object(person: &mut Person<'_>, turn: usize) {
    let body = PASSWORD.repeat(200);
    person.s3(Request::new("PUT", &person.object(turn)).body(body), 200);
}

fn fetch_an_object(person: &mut Person<'_>, turn: usize) {
    // It may have been deleted.
    let request = Request::get(&person.object(turn));
    let answer = person.send(&person.keys.sign("s3", request, person.organization.portico));
    assert!([200, 404].contains(&answer.status), "{answer}");
}

fn list_objects(person: &mut Person<'_>, _: usize) {
    person.s3(Request::get("/soak?list-type=2"), 200);
}

fn delete_an_object(person: &mut Person<'_>, turn: usize) {
    person.s3(Request::new("DELETE", &person.object(turn)), 204);
}

fn be_refused(person: &mut Person<'_>, _: usize) {
    let unknown = json!({ "UserId": "00000000-0000-4000-8000-000000000000" });
    let unknown = person.of_store(unknown);
    let answer = person.organization.call("AWSIdentityStore.DescribeUser", &unknown);
    assert_eq!(answer.error(), "ResourceNotFoundException", "{answer}");
    let unsigned = Request::post("/")
        .header("x-amz-target", "AWSIdentityStore.ListUsers")
        .header("content-type", "application/x-amz-json-1.1")
        .body("{}");
    let answer = person.send(&unsigned);
    assert!((400..500).contains(&answer.status), "{answer}");
}

fn read_the_metrics(person: &mut Person<'_>, _: usize) {
    assert_eq!(person.send(&Request::get("/metrics")).status, 200);
}
