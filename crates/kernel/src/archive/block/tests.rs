//! Lines of digests that read back, and such that do not.

use proptest::prelude::*;

use super::*;

fn event() -> impl Strategy<Value = LoggedEvent> {
    let id = prop_oneof![
        3 => (0_u64..1 << 48, any::<[u8; 10]>()).prop_map(|(time, random)| {
            format!("{time:012x}-{}", hex(&random))
        }),
        1 => "[a-z0-9-]{1,40}",
    ];
    let request = prop_oneof![3 => any::<[u8; 16]>().prop_map(|bytes| uuid(&bytes)), 1 => ".{0,9}"];
    let text = || "[ab\u{e9}\"\n]{0,2}";
    let texts = (text(), text(), text(), text(), text(), text());
    let rest = (proptest::option::of(text()), proptest::option::of(text()), text());
    (id, request, any::<i64>(), any::<i64>(), texts, rest).prop_map(
        |(id, request_id, at_ms, sequence, texts, (account_id, error, details))| {
            let (caller_arn, identity, action, resource, source_address, user_agent) = texts;
            LoggedEvent {
                id,
                at_ms,
                request_id,
                account_id,
                caller_arn,
                identity,
                action,
                resource,
                source_address,
                user_agent,
                error,
                details,
                digest: 7,
                writer: "w".repeat(usize::from(at_ms % 2 == 0)),
                sequence,
                mac: Vec::new(),
            }
        },
    )
}

/// Blocks with the number 7.
pub fn block() -> impl Strategy<Value = Block> {
    (proptest::collection::vec(event(), 0..5), any::<[u8; 32]>(), any::<i64>()).prop_map(
        |(events, hash, sealed_at_ms)| Block {
            digest: Digest {
                number: 7,
                sealed_at_ms,
                event_count: i64::try_from(events.len()).unwrap(),
                hash,
                signature: [3; 64],
                format: 2,
            },
            events,
        },
    )
}

proptest! {
    #[test]
    fn a_line_reads_back(block in block()) {
        let line = block.to_line().unwrap();
        prop_assert!(!line.contains(&b'\n'));
        prop_assert_eq!(Block::from_line(&line), Some(block));
    }

    #[test]
    fn a_changed_line_never_panics(block in block(), place in any::<prop::sample::Index>(), byte: u8) {
        let mut line = block.to_line().unwrap();
        let place = place.index(line.len());
        line[place] = byte;
        Block::from_line(&line);
    }
}

#[test]
fn ids_of_servers_are_packed() {
    let id = "01a22a0af6a5-8731f93d2679296f2813";
    let request_id = "9a37d2f7-390a-4e1d-8b3e-3d761c5dbb24".to_owned();
    let event = LoggedEvent { id: id.to_owned(), request_id, ..LoggedEvent::default() };
    assert_eq!(time_of_id(id), Some(0x01a2_2a0a_f6a5));
    assert!(bytes_of_uuid(&event.request_id.to_uppercase()).is_none());
    assert!(bytes_of_uuid(&event.request_id.replace('-', "")).is_none());
    let digest = Digest {
        number: 1,
        sealed_at_ms: 2,
        event_count: 1,
        hash: [0; 32],
        signature: [0; 64],
        format: 2,
    };
    let line = String::from_utf8(Block { digest, events: vec![event] }.to_line().unwrap()).unwrap();
    assert!(!line.contains("8731f93d") && !line.contains("9a37d2f7"), "{line}");
}

#[test]
fn a_short_line_does_not_stand_for_a_long_text_many_times() {
    let long = LoggedEvent { details: "x".repeat(TEXTS_BYTES_MAX / 4), ..LoggedEvent::default() };
    let digest = Digest {
        number: 0,
        sealed_at_ms: 2,
        event_count: 5,
        hash: [0; 32],
        signature: [0; 64],
        format: 2,
    };
    let line = Block { digest, events: vec![long; 5] }.to_line().unwrap();
    assert_eq!(Block::from_line(&line), None);
}
