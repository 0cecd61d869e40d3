//! Events of a digest as they leave: JSON lines, in parts of a bounded size.

use crate::Settings;
use crate::audit::batches::Batch;
use crate::audit::record::{IsRead, record};

/// Number of bytes of lines after which another part begins.
const BYTES: usize = 1024 * 1024;

/// Part of the events of a digest.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Parcel {
    pub digest: i64,
    /// When the digest was sealed.
    pub sealed_at_ms: i64,
    pub events: Vec<ParcelEvent>,
}

/// Event as it leaves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParcelEvent {
    pub id: String,
    pub at_ms: i64,
    /// Name of the operation, such as `CreateUser`.
    pub name: String,
    /// True if the request was refused or failed.
    pub is_failure: bool,
    /// The record of the export, without the end of its line.
    pub line: String,
}

/// Makes the parts of a batch. Returns the number of rows that have no form as a record, too.
pub(super) fn parcels(settings: &Settings, batch: &Batch, is_read: IsRead) -> (Vec<Parcel>, u64) {
    let mut left_out = batch.unreadable;
    let empty = Parcel {
        digest: batch.digest,
        sealed_at_ms: batch.sealed_at_ms.unwrap_or_default(),
        events: Vec::new(),
    };
    let (mut parcels, mut parcel, mut bytes) = (Vec::new(), empty.clone(), 0);
    for (event, proof) in &batch.events {
        let Some(record) = record(settings, event, proof, is_read) else {
            left_out += 1;
            continue;
        };
        let line = record.to_string();
        bytes += line.len();
        let name = event.action.split_once(':').map_or(&*event.action, |(_, name)| name);
        parcel.events.push(ParcelEvent {
            id: event.id.clone(),
            at_ms: event.at_ms,
            name: name.to_owned(),
            is_failure: event.error.is_some(),
            line,
        });
        if bytes >= BYTES {
            parcels.push(std::mem::replace(&mut parcel, empty.clone()));
            bytes = 0;
        }
    }
    if !parcel.events.is_empty() {
        parcels.push(parcel);
    }
    (parcels, left_out)
}

#[cfg(test)]
mod tests {
    use store::LoggedEvent;

    use super::*;

    #[test]
    fn a_part_is_bounded_and_every_event_is_in_one() {
        let event = |details: String| LoggedEvent {
            action: "x:Y".to_owned(),
            identity: "{}".to_owned(),
            details,
            digest: 7,
            ..LoggedEvent::default()
        };
        let long = format!("{{\"requestParameters\":{{\"a\":\"{}\"}}}}", "x".repeat(BYTES / 3));
        let mut events = vec![event("no JSON".to_owned())];
        events.extend((0..7).map(|_| event(long.clone())));
        let events = events.into_iter().map(|event| (event, "sealed")).collect();
        let batch = Batch { digest: 7, sealed_at_ms: Some(9), events, unreadable: 1 };
        let settings = Settings::new("123456789012".parse().unwrap());
        let (parcels, left_out) = parcels(&settings, &batch, |_| None);
        let sizes: Vec<usize> = parcels.iter().map(|parcel| parcel.events.len()).collect();
        assert_eq!((sizes, left_out), (vec![3, 3, 1], 2));
        let Parcel { digest, sealed_at_ms, ref events } = parcels[2];
        assert_eq!((digest, sealed_at_ms, events[0].name.as_str()), (7, 9, "Y"));
        assert!(!events[0].is_failure && events[0].line.contains("\"digest\":7"));
    }
}
