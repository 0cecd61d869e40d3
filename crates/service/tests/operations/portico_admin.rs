//! Passwords, sessions and revocation, as administrators use them.

use std::sync::Arc;

use ::sign_in::authenticate::Authentication::{self, MustSetPassword, SignedIn};
use kernel::credentials::authenticate::caller_of_token;
use kernel::sessions::NewSession;
use model::ids::UserId;
use model::{Entity, Fault, IdentityStoreEntity, OrganizationsEntity, PorticoEntity};
use policy::Caller;
use serde_json::{Value, json};
use testing::people::PASSWORD;
use testing::{ACCOUNT, Bench, administrator, role};

/// Bench in which alice holds the role `Reader` in the management account.
struct World {
    bench: Bench,
    user: UserId,
    portal: NewSession,
    permission_set: String,
}

/// Credentials of a role.
struct Keys {
    id: String,
    token: String,
}

impl World {
    fn new() -> Self {
        let bench = Bench::new();
        let (user, portal) = bench.create_person("alice");
        let instance = bench.instance().id.arn();
        let made = bench.call(
            "SWBExternalService.CreatePermissionSet",
            &json!({"InstanceArn": instance, "Name": "Reader"}),
        );
        let set = made.unwrap()["PermissionSet"]["PermissionSetArn"].as_str().unwrap().to_owned();
        let assignment = json!({
            "InstanceArn": instance, "PermissionSetArn": set, "TargetType": "AWS_ACCOUNT",
            "TargetId": ACCOUNT, "PrincipalType": "USER", "PrincipalId": user.to_string(),
        });
        bench.call("SWBExternalService.CreateAccountAssignment", &assignment).unwrap();
        while bench.run_job().unwrap() {}
        Self { bench, user, portal, permission_set: set }
    }

    fn keys(&self, portal: &NewSession) -> Keys {
        let body = json!({"accountId": ACCOUNT, "roleName": "Reader"});
        let caller = self.bench.caller_of(portal).unwrap();
        let operation = "SSOPortal.GetRoleCredentials";
        let reply = self.bench.call_as(&caller, operation, &body).unwrap();
        let text = |field: &str| reply["roleCredentials"][field].as_str().unwrap().to_owned();
        Keys { id: text("accessKeyId"), token: text("sessionToken") }
    }

    fn try_keys(&self, keys: &Keys) -> Result<Arc<Caller>, Fault> {
        caller_of_token(&self.bench.portico, &keys.id, &keys.token)
            .map_err(|rejection| rejection.fault().clone())
    }

    fn revoke(&self, more: Value) -> Result<Value, Fault> {
        let mut body = more;
        body["InstanceArn"] = self.bench.instance().id.arn().into();
        self.bench.call("PorticoAdmin.RevokeRoleCredentials", &body)
    }

    fn sessions(&self, user: &UserId) -> Vec<Value> {
        let reply = self.bench.admin("ListSessions", user, json!({})).unwrap();
        reply["Sessions"].as_array().unwrap().clone()
    }
}

#[test]
fn the_very_next_call_with_revoked_keys_is_refused_and_new_keys_are_good() {
    let world = World::new();
    for what in [
        json!({}),
        json!({"PrincipalId": world.user.to_string()}),
        json!({"AccountId": ACCOUNT}),
        json!({"PermissionSetArn": world.permission_set}),
        json!({"AccountId": ACCOUNT, "PermissionSetArn": world.permission_set}),
    ] {
        let keys = world.keys(&world.portal);
        assert!(world.try_keys(&keys).is_ok());
        world.revoke(what.clone()).unwrap();
        assert_eq!(world.try_keys(&keys).err(), Some(Fault::RevokedKey), "{what}");
        world.bench.clock.advance(1);
        assert!(world.try_keys(&world.keys(&world.portal)).is_ok(), "{what}");
    }
}

#[test]
fn revoking_elsewhere_leaves_keys_alone() {
    let world = World::new();
    let (other, _) = world.bench.create_person("bob");
    let account = json!({"AccountName": "Other", "Email": "other@example.com"});
    let made = world.bench.call("AWSOrganizationsV20161128.CreateAccount", &account).unwrap();
    while world.bench.run_job().unwrap() {}
    let status = json!({"CreateAccountRequestId": made["CreateAccountStatus"]["Id"]});
    let status =
        world.bench.call("AWSOrganizationsV20161128.DescribeCreateAccountStatus", &status).unwrap();
    let other_account = &status["CreateAccountStatus"]["AccountId"];
    let keys = world.keys(&world.portal);
    world.revoke(json!({"PrincipalId": other.to_string()})).unwrap();
    world.revoke(json!({"AccountId": other_account})).unwrap();
    let set = &world.permission_set;
    world.revoke(json!({"AccountId": other_account, "PermissionSetArn": set})).unwrap();
    assert!(world.try_keys(&keys).is_ok());
}

#[test]
fn what_cannot_be_revoked_is_told_so() {
    let world = World::new();
    let unknown = "00000000-0000-4000-8000-000000000000";
    let not_found = |entity: Entity, id: &str| Err(Fault::not_found(entity, id));
    assert_eq!(
        world.revoke(json!({"PrincipalId": unknown})),
        not_found(IdentityStoreEntity::User.into(), unknown)
    );
    let account = "999999999999";
    assert_eq!(
        world.revoke(json!({"AccountId": account})),
        not_found(OrganizationsEntity::Account.into(), account)
    );
    let both = json!({"PrincipalId": world.user.to_string(), "AccountId": ACCOUNT});
    assert!(matches!(world.revoke(both), Err(Fault::Invalid { .. })));
    let set = "arn:aws:sso:::permissionSet/ssoins-0000000000000000/ps-0123456789abcdef";
    let other = world.revoke(json!({"PermissionSetArn": set}));
    assert!(matches!(other, Err(Fault::Invalid { .. })));
}

#[test]
fn a_member_accounts_own_instance_does_not_tell_which_accounts_exist() {
    let world = World::new();
    let account = json!({"AccountName": "Other", "Email": "other@example.com"});
    let made = world.bench.call("AWSOrganizationsV20161128.CreateAccount", &account).unwrap();
    while world.bench.run_job().unwrap() {}
    let asked = json!({"CreateAccountRequestId": made["CreateAccountStatus"]["Id"]});
    let operation = "AWSOrganizationsV20161128.DescribeCreateAccountStatus";
    let made = world.bench.call(operation, &asked).unwrap();
    let member = made["CreateAccountStatus"]["AccountId"].as_str().unwrap().to_owned();
    let caller = administrator(&member);
    let call = |operation: &str, input: Value| world.bench.call_as(&caller, operation, &input);
    let own = call("SWBExternalService.CreateInstance", json!({})).unwrap();
    let own = &own["InstanceArn"];
    let revoke = |more: &str| {
        let input = json!({"InstanceArn": own, "AccountId": more});
        call("PorticoAdmin.RevokeRoleCredentials", input)
    };
    let refused = revoke("999999999999").unwrap_err();
    assert!(matches!(refused, Fault::Unsupported { .. }), "{refused:?}");
    for account in [ACCOUNT, &member] {
        assert_eq!(revoke(account), Err(refused.clone()), "{account}");
    }
    call("PorticoAdmin.RevokeRoleCredentials", json!({"InstanceArn": own})).unwrap();
}

#[test]
fn sessions_are_listed_with_where_they_came_from() {
    let world = World::new();
    let [portal] = world.sessions(&world.user).try_into().unwrap();
    assert_eq!(portal["SessionId"], world.portal.session.id.as_str());
    assert_eq!(
        (&portal["SessionKind"], &portal["SourceAddress"]),
        (&json!("PORTAL"), &json!("192.0.2.1"))
    );
    assert_eq!(portal["UserAgent"], "test");
    assert!(portal.get("ClientName").is_none() && portal.get("ParentSessionId").is_none());
    let length = portal["ExpiresAt"].as_f64().unwrap() - portal["CreatedAt"].as_f64().unwrap();
    assert!((length - 28_800.0).abs() < 0.001);
    world.bench.clock.advance(28_800_000);
    assert_eq!(world.sessions(&world.user), Vec::<Value>::new());
}

#[test]
fn sessions_are_listed_in_pages() {
    let world = World::new();
    for _ in 0..4 {
        assert!(matches!(world.bench.sign_in("alice", PASSWORD), Ok(SignedIn(_))));
    }
    let (mut ids, mut token) = (Vec::new(), None);
    loop {
        let mut body = json!({"MaxResults": 2});
        if let Some(token) = token {
            body["NextToken"] = token;
        }
        let reply = world.bench.admin("ListSessions", &world.user, body).unwrap();
        let page = reply["Sessions"].as_array().unwrap();
        assert!((1..=2).contains(&page.len()));
        ids.extend(page.iter().map(|session| session["SessionId"].to_string()));
        match reply.get("NextToken") {
            Some(next) => token = Some(next.clone()),
            None => break,
        }
    }
    assert_eq!(ids.len(), 5);
    assert!(ids.is_sorted());
}

#[test]
fn a_deleted_session_is_over_at_once_with_its_keys() {
    let world = World::new();
    let Ok(SignedIn(second)) = world.bench.sign_in("alice", PASSWORD) else { panic!("not in") };
    let (first_keys, second_keys) = (world.keys(&world.portal), world.keys(&second));
    let ids = json!({"SessionIds": [world.portal.session.id.as_str()]});
    world.bench.admin("DeleteSessions", &world.user, ids.clone()).unwrap();
    assert_eq!(world.bench.caller_of(&world.portal).err(), Some(Fault::NoSession));
    assert_eq!(world.try_keys(&first_keys).err(), Some(Fault::RevokedKey));
    assert!(world.bench.caller_of(&second).is_ok() && world.try_keys(&second_keys).is_ok());
    let again = world.bench.admin("DeleteSessions", &world.user, ids);
    let id = &world.portal.session.id;
    assert_eq!(again, Err(Fault::not_found(PorticoEntity::Session, id)));
}

#[test]
fn sessions_are_deleted_all_or_none_and_only_the_persons_own() {
    let world = World::new();
    let (_, bobs) = world.bench.create_person("bob");
    let ids = json!({"SessionIds": [world.portal.session.id.as_str(), bobs.session.id.as_str()]});
    let outcome = world.bench.admin("DeleteSessions", &world.user, ids);
    assert_eq!(outcome, Err(Fault::not_found(PorticoEntity::Session, &bobs.session.id)));
    assert!(world.bench.caller_of(&world.portal).is_ok() && world.bench.caller_of(&bobs).is_ok());
    let none = world.bench.admin("DeleteSessions", &world.user, json!({"SessionIds": []}));
    assert!(matches!(none, Err(Fault::Invalid { .. })));
}

#[test]
fn a_reset_password_ends_what_the_old_one_opened() {
    let world = World::new();
    let keys = world.keys(&world.portal);
    let one_time = world.bench.one_time_password(&world.user);
    assert_eq!(world.bench.caller_of(&world.portal).err(), Some(Fault::NoSession));
    assert_eq!(world.try_keys(&keys).err(), Some(Fault::RevokedKey));
    let old: Result<Authentication, Fault> = world.bench.sign_in("alice", PASSWORD);
    assert!(matches!(old, Ok(Authentication::Wrong)));
    assert!(matches!(world.bench.sign_in("alice", &one_time), Ok(MustSetPassword { .. })));
}

#[test]
fn a_reset_that_cannot_be_is_told_so() {
    let world = World::new();
    let reset = |user: &UserId, mode: &str| {
        world.bench.admin("ResetUserPassword", user, json!({"Mode": mode})).map(drop)
    };
    let mail = reset(&world.user, "EMAIL");
    assert!(
        matches!(mail, Err(Fault::Conflict { because }) if because.contains("ONE_TIME_PASSWORD"))
    );
    assert!(world.bench.caller_of(&world.portal).is_ok());
    assert!(matches!(reset(&world.user, "SMS"), Err(Fault::Invalid { .. })));
    let unknown: UserId = "00000000-0000-4000-8000-000000000000".parse().unwrap();
    let missing = reset(&unknown, "ONE_TIME_PASSWORD");
    assert_eq!(missing, Err(Fault::not_found(IdentityStoreEntity::User, &unknown)));
    world.bench.admin("DisableUser", &world.user, json!({})).unwrap();
    let disabled = reset(&world.user, "ONE_TIME_PASSWORD");
    assert!(matches!(disabled, Err(Fault::Conflict { .. })));
}

#[test]
fn nobody_from_elsewhere_and_nobody_without_permission_gets_through() {
    let world = World::new();
    let before = world.bench.events("portico:DeleteSessions").len();
    let body = json!({
        "IdentityStoreId": world.bench.store_id(), "UserId": world.user.to_string(),
        "SessionIds": [world.portal.session.id.as_str()], "Mode": "ONE_TIME_PASSWORD",
        "InstanceArn": world.bench.instance().id.arn(),
    });
    let reader = r#"{"Effect": "Allow", "Action": "portico:List*", "Resource": "*"}"#;
    let person = world.bench.caller_of(&world.portal).unwrap();
    for operation in ["DeleteSessions", "ResetUserPassword", "RevokeRoleCredentials"] {
        let callers = [administrator("999999999999"), role(ACCOUNT, reader), Arc::clone(&person)];
        for caller in callers {
            let operation = format!("PorticoAdmin.{operation}");
            let outcome = world.bench.call_as(&caller, &operation, &body);
            assert!(matches!(outcome, Err(Fault::Denied(_))), "{operation}: {outcome:?}");
        }
    }
    let outcome =
        world.bench.call_as(&administrator("999999999999"), "PorticoAdmin.ListSessions", &body);
    assert!(matches!(outcome, Err(Fault::Denied(_))));
    assert!(
        world.bench.call_as(&role(ACCOUNT, reader), "PorticoAdmin.ListSessions", &body).is_ok()
    );
    assert!(world.bench.caller_of(&world.portal).is_ok());
    assert_eq!(world.bench.events("portico:DeleteSessions").len(), before + 3);
}
