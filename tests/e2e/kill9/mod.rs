//! `kill -9` in the middle of 200 concurrent writes, ten times over the same data: on restart every
//! acknowledged write is there, every job finishes, and the audit digests verify.
//!
//! Each round kills the server after a number of acknowledgements. The state of the other requests at
//! that moment differs from run to run; the checks hold in all of them.

mod effect;
pub mod kind;
mod proof;
mod scene;
pub mod trace;
mod write;

use std::net::TcpStream;
use std::sync::Barrier;
use std::sync::mpsc::channel;
use std::thread;

use self::proof::Proof;
use self::scene::Scene;
use crate::support::{Answer, Installation, Organization, Portico, Request};

const ROUNDS: usize = 10;
const WRITES: usize = 200;

/// Number of acknowledgements by which the kill of each round is later than that of the round before.
const STEP: usize = 10;

#[test]
fn what_was_acknowledged_survives_ten_kills_on_sqlite() {
    assert_survives(&Installation::embedded());
}

pub fn assert_survives(installation: &Installation) {
    let mut scene = Scene::set(installation);
    // Events that are sealed now must survive every kill.
    let mut proof = Proof::of(installation, None);
    let mut portico = installation.serve();
    for round in 0..ROUNDS {
        let writes = scene.writes(&Organization::of(&portico, scene.keys.clone()), round);
        let requests = writes.iter().map(|write| write.sign(&scene.keys, &portico)).collect();
        let answers = kill_in_the_middle(portico, requests, STEP * (round + 1));

        let orphans = installation.orphans();
        if round % 2 == 1 {
            // In every second round a command opens the data first, else the next server.
            proof = Proof::of(installation, Some(&proof));
        }
        portico = installation.serve();
        installation.wait_for_end(&orphans);
        let organization = Organization::of(&portico, scene.keys.clone());
        scene.check(&organization, &writes, &answers);
        proof = Proof::of(installation, Some(&proof));
    }
    assert!(portico.terminate().success());
    let proof = Proof::of(installation, Some(&proof));
    // A server that stops seals all events. The export adds one event of its own.
    assert_eq!(installation.audit_log().len(), proof.events + 1);
}

/// Sends all requests at the same time, and kills the server after a number of acknowledgements.
fn kill_in_the_middle(
    portico: Portico,
    requests: Vec<Request>,
    acknowledged_max: usize,
) -> Vec<Option<Answer>> {
    let start = Barrier::new(requests.len());
    let connect = |request| (request, TcpStream::connect(portico.address).unwrap());
    let connected: Vec<_> = requests.into_iter().map(connect).collect();
    let (acknowledge, acknowledged) = channel();
    thread::scope(|scope| {
        let client = |(request, stream): (Request, TcpStream)| {
            let (start, acknowledge) = (&start, acknowledge.clone());
            scope.spawn(move || {
                start.wait();
                let answer = request.exchange(stream).ok()?;
                if answer.status == 200 {
                    acknowledge.send(()).ok();
                }
                Some(answer)
            })
        };
        let clients: Vec<_> = connected.into_iter().map(client).collect();
        let count = acknowledged.iter().take(acknowledged_max).count();
        portico.kill();
        assert_eq!(count, acknowledged_max, "too few of the writes were done");
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}
