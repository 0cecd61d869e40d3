//! A read that takes long goes from the thread of its connection to a worker, and has its answer from there.

use std::sync::{Arc, Mutex, mpsc};

use serde_json::{Value, json};

use super::kit::{Bench, head, signed};

/// Roles of one permission set. All of them have to be read to find that each has the latest revision.
const ROLES: &str = "PRAGMA foreign_keys = OFF;
    INSERT INTO role (instance_id, account_id, permission_set_id, name, role_id, managed_policy_arns,
        session_duration_seconds, permission_set_revision, revision, created_at_ms)
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 20000)
    SELECT p.instance_id, printf('%012d', n), p.id, 'r', 'r' || n, '[]', 3600, p.revision, 1, 0
    FROM counted, permission_set p;";

async fn call(bench: &Bench, target: &str, service: &str, body: Value) -> (u16, Value) {
    let (target, body) = ([("x-amz-target", target)], body.to_string());
    let exchange = bench.begin(signed(head("POST", "/", &target), service, &body));
    let (answer, text) = bench.answer(exchange, body).await;
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn a_long_read_waits_for_a_worker_and_a_short_one_does_not() {
    let bench = Bench::new();
    let database = rusqlite::Connection::open(bench.database()).unwrap();
    let one = |sql| database.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    let instance = format!("arn:aws:sso:::instance/{}", one("SELECT id FROM instance"));
    let set = json!({"InstanceArn": instance, "Name": "Everywhere"});
    let (_, set) = call(&bench, "SWBExternalService.CreatePermissionSet", "sso", set).await;
    database.execute_batch(ROLES).unwrap();

    // All workers wait as long as this test likes.
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    for _ in 0..2 {
        let released = Arc::clone(&released);
        let wait = move || assert!(released.lock().unwrap().recv().is_err());
        bench.site.workers.submit(Box::new(wait)).unwrap();
    }
    let long = json!({
        "InstanceArn": instance,
        "PermissionSetArn": set["PermissionSet"]["PermissionSetArn"],
        "ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED",
    });
    let target = "SWBExternalService.ListAccountsForProvisionedPermissionSet";
    let long = call(&bench, target, "sso", long);
    let mut long = Box::pin(long);
    let is_waiting = async {
        while bench.site.workers.waiting() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        (status, _) = &mut long => panic!("answered with {status} on the thread of its connection"),
        () = is_waiting => {}
    }
    let (status, _) = call(&bench, "SWBExternalService.ListInstances", "sso", json!({})).await;
    assert_eq!(status, 200);
    drop(release);
    assert_eq!(long.await, (200, json!({"AccountIds": []})));
}
