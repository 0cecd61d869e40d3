//! A server whose way to PostgreSQL stalls: nothing is refused, and nothing is answered.
//!
//! What a frozen server, a full queue of a switch or dropped packets look like. TCP itself is content.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Answer, Database, Installation, Request};

/// Time within which everything is answered, with room for a machine that runs other tests.
const ANSWERED: Duration = Duration::from_secs(8);

#[test]
fn requests_are_refused_in_time_in_the_words_of_their_protocol_and_served_again_afterwards() {
    let (installation, way) = installation();
    let portico = installation.serve();
    let keys = installation.operator();
    let list = || portico.call_as(&keys, "SWBExternalService.ListInstances", &json!({}));
    assert_eq!(list().status, 200);

    let stalled = way.stall();
    let begun = now();
    let answers: Vec<Answer> = thread::scope(|scope| {
        // More than there are connections and workers.
        let asked: Vec<_> = (0..80)
            .map(|_| {
                let request =
                    keys.sign_call("SWBExternalService.ListInstances", &json!({}), &portico);
                let address = portico.address;
                scope.spawn(move || request.send(address))
            })
            .collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(begun.elapsed() < ANSWERED, "{:?}", begun.elapsed());
    for answer in &answers {
        assert_away(answer);
        assert_eq!(answer.header("x-amzn-errortype"), Some("ServiceUnavailable"), "{answer}");
    }
    let buckets = portico.send(&keys.sign("s3", Request::get("/"), &portico));
    assert_away(&buckets);
    assert!(buckets.text().contains("<Code>ServiceUnavailable</Code>"), "{buckets}");
    let page = portico.get("/setup?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_away(&page);
    assert!(page.text().contains("cannot reach its database"), "{page}");
    assert_eq!(portico.get("/readyz").status, 503);
    assert_eq!(portico.get("/healthz").status, 200);
    assert_eq!(portico.get("/metrics").status, 200);
    assert_eq!(portico.log().matches("the database is away").count(), 1);

    drop(stalled);
    let resumed = now();
    while list().status != 200 {
        assert!(resumed.elapsed() < ANSWERED, "{}", list());
    }
    assert!(portico.log().contains("the database answers again"));
}

#[test]
fn a_server_that_is_told_to_stop_stops_although_its_database_stalls() {
    let (installation, way) = installation();
    let portico = installation.serve();
    let keys = installation.operator();
    let list = || portico.call_as(&keys, "SWBExternalService.ListInstances", &json!({}));
    let _stalled = way.stall();
    assert_away(&list());
    let begun = now();
    assert!(portico.terminate().success());
    assert!(begun.elapsed() < 3 * ANSWERED, "{:?}", begun.elapsed());
}

#[test]
fn a_start_waits_for_a_database_that_stalls() {
    let (installation, way) = installation();
    let stalled = way.stall();
    thread::scope(|scope| {
        let server = scope.spawn(|| installation.serve());
        // At the second attempt the first one was given up.
        way.connected.recv().unwrap();
        way.connected.recv().unwrap();
        drop(stalled);
        let portico = server.join().unwrap();
        assert!(portico.log().contains("waiting for the database"), "{}", portico.log());
    });
}

#[expect(clippy::disallowed_methods, reason = "the test is about the time of answers")]
fn now() -> Instant {
    Instant::now()
}

fn assert_away(answer: &Answer) {
    assert_eq!(answer.status, 503, "{answer}");
    assert!(answer.header("retry-after").is_some(), "{answer}");
}

fn installation() -> (Installation, Way) {
    let mut database = Database::create();
    let way = Way::to(&mut database.url);
    (Installation::on(database), way)
}

/// A way to the server of a database that a test can stall.
struct Way {
    gate: Arc<Mutex<()>>,
    /// One message for each connection.
    connected: Receiver<()>,
}

impl Way {
    /// Makes a way to the database of `url`, which leads over it from now on.
    fn to(url: &mut String) -> Self {
        let (before, rest) = url.split_once('@').unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let server: SocketAddr = server.parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        *url = format!("{before}@{}/{database}", listener.local_addr().unwrap());
        let gate: Arc<Mutex<()>> = Arc::default();
        let (connect, connected) = channel();
        let passage = Arc::clone(&gate);
        // The threads end with their connections, this one with the process.
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(server) else { return };
                let _ = connect.send(());
                pass(client.try_clone().unwrap(), server.try_clone().unwrap(), &passage);
                pass(server, client, &passage);
            }
        });
        Self { gate, connected }
    }

    /// Lets no byte pass until the guard is dropped.
    fn stall(&self) -> MutexGuard<'_, ()> {
        self.gate.lock().unwrap()
    }
}

/// Passes bytes on, while the gate is open.
fn pass(mut from: TcpStream, mut to: TcpStream, gate: &Arc<Mutex<()>>) {
    use std::io::{Read, Write};
    let gate = Arc::clone(gate);
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            drop(gate.lock());
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}
