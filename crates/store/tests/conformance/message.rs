//! Messages to people.

use model::message::{Message, MessageKind, MessageStatus};
use model::password::{HashCost, PasswordKind, StoredHash};
use store::{Db, message as messages, user, user_password};

use crate::harness::{NOW_MS, delete_user, read, store_id, uuid, write, write_at};
use crate::password_reset_request::some_voucher;
use crate::user::some_user;

on_both_engines!(
    columns_of_a_message,
    messages_are_listed_from_the_newest,
    a_message_is_claimed_by_one_server_until_its_lease_ends,
    a_message_that_was_put_off_waits,
    a_refused_message_keeps_its_content_and_a_sent_one_does_not,
    messages_about_a_password_end_with_it,
    messages_are_counted_up_to_a_bound,
    a_message_of_a_kind_is_found_by_its_time,
    messages_go_with_their_user,
    expired_messages_lose_their_content_and_old_ones_are_deleted,
    a_one_time_password_has_another_voucher,
);

const HOUR_MS: i64 = 60 * 60 * 1000;

fn some_message(number: u32) -> Message {
    let place = i64::from(number);
    Message {
        identity_store_id: store_id(),
        id: uuid(number),
        user_id: Some(uuid(1)),
        kind: MessageKind::PasswordReset,
        recipient: "alice@example.com".parse().unwrap(),
        status: MessageStatus::Waiting,
        content: Some(format!("content {number}")),
        reason: None,
        attempts: 0,
        due_ms: NOW_MS,
        requested_by: "admin".to_owned(),
        created_at_ms: NOW_MS + place,
        updated_at_ms: NOW_MS,
        expires_at_ms: NOW_MS + HOUR_MS,
    }
}

fn populate(db: &Db, numbers: &[u32]) {
    write(db, |tx| {
        user::insert(tx, &some_user(1, "Alice")).unwrap();
        for number in numbers {
            messages::insert(tx, &some_message(*number)).unwrap();
        }
    });
}

fn find(db: &Db, number: u32) -> Option<Message> {
    read(db, |read| messages::find(read, &store_id(), &uuid(number))).unwrap()
}

/// Status, content and reason of a message.
fn state(db: &Db, number: u32) -> (MessageStatus, Option<String>, Option<String>) {
    let found = find(db, number).unwrap();
    (found.status, found.content, found.reason)
}

fn claim_at(db: &Db, now_ms: i64) -> Option<Message> {
    write_at(db, now_ms, |tx| messages::claim(tx, 60)).unwrap()
}

fn columns_of_a_message(db: &Db) {
    populate(db, &[]);
    let about_nobody = Message { user_id: None, kind: MessageKind::Test, ..some_message(12) };
    let full = Message {
        status: MessageStatus::Failed,
        content: None,
        reason: Some("reason".to_owned()),
        attempts: 21,
        due_ms: 22,
        requested_by: "requester".to_owned(),
        created_at_ms: 23,
        updated_at_ms: 24,
        expires_at_ms: 25,
        ..some_message(13)
    };
    for message in [some_message(11), about_nobody, full] {
        write(db, |tx| messages::insert(tx, &message)).unwrap();
        let id = message.id.clone();
        let found = read(db, |read| messages::find(read, &store_id(), &id));
        assert_eq!(found, Ok(Some(message)));
    }
}

fn messages_are_listed_from_the_newest(db: &Db) {
    populate(db, &[11, 12, 13]);
    write(db, |tx| messages::end(tx, &some_message(12), MessageStatus::Sent, None)).unwrap();
    let ids = |listed: Vec<Message>| listed.into_iter().map(|it| it.id).collect::<Vec<_>>();
    let list = |before: (i64, &str), limit| {
        ids(read(db, |read| messages::list(read, &store_id(), before, limit)).unwrap())
    };
    assert_eq!(list((i64::MAX, ""), 9), [uuid(13), uuid(12), uuid(11)]);
    let second = some_message(12);
    assert_eq!(list((second.created_at_ms, second.id.as_str()), 1), [uuid(11)]);
    let waiting = read(db, |read| {
        let status = MessageStatus::Waiting;
        messages::list_in_status(read, &store_id(), status, (i64::MAX, ""), 9)
    });
    assert_eq!(ids(waiting.unwrap()), [uuid(13), uuid(11)]);
}

fn a_message_is_claimed_by_one_server_until_its_lease_ends(db: &Db) {
    populate(db, &[11]);
    assert_eq!(claim_at(db, NOW_MS - 1), None);
    let claimed = claim_at(db, NOW_MS).unwrap();
    assert_eq!((claimed.id, claimed.attempts), (uuid(11), 1));
    let due = read(db, messages::next_due_ms).unwrap();
    assert_eq!((claim_at(db, NOW_MS + 59), due), (None, Some(NOW_MS + 60)));
    assert_eq!(claim_at(db, NOW_MS + 60).unwrap().attempts, 2);
}

fn a_message_that_was_put_off_waits(db: &Db) {
    populate(db, &[11]);
    let first = claim_at(db, NOW_MS).unwrap();
    write(db, |tx| messages::put_off(tx, &first, NOW_MS + 5, "away")).unwrap();
    assert_eq!(state(db, 11).2.as_deref(), Some("away"));
    assert_eq!(claim_at(db, NOW_MS + 4), None);
    let second = claim_at(db, NOW_MS + 5).unwrap();
    // The claim of the first attempt is over.
    write(db, |tx| {
        messages::put_off(tx, &first, NOW_MS, "late").unwrap();
        messages::fail(tx, &first, "late").unwrap();
    });
    let found = find(db, 11).unwrap();
    assert_eq!((found.reason.as_deref(), found.due_ms), (Some("away"), second.due_ms));
}

fn a_refused_message_keeps_its_content_and_a_sent_one_does_not(db: &Db) {
    populate(db, &[11]);
    let claimed = claim_at(db, NOW_MS).unwrap();
    write(db, |tx| messages::fail(tx, &claimed, "no such person")).unwrap();
    let kept = Some("content 11".to_owned());
    assert_eq!(state(db, 11), (MessageStatus::Failed, kept, Some("no such person".to_owned())));
    assert_eq!(claim_at(db, NOW_MS + HOUR_MS), None);
    let hand_over =
        || write(db, |tx| messages::end(tx, &claimed, MessageStatus::HandedOver, None)).unwrap();
    assert_eq!([hand_over(), hand_over()], [true, false]);
    assert_eq!(state(db, 11), (MessageStatus::HandedOver, None, None));
    let delete = || write(db, |tx| messages::delete(tx, &store_id(), &uuid(11)));
    assert_eq!([delete(), delete()], [Ok(true), Ok(false)]);
}

fn messages_about_a_password_end_with_it(db: &Db) {
    let cost = HashCost { memory_kib: 64, passes: 2, lanes: 1 };
    let hash = StoredHash { cost, salt: [1; 16], hash: vec![2; 73] };
    let one_time = PasswordKind::OneTime { expires_at_ms: NOW_MS + 1, voucher: None };
    populate(db, &[11]);
    let replace = |number: u32| {
        write(db, |tx| {
            user_password::replace(tx, &store_id(), &uuid(1), &hash, &one_time).unwrap();
            messages::insert(tx, &some_message(number)).unwrap();
        });
    };
    let test = Message { kind: MessageKind::Test, ..some_message(14) };
    write(db, |tx| messages::insert(tx, &test)).unwrap();
    replace(12);
    assert_eq!((state(db, 11).0, state(db, 11).1), (MessageStatus::Ended, None));
    let waiting = |number: u32| state(db, number).0 == MessageStatus::Waiting;
    assert!(waiting(12) && waiting(14));
    write(db, |tx| user_password::spend(tx, &store_id(), &uuid(1), 1)).unwrap();
    assert!(!waiting(12) && waiting(14));
}

fn messages_are_counted_up_to_a_bound(db: &Db) {
    populate(db, &[11, 12, 13]);
    write(db, |tx| messages::end(tx, &some_message(13), MessageStatus::Sent, None)).unwrap();
    let waiting =
        |count_max| read(db, |read| messages::count_waiting(read, &store_id(), count_max)).unwrap();
    assert_eq!([waiting(9), waiting(1)], [2, 1]);
    let to = |address: &str, since_ms, count_max| {
        let address = address.parse().unwrap();
        read(db, |read| messages::count_to(read, &store_id(), &address, since_ms, count_max))
            .unwrap()
    };
    assert_eq!(to("alice@example.com", NOW_MS, 9), 3);
    assert_eq!(to("alice@example.com", NOW_MS, 2), 2);
    assert_eq!(to("alice@example.com", NOW_MS + 12, 9), 1);
    assert_eq!(to("bob@example.com", NOW_MS, 9), 0);
}

fn messages_go_with_their_user(db: &Db) {
    populate(db, &[11]);
    delete_user(db, 1);
    assert_eq!(find(db, 11), None);
}

fn expired_messages_lose_their_content_and_old_ones_are_deleted(db: &Db) {
    populate(db, &[11]);
    let over_ms = NOW_MS + HOUR_MS;
    let expire =
        |before_ms| write_at(db, over_ms, |tx| messages::sweep_expired(tx, before_ms, 9)).unwrap();
    let sweep = |before_ms| write(db, |tx| messages::sweep(tx, before_ms, 9)).unwrap();
    assert_eq!([expire(over_ms), sweep(over_ms + 1)], [0, 0]);
    assert_eq!([expire(over_ms + 1), expire(over_ms + 1)], [1, 0]);
    assert_eq!((state(db, 11).0, state(db, 11).1), (MessageStatus::Ended, None));
    assert_eq!([sweep(over_ms), sweep(over_ms + 1)], [0, 1]);
}

fn a_one_time_password_has_another_voucher(db: &Db) {
    populate(db, &[]);
    let cost = HashCost { memory_kib: 64, passes: 2, lanes: 1 };
    let hash = StoredHash { cost, salt: [1; 16], hash: vec![2; 73] };
    let one_time = PasswordKind::OneTime { expires_at_ms: NOW_MS + 1, voucher: None };
    write(db, |tx| {
        user_password::replace(tx, &store_id(), &uuid(1), &hash, &one_time).unwrap();
        user_password::revouch(tx, &store_id(), &uuid(1), &some_voucher()).unwrap();
    });
    let found = read(db, |read| user_password::find(read, &store_id(), &uuid(1))).unwrap();
    assert_eq!(found.unwrap().kind.voucher(), Some(&some_voucher()));
}

fn a_message_of_a_kind_is_found_by_its_time(db: &Db) {
    let posted = some_message(1);
    populate(db, &[1]);
    let is_posted = |user, kind, since_ms| {
        let find = |read: &mut store::Read<'_>| {
            messages::is_posted_since(read, &store_id(), &uuid(user), kind, since_ms)
        };
        read(db, find).unwrap()
    };
    let at_ms = posted.created_at_ms;
    assert!(is_posted(1, posted.kind, at_ms - 1));
    assert!(!is_posted(1, posted.kind, at_ms));
    assert!(!is_posted(1, MessageKind::FailedSignIns, at_ms - 1));
    assert!(!is_posted(2, posted.kind, at_ms - 1));
}
