//! `cargo xtask bench --bulk`: many account assignments at once, and what others notice of them.
//!
//! An assignment is accepted by a request and done by a job. The clients do not pause, so the rate at which all are
//! done is the capacity. Beside them two people work at a fixed rate, before and meanwhile.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use protocol::sigv4::Signer;
use serde_json::{Value, json};

use super::admin::user;
use super::load::{Client, Effort, Slice, drive};
use super::options::Options;
use super::person::{ended, permission_set, text};
use super::portico::{Portico, aws_json};
use super::process::Served as _;
use super::report::{Goal, Row, number};
use super::scale::Setup;
use super::servers::Servers;
use super::watch::{Watch, wait};
use super::wire::Request;

const ACCOUNTS: u32 = 300;
const ASSIGNMENTS: u32 = 100_000;
const CLIENTS: u32 = 8;

/// Requests of each of the others that are due in a second.
const OTHERS_DUE: f64 = 50.0;

/// Maximum time until all is done.
const TIME_MAX: Duration = Duration::from_mins(10);

/// Minimum number of assignments in a second: in one server with SQLite, and in three with PostgreSQL.
const RATE_MIN: [f64; 2] = [2_000.0, 1_000.0];

/// Maximum latency of others meanwhile, as a multiple of what it was before.
const OTHERS_MAX: f64 = 3.0;

const CREATE: &str = "SWBExternalService.CreateAccountAssignment";

/// Servers on one database, with what the assignments name.
struct Site {
    servers: Servers,
    signer: Arc<Signer>,
    directory_signer: Arc<Signer>,
    instance_arn: String,
    store_id: String,
    set_arn: String,
    accounts: Vec<String>,
    users: Vec<String>,
}

/// Measures one setup.
pub fn rows(
    setup: &Setup<'_>,
    options: &Options,
    program: &Path,
    folder: &Path,
) -> Result<Vec<Row>, String> {
    let count = if options.quick { ASSIGNMENTS / 10 } else { ASSIGNMENTS };
    let site = Site::start(setup, program, folder, count)?;
    let names = AtomicU32::new(0);
    let seconds = Effort {
        clients: 1,
        duration: Duration::from_secs(5),
        requests_max: u32::MAX,
        per_second: Some(OTHERS_DUE),
    };
    let before = others(&site, seconds, &names);
    let is_over = AtomicBool::new(false);
    let cpu = site.servers.cpu()?;
    let watch = Watch::start();
    let (accepted, done, meanwhile) = thread::scope(|scope| {
        let meanwhile = scope.spawn(|| {
            // INVARIANT: as long as the slice before, because each slice begins with new connections.
            let mut whole = [Slice::default(), Slice::default()];
            while !is_over.load(Ordering::Relaxed) {
                for (sum, part) in whole.iter_mut().zip(others(&site, seconds, &names)) {
                    sum.latencies.extend(part.latencies);
                    sum.failures.extend(part.failures);
                }
            }
            for sum in &mut whole {
                sum.latencies.sort_unstable();
            }
            whole
        });
        let accepted = site.assign(count);
        let done = site.wait_until_done(watch).map(|()| watch.elapsed().as_secs_f64());
        is_over.store(true, Ordering::Relaxed);
        (accepted, done, meanwhile.join().unwrap_or_default())
    });
    let cpu = cpu.micros_until(&site.servers.cpu()?);
    let done = done?;
    for node in site.servers.all {
        node.process.stop()?;
    }
    Ok(told(setup, count, &accepted, (done, cpu), (&before, &meanwhile)))
}

/// The lines of the table.
fn told(
    setup: &Setup<'_>,
    count: u32,
    accepted: &Slice,
    (done, cpu): (f64, f64),
    (before, meanwhile): (&[Slice; 2], &[Slice; 2]),
) -> Vec<Row> {
    let refused: u32 = accepted.failures.values().sum();
    let why = accepted.failures.keys().next().cloned().unwrap_or_default();
    let least = if setup.postgres.is_some() { RATE_MIN[1] } else { RATE_MIN[0] };
    let of = f64::from(count);
    let measured = format!(
        "{} s, {} µs of CPU each, p99 {} ms",
        number(accepted.seconds),
        number(cpu / of),
        number(accepted.latency(99) / 1e3)
    );
    let what = "assignments accepted from 8 clients";
    let mut rows = vec![
        Row::told(what, Some(count), measured).held(
            accepted.per_second(),
            "/s",
            Goal::AtLeast(least),
            "the processors are the limit",
        ),
        Row::told("assignments done", Some(count), format!("{} s", number(done))).held(
            of / done,
            "/s",
            Goal::AtLeast(least),
            "the processors are the limit",
        ),
        Row::told("assignments refused", Some(count), why.clone()).held(
            f64::from(refused),
            "",
            Goal::AtMost(0.0),
            &why,
        ),
    ];
    for ((name, before), meanwhile) in
        ["CreateUser", "DescribeUser"].iter().zip(before).zip(meanwhile)
    {
        let ms = |slice: &Slice| slice.latency(99) / 1e3;
        let measured = format!("{} ms; before {} ms", number(ms(meanwhile)), number(ms(before)));
        let failed = before.failures.keys().chain(meanwhile.failures.keys()).next();
        let row = Row::told(&format!("p99 of {name} meanwhile"), None, measured);
        let reason = failed.cloned().unwrap_or_else(|| "two cores are full".to_owned());
        rows.push(row.held(ms(meanwhile) / ms(before), "×", Goal::AtMost(OTHERS_MAX), &reason));
    }
    rows
}

/// A writer and a reader, each alone.
fn others(site: &Site, effort: Effort, names: &AtomicU32) -> [Slice; 2] {
    let write = |_| -> Client<'_> {
        Box::new(move |_| {
            let name = format!("bulk-other-{}", names.fetch_add(1, Ordering::Relaxed));
            let body = user(&site.store_id, &name);
            aws_json("AWSIdentityStore.CreateUser", &body).signed(&site.directory_signer)
        })
    };
    let first = site.users.first().map(String::as_str).unwrap_or_default();
    let asked = json!({"IdentityStoreId": site.store_id, "UserId": first});
    let read = aws_json("AWSIdentityStore.DescribeUser", &asked).signed(&site.directory_signer);
    let read = |_| -> Client<'_> { Box::new(|_| read.clone()) };
    thread::scope(|scope| {
        let writer = scope.spawn(|| drive(&site.servers, effort, &write));
        let reader = drive(&site.servers, effort, &read);
        [writer.join().unwrap_or_default(), reader]
    })
}

impl Site {
    fn start(setup: &Setup<'_>, program: &Path, folder: &Path, count: u32) -> Result<Self, String> {
        let database = (setup.postgres, "portico_bench_bulk");
        let launch = Servers::launch(program, &folder.join("bulk"), database)?;
        let portico = Portico::start(launch.clone())?;
        let (instance_arn, store_id) = portico.enable_instance()?;
        let set_arn = permission_set(&portico, &instance_arn)?;
        let accounts = accounts(&portico)?;
        let users = (0..count.div_ceil(ACCOUNTS)).map(|number| {
            let body = user(&store_id, &format!("bulk-{number}"));
            let created = portico.call("AWSIdentityStore.CreateUser", &body)?;
            text(&created, "UserId").ok_or("a user without an id".to_owned())
        });
        let users = users.collect::<Result<_, String>>()?;
        let (signer, directory_signer) = (portico.signer("sso")?, portico.signer("identitystore")?);
        Ok(Self {
            servers: Servers::beside(portico, &launch, setup.nodes)?,
            signer,
            directory_signer,
            instance_arn,
            store_id,
            set_arn,
            accounts,
            users,
        })
    }

    /// Asks for `count` assignments without a pause. A client that is refused stops.
    fn assign(&self, count: u32) -> Slice {
        let numbers = AtomicU32::new(0);
        let effort =
            Effort { clients: CLIENTS, duration: TIME_MAX, requests_max: count, per_second: None };
        drive(&self.servers, effort, &|_| -> Client<'_> {
            Box::new(|_| self.assignment(numbers.fetch_add(1, Ordering::Relaxed)))
        })
    }

    fn assignment(&self, number: u32) -> Request {
        let place = |length: usize, number: u32| {
            usize::try_from(number).unwrap_or_default().checked_rem(length).unwrap_or_default()
        };
        let account = self.accounts.get(place(self.accounts.len(), number));
        let user = self.users.get(place(self.users.len(), number / ACCOUNTS));
        let body = json!({
            "InstanceArn": self.instance_arn,
            "PermissionSetArn": self.set_arn,
            "PrincipalType": "USER",
            "PrincipalId": user,
            "TargetType": "AWS_ACCOUNT",
            "TargetId": account,
        });
        aws_json(CREATE, &body).signed(&self.signer)
    }

    /// Waits until no assignment is in progress.
    fn wait_until_done(&self, watch: Watch) -> Result<(), String> {
        let portico = self.servers.first()?;
        let asked = json!({
            "InstanceArn": self.instance_arn, "Filter": {"Status": "IN_PROGRESS"}, "MaxResults": 1,
        });
        while watch.elapsed() < TIME_MAX {
            let operation = "SWBExternalService.ListAccountAssignmentCreationStatus";
            let left = portico.call(operation, &asked)?;
            let left = left.get("AccountAssignmentsCreationStatus").and_then(Value::as_array);
            if left.is_some_and(Vec::is_empty) {
                return Ok(());
            }
            wait(Duration::from_millis(50));
        }
        Err("the assignments are not done in time".to_owned())
    }
}

/// Makes the accounts; answers with their numbers.
fn accounts(portico: &Portico) -> Result<Vec<String>, String> {
    let asked = (0..ACCOUNTS).map(|number| {
        let name = format!("bulk-{number}");
        let body = json!({"AccountName": name, "Email": format!("{name}@example.com")});
        let reply = portico.call("AWSOrganizationsV20161128.CreateAccount", &body)?;
        let id = reply.pointer("/CreateAccountStatus/Id").and_then(Value::as_str);
        id.map(str::to_owned).ok_or(format!("no id in {reply}"))
    });
    let asked = asked.collect::<Result<Vec<_>, String>>()?;
    let numbers = asked.iter().map(|id| {
        let operation = "AWSOrganizationsV20161128.DescribeCreateAccountStatus";
        let asked = json!({"CreateAccountRequestId": id});
        let made = ended(portico, operation, &asked, "/CreateAccountStatus/State")?;
        let number = made.pointer("/CreateAccountStatus/AccountId").and_then(Value::as_str);
        number.map(str::to_owned).ok_or(format!("no number in {made}"))
    });
    numbers.collect()
}
