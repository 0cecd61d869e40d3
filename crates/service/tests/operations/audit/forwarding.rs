//! Forwarding of sealed events, with servers that end in between.

use std::cell::RefCell;
use std::sync::Arc;

use kernel::archiving::removing::remove_due;
use kernel::forwarding::{Forwarder, Parcel, Step};
use kernel::forwards::Status;
use serde_json::Value;

use super::archive::{Archive, DAY_MS};

const TARGET: &str = "file:/var/log/audit.jsonl";

/// A target outside that keeps what it takes.
#[derive(Default)]
struct Outside {
    lines: RefCell<Vec<String>>,
}

impl Outside {
    /// Takes all that is sealed. Stops after some number of steps, as a server that is killed.
    fn take(&self, archive: &Archive, steps_max: u32) {
        let mut forwarder = Forwarder::new(&archive.bench.portico, TARGET, service::is_read);
        for _ in 0..steps_max {
            let mut send = |parcel: &Parcel| -> Result<u64, ()> {
                let lines = parcel.events.iter().map(|event| event.line.clone());
                self.lines.borrow_mut().extend(lines);
                Ok(0)
            };
            match forwarder.step(&mut send).unwrap() {
                Step::Taken => {}
                Step::End => break,
                other @ (Step::HeldElsewhere | Step::Refused(())) => panic!("{other:?}"),
            }
        }
    }

    /// The ids of what it took, without repeats, and the number of repeats.
    fn places(&self) -> (Vec<(i64, String)>, usize) {
        let lines = self.lines.borrow();
        let place = |line: &String| {
            let line: Value = serde_json::from_str(line).unwrap();
            (line["digest"].as_i64().unwrap(), line["eventID"].as_str().unwrap().to_owned())
        };
        let mut places: Vec<_> = lines.iter().map(place).collect();
        let all = places.len();
        places.sort();
        places.dedup();
        let repeats = all - places.len();
        (places, repeats)
    }
}

fn sealed(archive: &Archive) -> Vec<(i64, String)> {
    archive.exported();
    let (lines, _) = archive.export(kernel::audit::export::Span::between(None, None).unwrap());
    let place = |line: &Value| {
        Some((line["digest"].as_i64()?, line["eventID"].as_str().unwrap().to_owned()))
    };
    let mut places: Vec<_> = lines.iter().filter_map(place).collect();
    places.sort();
    places
}

fn status(archive: &Archive) -> Status {
    Forwarder::new(&archive.bench.portico, TARGET, service::is_read).measure().unwrap();
    archive.bench.portico.forwards.all()[0].1
}

#[test]
fn a_target_gets_everything_while_events_move_and_servers_are_killed() {
    let mut archive = Archive::new();
    let outside = Outside::default();
    archive.day();
    outside.take(&archive, 2);
    archive.restart();
    archive.day();
    outside.take(&archive, 2);
    archive.bench.clock.advance(2 * DAY_MS);
    archive.write(3);
    archive.seal();
    archive.move_all();
    archive.restart();
    assert!(archive.count("audit_archive WHERE state = 'MOVED'") > 0);
    assert!(status(&archive).events_behind > 50 && status(&archive).behind_ms > DAY_MS);
    outside.take(&archive, 1000);
    assert_eq!(outside.places(), (sealed(&archive), 0));
    // Each start of a server that holds the target left an event.
    let lines = outside.lines.borrow();
    let starts = lines.iter().filter(|line| line.contains(r#""eventName":"ForwardAudit""#));
    assert_eq!(starts.count(), 2, "the third is not sealed yet");
    assert_eq!((status(&archive), archive.findings()), (Status::default(), vec![]));
}

#[test]
fn what_a_target_refuses_comes_again_from_the_beginning_of_its_digest() {
    let archive = Archive::moved(1);
    let portico = &archive.bench.portico;
    let outside = Outside::default();
    let mut forwarder = Forwarder::new(portico, TARGET, service::is_read);
    for count in 0..3 {
        assert_eq!(forwarder.step(&mut |_| Err::<u64, i32>(count)), Ok(Step::Refused(count)));
    }
    assert_eq!(status(&archive).failed, 3);
    assert_eq!(forwarder.step(&mut |_| Ok::<u64, i32>(5)), Ok(Step::Taken));
    assert_eq!(forwarder.step(&mut |_| Err::<u64, i32>(9)), Ok(Step::Refused(9)));
    assert_eq!(status(&archive).rejected, 5);
    outside.take(&archive, 1000);
    let (taken, repeats) = outside.places();
    let behind_first: Vec<_> = sealed(&archive).into_iter().filter(|place| place.0 > 1).collect();
    assert_eq!((taken, repeats), (behind_first, 0));
}

#[test]
fn a_file_that_cannot_be_read_holds_a_target_up_until_it_is_back() {
    let archive = Archive::moved(2);
    let outside = Outside::default();
    let file = &archive.files()[1];
    let away = file.with_extension("away");
    std::fs::rename(file, &away).unwrap();
    let mut forwarder = Forwarder::new(&archive.bench.portico, TARGET, service::is_read);
    let mut taken = 0;
    let why = loop {
        match forwarder.step(&mut |_| Ok::<u64, ()>(0)) {
            Ok(_) => taken += 1,
            Err(why) => break format!("{why:?}"),
        }
    };
    assert!(taken == 3 && why.contains("Bring the file back"), "{taken} {why}");
    assert!(forwarder.step(&mut |_| Ok::<u64, ()>(0)).is_err());
    std::fs::rename(&away, file).unwrap();
    outside.take(&archive, 1000);
    let left: Vec<_> = sealed(&archive).into_iter().filter(|place| place.0 > 3).collect();
    assert_eq!(outside.places(), (left, 0));
}

#[test]
fn what_is_removed_before_a_target_has_it_is_a_finding_with_its_number() {
    let mut archive = Archive::moved(3);
    let outside = Outside::default();
    outside.take(&archive, 1);
    let settings = &mut Arc::get_mut(&mut archive.bench.portico).unwrap().settings;
    settings.audit_keep_ms = Some(4 * DAY_MS + DAY_MS / 2);
    settings.audit_forward = vec![TARGET.to_owned(), "file:/other".to_owned()];
    let (all, first) = (archive.count("audit_event"), outside.places().0.len());
    assert!(all > 0);
    let sealed_of_file: Vec<_> =
        sealed(&archive).into_iter().filter(|place| place.0 <= 3).collect();
    remove_due(&archive.bench.portico, &|| false).unwrap();
    assert_eq!(archive.bench.portico.watch.findings(), 2);
    archive.seal();
    let (lines, _) = archive.export(kernel::audit::export::Span::between(None, None).unwrap());
    let removal = lines.iter().find(|line| line["eventName"] == "RemoveAudit").unwrap();
    let missed = sealed_of_file.len() - first;
    assert_eq!(
        removal["responseElements"]["missedByTargets"],
        serde_json::json!([
            format!("{TARGET}: {missed}"),
            format!("file:/other: {}", sealed_of_file.len())
        ])
    );
    // The target goes on behind what was removed.
    outside.take(&archive, 1000);
    let taken = outside.places();
    let left: Vec<_> = sealed(&archive).into_iter().filter(|place| place.0 > 3).collect();
    assert_eq!((taken.0[first..].to_vec(), taken.1), (left, 0));
}

#[test]
fn a_target_that_has_more_than_the_log_is_a_finding_and_goes_on_at_its_end() {
    let archive = Archive::moved(1);
    let outside = Outside::default();
    outside.take(&archive, 1000);
    let before = outside.places().0;
    archive.sql("UPDATE audit_forward SET digest = 999");
    archive.write(3);
    outside.take(&archive, 1000);
    assert_eq!(archive.bench.portico.watch.findings(), 1);
    archive.seal();
    outside.take(&archive, 1000);
    let (taken, repeats) = outside.places();
    assert!(taken.len() > before.len() && repeats == 0);
    assert_eq!(taken, sealed(&archive));
}
