//! Requests of people and their command lines: pages, sign-ins, keys of a role, refreshed tokens.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use protocol::form::write_pairs;
use serde_json::json;

use super::browser::{Browser, fill};
use super::cases::{Held, Stage, lines, reason, repeat};
use super::controls::hash;
use super::load::{Client, Effort, load};
use super::measure::{Measured, over};
use super::peers;
use super::person::{
    CommandLine, PASSWORD, ROLE, assign, command_line, management_account, oidc_request,
    person_with_password, sign_in, text,
};
use super::report::{Goal, Row, number};
use super::wire::{Answer, Request};

/// Number of concurrent sign-ins. More would be refused by the queue for hashing.
const CLIENTS: u32 = 8;

/// A person who has signed in and has let command lines in.
struct Person {
    browser: Browser,
    account_id: String,
    access_token: String,
    /// One command line for each client of the load.
    lines: Vec<CommandLine>,
}

pub fn rows(stage: &Stage<'_>, instance_arn: &str) -> Vec<Row> {
    let users = Some(stage.users);
    let mut rows = Vec::new();
    let plain =
        Held { what: "sign-in page", users, times_bare_max: None, peer: "", against_peer: None };
    let visitor = Browser::new(&stage.portico.process);
    let sign_in_page = repeat(visitor.as_mine(Request::read("/sign-in")));
    rows.extend(lines(&plain, stage.measure(CLIENTS, &sign_in_page, None)));

    let mut person = match person(stage, instance_arn) {
        Ok(person) => person,
        Err(why) => {
            let all = ["portal page", "GetRoleCredentials", "token refresh", "password sign-in"];
            rows.extend(all.map(|what| Row::unmeasured(what, users, why.clone())));
            return rows;
        }
    };
    let portal = repeat(person.browser.as_mine(Request::read("/start")));
    let held = Held { what: "portal page", ..plain };
    rows.extend(lines(&held, stage.measure(CLIENTS, &portal, None)));

    let query = format!("account_id={}&role_name={ROLE}", person.account_id);
    let vend = Request { query, ..Request::read("/federation/credentials") };
    let vend = repeat(vend.with("x-amz-sso_bearer_token", person.access_token.as_str()));
    let held = Held { what: "GetRoleCredentials", times_bare_max: Some(10.0), ..plain };
    rows.extend(lines(&held, stage.measure(CLIENTS, &vend, None)));

    let held =
        Held { what: "token refresh", times_bare_max: Some(6.0), peer: "oidc-provider", ..held };
    rows.extend(lines(&held, refresh(stage, std::mem::take(&mut person.lines))));
    rows.push(
        sign_ins(stage).unwrap_or_else(|why| Row::unmeasured("password sign-in", users, why)),
    );
    rows
}

/// The share of the hash in the processor time of a sign-in, from the rate of sign-ins and the rate of
/// bare hashing on busy cores. The two rates beside each other show the waiting time.
fn sign_ins(stage: &Stage<'_>) -> Result<Row, String> {
    let server = &stage.portico.process;
    let mut requests = Vec::new();
    for _ in 0..CLIENTS {
        let name = stage.fresh_name();
        person_with_password(stage.portico, stage.store_id()?, &name)?;
        let mut browser = Browser::new(server);
        let page = browser.open("/sign-in")?;
        let filled = [("user_name", name.as_str()), ("password", PASSWORD)];
        let request = fill(&page, "password", &filled)?;
        requests.push(browser.as_mine(request));
    }
    let clients = |number: u32| -> Client<'_> {
        let place = usize::try_from(number).unwrap_or_default() % requests.len();
        let request = requests.get(place).cloned().unwrap_or_default();
        Box::new(move |_| request.clone())
    };
    let duration = Duration::from_millis(1500);
    let effort = Effort { duration, ..stage.effort(CLIENTS) };
    let (mut ratios, mut rates, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..stage.options.slices {
        let bare = hash(duration)?;
        let slice = load(server, effort, &clients)?;
        rates.push(slice.per_second() / bare.per_second);
        ratios.push(bare.cpu_micros / slice.cpu_per_request());
        cpu.push(slice.cpu_per_request() / 1e3);
    }
    let (cpu, rate) = (number(over(cpu.into_iter())), number(over(rates.into_iter())));
    let measured = format!("{cpu} ms of a core; {rate} × the bare rate");
    let row = Row::told("password sign-in", Some(stage.users), measured);
    let goal = Goal::AtLeast(0.95);
    Ok(row.held(over(ratios.into_iter()), "× bare Argon2id", goal, reason("password sign-in")))
}

fn refresh(stage: &Stage<'_>, lines: Vec<CommandLine>) -> Result<Measured, String> {
    let lines: Vec<Mutex<CommandLine>> = lines.into_iter().map(Mutex::new).collect();
    let ours = |number: u32| exchanges(&lines, number, our_exchange);
    let effort = stage.effort(CLIENTS);
    let Some(oidc) = stage.peers.oidc.as_ref().ok().filter(|_| stage.with_peers) else {
        return stage.measure_some(effort, &ours, None);
    };
    let minted = (0..CLIENTS).map(|_| {
        let token = peers::send(oidc, &Request::read("/mint"))?.succeeded("/mint")?.text();
        Ok(Mutex::new(CommandLine { refresh_token: token, ..CommandLine::default() }))
    });
    let minted: Vec<Mutex<CommandLine>> = minted.collect::<Result<_, String>>()?;
    let theirs = |number: u32| exchanges(&minted, number, their_exchange);
    stage.measure_some(effort, &ours, Some((oidc, &theirs)))
}

/// A client that exchanges the latest refresh token, across slices.
fn exchanges(
    lines: &[Mutex<CommandLine>],
    number: u32,
    exchange: fn(&mut CommandLine, Option<&Answer>) -> Request,
) -> Client<'_> {
    let line = usize::try_from(number).ok().and_then(|place| lines.get(place));
    Box::new(move |answer| {
        let Some(line) = line else { return Request::read("/") };
        exchange(&mut line.lock().unwrap_or_else(PoisonError::into_inner), answer)
    })
}

fn our_exchange(line: &mut CommandLine, answer: Option<&Answer>) -> Request {
    if let Some(token) = answer.and_then(|answer| text(&answer.json(), "refreshToken")) {
        line.refresh_token = token;
    }
    oidc_request(
        "/token",
        &json!({
            "clientId": line.client_id,
            "clientSecret": line.client_secret,
            "grantType": "refresh_token",
            "refreshToken": line.refresh_token,
        }),
    )
}

fn their_exchange(line: &mut CommandLine, answer: Option<&Answer>) -> Request {
    if let Some(token) = answer.and_then(|answer| text(&answer.json(), "refresh_token")) {
        line.refresh_token = token;
    }
    let form = write_pairs([
        ("grant_type", "refresh_token"),
        ("client_id", "bench"),
        ("client_secret", "bench-secret"),
        ("refresh_token", &line.refresh_token),
    ]);
    Request::form("/token", form)
}

/// Creates a person who has a role in an account, is signed in, and has command lines.
fn person(stage: &Stage<'_>, instance_arn: &str) -> Result<Person, String> {
    let server = &stage.portico.process;
    let (store_id, name) = (stage.store_id()?, stage.fresh_name());
    let user_id = person_with_password(stage.portico, store_id, &name)?;
    let account_id = management_account(stage.portico)?;
    assign(stage.portico, instance_arn, &account_id, ("USER", &user_id))?;
    let mut browser = Browser::new(server);
    sign_in(&mut browser, &name, PASSWORD)?;
    let mut access_token = String::new();
    let mut lines = Vec::new();
    for _ in 0..CLIENTS {
        let (line, token) = command_line(stage.portico, store_id, &mut browser)?;
        lines.push(line);
        access_token = token;
    }
    Ok(Person { browser, account_id, access_token, lines })
}
