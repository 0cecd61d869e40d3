//! Rewrites the stored copies of users that an older program wrote in another form.
//!
//! Lists do not wait for it: they build what an old copy cannot show from the user's columns.

use model::{AuditEvent, Fault};
use store::user;

use crate::dispatch::call;
use crate::{Ctx, Portico, RequestInfo};

/// Maximum number of copies that one transaction rewrites, so that no writer waits long for it.
const BATCH: i64 = 500;

/// Maximum number of transactions in one run. What is left over waits for the next run.
const BATCHES_MAX: u32 = 200;

/// Rewrites old copies and returns how many there were.
pub fn renew_copies(portico: &Portico) -> Result<u64, Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    let mut total = 0;
    for _ in 0..BATCHES_MAX {
        let renewed = call(&ctx, &(), renew_batch)?;
        total += renewed;
        if renewed == 0 {
            break;
        }
    }
    Ok(total)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "operations take their request so")]
fn renew_batch(ctx: &Ctx<'_>, (): &()) -> Result<u64, Fault> {
    let permit = ctx.authorize("portico:RenewUserCopies", "*")?;
    let mut tx = ctx.begin(permit)?;
    let renewed = user::renew_shown(&mut tx, BATCH)?;
    // A run that finds nothing leaves no event: dropping the transaction rolls nothing back.
    if renewed > 0 {
        tx.commit(&AuditEvent::new().answered("users", renewed))?;
    }
    Ok(renewed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store::Location;

    use super::*;
    use crate::startup::enable_instance;
    use crate::testing::Bench;

    #[test]
    fn old_copies_are_rewritten_with_an_event_and_current_ones_leave_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portico.sqlite");
        let bench = Bench::found(Location::Sqlite(path.clone()), true);
        enable_instance(&bench.portico).unwrap();
        let (user, _) = bench.create_person("alice");
        let describe = || {
            let body = json!({"IdentityStoreId": bench.store_id(), "UserId": user.to_string()});
            bench.call("AWSIdentityStore.DescribeUser", &body).unwrap()
        };
        let before = describe();
        assert_eq!(renew_copies(&bench.portico), Ok(0));
        assert_eq!(bench.events("portico:RenewUserCopies").len(), 0);
        let old = "UPDATE identity_user SET shown = '{}', shown_version = 0";
        rusqlite::Connection::open(&path).unwrap().execute(old, []).unwrap();
        assert_eq!(describe(), before);
        crate::upkeep::every_minute(&bench.portico).unwrap();
        let [event] = bench.events("portico:RenewUserCopies").try_into().unwrap();
        assert!(event.details.contains(r#""users":"1""#), "{}", event.details);
        assert_eq!(describe(), before);
        assert_eq!(renew_copies(&bench.portico), Ok(0));
    }
}
