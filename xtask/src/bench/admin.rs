//! Requests of administrators: a read, a durable write, a page of a list.

use serde_json::{Value, json};

use super::cases::{Held, Stage, each, lines, reason, repeat};
use super::load::{Clients, load};
use super::measure::{Measured, over};
use super::peers;
use super::portico::aws_json;
use super::process::Process;
use super::report::{Goal, Row, number};
use super::wire::Request;

const CREATE_USER: &str = "AWSIdentityStore.CreateUser";
const DESCRIBE_USER: &str = "AWSIdentityStore.DescribeUser";
const LIST_USERS: &str = "AWSIdentityStore.ListUsers";
const DESCRIBE_ORGANIZATION: &str = "AWSOrganizationsV20161128.DescribeOrganization";

/// A store id for moto, which accepts every well-formed one.
const MOTO_STORE_ID: &str = "d-1234567890";

/// Number of concurrent clients.
const CLIENTS: u32 = 8;

/// Number of clients in an open loop.
const CLIENTS_DUE: u32 = 32;
/// Number of reads that are due per second in an open loop.
const READS_DUE: f64 = 1_000.0;
/// Number of writes that are due per second in an open loop.
const WRITES_DUE: f64 = 200.0;

pub fn rows(stage: &Stage<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    let users = Some(stage.users);
    let held = Held {
        what: "admin read, DescribeUser",
        users,
        times_bare_max: Some(3.0),
        peer: "moto",
        against_peer: Some(Goal::AtLeast(50.0)),
    };
    rows.extend(lines(&held, describe_user(stage)));
    let held = Held { what: "admin read, DescribeOrganization", ..held };
    rows.extend(lines(&held, describe_organization(stage)));
    let held = Held {
        what: "durable CreateUser",
        times_bare_max: None,
        against_peer: Some(Goal::AtLeast(10.0)),
        ..held
    };
    rows.extend(lines(&held, create_user(stage)));
    rows.push(
        writes_together(stage)
            .unwrap_or_else(|why| Row::unmeasured("CreateUser by 64 clients", users, why)),
    );
    rows.push(due("DescribeUser, 1,000 due in a second", users, reads_due(stage)));
    rows.push(due("CreateUser, 200 due in a second", users, writes_due(stage)));
    rows
}

/// Measures a page of 100 users; answers with its cost in bare routes, for comparison between sizes.
pub fn page_of_users(stage: &Stage<'_>) -> (Vec<Row>, Option<f64>) {
    let measured = list_users(stage);
    let times = measured.as_ref().ok().map(Measured::times_bare);
    let held = Held {
        what: "page of 100, ListUsers",
        users: Some(stage.users),
        times_bare_max: Some(15.0),
        peer: "moto",
        against_peer: None,
    };
    (lines(&held, measured), times)
}

/// The line of an open loop: the cost without contention, and the latency.
fn due(what: &str, users: Option<u32>, measured: Result<Measured, String>) -> Row {
    let measured = match measured {
        Ok(measured) => measured,
        Err(why) => return Row::unmeasured(what, users, why),
    };
    let (cpu, bare) = (number(measured.cpu()), number(measured.bare_cpu()));
    let milliseconds = |percent| number(measured.latency(percent) / 1e3);
    let (p50, p99) = (milliseconds(50), milliseconds(99));
    let told = format!("{cpu} µs; bare {bare} µs; p50 {p50} ms, p99 {p99} ms");
    Row::told(what, users, told).beside(measured.times_bare(), "× bare")
}

fn reads_due(stage: &Stage<'_>) -> Result<Measured, String> {
    stage.measure_due(READS_DUE, CLIENTS_DUE, &repeat(read_of_a_user(stage)?))
}

fn writes_due(stage: &Stage<'_>) -> Result<Measured, String> {
    let (ours, _) = creators(stage)?;
    stage.measure_due(WRITES_DUE, CLIENTS_DUE, &each(&*ours))
}

/// A read of a user who was created just before.
fn read_of_a_user(stage: &Stage<'_>) -> Result<Request, String> {
    let store_id = stage.store_id()?;
    let body = user(store_id, &stage.fresh_name());
    let id = user_id(&stage.portico.call(CREATE_USER, &body)?);
    let signer = stage.portico.signer("identitystore")?;
    let body = json!({"IdentityStoreId": store_id, "UserId": id});
    Ok(aws_json(DESCRIBE_USER, &body).signed(&signer))
}

fn describe_user(stage: &Stage<'_>) -> Result<Measured, String> {
    let ours = repeat(read_of_a_user(stage)?);
    let Ok(moto) = &stage.peers.moto else { return stage.measure(CLIENTS, &ours, None) };
    let created = peers::call(moto, CREATE_USER, &user(MOTO_STORE_ID, &stage.fresh_name()))?;
    let body = json!({"IdentityStoreId": MOTO_STORE_ID, "UserId": user_id(&created)});
    let theirs = repeat(aws_json(DESCRIBE_USER, &body).signed(&peers::signer("identitystore")?));
    stage.measure(CLIENTS, &ours, Some((moto, &theirs)))
}

fn describe_organization(stage: &Stage<'_>) -> Result<Measured, String> {
    let request = aws_json(DESCRIBE_ORGANIZATION, &json!({}));
    let ours = repeat(request.clone().signed(&stage.portico.signer("organizations")?));
    let theirs = repeat(request.signed(&peers::signer("organizations")?));
    let moto: Option<(&Process, &Clients<'_>)> =
        stage.peers.moto.as_ref().ok().map(|moto| (moto, &theirs as _));
    stage.measure(CLIENTS, &ours, moto)
}

fn create_user(stage: &Stage<'_>) -> Result<Measured, String> {
    let (ours, theirs) = creators(stage)?;
    let (ours, theirs) = (each(&*ours), each(&*theirs));
    let moto: Option<(&Process, &Clients<'_>)> =
        stage.peers.moto.as_ref().ok().map(|moto| (moto, &theirs as _));
    stage.measure(CLIENTS, &ours, moto)
}

/// The ratio between the writes of 64 clients and of one client.
fn writes_together(stage: &Stage<'_>) -> Result<Row, String> {
    let (ours, _) = creators(stage)?;
    let ours = each(&*ours);
    let server = &stage.portico.process;
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for _ in 0..stage.options.slices {
        alone.push(load(server, stage.effort(1), &ours)?);
        together.push(load(server, stage.effort(64), &ours)?);
    }
    let rates = alone.iter().zip(&together);
    let times = over(rates.map(|(alone, together)| together.per_second() / alone.per_second()));
    let milliseconds = |percent| {
        let latencies = together.iter().map(|slice| slice.latency(percent));
        number(over(latencies) / 1e3)
    };
    let measured = format!("p50 {} ms, p99 {} ms", milliseconds(50), milliseconds(99));
    let what = "CreateUser by 64 clients";
    let row = Row::told(what, Some(stage.users), measured);
    Ok(row.held(times, "× one client", Goal::AtLeast(1.5), reason(what)))
}

fn list_users(stage: &Stage<'_>) -> Result<Measured, String> {
    let request = |store_id: &str| {
        aws_json(LIST_USERS, &json!({"IdentityStoreId": store_id, "MaxResults": 100}))
    };
    let store_id = stage.store_id()?;
    let signer = stage.portico.signer("identitystore")?;
    let ours = repeat(request(store_id).signed(&signer));
    let listed = stage.portico.call(LIST_USERS, &json!({"IdentityStoreId": store_id}))?;
    if listed.get("Users").and_then(Value::as_array).map(Vec::len) != Some(100) {
        return Err("a page has not 100 users".to_owned());
    }
    let Some(moto) = stage.peers.moto.as_ref().ok().filter(|_| stage.with_peers) else {
        return stage.measure(CLIENTS, &ours, None);
    };
    for _ in 0..100 {
        peers::call(moto, CREATE_USER, &user(MOTO_STORE_ID, &stage.fresh_name()))?;
    }
    let theirs = repeat(request(MOTO_STORE_ID).signed(&peers::signer("identitystore")?));
    stage.measure(CLIENTS, &ours, Some((moto, &theirs)))
}

type Make<'a> = Box<dyn Fn() -> Request + Sync + 'a>;

/// The makers of requests for new users, for our server and for moto.
fn creators<'a>(stage: &'a Stage<'_>) -> Result<(Make<'a>, Make<'a>), String> {
    let store_id = stage.store_id()?;
    // One request checks that the operation is served, for a clear message if it is not.
    stage.portico.call(CREATE_USER, &user(store_id, &stage.fresh_name()))?;
    let signer = stage.portico.signer("identitystore")?;
    let their_signer = peers::signer("identitystore")?;
    let ours = move || aws_json(CREATE_USER, &user(store_id, &stage.fresh_name())).signed(&signer);
    let theirs = move || {
        aws_json(CREATE_USER, &user(MOTO_STORE_ID, &stage.fresh_name())).signed(&their_signer)
    };
    Ok((Box::new(ours), Box::new(theirs)))
}

/// The input that creates a user.
pub fn user(store_id: &str, name: &str) -> Value {
    json!({
        "IdentityStoreId": store_id,
        "UserName": name,
        "DisplayName": format!("{name} of the bench"),
        "Name": {"GivenName": name, "FamilyName": "Bench"},
        "Emails": [{"Value": format!("{name}@example.com"), "Type": "work", "Primary": true}],
    })
}

fn user_id(reply: &Value) -> String {
    reply.get("UserId").and_then(Value::as_str).unwrap_or_default().to_owned()
}
