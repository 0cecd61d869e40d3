//! Forgetting what ran out: sessions, tokens, codes, failed attempts, revocations, ended jobs.
//!
//! What ran out is refused wherever it is shown, swept or not; sweeping only gives back the space.

use model::{AuditEvent, Fault};
use store::{
    Tx, authorization_code, client_token, device_authorization, job, revocation, session,
    sign_in_attempt,
};

use super::SESSION_MS;
use crate::dispatch::call;
use crate::{Ctx, Portico, RequestInfo};

/// Rows of a kind that one transaction forgets, so that no writer waits long for it.
const BATCH: i64 = 500;

/// Transactions in one sweep. What is left over waits for the next.
const BATCHES_MAX: u32 = 200;

/// The longest that role credentials last, which may have been given out at a session's very end.
const ROLE_CREDENTIALS_MS: i64 = 12 * 60 * 60 * 1000;

/// How long a device code is told to be too old, rather than unknown.
const DEVICE_CODE_REMEMBERED_MS: i64 = 60 * 60 * 1000;

/// How long the status of a request can be asked for after its end.
///
/// AWS says of no status how long it is kept. CloudTrail's event history, where one looks for the
/// same request otherwise, goes back 90 days; our audit log keeps it for good.
const JOBS_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Forgets up to so many rows that ran out before a moment.
type Sweep = fn(&mut Tx<'_>, i64, i64) -> Result<u64, Fault>;

/// Forgets what ran out, and says how many rows that were.
pub fn sweep(portico: &Portico) -> Result<u64, Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    let mut total = 0;
    for _ in 0..BATCHES_MAX {
        let swept = call(&ctx, &(), sweep_batch)?;
        total += swept;
        if swept == 0 {
            break;
        }
    }
    Ok(total)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "operations take their request so")]
fn sweep_batch(ctx: &Ctx<'_>, (): &()) -> Result<u64, Fault> {
    let permit = ctx.authorize("portico:SweepSessions", "*")?;
    let mut tx = ctx.begin(permit)?;
    let now_ms = tx.now_ms();
    let sweeps: [(&str, Sweep, i64); 7] = [
        ("clientTokens", client_token::sweep, now_ms),
        // As long as its session may live, so that a code which is shown again is known.
        ("authorizationCodes", authorization_code::sweep, now_ms - SESSION_MS),
        ("deviceAuthorizations", device_authorization::sweep, now_ms - DEVICE_CODE_REMEMBERED_MS),
        ("sessions", session::sweep, now_ms - ROLE_CREDENTIALS_MS),
        ("signInAttempts", sign_in_attempt::sweep, now_ms),
        ("revocations", revocation::sweep, now_ms - ROLE_CREDENTIALS_MS),
        ("jobs", job::sweep, now_ms - JOBS_MS),
    ];
    let (mut total, mut event) = (0, AuditEvent::new());
    for (name, sweep, before_ms) in sweeps {
        let swept = sweep(&mut tx, before_ms, BATCH)?;
        if swept > 0 {
            event = event.answered(name, swept);
        }
        total += swept;
    }
    // Nothing to forget leaves no trace: dropping the transaction rolls nothing back.
    if total > 0 {
        tx.commit(&event)?;
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use model::ids::UserId;
    use serde_json::json;
    use store::sign_in_attempt::{Attempts, put};

    use super::*;
    use crate::jobs::runner::run_one;
    use crate::testing::Bench;

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
        bench.clock.advance(SESSION_MS + ROLE_CREDENTIALS_MS);
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
        assert_eq!(sweep(&bench.portico), Ok(1));
        let [event] = bench.events("portico:SweepSessions").try_into().unwrap();
        assert!(event.details.contains(r#""revocations":"1""#), "{}", event.details);
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
        // What nobody has done yet waits, however long.
        bench.clock.advance(2 * JOBS_MS);
        assert_eq!((sweep(&bench.portico), statuses()), (Ok(0), 1));
        while run_one(&bench.portico).unwrap() {}
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
}
