//! Which bytes the MAC of an event covers.

use super::*;

pub(crate) fn some_event() -> LoggedEvent {
    LoggedEvent {
        id: "a".to_owned(),
        at_ms: 1,
        request_id: "r".to_owned(),
        account_id: Some("123456789012".to_owned()),
        caller_arn: "c".to_owned(),
        identity: "{}".to_owned(),
        action: "sso:X".to_owned(),
        resource: "*".to_owned(),
        source_address: "127.0.0.1".to_owned(),
        user_agent: "u".to_owned(),
        error: None,
        details: "{}".to_owned(),
        digest: 0,
        writer: "w".to_owned(),
        sequence: 3,
        mac: vec![4; 32],
    }
}

/// Events that differ from [`some_event`] in one column that every version has.
pub(crate) fn other_contents() -> Vec<LoggedEvent> {
    let x = || "x".to_owned();
    vec![
        LoggedEvent { id: x(), ..some_event() },
        LoggedEvent { at_ms: 2, ..some_event() },
        LoggedEvent { request_id: x(), ..some_event() },
        LoggedEvent { account_id: Some(x()), ..some_event() },
        LoggedEvent { account_id: None, ..some_event() },
        LoggedEvent { caller_arn: x(), ..some_event() },
        LoggedEvent { identity: x(), ..some_event() },
        LoggedEvent { action: x(), ..some_event() },
        LoggedEvent { resource: x(), ..some_event() },
        LoggedEvent { source_address: x(), ..some_event() },
        LoggedEvent { user_agent: x(), ..some_event() },
        LoggedEvent { error: Some(String::new()), ..some_event() },
        LoggedEvent { details: x(), ..some_event() },
    ]
}

/// Events that differ from [`some_event`] in their place.
pub(crate) fn other_places() -> Vec<LoggedEvent> {
    vec![
        LoggedEvent { writer: "x".to_owned(), ..some_event() },
        LoggedEvent { sequence: 4, ..some_event() },
    ]
}

#[test]
fn the_mac_covers_every_column_except_the_digest_and_itself() {
    let same = some_event().bytes_under_mac();
    for other in other_contents().into_iter().chain(other_places()) {
        assert_ne!(other.bytes_under_mac(), same, "{other:?}");
    }
    let sealed = LoggedEvent { digest: 9, mac: Vec::new(), ..some_event() };
    assert_eq!(sealed.bytes_under_mac(), same);
}

/// Text and length of each part of variable length, in the order in which they are added.
fn texts() -> impl proptest::strategy::Strategy<Value = LoggedEvent> {
    use proptest::prelude::*;
    let text = || "[ab\u{0}]{0,3}";
    let ids = (text(), text(), text(), text(), proptest::option::of(text()));
    let rest = (text(), text(), text(), text(), proptest::option::of(text()));
    (ids, rest, 0_i64..2, 0_i64..2).prop_map(
        |((writer, id, request_id, caller_arn, account_id), rest, at_ms, sequence)| {
            let (identity, action, resource, details, error) = rest;
            LoggedEvent {
                id,
                at_ms,
                request_id,
                account_id,
                caller_arn,
                identity,
                action,
                resource,
                error,
                details,
                writer,
                sequence,
                ..LoggedEvent::default()
            }
        },
    )
}

proptest::proptest! {
    #[test]
    fn two_events_have_the_same_bytes_only_if_they_are_the_same(
        one in texts(),
        other in texts(),
    ) {
        proptest::prop_assert_eq!(
            one.bytes_under_mac() == other.bytes_under_mac(),
            one == other
        );
    }

    /// The end of each text moves to the begin of the next one.
    #[test]
    fn no_column_can_lend_its_end_to_the_next(one in texts(), split in 0_usize..4) {
        let text = format!("{}{}", one.action, one.resource);
        let split = split.min(text.len());
        let (action, resource) = text.split_at(split);
        let other = LoggedEvent {
            action: action.to_owned(),
            resource: resource.to_owned(),
            ..one.clone()
        };
        proptest::prop_assert_eq!(
            one.bytes_under_mac() == other.bytes_under_mac(),
            one == other
        );
    }
}
