//! Removal of expired rows, and its times.

use kernel::Portico;
use kernel::sessions::sweep::{JOBS_MS, ROLE_CREDENTIALS_MS, sweep};
use model::AuditEvent;
use model::ids::UserId;
use serde_json::json;
use store::session;
use store::sign_in_attempt::{Attempts, put};
use testing::Bench;

const HOUR_MS: i64 = 60 * 60 * 1000;

fn session_is_there(bench: &Bench, user: &UserId, id: &model::ids::SessionId) -> bool {
    let store_id = bench.store_id().parse().unwrap();
    bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:ReadStanding", "*").unwrap();
        let found = session::find(&mut ctx.read(&permit).unwrap(), &store_id, id).unwrap();
        found.is_some_and(|session| session.user_id == *user)
    })
}

#[test]
fn a_session_is_kept_as_long_as_role_keys_made_at_its_end() {
    let bench = Bench::new();
    let (user, portal) = bench.create_person("alice");
    bench.clock.advance(8 * HOUR_MS + ROLE_CREDENTIALS_MS);
    sweep(&bench.portico).unwrap();
    assert!(session_is_there(&bench, &user, &portal.session.id));
    bench.clock.advance(1);
    assert!(sweep(&bench.portico).unwrap() >= 1);
    assert!(!session_is_there(&bench, &user, &portal.session.id));
}

#[test]
fn nothing_to_forget_leaves_no_trace() {
    let bench = Bench::new();
    assert_eq!(sweep(&bench.portico), Ok(0));
    assert_eq!(bench.events("portico:SweepSessions").len(), 0);
    let revoked = json!({"InstanceArn": bench.instance().id.arn()});
    bench.call("PorticoAdmin.RevokeRoleCredentials", &revoked).unwrap();
    bench.clock.advance(12 * HOUR_MS + 1);
    assert_eq!(sweep(&bench.portico), Ok(0), "marks of revocations stay");
}

#[test]
fn the_status_of_a_request_is_there_for_90_days() {
    let bench = Bench::new();
    let account = json!({"AccountName": "Backup", "Email": "backup@example.com"});
    bench.call("AWSOrganizationsV20161128.CreateAccount", &account).unwrap();
    let statuses = || {
        let operation = "AWSOrganizationsV20161128.ListCreateAccountStatus";
        let reply = bench.call(operation, &json!({})).unwrap();
        reply["CreateAccountStatuses"].as_array().unwrap().len()
    };
    // Unfinished jobs are kept without a time limit.
    bench.clock.advance(2 * JOBS_MS);
    assert_eq!((sweep(&bench.portico), statuses()), (Ok(0), 1));
    while bench.run_job().unwrap() {}
    bench.clock.advance(JOBS_MS);
    assert_eq!((sweep(&bench.portico), statuses()), (Ok(0), 1));
    bench.clock.advance(1);
    assert_eq!((sweep(&bench.portico), statuses()), (Ok(1), 0));
}

#[test]
fn a_long_list_is_forgotten_in_several_transactions() {
    let bench = Bench::new();
    bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:Test", "*").unwrap();
        let mut tx = ctx.begin(permit).unwrap();
        for number in 0..1_200_u32 {
            let mut scope = [0; 32];
            scope[..4].copy_from_slice(&number.to_be_bytes());
            put(&mut tx, &scope, &Attempts::default(), 1).unwrap();
        }
        tx.commit(&AuditEvent::new()).unwrap();
    });
    assert_eq!(sweep(&bench.portico), Ok(1_200));
    assert_eq!(bench.events("portico:SweepSessions").len(), 3);
}
