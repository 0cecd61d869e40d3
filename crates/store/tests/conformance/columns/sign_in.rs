//! Passwords, failed attempts, sessions, codes, tokens, revocations and the set-up link.

use model::oauth::{AuthorizationCode, DeviceAuthorization, DeviceState, Rotation};
use model::password::{HashCost, PasswordKind, StoredHash, UserPassword};
use model::session::{RevocationScope, Session, SessionKind};
use model::session_settings::SessionSettings;
use model::source_network::SourceNetwork;
use store::client_session::LiveClientSession;
use store::sign_in_attempt::{self, Attempts};
use store::user_password::{self, Signer};
use store::{
    Db, authorization_code, client_session, device_authorization, revocation, session, setup_link,
    user,
};

use super::value;
use crate::harness::{instance_id, read, store_id, uuid, write, write_at};
use crate::password_reset_request::some_voucher;

on_both_engines!(
    columns_of_a_password,
    columns_of_failed_attempts,
    columns_of_sessions,
    columns_of_rotations,
    columns_of_a_device_authorization,
    columns_of_an_authorization_code,
    columns_of_a_revocation_and_a_setup_link,
);

fn hash(number: u8) -> StoredHash {
    let cost = HashCost { memory_kib: 64, passes: 2, lanes: 1 };
    StoredHash { cost, salt: [number; 16], hash: vec![number + 1; 73] }
}

fn portal() -> Session {
    Session {
        identity_store_id: store_id(),
        id: uuid(11),
        user_id: uuid(1),
        kind: SessionKind::Portal,
        source_address: "portal address".to_owned(),
        user_agent: "portal agent".to_owned(),
        created_at_ms: 12,
        expires_at_ms: 13,
        used_at_ms: 15,
        proved_at_ms: 16,
        whole_proof_at_ms: 17,
    }
}

fn client() -> Session {
    Session {
        id: uuid(21),
        kind: SessionKind::Client { parent_id: uuid(11), client_name: value("client-name") },
        source_address: "client address".to_owned(),
        user_agent: "client agent".to_owned(),
        created_at_ms: 22,
        expires_at_ms: 23,
        used_at_ms: 25,
        proved_at_ms: 26,
        whole_proof_at_ms: 27,
        ..portal()
    }
}

fn populate(db: &Db) {
    write(db, |tx| {
        user::insert(tx, &crate::user::some_user(1, "User.Name")).unwrap();
        session::insert(tx, &portal(), Some(&[14; 32])).unwrap();
        session::insert(tx, &client(), None).unwrap();
    });
}

fn columns_of_a_password(db: &Db) {
    populate(db);
    let voucher = Some(some_voucher());
    for (revision, number, kind) in [
        (1, 5, PasswordKind::OneTime { expires_at_ms: 51, voucher: voucher.clone() }),
        (2, 6, PasswordKind::Spent { voucher }),
        (3, 4, PasswordKind::OneTime { expires_at_ms: 52, voucher: None }),
        (4, 7, PasswordKind::Chosen),
    ] {
        write(db, |tx| {
            user_password::replace(tx, &store_id(), &uuid(1), &hash(number), &kind).unwrap();
        });
        let written = UserPassword { hash: hash(number), kind, revision };
        let signer = Signer {
            user_id: uuid(1),
            user_name: "User.Name".to_owned(),
            is_enabled: true,
            password: Some(written.clone()),
        };
        read(db, |read| {
            let store = &store_id();
            assert_eq!(user_password::find(read, store, &uuid(1)), Ok(Some(written)));
            let by_name = user_password::find_signer_by_name(read, store, "user.name");
            assert_eq!(by_name, Ok(Some(signer.clone())));
            assert_eq!(user_password::find_signer(read, store, &uuid(1)), Ok(Some(signer)));
        });
    }
    let past = read(db, |read| user_password::list_remembered(read, &store_id(), &uuid(1), 3));
    assert_eq!(past, Ok(vec![hash(7)]));
}

fn columns_of_failed_attempts(db: &Db) {
    for number in [1, 10] {
        let written =
            Attempts { failures: number, failed_at_ms: number + 1, succeeded_at_ms: number + 2 };
        write(db, |tx| sign_in_attempt::put(tx, &[6; 32], &written, number + 3)).unwrap();
        assert_eq!(read(db, |read| sign_in_attempt::find(read, &[6; 32])), Ok(written));
        write(db, |tx| assert_eq!(sign_in_attempt::sweep(tx, number + 3, 9), Ok(0)));
    }
    write(db, |tx| assert_eq!(sign_in_attempt::sweep(tx, 14, 9), Ok(1)));
}

fn columns_of_sessions(db: &Db) {
    populate(db);
    read(db, |read| {
        let store = &store_id();
        assert_eq!(session::find(read, store, &uuid(11)), Ok(Some(portal())));
        assert_eq!(session::find(read, store, &uuid(21)), Ok(Some(client())));
        assert_eq!(session::find_by_token(read, &[14; 32], 12), Ok(Some(portal())));
        let listed = session::list_of_user(read, store, &uuid(1), 12, "", 9);
        assert_eq!(listed, Ok(vec![portal(), client()]));
    });
}

fn columns_of_rotations(db: &Db) {
    populate(db);
    let rotation = Rotation { generation: 31, exchanged_at_ms: vec![32, 33] };
    write(db, |tx| assert_eq!(client_session::rotate(tx, &client(), 0, &rotation), Ok(true)));
    let found = read(db, |read| client_session::find_live(read, &store_id(), &uuid(21), 5));
    let settings = SessionSettings::default();
    assert_eq!(found, Ok(Some(LiveClientSession { session: client(), rotation, settings })));
}

fn columns_of_a_device_authorization(db: &Db) {
    let mut written = DeviceAuthorization {
        device_code_hash: [51; 32],
        user_code: value("BCDF-GHJK"),
        identity_store_id: store_id(),
        client_hash: [52; 32],
        client_name: value("client-name"),
        scopes: value("sso:account:access"),
        source_address: "2001:db8::1".to_owned(),
        source_network: SourceNetwork::of("2001:db8::1"),
        user_agent: "agent".to_owned(),
        state: DeviceState::Pending,
        created_at_ms: 53,
        expires_at_ms: 54,
    };
    write(db, |tx| assert_eq!(device_authorization::insert(tx, &written), Ok(true)));
    for next in [
        DeviceState::Confirmed { user_id: uuid(1), portal_session_id: uuid(11) },
        DeviceState::Approved { user_id: Some(uuid(1)), client_session_id: uuid(21) },
    ] {
        write(db, |tx| device_authorization::advance(tx, &written, &next)).unwrap();
        written.state = next;
        read(db, |read| {
            let found = device_authorization::find(read, &[51; 32]);
            assert_eq!(found, Ok(Some(written.clone())));
            let code = &written.user_code;
            let by_code = device_authorization::find_by_user_code(read, code, 53);
            assert_eq!(by_code, Ok(Some(written.clone())));
        });
    }
}

fn columns_of_an_authorization_code(db: &Db) {
    populate(db);
    let written = AuthorizationCode {
        code_hash: [61; 32],
        identity_store_id: store_id(),
        client_session_id: uuid(21),
        client_hash: [62; 32],
        redirect_uri: value("http://127.0.0.1:12345/oauth/callback"),
        code_challenge: value(&"a".repeat(43)),
        scopes: value("sso:account:access"),
        expires_at_ms: 63,
        is_used: true,
    };
    write(db, |tx| authorization_code::insert(tx, &written)).unwrap();
    let found = read(db, |read| authorization_code::find(read, &[61; 32]));
    assert_eq!(found, Ok(Some(written)));
}

fn columns_of_a_revocation_and_a_setup_link(db: &Db) {
    let scope = RevocationScope::Instance(instance_id());
    write_at(db, 71, |tx| {
        revocation::put(tx, &scope).unwrap();
        setup_link::replace(tx, &[72; 32], 73).unwrap();
    });
    read(db, |read| {
        assert_eq!(revocation::find(read, &scope), Ok(Some(71)));
        assert_eq!(setup_link::is_good(read, &[72; 32], 72), Ok(true));
        assert_eq!(setup_link::is_good(read, &[72; 32], 73), Ok(false));
    });
}
