//! `cargo xtask bench --scale`: what pages and operations cost in a large store, beside a small one.
//!
//! Servers on both stores run at once, and slices on them alternate; the least of each counts. The cost of a request is the processor time of all
//! servers and of the database's processes for them.

mod fill;
mod operations;
mod site;
mod size;

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use self::operations::{Asked, OPERATIONS, Operation, PORTAL_PAGE};
use self::site::Site;
use self::size::Size;
use super::cases::{reason, repeat};
use super::load::{Client, Clients, Effort, load};
use super::memory;
use super::options::Options;
use super::report::{Goal, Row, number};
use super::wire::Request;

/// Number of objects in the bucket.
const OBJECTS: u32 = 200;

/// Number of clients, at least one for each server.
const CLIENTS: u32 = 3;

/// Number of slices in each store.
const SLICES: u32 = 3;

const SLICE: Duration = Duration::from_millis(400);

/// Maximum cost in the large store, as a multiple of the cost in the small one.
const GROWTH_MAX: f64 = 1.3;

/// Maximum cost of the portal page of a person with 2,000 accounts, in milliseconds.
const PORTAL_PAGE_MAX: f64 = 1.0;

/// Servers that are measured.
pub struct Setup<'a> {
    pub name: &'static str,
    /// URL of a PostgreSQL server. Without it the database is SQLite.
    pub postgres: Option<&'a str>,
    pub nodes: u32,
}

/// Measures one setup.
pub fn rows(
    setup: &Setup<'_>,
    options: &Options,
    program: &Path,
    folder: &Path,
) -> Result<Vec<Row>, String> {
    let large = if options.quick { Size::QUICK } else { Size::LARGE };
    let start =
        |size: Size| Site::start(setup, program, &folder.join(format!("{}", size.users)), size);
    let (small, large) = (start(Size::SMALL)?, start(large)?);
    let mut rows = Vec::new();
    for operation in OPERATIONS {
        match compare(operation, &small, &large) {
            Ok(found) => rows.extend(found),
            Err(why) => {
                rows.push(Row::unmeasured(operation.what, Some(large.size.users), why));
            }
        }
        if let Some(row) = rows.last() {
            println!("# {}: {} {}", row.what, row.measured, row.reason);
        }
    }
    for site in [small, large] {
        for node in site.servers.all {
            rows.push(memory::with_users(&node, site.size.users)?);
            node.process.stop()?;
        }
    }
    Ok(rows)
}

/// Measures an operation in both stores, in slices that alternate.
fn compare(operation: &Operation, small: &Site, large: &Site) -> Result<Vec<Row>, String> {
    let numbers = [AtomicU32::new(1), AtomicU32::new(1)];
    let [small_numbers, large_numbers] = &numbers;
    let in_small = clients(operation, small, small_numbers)?;
    let in_large = clients(operation, large, large_numbers)?;
    let effort = Effort {
        clients: CLIENTS,
        duration: SLICE,
        requests_max: operation.requests_max,
        per_second: None,
    };
    // A first slice prepares statements and warms files.
    let warm = Effort { requests_max: 30, ..effort };
    load(&small.servers, warm, &*in_small)?;
    load(&large.servers, warm, &*in_large)?;
    // Other work of the machine can only add to a cost, so the least is the nearest.
    let (mut cost, mut cost_before) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..SLICES {
        cost_before = cost_before.min(load(&small.servers, effort, &*in_small)?.cpu_per_request());
        cost = cost.min(load(&large.servers, effort, &*in_large)?.cpu_per_request());
    }
    let growth = cost / cost_before;
    let measured = format!("{} µs; in the small store {} µs", number(cost), number(cost_before));
    let users = Some(large.size.users);
    let what = operation.what;
    let row = Row::told(what, users, measured.clone());
    let mut rows = vec![row.held(growth, "×", Goal::AtMost(GROWTH_MAX), reason(what))];
    if what == PORTAL_PAGE {
        let row = Row::told(what, users, measured);
        rows.push(row.held(cost / 1e3, "ms", Goal::AtMost(PORTAL_PAGE_MAX), reason(what)));
    }
    Ok(rows)
}

/// The clients of an operation at a site.
fn clients<'a>(
    operation: &Operation,
    site: &'a Site,
    numbers: &'a AtomicU32,
) -> Result<Box<Clients<'a>>, String> {
    match operation.asked {
        Asked::Same(asked) => {
            let again = repeat(asked(site)?);
            Ok(Box::new(move |client| -> Client<'a> { again(client) }))
        }
        Asked::Fresh(asked) => {
            let next = move || asked(site, numbers.fetch_add(1, Ordering::Relaxed));
            Ok(Box::new(move |_| -> Client<'a> { Box::new(move |_| -> Request { next() }) }))
        }
    }
}
