//! Callers who proved who they are and are refused: the log names them.

mod secrets;
mod signatures;

use kernel::credentials::Rejection;
use kernel::sessions::NewSession;
use kernel::{Ctx, RequestInfo};
use model::Fault;
use model::ids::UserId;
use serde_json::{Value, json};
use testing::center::{Center, for_user};
use testing::{ACCOUNT, Bench};

const ACTION: &str = "sso:ListInstances";

/// Bench in which alice holds the role `Reader` in the management account.
struct World {
    center: Center,
    user: UserId,
    portal: NewSession,
    permission_set: String,
}

/// What the log says about a rejected request.
#[derive(Debug)]
struct Logged {
    identity: Value,
    caller_arn: String,
    account_id: Option<String>,
    code: String,
}

impl World {
    fn new() -> Self {
        let center = Center::new();
        let (user, portal) = center.bench.create_person("alice");
        let permission_set = center.create_set_of("Reader", &["*"]);
        center.assign(&for_user(&permission_set, user.as_str()));
        center.bench.clock.advance(1);
        Self { center, user, portal, permission_set }
    }

    fn bench(&self) -> &Bench {
        &self.center.bench
    }

    /// Role credentials of alice: key id, secret and session token.
    fn keys(&self) -> [String; 3] {
        let body = json!({"accountId": ACCOUNT, "roleName": "Reader"});
        let caller = self.bench().caller_of(&self.portal).unwrap();
        let reply = self.bench().call_as(&caller, "SSOPortal.GetRoleCredentials", &body).unwrap();
        ["accessKeyId", "secretAccessKey", "sessionToken"]
            .map(|field| reply["roleCredentials"][field].as_str().unwrap().to_owned())
    }
}

/// Leaves the event of a rejection. It is on disk at once if the caller is known.
fn logged(bench: &Bench, rejection: &Rejection) -> Option<Logged> {
    let before = bench.logged(ACTION).len();
    // Events of one millisecond are in no order.
    bench.clock.advance(1);
    let info = RequestInfo::own(&*bench.portico.random);
    rejection.trace(|caller| Ctx::new(&bench.portico, caller, &info), ACTION).unwrap();
    let event = bench.logged(ACTION).into_iter().nth(before)?;
    Some(Logged {
        identity: serde_json::from_str(&event.identity).unwrap(),
        caller_arn: event.caller_arn,
        account_id: event.account_id,
        code: event.error.unwrap().split(':').next().unwrap().to_owned(),
    })
}

/// Leaves the event of a rejected stranger. It is written with the journal.
fn logged_later(bench: &Bench, rejection: &Rejection) -> Value {
    let before = bench.events(ACTION).len();
    assert!(logged(bench, rejection).is_none(), "{:?}", rejection.fault());
    let event = bench.events(ACTION).into_iter().nth(before).unwrap();
    assert_eq!(event.caller_arn, "anonymous");
    serde_json::from_str(&event.identity).unwrap()
}

fn fault(rejection: &Rejection) -> Fault {
    rejection.fault().clone()
}
