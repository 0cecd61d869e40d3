//! A digest with its events, as one line of JSON.
//!
//! The MACs are left out: they are 32 random bytes each, and whoever may verify them can compute them from the other
//! columns with the key file. The hash of the digest covers them.

mod ids;
mod last_numbers;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use model::Fault;
use serde::{Deserialize, Serialize};
use store::LoggedEvent;
use store::digest::{Digest, EVENTS_MAX};

use self::ids::{bytes_of_uuid, random_of_id, time_of_id, uuid};
use self::last_numbers::LastNumbers;
use super::columns::{Dictionary, Texts, hex};

/// Maximum number of bytes of the texts of a digest's events, so that a short line does not stand for a long text
/// many times over.
const TEXTS_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Digest with its events, in the order of their ids.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Block {
    pub digest: Digest,
    /// Without their MACs.
    pub events: Vec<LoggedEvent>,
}

/// Account, ARN, identity, source address and user agent of a caller.
type Who = (Option<String>, String, String, String, String);

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    digest: i64,
    sealed_at_ms: i64,
    format: i64,
    hash: String,
    signature: String,
    /// Milliseconds from the time in the id of the event before to the one in the id, from 0 on.
    times: Vec<i64>,
    /// The random part of each id. Whole ids if one has another form.
    ids: Texts,
    requests: Texts,
    /// Milliseconds from the time in the id to the time of the event.
    at: Vec<i64>,
    callers: Dictionary<Who>,
    /// Action and error.
    actions: Dictionary<(String, Option<String>)>,
    resources: Dictionary<String>,
    details: Dictionary<String>,
    writers: Dictionary<String>,
    /// Distance from the number of the event of the same writer before, from 0 on.
    sequences: Vec<i64>,
}

impl Block {
    /// Writes the line, without its end.
    pub(super) fn to_line(&self) -> Result<Vec<u8>, Fault> {
        let Self { digest, events } = self;
        let ids = Texts::new(events.iter().map(|event| event.id.as_str()), random_of_id);
        let has_times = matches!(ids, Texts::Packed(_));
        let (mut before_ms, mut times, mut at) = (0, Vec::new(), Vec::new());
        let mut sequences = Vec::new();
        let mut last = LastNumbers::default();
        for event in events {
            let time_ms = if has_times { time_of_id(&event.id).unwrap_or(0) } else { 0 };
            times.push(time_ms - before_ms);
            at.push(event.at_ms.wrapping_sub(time_ms));
            before_ms = time_ms;
            sequences
                .push(event.sequence.wrapping_sub(last.replace(&event.writer, event.sequence)));
        }
        let who = |event: &LoggedEvent| {
            let LoggedEvent {
                account_id, caller_arn, identity, source_address, user_agent, ..
            } = event.clone();
            (account_id, caller_arn, identity, source_address, user_agent)
        };
        let line = Line {
            digest: digest.number,
            sealed_at_ms: digest.sealed_at_ms,
            format: digest.format,
            hash: STANDARD_NO_PAD.encode(digest.hash),
            signature: STANDARD_NO_PAD.encode(digest.signature),
            times,
            ids,
            requests: Texts::new(events.iter().map(|it| it.request_id.as_str()), bytes_of_uuid),
            at,
            callers: Dictionary::new(events.iter().map(who)),
            actions: Dictionary::new(events.iter().map(|it| (it.action.clone(), it.error.clone()))),
            resources: Dictionary::new(events.iter().map(|it| it.resource.clone())),
            details: Dictionary::new(events.iter().map(|it| it.details.clone())),
            writers: Dictionary::new(events.iter().map(|it| it.writer.clone())),
            sequences,
        };
        serde_json::to_vec(&line).map_err(|why| Fault::broken_at("writing archived events", why))
    }

    /// Reads a line; `None` if it is none.
    pub(super) fn from_line(line: &[u8]) -> Option<Self> {
        let line: Line = serde_json::from_slice(line).ok()?;
        let bytes = |text: &str| STANDARD_NO_PAD.decode(text).ok();
        let count = line.times.len();
        if count > EVENTS_MAX.into() || !line.has_events(count) {
            return None;
        }
        let digest = Digest {
            number: line.digest,
            sealed_at_ms: line.sealed_at_ms,
            event_count: i64::try_from(count).ok()?,
            hash: bytes(&line.hash)?.try_into().ok()?,
            signature: bytes(&line.signature)?.try_into().ok()?,
            format: line.format,
        };
        let events = line.events(count)?;
        Some(Self { digest, events })
    }
}

impl Line {
    fn has_events(&self, count: usize) -> bool {
        [self.at.len(), self.sequences.len()].iter().all(|len| *len == count)
            && self.callers.is_of(count)
            && self.actions.is_of(count)
            && [&self.resources, &self.details, &self.writers].iter().all(|it| it.is_of(count))
    }

    fn events(&self, count: usize) -> Option<Vec<LoggedEvent>> {
        let mut time_ms = 0_i64;
        let mut moments = Vec::with_capacity(count);
        for step in &self.times {
            time_ms = time_ms.checked_add(*step)?;
            moments.push(time_ms);
        }
        let id = |place: usize, random: &[u8; 10]| {
            let time_ms: i64 = moments.get(place).copied().unwrap_or_default();
            format!("{time_ms:012x}-{}", hex(random))
        };
        let ids = self.ids.unpack(count, id)?;
        let requests = self.requests.unpack(count, |_, bytes| uuid(bytes))?;
        let (mut events, mut last) = (Vec::with_capacity(count), LastNumbers::default());
        let mut bytes_left = TEXTS_BYTES_MAX;
        for (place, (id, request_id)) in ids.into_iter().zip(requests).enumerate() {
            let who = self.callers.get(place)?;
            let (action, error) = self.actions.get(place)?;
            let (resource, details) = (self.resources.get(place)?, self.details.get(place)?);
            let writer = self.writers.get(place)?;
            let (account_id, caller_arn, identity, source_address, user_agent) = who;
            let texts = [
                caller_arn,
                identity,
                source_address,
                user_agent,
                action,
                resource,
                details,
                writer,
            ];
            let optional = [account_id, error].into_iter().flatten();
            let length = texts.into_iter().chain(optional).map(String::len).sum();
            bytes_left = bytes_left.checked_sub(length)?;
            let sequence = self.sequences.get(place)?.wrapping_add(last.of(writer));
            last.replace(writer, sequence);
            events.push(LoggedEvent {
                id,
                at_ms: self.at.get(place)?.wrapping_add(*moments.get(place)?),
                request_id,
                account_id: account_id.clone(),
                caller_arn: caller_arn.clone(),
                identity: identity.clone(),
                action: action.clone(),
                resource: resource.clone(),
                source_address: source_address.clone(),
                user_agent: user_agent.clone(),
                error: error.clone(),
                details: details.clone(),
                digest: self.digest,
                writer: writer.clone(),
                sequence,
                mac: Vec::new(),
            });
        }
        Some(events)
    }
}

#[cfg(test)]
pub(super) mod tests;
