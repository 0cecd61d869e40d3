//! Signed requests.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use kernel::credentials::Rejection;
use kernel::credentials::authenticate::{authenticate, renew};
use kernel::strangers::REJECTED_DAY_MAX;
use model::{Clock, Fault, SignatureFlaw};
use policy::Caller;
use protocol::sigv4::{BodyToSign, Parts, Signed, Signer};
use serde_json::{Value, json};
use testing::ACCOUNT;

use super::{ACTION, World, fault, logged, logged_later};

const HOUR_MS: i64 = 3_600_000;

/// Sends a signed request to the verifier.
fn sign(world: &World, keys: &[String; 3]) -> Result<Arc<Caller>, Rejection> {
    sign_at(world, keys, world.bench().clock.now_ms())
}

/// Sends a request that was signed at a time.
fn sign_at(
    world: &World,
    [id, secret, token]: &[String; 3],
    now_ms: i64,
) -> Result<Arc<Caller>, Rejection> {
    let scope = ("us-east-1", "sso");
    let signer = Signer::new(id, secret, Some(token), scope, now_ms).unwrap();
    let mut headers = HeaderMap::from_iter([(http::header::HOST, HeaderValue::from_static("h"))]);
    signer.sign(("POST", "/", ""), &mut headers, BodyToSign::Whole(b""), now_ms).unwrap();
    let parts = Parts { method: "POST", path: "/", query: "", headers: &headers };
    let request = Signed::find(parts).unwrap().unwrap();
    let verify = |key: &_, now_ms| request.verify(key, b"", now_ms);
    authenticate(&world.bench().portico, &request, verify).map(|(caller, ())| caller)
}

/// Ends the authority of keys. `is_warm` tells whether the keys were used before.
fn refused_after(is_warm: bool, end: impl FnOnce(&World)) -> Fault {
    let world = World::new();
    let keys = world.keys();
    if is_warm {
        sign(&world, &keys).unwrap();
    }
    end(&world);
    let rejection = sign(&world, &keys).unwrap_err();
    let logged = logged(world.bench(), &rejection).unwrap();
    let identity = &logged.identity;
    assert_eq!(identity["type"], "AssumedRole");
    assert_eq!(identity["accessKeyId"], keys[0].as_str());
    assert_eq!(identity["onBehalfOf"]["userId"], world.user.as_str());
    assert_eq!(identity["credentialId"], world.portal.session.id.as_str());
    assert!(identity["arn"].as_str().unwrap().ends_with("/alice"), "{identity}");
    assert_eq!(logged.account_id.as_deref(), Some(ACCOUNT));
    assert_eq!(logged.caller_arn, identity["arn"].as_str().unwrap());
    let code = if fault(&rejection) == Fault::ExpiredKey {
        "ExpiredToken"
    } else {
        "InvalidClientTokenId"
    };
    assert_eq!(logged.code, code);
    fault(&rejection)
}

/// A way in which keys end: its name, what ends them, and the fault.
type End = (&'static str, fn(&World), Fault);

#[test]
fn a_key_without_authority_is_in_the_log_under_its_name() {
    let ends: [End; 7] = [
        ("withdrawn", withdraw, Fault::RevokedKey),
        ("expired", |world| world.bench().clock.advance(13 * HOUR_MS), Fault::ExpiredKey),
        ("disabled", disable, Fault::RevokedKey),
        ("signed out", end_session, Fault::RevokedKey),
        ("deleted", delete_user, Fault::RevokedKey),
        ("unassigned", unassign, Fault::RevokedKey),
        ("without a permission set", delete_set, Fault::RevokedKey),
    ];
    for (what, end, expected) in ends {
        for is_warm in [false, true] {
            assert_eq!(refused_after(is_warm, end), expected, "{what}, {is_warm}");
        }
    }
}

fn withdraw(world: &World) {
    let body = json!({"InstanceArn": world.center.arn, "PrincipalId": world.user.as_str()});
    world.bench().call("PorticoAdmin.RevokeRoleCredentials", &body).unwrap();
}

fn disable(world: &World) {
    world.bench().admin("DisableUser", &world.user, json!({})).unwrap();
}

fn end_session(world: &World) {
    let ids = json!({"SessionIds": [world.portal.session.id.as_str()]});
    world.bench().admin("DeleteSessions", &world.user, ids).unwrap();
}

fn delete_user(world: &World) {
    let store_id = world.bench().store_id();
    let body = json!({"IdentityStoreId": store_id, "UserId": world.user.as_str()});
    world.bench().call("AWSIdentityStore.DeleteUser", &body).unwrap();
}

fn unassign(world: &World) {
    let assignment = testing::center::for_user(&world.permission_set, world.user.as_str());
    world.center.unassign(&assignment);
}

fn delete_set(world: &World) {
    unassign(world);
    let body = json!({"PermissionSetArn": world.permission_set});
    world.center.call("DeletePermissionSet", body).unwrap();
}

#[test]
fn a_key_that_ends_during_a_request_is_named_too() {
    let world = World::new();
    let keys = world.keys();
    let caller = sign(&world, &keys).unwrap();
    withdraw(&world);
    let rejection = renew(&world.bench().portico, &caller, Some(&keys[2])).unwrap_err();
    let logged = logged(world.bench(), &rejection).unwrap();
    assert_eq!(logged.identity["accessKeyId"], keys[0].as_str());
}

#[test]
fn a_failed_signature_names_the_key_that_it_was_tried_with_and_nobody() {
    let world = World::new();
    let [id, _, token] = world.keys();
    let wrong = sign(&world, &[id.clone(), "wrong".to_owned(), token.clone()]).unwrap_err();
    assert!(matches!(fault(&wrong), Fault::BadSignature { .. }));
    let expected = json!({"type": "Unknown", "accessKeyId": id});
    assert_eq!(logged_later(world.bench(), &wrong), expected);

    // The token of another key does not open.
    let other = "ASIAQNZGKIQY56JQ7WML".to_owned();
    let foreign = sign(&world, &[other.clone(), "secret".to_owned(), token.clone()]).unwrap_err();
    assert_eq!(fault(&foreign), Fault::UnknownKey);
    let expected = json!({"type": "Unknown", "accessKeyId": other});
    assert_eq!(logged_later(world.bench(), &foreign), expected);

    // Expired keys are told so, whether or not the signature is right; only the right one proves.
    world.bench().clock.advance(13 * HOUR_MS);
    let expired = sign(&world, &[id.clone(), "wrong".to_owned(), token]).unwrap_err();
    assert_eq!(fault(&expired), Fault::ExpiredKey);
    let expected = json!({"type": "Unknown", "accessKeyId": id});
    assert_eq!(logged_later(world.bench(), &expired), expected);
}

#[test]
fn a_signature_of_another_time_names_its_maker_and_a_forged_one_nobody() {
    for is_warm in [false, true] {
        let world = World::new();
        let keys = world.keys();
        if is_warm {
            sign(&world, &keys).unwrap();
        }
        for apart_ms in [-HOUR_MS, HOUR_MS] {
            let at_ms = world.bench().clock.now_ms() + apart_ms;
            let late = sign_at(&world, &keys, at_ms).unwrap_err();
            assert!(matches!(
                fault(&late),
                Fault::BadSignature { flaw: SignatureFlaw::Skewed, .. }
            ));
            let count = world.bench().events(ACTION).len();
            assert!(logged(world.bench(), &late).is_none(), "its event is in the journal");
            let event = world.bench().events(ACTION).into_iter().nth(count).unwrap();
            let identity: Value = serde_json::from_str(&event.identity).unwrap();
            assert_eq!(identity["accessKeyId"], keys[0].as_str(), "{is_warm}");
            assert_eq!(identity["onBehalfOf"]["userId"], world.user.as_str(), "{is_warm}");
            assert!(event.error.unwrap().starts_with("RequestTimeTooSkewed: "));

            let wrong = [keys[0].clone(), "wrong".to_owned(), keys[2].clone()];
            let forged = sign_at(&world, &wrong, at_ms).unwrap_err();
            let expected = json!({"type": "Unknown", "accessKeyId": keys[0]});
            assert_eq!(logged_later(world.bench(), &forged), expected, "{is_warm}");
        }
    }
}

#[test]
fn signatures_of_another_time_have_the_budget_of_their_key() {
    let world = World::new();
    let keys = world.keys();
    let at_ms = world.bench().clock.now_ms() - HOUR_MS;
    let late = sign_at(&world, &keys, at_ms).unwrap_err();
    for _ in 0..REJECTED_DAY_MAX + 7 {
        logged(world.bench(), &late);
    }
    let strangers = &world.bench().portico.strangers;
    assert_eq!(strangers.rejected().left_out_total(), 7);
    assert_eq!(world.bench().events(ACTION).len(), REJECTED_DAY_MAX as usize);
}

#[test]
fn a_key_id_that_cannot_be_one_is_not_kept() {
    let world = World::new();
    let rejection = Rejection::unproven("A\u{202e}B", Fault::UnknownKey);
    assert_eq!(logged_later(world.bench(), &rejection), json!({"type": "Unknown"}));
}

#[test]
fn a_withdrawn_key_leaves_so_many_events_a_day_and_then_their_number() {
    let world = World::new();
    let (keys, others) = (world.keys(), world.keys());
    world.bench().admin("DisableUser", &world.user, json!({})).unwrap();
    let rejection = sign(&world, &keys).unwrap_err();
    for _ in 0..REJECTED_DAY_MAX {
        assert!(logged(world.bench(), &rejection).is_some());
    }
    assert!(logged(world.bench(), &rejection).is_none());
    assert!(logged(world.bench(), &rejection).is_none());
    let other = sign(&world, &others).unwrap_err();
    assert!(logged(world.bench(), &other).is_some());
    world.bench().clock.advance(HOUR_MS);
    let [told] = world.bench().events("portico:LeaveOut").try_into().unwrap();
    let identity: Value = serde_json::from_str(&told.identity).unwrap();
    assert_eq!(identity["accessKeyId"], keys[0].as_str());
    assert_eq!(identity["onBehalfOf"]["userId"], world.user.as_str());
    let details: Value = serde_json::from_str(&told.details).unwrap();
    assert_eq!(details["responseElements"]["eventsLeftOut"], "2");
    let left_out = world.bench().portico.strangers.rejected().left_out_total();
    assert_eq!(left_out, 2);
}
