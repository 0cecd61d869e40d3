//! The write queue: one database per batch, and panics that end one request only.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use kernel::Portico;
use store::WriteBatch;
use tracing::Span;

use super::kit::{Bench, head, log_of, start_log};
use crate::write_queue::{Write, WriteQueue};

/// A write that tells what happens to it.
struct Probe {
    name: &'static str,
    portico: Arc<Portico>,
    span: Span,
    told: Sender<(&'static str, &'static str)>,
    /// Holds the batch open until the other end is dropped.
    gate: Option<Receiver<()>>,
    panics: bool,
}

impl Write for Probe {
    fn portico(&self) -> &Arc<Portico> {
        &self.portico
    }

    fn span(&self) -> &Span {
        &self.span
    }

    fn prepare(&mut self, _: &WriteBatch<'_>) {
        self.told.send((self.name, "prepared")).unwrap();
        if let Some(gate) = self.gate.take() {
            gate.recv().ok();
        }
    }

    fn finish(self: Box<Self>, is_kept: bool) {
        assert!(!self.panics, "on purpose");
        self.told.send((self.name, if is_kept { "kept" } else { "not kept" })).unwrap();
    }
}

#[test]
fn a_batch_holds_writes_to_one_database() {
    let mut bench = Bench::new();
    let other = bench.other_core();
    let queue = WriteQueue::start(8).unwrap();
    let (told, heard) = channel();
    let (open, gate) = channel();
    let mut gate = Some(gate);
    for (name, portico) in [
        ("first", &bench.site.core().portico),
        ("second", &bench.site.core().portico),
        ("other", &other.portico),
    ] {
        let probe = Probe {
            name,
            portico: Arc::clone(portico),
            span: Span::none(),
            told: told.clone(),
            gate: gate.take(),
            panics: false,
        };
        queue.add(Box::new(probe)).unwrap();
    }
    assert_eq!(heard.recv().unwrap(), ("first", "prepared"));
    assert_eq!(queue.waiting(), 2);
    drop(open);
    for expected in [
        ("second", "prepared"),
        ("first", "kept"),
        ("second", "kept"),
        ("other", "prepared"),
        ("other", "kept"),
    ] {
        assert_eq!(heard.recv().unwrap(), expected);
    }
    assert_eq!(queue.waiting(), 0);
}

#[test]
fn a_panic_in_the_queue_is_logged_with_the_request_and_ends_only_that() {
    start_log();
    let bench = Bench::new();
    let exchange = bench.begin(head("GET", "/sign-in", &[]));
    let id = exchange.info.id.to_string();
    let queue = WriteQueue::start(8).unwrap();
    let (told, heard) = channel();
    for (name, panics) in [("bad", true), ("good", false)] {
        let probe = Probe {
            name,
            portico: Arc::clone(&exchange.core.portico),
            span: exchange.span.clone(),
            told: told.clone(),
            gate: None,
            panics,
        };
        queue.add(Box::new(probe)).unwrap();
    }
    while heard.recv().unwrap() != ("good", "kept") {}
    let [line] = log_of(&id).try_into().unwrap();
    assert_eq!((&line["level"], &line["operation"]), (&"ERROR".into(), &"Page".into()), "{line}");
    assert!(line["message"].as_str().unwrap().contains("panicked"), "{line}");
}
