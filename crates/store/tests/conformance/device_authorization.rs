//! Device authorizations.

use model::Fault;
use model::oauth::{DeviceAuthorization, DeviceState};
use model::source_network::SourceNetwork;
use store::device_authorization::{Waiting, count_waiting};
use store::{Db, device_authorization};

use crate::harness::{NOW_MS, begin, read, store_id, uuid, write};

on_both_engines!(
    a_device_authorization_reads_back_in_every_state,
    a_user_code_is_given_out_once,
    a_user_code_is_found_until_it_runs_out,
    of_two_decisions_one_counts,
    codes_are_counted_by_network_while_they_wait,
    device_authorizations_that_ran_out_are_swept,
);

fn some_wish(number: u8, user_code: &str) -> DeviceAuthorization {
    DeviceAuthorization {
        device_code_hash: [number; 32],
        user_code: user_code.parse().unwrap(),
        identity_store_id: store_id(),
        client_hash: [9; 32],
        client_name: "botocore-client-test".parse().unwrap(),
        scopes: "sso:account:access".parse().unwrap(),
        source_address: "2001:db8::1".to_owned(),
        source_network: SourceNetwork::of("2001:db8::1"),
        user_agent: "aws-cli/2".to_owned(),
        state: DeviceState::Pending,
        created_at_ms: NOW_MS,
        expires_at_ms: NOW_MS + 1000,
    }
}

fn a_device_authorization_reads_back_in_every_state(db: &Db) {
    let mut wish = some_wish(1, "BCDF-GHJK");
    write(db, |tx| assert_eq!(device_authorization::insert(tx, &wish), Ok(true)));
    for next in [
        DeviceState::Confirmed { user_id: uuid(1), portal_session_id: uuid(11) },
        DeviceState::Approved { user_id: Some(uuid(1)), client_session_id: uuid(12) },
        DeviceState::Used { user_id: Some(uuid(1)), client_session_id: uuid(12) },
        // As an earlier version writes it.
        DeviceState::Used { user_id: None, client_session_id: uuid(12) },
        DeviceState::Denied,
    ] {
        let found = read(db, |read| device_authorization::find(read, &[1; 32]));
        assert_eq!(found, Ok(Some(wish.clone())));
        write(db, |tx| device_authorization::advance(tx, &wish, &next)).unwrap();
        wish.state = next;
    }
    let found = read(db, |read| device_authorization::find(read, &[1; 32]));
    assert_eq!(found, Ok(Some(wish)));
}

fn a_user_code_is_given_out_once(db: &Db) {
    write(db, |tx| {
        assert_eq!(device_authorization::insert(tx, &some_wish(1, "BCDF-GHJK")), Ok(true));
        assert_eq!(device_authorization::insert(tx, &some_wish(2, "BCDF-GHJK")), Ok(false));
        assert_eq!(device_authorization::insert(tx, &some_wish(3, "BCDF-GHJL")), Ok(true));
    });
}

fn a_user_code_is_found_until_it_runs_out(db: &Db) {
    let wish = some_wish(1, "BCDF-GHJK");
    write(db, |tx| device_authorization::insert(tx, &wish)).unwrap();
    read(db, |read| {
        let code = &wish.user_code;
        let found = device_authorization::find_by_user_code(read, code, NOW_MS + 999);
        assert_eq!(found, Ok(Some(wish.clone())));
        assert_eq!(device_authorization::find_by_user_code(read, code, NOW_MS + 1000), Ok(None));
        // The client still finds it by its device code, to be told that it expired.
        assert!(device_authorization::find(read, &[1; 32]).unwrap().is_some());
    });
}

fn of_two_decisions_one_counts(db: &Db) {
    let wish = some_wish(1, "BCDF-GHJK");
    write(db, |tx| device_authorization::insert(tx, &wish)).unwrap();
    write(db, |tx| device_authorization::advance(tx, &wish, &DeviceState::Denied)).unwrap();
    let late = DeviceState::Confirmed { user_id: uuid(1), portal_session_id: uuid(11) };
    let mut tx = begin(db);
    assert_eq!(device_authorization::advance(&mut tx, &wish, &late), Err(Fault::Contended));
}

fn codes_are_counted_by_network_while_they_wait(db: &Db) {
    let from = |number: u8, user_code, address: &str| DeviceAuthorization {
        source_address: address.to_owned(),
        source_network: SourceNetwork::of(address),
        ..some_wish(number, user_code)
    };
    let addresses = ["2001:db8::1", "2001:db8::2:3", "2001:db8:0:1::1", "2001:db8:0:100::1"];
    let codes = ["BCDF-GHJK", "BCDF-GHJL", "BCDF-GHJM", "BCDF-GHJN"];
    let wishes: Vec<_> = (1..).zip(codes).zip(addresses).collect();
    write(db, |tx| {
        for ((number, code), address) in wishes {
            device_authorization::insert(tx, &from(number, code, address)).unwrap();
        }
        device_authorization::insert(tx, &from(9, "BCDF-GHJP", "192.0.2.9")).unwrap();
    });
    let count = |address, now_ms, max| {
        read(db, |read| count_waiting(read, address, now_ms, max)).map(|waiting| {
            let Waiting { single, site, block, total } = waiting;
            [single, site, block, total]
        })
    };
    let max = (100, 100);
    assert_eq!(count("2001:db8::", NOW_MS, max), Ok([2, 3, 4, 5]));
    assert_eq!(count("2001:db8:0:100::", NOW_MS, max), Ok([1, 1, 4, 5]));
    assert_eq!(count("192.0.2.1", NOW_MS, max), Ok([0, 0, 1, 5]));
    assert_eq!(count("192.0.2.9", NOW_MS, max), Ok([1, 1, 1, 5]));
    assert_eq!(count("portico", NOW_MS, max), Ok([0, 0, 0, 5]));
    assert_eq!(
        count("2001:db8::", NOW_MS, (3, 2)).map(|[.., block, total]| (block, total)),
        Ok((3, 2))
    );
    assert_eq!(count("2001:db8::", NOW_MS + 1000, max), Ok([0, 0, 0, 0]));
    // What is decided does not wait any more.
    let first = from(1, "BCDF-GHJK", "2001:db8::1");
    let confirmed = DeviceState::Confirmed { user_id: uuid(1), portal_session_id: uuid(11) };
    write(db, |tx| device_authorization::advance(tx, &first, &confirmed)).unwrap();
    assert_eq!(count("2001:db8::", NOW_MS, max), Ok([2, 3, 4, 5]));
    let confirmed = DeviceAuthorization { state: confirmed, ..first };
    write(db, |tx| device_authorization::advance(tx, &confirmed, &DeviceState::Denied)).unwrap();
    assert_eq!(count("2001:db8::", NOW_MS, max), Ok([1, 2, 3, 4]));
}

fn device_authorizations_that_ran_out_are_swept(db: &Db) {
    write(db, |tx| device_authorization::insert(tx, &some_wish(1, "BCDF-GHJK"))).unwrap();
    write(db, |tx| {
        assert_eq!(device_authorization::sweep(tx, NOW_MS + 1000, 10), Ok(0));
        assert_eq!(device_authorization::sweep(tx, NOW_MS + 1001, 10), Ok(1));
    });
    assert_eq!(read(db, |read| device_authorization::find(read, &[1; 32])), Ok(None));
}
