//! The rules of an instance for new passwords.

use model::Fault;
use serde_json::json;
use testing::Bench;
use testing::people::{BROWSER, PASSWORD};

fn put(bench: &Bench, length: i64, reuse: i64) -> Result<(), Fault> {
    let body = json!({
        "InstanceArn": bench.instance().id.arn(),
        "MinimumPasswordLength": length,
        "PasswordReusePrevention": reuse,
    });
    bench.call("PorticoAdmin.PutPasswordPolicy", &body).map(drop)
}

fn describe(bench: &Bench) -> serde_json::Value {
    let body = json!({ "InstanceArn": bench.instance().id.arn() });
    bench.call("PorticoAdmin.DescribePasswordPolicy", &body).unwrap()
}

#[test]
fn the_rules_of_a_new_instance_can_only_become_stricter() {
    let bench = Bench::new();
    let fresh = json!({ "MinimumPasswordLength": 8, "PasswordReusePrevention": 3 });
    assert_eq!(describe(&bench), fresh);
    for (length, reuse, field) in [
        (7, 3, "MinimumPasswordLength"),
        (65, 3, "MinimumPasswordLength"),
        (8, 2, "PasswordReusePrevention"),
        (8, 25, "PasswordReusePrevention"),
    ] {
        let refused = put(&bench, length, reuse);
        assert!(matches!(&refused, Err(Fault::Invalid { field: it, .. }) if it == field));
    }
    assert_eq!(describe(&bench), fresh);
    put(&bench, 64, 24).unwrap();
    put(&bench, 12, 10).unwrap();
    let set = json!({ "MinimumPasswordLength": 12, "PasswordReusePrevention": 10 });
    assert_eq!(describe(&bench), set);
}

#[test]
fn a_stricter_policy_is_obeyed_from_the_next_password_on() {
    let bench = Bench::new();
    let user = bench.create_user("alice");
    let set = |password: &str| {
        let ticket = bench.ticket(&user, "alice");
        bench.set_password(&ticket, BROWSER, password).map(drop)
    };
    let own = |number: u32| format!("{PASSWORD}-{number}");
    for number in 1..=5 {
        assert_eq!(set(&own(number)), Ok(()));
    }
    put(&bench, 20, 5).unwrap();
    let must = "have between 20 and 64 characters";
    assert_eq!(set(&own(6)), Err(Fault::invalid("New password", must)));
    put(&bench, 8, 5).unwrap();
    // All five are remembered, though the policy asked for three when they were set.
    for number in 1..=5 {
        let must = "be none of your last 5";
        assert_eq!(set(&own(number)), Err(Fault::invalid("New password", must)));
    }
    // A password that was set before a policy stays good.
    assert_eq!(set(&own(6)), Ok(()));
    put(&bench, 64, 24).unwrap();
    assert!(matches!(
        bench.sign_in("alice", &own(6)),
        Ok(::sign_in::authenticate::Authentication::SignedIn(_))
    ));
}

#[test]
fn nothing_of_who_the_person_is_may_be_in_it() {
    let bench = Bench::new();
    let user = json!({
        "IdentityStoreId": bench.store_id(), "UserName": "zmueller", "DisplayName": "Doctor Strange",
        "Name": {"GivenName": "Zoë", "FamilyName": "Müller"},
        "Emails": [{"Value": "quince.jam@northwind.example"}],
    });
    let reply = bench.call("AWSIdentityStore.CreateUser", &user).unwrap();
    let user = reply["UserId"].as_str().unwrap().parse().unwrap();
    for password in [
        "x-ZMUELLER-1!",
        "Zoe\u{308}-Plays-9!",
        "1!Mu\u{308}ller-Xy",
        "Quince.Jam-2031",
        "DoctorStrange-2031",
        "quince.jam@northwind.example1A!",
    ] {
        let ticket = bench.ticket(&user, "zmueller");
        let fault = bench.set_password(&ticket, BROWSER, password).unwrap_err();
        let must = "not hold your user name, e-mail address or name";
        assert_eq!(fault, Fault::invalid("New password", must), "{password}");
    }
}
