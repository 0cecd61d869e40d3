//! Whether the time of an answer tells who is a user: a rank test of 400 tries, interleaved, for each page that
//! strangers give a name or a link to.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::admin::user;
use super::browser::{Browser, fill};
use super::cases::reason;
use super::controls::median;
use super::person::{person_with_password, text};
use super::portico::{Launch, Portico};
use super::ranks::p_value;
use super::report::{Goal, Row, number};
use super::watch::{Watch, wait};
use super::wire::{Connection, Request};

/// Number of tries of a row, half of them of each sort.
const TRIES: u32 = 400;

/// Number of tries before, which are not counted.
const WARM_TRIES: u32 = 8;

/// Number of users of each sort. More tries at one of them than 30 in a row would be slowed down.
const USERS: u32 = 10;

/// Below this probability the row is short.
const P_MIN: f64 = 0.01;

/// The job behind "Forgot password" has done its work after this time, so it does not slow down the next try.
const JOB: Duration = Duration::from_millis(20);

/// A page, and how it is asked about users who exist (true) and others.
struct Asked<'a> {
    what: &'static str,
    pause: Duration,
    request: &'a dyn Fn(bool, u32) -> Result<Request, String>,
}

/// Measures on a server of its own, which believes what its visitors say about their addresses.
pub fn rows(program: &Path, folder: &Path) -> Vec<Row> {
    measure(program, &folder.join("unknown"))
        .unwrap_or_else(|why| vec![Row::unmeasured("unknown users", None, why)])
}

fn measure(program: &Path, folder: &Path) -> Result<Vec<Row>, String> {
    let launch = Launch::new(program, folder)?;
    let options = ["--trusted-proxy", "127.0.0.1"].map(str::to_owned).into();
    let portico = Portico::start(Launch { options, ..launch })?;
    let (_, store_id) = portico.enable_instance()?;
    let mut link = String::new();
    for number in 0..USERS {
        person_with_password(&portico, &store_id, &name("known", number))?;
        link = ended_invitation(&portico, &store_id, &name("guest", number))?;
    }
    let mut browser = Browser::new(&portico.process);
    let sign_in_page = browser.open("/sign-in")?;
    let forgot_page = browser.open("/forgot-password")?;
    // A link that never was, of the same signs.
    let other_link: String = link.chars().rev().collect();

    let sign_in = |sort: &str, other: &str, is_user: bool, number: u32| {
        let name = name(if is_user { sort } else { other }, number % USERS);
        let filled = [("user_name", name.as_str()), ("password", "Wrong-Horse-7-Staple")];
        fill(&sign_in_page, "password", &filled)
    };
    let with_password = |is_user: bool, number: u32| sign_in("known", "other", is_user, number);
    let invited = |is_user: bool, number: u32| sign_in("guest", "third", is_user, number);
    let forgot = |is_user: bool, number: u32| {
        let name = name(if is_user { "known" } else { "other" }, number % USERS);
        fill(&forgot_page, "user_name", &[("user_name", &name)])
    };
    let opened = |is_user: bool, _: u32| {
        let query = format!("token={}", if is_user { &link } else { &other_link });
        Ok(Request { query, ..Request::read("/set-password") })
    };
    let asked: [Asked<'_>; 4] = [
        Asked {
            what: "unknown user or wrong password",
            pause: Duration::ZERO,
            request: &with_password,
        },
        Asked { what: "unknown user or invited", pause: Duration::ZERO, request: &invited },
        Asked { what: "unknown user, forgot password", pause: JOB, request: &forgot },
        Asked { what: "unknown link or ended", pause: Duration::ZERO, request: &opened },
    ];
    let mut rows = Vec::new();
    for (number, asked) in (0_u32..).zip(&asked) {
        rows.push(try_all(&portico, &browser, number, asked)?);
    }
    portico.process.stop()?;
    Ok(rows)
}

/// Asks in the order A, B, B, A, so that each sort follows each as often, and a drift of the machine meets both.
fn try_all(
    portico: &Portico,
    browser: &Browser,
    number: u32,
    asked: &Asked<'_>,
) -> Result<Row, String> {
    let mut connection = Connection::by_name(portico.process.address);
    let (mut users, mut others) = (Vec::new(), Vec::new());
    let (mut seen_of_users, mut seen_of_others) = (BTreeSet::new(), BTreeSet::new());
    for turn in 0..WARM_TRIES + TRIES {
        let is_user = matches!(turn % 4, 0 | 3);
        // Each visitor comes from another network, which is not slowed down yet.
        let address = format!("10.{}.{}.7", number * 8 + turn / 250, turn % 250);
        let request = (asked.request)(is_user, turn / 2)?.with("x-forwarded-for", address);
        let request = browser.as_mine(request);
        wait(asked.pause);
        let watch = Watch::start();
        let answer = connection.send(&request)?;
        let micros = watch.micros();
        if answer.status == 429 || answer.status >= 500 {
            return Err(format!("{} answers {}", asked.what, answer.status));
        }
        let (times, seen) = if is_user {
            (&mut users, &mut seen_of_users)
        } else {
            (&mut others, &mut seen_of_others)
        };
        seen.insert((answer.status, answer.body.len()));
        if turn >= WARM_TRIES {
            times.push(micros);
        }
    }
    if seen_of_users != seen_of_others {
        let what = format!("answers differ: {seen_of_users:?}, {seen_of_others:?}");
        let row = Row::told(asked.what, None, what);
        return Ok(row.held(0.0, "p", Goal::AtLeast(P_MIN), "the answers tell"));
    }
    let p = p_value(&users, &others);
    let [user, other] = [&mut users, &mut others].map(|times| number_of_ms(times));
    let measured = format!("{user} or {other} ms, p = {p:.4}");
    let row = Row::told(asked.what, None, measured);
    Ok(row.held(p, "p", Goal::AtLeast(P_MIN), reason(asked.what)))
}

fn number_of_ms(times: &mut [f64]) -> String {
    number(median(times) / 1e3)
}

/// A name of a sort, of the length of all others.
fn name(sort: &str, number: u32) -> String {
    format!("rank-{sort}-{number:03}")
}

/// Invites a user twice. Returns the secret of the first link, which the second invitation ended.
fn ended_invitation(portico: &Portico, store_id: &str, name: &str) -> Result<String, String> {
    let created = portico.call("AWSIdentityStore.CreateUser", &user(store_id, name))?;
    let asked = json!({"IdentityStoreId": store_id, "UserId": created.get("UserId")});
    let invited = portico.call("PorticoAdmin.InviteUser", &asked)?;
    let message = json!({"IdentityStoreId": store_id, "MessageId": invited.get("MessageId")});
    let message = portico.call("PorticoAdmin.GetMessage", &message)?;
    let words = text(&message, "Text").unwrap_or_default();
    let secret = words.split_once("token=").map(|(_, rest)| rest);
    let secret = secret.and_then(|rest| rest.split_whitespace().next());
    let secret = secret.ok_or("an invitation without a link")?.to_owned();
    portico.call("PorticoAdmin.InviteUser", &asked)?;
    Ok(secret)
}
