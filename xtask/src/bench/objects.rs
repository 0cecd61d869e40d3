//! A signed GET of an object of 1 KiB.

use super::cases::{Held, Stage, lines, reason, repeat};
use super::measure::Measured;
use super::peers;
use super::report::{Goal, Row, number};
use super::wire::Request;

const WHAT: &str = "signed S3 GET of 1 KiB";
const OBJECT: &str = "/bench/object";

pub fn rows(stage: &Stage<'_>) -> Vec<Row> {
    let held = Held {
        what: WHAT,
        users: None,
        times_bare_max: None,
        peer: "s3s-fs",
        against_peer: Some(Goal::AtMost(0.5)),
    };
    let mut rows = lines(&held, measure(stage, 8));
    rows.push(match measure(stage, 1) {
        Ok(measured) => {
            let what = "signed S3 GET by one client";
            let p99 = number(measured.latency(99) / 1e3);
            let row = Row::told(what, None, format!("p99 {p99} ms"));
            row.held(measured.latency(50) / 1e3, "ms", Goal::AtMost(1.0), reason(what))
        }
        Err(why) => Row::unmeasured("signed S3 GET by one client", None, why),
    });
    rows
}

fn measure(stage: &Stage<'_>, clients: u32) -> Result<Measured, String> {
    let signer = stage.portico.signer("s3")?;
    for request in preparation() {
        let what = format!("{} {}", request.method, request.path);
        stage.portico.send(&request.signed(&signer))?.succeeded(&what)?;
    }
    let read = Request::read(OBJECT);
    let ours = repeat(read.clone().signed(&signer));
    let Ok(peer) = &stage.peers.s3s_fs else { return stage.measure(clients, &ours, None) };
    let signer = peers::signer("s3")?;
    for request in preparation() {
        // The bucket may exist from the last run.
        peers::send(peer, &request.signed(&signer))?;
    }
    let theirs = repeat(read.signed(&signer));
    stage.measure(clients, &ours, Some((peer, &theirs)))
}

/// The bucket, and the object in it.
fn preparation() -> [Request; 2] {
    let put = |path: &str, body: Vec<u8>| Request { method: "PUT", body, ..Request::read(path) };
    [put("/bench", Vec::new()), put(OBJECT, vec![b'x'; 1024])]
}
