//! A filled store with the servers and the people that the requests need.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use protocol::sigv4::Signer;
use serde_json::{Value, json};

use super::super::admin::user;
use super::super::browser::Browser;
use super::super::person::{
    PASSWORD, ROLE, assign, command_line, ended, management_account, person_with_password, sign_in,
    text,
};
use super::super::portico::{Launch, Portico};
use super::super::seed::USER;
use super::super::servers::Servers;
use super::super::watch::Watch;
use super::super::wire::Request;
use super::fill::{Templates, fill};
use super::size::Size;
use super::{OBJECTS, Setup};

/// Servers on one filled database.
pub struct Site {
    pub servers: Servers,
    pub size: Size,
    /// The administrator's signer for each signing name.
    pub signers: BTreeMap<&'static str, Arc<Signer>>,
    pub instance_arn: String,
    pub store_id: String,
    /// Number of the management account.
    pub account_id: String,
    /// Person with many accounts, whose browser has the console of the management account open.
    pub person: Person,
    /// Person in many groups.
    pub hundred: Person,
    /// Group without members.
    pub empty_group_id: String,
}

/// A person who is signed in.
pub struct Person {
    pub name: String,
    pub user_id: String,
    pub browser: Browser,
    /// Token of a command line.
    pub access_token: String,
}

impl Site {
    /// Starts the servers of `setup` in `folder`, and fills their store.
    pub fn start(
        setup: &Setup<'_>,
        program: &Path,
        folder: &Path,
        size: Size,
    ) -> Result<Self, String> {
        let name = format!("portico_bench_{}", size.users);
        let launch = Servers::launch(program, folder, (setup.postgres, &name))?;
        let portico = Portico::start(launch.clone())?;
        let (instance_arn, store_id) = portico.enable_instance()?;
        let account_id = management_account(&portico)?;
        let made = templates(&portico, &instance_arn, &store_id)?;
        let empty = json!({"IdentityStoreId": store_id, "DisplayName": "bench-empty"});
        let empty = portico.call("AWSIdentityStore.CreateGroup", &empty)?;
        let watch = Watch::start();
        let portico = portico.restart_after(|database| {
            let mut rows = database.open()?;
            fill(&mut rows, &made, &size)?;
            rows.close()?;
            check(&launch)
        })?;
        println!("# {} users in {:.0} s", size.users, watch.elapsed().as_secs_f64());
        let signed_in = |name: &str, user_id| signed_in(&portico, &store_id, name, user_id);
        let mut person = signed_in("bench-person", made.person_id)?;
        let hundred = signed_in("bench-hundred", made.hundred_id)?;
        open_console(&mut person.browser, &account_id)?;
        objects(&portico)?;
        let names = ["identitystore", "organizations", "s3", "sso"];
        let signers = names.map(|name| Ok((name, portico.signer(name)?)));
        let signers = signers.into_iter().collect::<Result<_, String>>()?;
        let servers = Servers::beside(portico, &launch, setup.nodes)?;
        let empty_group_id = text(&empty, "GroupId").unwrap_or_default();
        Ok(Self {
            servers,
            size,
            signers,
            instance_arn,
            store_id,
            account_id,
            person,
            hundred,
            empty_group_id,
        })
    }
}

/// Makes one of each kind through the API.
fn templates(portico: &Portico, instance_arn: &str, store_id: &str) -> Result<Templates, String> {
    let id = |reply: &Value, place: &str| {
        let id = reply.pointer(place).and_then(Value::as_str);
        id.map(str::to_owned).ok_or(format!("no {place} in {reply}"))
    };
    let created = portico.call("AWSIdentityStore.CreateUser", &user(store_id, USER))?;
    let user_id = id(&created, "/UserId")?;
    let group_name = "bench-group".to_owned();
    let group = json!({"IdentityStoreId": store_id, "DisplayName": group_name});
    let group_id = id(&portico.call("AWSIdentityStore.CreateGroup", &group)?, "/GroupId")?;
    let member = json!({
        "IdentityStoreId": store_id, "GroupId": group_id, "MemberId": {"UserId": user_id},
    });
    let membership = portico.call("AWSIdentityStore.CreateGroupMembership", &member)?;
    let account_name = "bench-account".to_owned();
    let email = format!("{account_name}@example.com");
    let account = json!({"AccountName": account_name, "Email": email});
    let account = portico.call("AWSOrganizationsV20161128.CreateAccount", &account)?;
    let asked = json!({"CreateAccountRequestId": id(&account, "/CreateAccountStatus/Id")?});
    let operation = "AWSOrganizationsV20161128.DescribeCreateAccountStatus";
    let account = ended(portico, operation, &asked, "/CreateAccountStatus/State")?;
    let account_id = id(&account, "/CreateAccountStatus/AccountId")?;
    let person_id = person_with_password(portico, store_id, "bench-person")?;
    let hundred_id = person_with_password(portico, store_id, "bench-hundred")?;
    assign(portico, instance_arn, &account_id, ("GROUP", &group_id))?;
    assign(portico, instance_arn, &account_id, ("USER", &person_id))?;
    assign(portico, instance_arn, &management_account(portico)?, ("USER", &person_id))?;
    let sets = json!({"InstanceArn": instance_arn});
    let sets = portico.call("SWBExternalService.ListPermissionSets", &sets)?;
    let set_arn = id(&sets, "/PermissionSets/0")?;
    let set_id = set_arn.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(Templates {
        user_id,
        group_id,
        group_name,
        membership_id: id(&membership, "/MembershipId")?,
        account_id,
        account_name,
        set_id,
        person_id,
        hundred_id,
    })
}

/// The product's own check of a store.
fn check(launch: &Launch) -> Result<(), String> {
    let output = launch.command(&["check"]).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("portico check: {}", String::from_utf8_lossy(&output.stderr)))
}

fn signed_in(
    portico: &Portico,
    store_id: &str,
    name: &str,
    user_id: String,
) -> Result<Person, String> {
    let mut browser = Browser::new(&portico.process);
    sign_in(&mut browser, name, PASSWORD)?;
    let (_, access_token) = command_line(portico, store_id, &mut browser)?;
    Ok(Person { name: name.to_owned(), user_id, browser, access_token })
}

fn open_console(browser: &mut Browser, account_id: &str) -> Result<(), String> {
    let role = format!("account_id={account_id}&role_name={ROLE}");
    let page = browser.open(&format!("/start/console?{role}"))?;
    browser.submit(&page, "role_name", &[]).map(drop)
}

/// A bucket with objects.
fn objects(portico: &Portico) -> Result<(), String> {
    let signer = portico.signer("s3")?;
    let put = |path: String, body: Vec<u8>| {
        let request = Request { method: "PUT", body, ..Request::read(&path) };
        portico.send(&request.signed(&signer))?.succeeded(&path).map(drop)
    };
    put("/bench".to_owned(), Vec::new())?;
    (0..OBJECTS).try_for_each(|number| put(format!("/bench/object-{number}"), vec![b'x'; 1024]))
}
