//! A proxy before PostgreSQL that can stall, so that it accepts what is sent and passes nothing on, or that delivers no
//! notices, as a pooler in transaction mode.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use store::Location;

/// A running proxy. Its threads end with their connections.
pub struct Proxy {
    location: Location,
    gate: Arc<Gate>,
}

#[derive(Default)]
struct Gate {
    is_stalled: Mutex<bool>,
    opened: Condvar,
}

impl Proxy {
    /// Starts a proxy before the PostgreSQL of a location `postgres://USER:PASSWORD@HOST:PORT/…`.
    pub fn before(location: &Location) -> Self {
        Self::start(location, true)
    }

    /// Starts a proxy that delivers no notices. It reads what the server sends, so there is no question of TLS.
    pub fn without_notices(location: &Location) -> Self {
        let mut proxy = Self::start(location, false);
        if let Location::Postgres(url) = &mut proxy.location {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str("sslmode=disable");
        }
        proxy
    }

    fn start(location: &Location, delivers_notices: bool) -> Self {
        let Location::Postgres(url) = location else { panic!("only PostgreSQL is far away") };
        let (_, rest) = url.split_once('@').unwrap();
        let (to, _) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = listener.local_addr().unwrap().to_string();
        let location = Location::Postgres(url.replacen(to, &own, 1));
        let (gate, to) = (Arc::new(Gate::default()), to.to_owned());
        let at = Arc::clone(&gate);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(&to).unwrap());
                let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
                let gate = Arc::clone(&at);
                thread::spawn(move || gate.pass(client, server));
                let gate = Arc::clone(&at);
                thread::spawn(move || {
                    if delivers_notices {
                        gate.pass(back.0, back.1);
                    } else {
                        pass_all_but_notices(back.0, back.1);
                    }
                });
            }
        });
        Self { location, gate }
    }

    pub fn location(&self) -> &Location {
        &self.location
    }

    pub fn stall(&self) {
        *self.gate.is_stalled.lock().unwrap() = true;
    }

    pub fn go_on(&self) {
        *self.gate.is_stalled.lock().unwrap() = false;
        self.gate.opened.notify_all();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.go_on();
    }
}

impl Gate {
    fn pass(&self, mut from: TcpStream, mut into: TcpStream) {
        let mut bytes = [0; 16384];
        loop {
            let count = from.read(&mut bytes).unwrap_or(0);
            let stalled = self.is_stalled.lock().unwrap();
            drop(self.opened.wait_while(stalled, |is_stalled| *is_stalled).unwrap());
            if count == 0 || into.write_all(&bytes[..count]).is_err() {
                into.shutdown(Shutdown::Both).ok();
                from.shutdown(Shutdown::Both).ok();
                return;
            }
        }
    }
}

/// Passes the messages of a server on. Each has a letter and a length, which counts itself.
fn pass_all_but_notices(mut from: TcpStream, mut into: TcpStream) {
    const NOTICE: u8 = b'A';
    let mut head = [0; 5];
    while from.read_exact(&mut head).is_ok() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let mut body = vec![0; usize::try_from(length).unwrap() - 4];
        if from.read_exact(&mut body).is_err() {
            break;
        }
        if head[0] != NOTICE && into.write_all(&[&head[..], &body].concat()).is_err() {
            break;
        }
    }
    into.shutdown(Shutdown::Both).ok();
}
