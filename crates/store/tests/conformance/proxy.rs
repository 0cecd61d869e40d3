//! A proxy before PostgreSQL that can stall: it accepts what is sent and passes nothing on.

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
                for (from, into) in [(client, server), back] {
                    let gate = Arc::clone(&at);
                    thread::spawn(move || gate.pass(from, into));
                }
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
