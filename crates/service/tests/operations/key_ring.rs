//! Rotation of the keys of role credentials.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use kernel::Portico;
use kernel::credentials::RoleCredentials;
use kernel::credentials::authenticate::caller_of_token;
use kernel::credentials::operator::vend_operator_credentials;
use kernel::key_ring::{ROTATE_AFTER_MS, SETTLE_MS};
use kernel::upkeep::every_minute;
use store::Location;
use testing::Bench;

fn vend(bench: &Bench) -> RoleCredentials {
    bench.as_caller(&Portico::itself(), |ctx| {
        vend_operator_credentials(ctx, "admin", 43_200_000).unwrap()
    })
}

fn number(keys: &RoleCredentials) -> u8 {
    STANDARD_NO_PAD.decode(&keys.session_token).unwrap()[4]
}

fn are_good(bench: &Bench, keys: &RoleCredentials) -> bool {
    caller_of_token(&bench.portico, &keys.access_key_id, &keys.session_token).is_ok()
}

#[test]
fn a_server_that_runs_on_replaces_its_key_and_loses_nobody() {
    let bench = Bench::new();
    every_minute(&bench.portico).unwrap();
    bench.clock.advance(ROTATE_AFTER_MS + 1);
    let old = vend(&bench);
    every_minute(&bench.portico).unwrap();
    // Other nodes may not have loaded the new key yet.
    let meanwhile = vend(&bench);
    bench.clock.advance(SETTLE_MS);
    every_minute(&bench.portico).unwrap();
    let new = vend(&bench);
    assert_eq!([&old, &meanwhile, &new].map(number), [1, 1, 2]);
    assert!([&old, &meanwhile, &new].iter().all(|keys| are_good(&bench, keys)));
}

#[test]
fn another_node_knows_a_key_before_it_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = || Location::Sqlite(folder.path().join("portico.sqlite"));
    let (one, other) = (Bench::found(file(), true), Bench::found(file(), true));
    one.clock.advance(ROTATE_AFTER_MS + 1);
    every_minute(&one.portico).unwrap();
    // The minute of the other node begins at another time.
    other.clock.advance(ROTATE_AFTER_MS + SETTLE_MS / 2);
    every_minute(&other.portico).unwrap();
    one.clock.advance(SETTLE_MS);
    other.clock.advance(SETTLE_MS);
    let new = vend(&one);
    assert_eq!(number(&new), 2);
    assert!(are_good(&other, &new));
}
