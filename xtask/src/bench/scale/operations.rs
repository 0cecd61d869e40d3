//! The pages and operations, each as a request at a site.

use protocol::form::write_pairs;
use serde_json::{Value, json};

use super::super::admin::user;
use super::super::browser::{Browser, fill};
use super::super::person::{PASSWORD, ROLE, text};
use super::super::portico::{aws_json, signing_name};
use super::super::seed::NAME;
use super::super::wire::{Connection, Request};
use super::fill::{BIG, FAT};
use super::site::{Person, Site};
use super::size::{EVERYWHERE, GROUPS, SETS, account_id, group_id, set_id, user_id};

/// What is measured.
pub struct Operation {
    pub what: &'static str,
    /// Maximum number of requests in a slice.
    pub requests_max: u32,
    pub asked: Asked,
}

pub enum Asked {
    /// One request, again and again.
    Same(fn(&Site) -> Result<Request, String>),
    /// Another request for each number.
    Fresh(fn(&Site, u32) -> Request),
}
use Asked::{Fresh, Same};

/// Maximum number of pages before the one in the middle of a list.
const PAGES_MAX: u32 = 1_000;

const STORE: &str = "AWSIdentityStore.";
const CENTER: &str = "SWBExternalService.";
const ORGANIZATIONS: &str = "AWSOrganizationsV20161128.";

#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    same("ListUsers, first page", |site| Ok(first(site, STORE, "ListUsers", json!({})))),
    same("ListUsers, middle", |site| middle(site, STORE, "ListUsers", &json!({}), site.size.users)),
    same("ListGroups, first page", |site| Ok(first(site, STORE, "ListGroups", json!({})))),
    same("ListGroups, middle", |site| middle(site, STORE, "ListGroups", &json!({}), site.size.groups)),
    same("ListGroupMemberships, first page", |site| Ok(first(site, STORE, MEMBERSHIPS, big()))),
    same("ListGroupMemberships, middle", |site| middle(site, STORE, MEMBERSHIPS, &big(), site.size.big())),
    same("ListGroupMembershipsForMember, 100 groups", |site| Ok(first(site, STORE, FOR_MEMBER, hundred(site)))),
    same("IsMemberInGroups, 100 groups", |site| {
        let groups: Vec<_> = (0..GROUPS).map(group_id).collect();
        Ok(call(site, STORE, "IsMemberInGroups", with(hundred(site), json!({"GroupIds": groups}))))
    }),
    same("GetUserId", |site| {
        let name = format!("grown-{}", NAME.of(site.size.users / 2));
        let name = json!({"AttributePath": "userName", "AttributeValue": name});
        Ok(call(site, STORE, "GetUserId", json!({"AlternateIdentifier": {"UniqueAttribute": name}})))
    }),
    same("DescribeUser", |site| {
        Ok(call(site, STORE, "DescribeUser", json!({"UserId": user_id(site.size.users / 2)})))
    }),
    fresh("CreateUser", 200, |site, number| {
        call(site, STORE, "CreateUser", user(&site.store_id, &format!("new-{number}")))
    }),
    fresh("CreateGroupMembership", 150, |site, number| {
        let member = json!({"GroupId": site.empty_group_id, "MemberId": {"UserId": user_id(number)}});
        call(site, STORE, "CreateGroupMembership", member)
    }),
    same("ListAccountAssignments", |site| {
        let role = with(everywhere(site), json!({"AccountId": account_id(7)}));
        Ok(call(site, CENTER, "ListAccountAssignments", role))
    }),
    same("ListAccountAssignmentsForPrincipal, first page", |site| {
        Ok(first(site, CENTER, FOR_PRINCIPAL, principal(&site.person)))
    }),
    same("ListAccountAssignmentsForPrincipal, middle", |site| {
        middle(site, CENTER, FOR_PRINCIPAL, &principal(&site.person), site.size.held())
    }),
    same("ListAccountAssignmentsForPrincipal, 100 groups", |site| {
        Ok(first(site, CENTER, FOR_PRINCIPAL, principal(&site.hundred)))
    }),
    same("ListAccountAssignmentsForPrincipal, large group", |site| {
        let group = json!({"PrincipalType": "GROUP", "PrincipalId": group_id(FAT)});
        Ok(first(site, CENTER, FOR_PRINCIPAL, group))
    }),
    fresh("CreateAccountAssignment and its job", 30, |site, number| {
        let assignment = json!({
            "PermissionSetArn": set_arn(site, SETS - 2), "PrincipalType": "USER", "PrincipalId": user_id(number),
            "TargetType": "AWS_ACCOUNT", "TargetId": account_id(number % site.size.accounts),
        });
        call(site, CENTER, "CreateAccountAssignment", assignment)
    }),
    same("ListPermissionSets", |site| Ok(first(site, CENTER, "ListPermissionSets", json!({})))),
    same("ListPermissionSetsProvisionedToAccount", |site| {
        Ok(first(site, CENTER, "ListPermissionSetsProvisionedToAccount", json!({"AccountId": account_id(7)})))
    }),
    same("ListAccountsForProvisionedPermissionSet, first page", |site| {
        Ok(first(site, CENTER, PROVISIONED, everywhere(site)))
    }),
    same("ListAccountsForProvisionedPermissionSet, middle", |site| {
        middle(site, CENTER, PROVISIONED, &everywhere(site), site.size.accounts)
    }),
    same("ListAccounts, first page", |site| Ok(accounts(site, None))),
    same("ListAccounts, middle", |site| {
        page_after(site, site.size.accounts / 40, |token| accounts(site, token))
    }),
    same("portal, ListAccounts of 2,000", |site| Ok(portal(&site.person, "/assignment/accounts", "max_result=100"))),
    same("portal, ListAccounts by 100 groups", |site| {
        Ok(portal(&site.hundred, "/assignment/accounts", "max_result=100"))
    }),
    same("portal, ListAccountRoles", |site| {
        Ok(portal(&site.person, "/assignment/roles", &format!("account_id={}", site.account_id)))
    }),
    same("GetRoleCredentials", |site| {
        let role = format!("account_id={}&role_name={ROLE}", site.account_id);
        Ok(portal(&site.person, "/federation/credentials", &role))
    }),
    same(PORTAL_PAGE, |site| Ok(page(&site.person, "/start", ""))),
    same("portal page, 2,000 accounts, search", |site| Ok(page(&site.person, "/start", "q=account-1"))),
    same("portal page, 100 groups", |site| Ok(page(&site.hundred, "/start", ""))),
    same("sign-in page", |site| {
        Ok(Browser::new(&site.servers.first()?.process).as_mine(Request::read("/sign-in")))
    }),
    Operation { what: "password sign-in", requests_max: 12, asked: Same(sign_in) },
    same("console, home", |site| Ok(page(&site.person, "/console", ""))),
    same("console, users", |site| Ok(page(&site.person, "/console/users", ""))),
    same("console, groups", |site| Ok(page(&site.person, "/console/groups", ""))),
    same("console, accounts", |site| Ok(page(&site.person, "/console/accounts", ""))),
    same("console, permission sets", |site| Ok(page(&site.person, "/console/permission-sets", ""))),
    same("console, permission set", |site| {
        Ok(page(&site.person, "/console/permission-set", &write_pairs([("arn", set_arn(site, EVERYWHERE).as_str())])))
    }),
    same("console, assignments of an account", |site| {
        Ok(page(&site.person, "/console/assignments", &format!("account_id={}", account_id(7))))
    }),
    same("console, instance", |site| Ok(page(&site.person, "/console/instance", ""))),
    same("S3 GET of 1 KiB", |site| Ok(signed(site, "s3", Request::read("/bench/object-7")))),
    same("S3 PUT of 1 KiB", |site| {
        let put = Request { method: "PUT", body: vec![b'y'; 1024], ..Request::read("/bench/put") };
        Ok(signed(site, "s3", put))
    }),
    same("S3 list of 100", |site| {
        let query = "list-type=2&max-keys=100".to_owned();
        Ok(signed(site, "s3", Request { query, ..Request::read("/bench") }))
    }),
];

/// Page with a goal of its own.
pub const PORTAL_PAGE: &str = "portal page, 2,000 accounts";

const MEMBERSHIPS: &str = "ListGroupMemberships";
const FOR_MEMBER: &str = "ListGroupMembershipsForMember";
const FOR_PRINCIPAL: &str = "ListAccountAssignmentsForPrincipal";
const PROVISIONED: &str = "ListAccountsForProvisionedPermissionSet";

const fn same(what: &'static str, asked: fn(&Site) -> Result<Request, String>) -> Operation {
    Operation { what, requests_max: 1_000, asked: Same(asked) }
}

const fn fresh(
    what: &'static str,
    requests_max: u32,
    asked: fn(&Site, u32) -> Request,
) -> Operation {
    Operation { what, requests_max, asked: Fresh(asked) }
}

/// A signed request of an awsJson operation, about the identity store or the instance.
fn call(site: &Site, service: &str, operation: &str, body: Value) -> Request {
    let about = match service {
        STORE => json!({"IdentityStoreId": site.store_id}),
        CENTER => json!({"InstanceArn": site.instance_arn}),
        _ => json!({}),
    };
    let target = format!("{service}{operation}");
    let request = aws_json(&target, &with(body, about));
    signed(site, signing_name(&target), request)
}

fn signed(site: &Site, signing_name: &str, request: Request) -> Request {
    match site.signers.get(signing_name) {
        Some(signer) => request.signed(signer),
        None => request,
    }
}

/// The request for the first page of a list.
fn first(site: &Site, service: &str, operation: &str, body: Value) -> Request {
    call(site, service, operation, with(body, json!({"MaxResults": 100})))
}

/// The request for the page in the middle of a list with so many rows, found by reading the pages before.
fn middle(
    site: &Site,
    service: &str,
    operation: &str,
    body: &Value,
    rows: u32,
) -> Result<Request, String> {
    page_after(site, rows / 200, |token| {
        let token = token.map_or_else(|| json!({}), |token| json!({"NextToken": token}));
        first(site, service, operation, with(body.clone(), token))
    })
}

/// The request for the page after so many pages of a list.
fn page_after(
    site: &Site,
    pages: u32,
    ask: impl Fn(Option<String>) -> Request,
) -> Result<Request, String> {
    let portico = site.servers.first()?;
    let mut connection = Connection::new(portico.process.address);
    let mut request = ask(None);
    for _ in 0..pages.clamp(1, PAGES_MAX) {
        let answer = connection.send(&request)?.succeeded("a page")?.json();
        let token = text(&answer, "NextToken").ok_or("a list without a page in the middle")?;
        request = ask(Some(token));
    }
    Ok(request)
}

fn accounts(site: &Site, token: Option<String>) -> Request {
    let token = token.map_or_else(|| json!({}), |token| json!({"NextToken": token}));
    call(site, ORGANIZATIONS, "ListAccounts", with(token, json!({"MaxResults": 20})))
}

/// Both objects in one.
fn with(mut body: Value, more: Value) -> Value {
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}

fn big() -> Value {
    json!({"GroupId": group_id(BIG)})
}

fn hundred(site: &Site) -> Value {
    json!({"MemberId": {"UserId": site.hundred.user_id}})
}

fn principal(person: &Person) -> Value {
    json!({"PrincipalType": "USER", "PrincipalId": person.user_id})
}

fn set_arn(site: &Site, number: u32) -> String {
    let instance = site.instance_arn.replace("instance", "permissionSet");
    format!("{instance}/{}", set_id(number))
}

fn everywhere(site: &Site) -> Value {
    json!({"PermissionSetArn": set_arn(site, EVERYWHERE)})
}

/// A request of a command line to the portal.
fn portal(person: &Person, path: &str, query: &str) -> Request {
    let request = Request { query: query.to_owned(), ..Request::read(path) };
    request.with("x-amz-sso_bearer_token", person.access_token.as_str())
}

/// A page that the person opens.
fn page(person: &Person, path: &str, query: &str) -> Request {
    person.browser.as_mine(Request { query: query.to_owned(), ..Request::read(path) })
}

/// The request that sends the form of the sign-in page.
fn sign_in(site: &Site) -> Result<Request, String> {
    let mut browser = Browser::new(&site.servers.first()?.process);
    let page = browser.open("/sign-in")?;
    let filled = [("user_name", site.hundred.name.as_str()), ("password", PASSWORD)];
    Ok(browser.as_mine(fill(&page, "password", &filled)?))
}
