//! One-time passwords, compared again when they are used.

use kernel::credentials::operator;
use model::Fault;
use serde_json::json;
use sign_in::authenticate::Authentication;
use testing::center::{Center, assignment, for_user};
use testing::people::{BROWSER, PASSWORD};
use testing::{ACCOUNT, administrator};

use crate::password_reset::{
    HELP, Person, confirm, is_denied, one_time_password, person, person_with, request, reset,
};

/// Help desk, a permission set that it may neither hold nor assign, and a person without roles.
struct Desk {
    center: Center,
    helper: Person,
    boss_set: String,
    person: model::ids::UserId,
}

/// Something that happens to the desk, by way of a person or a permission set.
type Change<By> = dyn Fn(&Desk, &By);

fn desk() -> Desk {
    let center = Center::new();
    let helper = person(&center, "helper", &HELP);
    let boss_set = center.create_set_of("Boss", &["*"]);
    let person = center.bench.create_user("person");
    Desk { center, helper, boss_set, person }
}

impl Desk {
    fn promote(&self) {
        self.center.assign(&for_user(&self.boss_set, self.person.as_str()));
    }

    fn kept_password(&self) -> String {
        one_time_password(&self.center, &self.helper.caller, &self.person).unwrap()
    }

    /// Tells whether the password is right; the ticket of the sign-in is used up.
    fn is_right(&self, password: &str) -> bool {
        match self.center.bench.sign_in("person", password).unwrap() {
            Authentication::MustSetPassword { ticket, .. } => {
                self.center.bench.set_password(&ticket, BROWSER, PASSWORD).unwrap();
                true
            }
            Authentication::Wrong => false,
            Authentication::SignedIn(_) | Authentication::SecondStep(_) => {
                panic!("a one-time password signs nobody in")
            }
        }
    }

    fn reasons(&self) -> usize {
        let mut events = self.center.bench.events("signin:UserAuthentication");
        events.retain(|event| {
            let who_may_do_more = event.details.contains("may do more than who answers");
            who_may_do_more && event.details.contains(self.person.as_str())
        });
        events.len()
    }
}

#[test]
fn a_kept_password_is_over_once_its_person_may_do_more_than_its_maker() {
    let by_group = |desk: &Desk, is_joined_first: bool| {
        let group = desk.center.create_group("Bosses");
        let join = || desk.center.join(&group, desk.person.as_str());
        if is_joined_first {
            join();
        }
        desk.center.assign(&assignment(ACCOUNT, &desk.boss_set, "GROUP", &group));
        if !is_joined_first {
            join();
        }
    };
    let ways: [&dyn Fn(&Desk); 4] =
        [&Desk::promote, &|desk| by_group(desk, true), &|desk| by_group(desk, false), &|desk| {
            let storage = desk.center.create_account("storage");
            let helpers = &desk.helper.set;
            desk.center.assign(&assignment(&storage, helpers, "USER", desk.person.as_str()));
        }];
    for become_stronger in ways {
        let desk = desk();
        let kept = desk.kept_password();
        become_stronger(&desk);
        assert!(!desk.is_right(&kept));
        assert_eq!(desk.reasons(), 1);
        // The operator of the host may hand one to anybody, and an administrator to a peer.
        let operator = operator::caller(&desk.center.bench.portico, "host");
        let given = one_time_password(&desk.center, &operator, &desk.person).unwrap();
        assert!(desk.is_right(&given));
    }
}

#[test]
fn a_kept_password_is_over_once_its_maker_may_do_less() {
    let ways: [&Change<Person>; 4] = [
        &|desk, maker| drop(desk.center.unassign(&for_user(&maker.set, maker.id.as_str()))),
        &|desk, maker| {
            desk.center.bench.admin("DisableUser", &maker.id, json!({})).unwrap();
        },
        &|desk, maker| {
            let store = desk.center.bench.store_id();
            let body = json!({"IdentityStoreId": store, "UserId": maker.id.as_str()});
            desk.center.bench.call("AWSIdentityStore.DeleteUser", &body).unwrap();
        },
        &|desk, maker| {
            let statement = json!({"Effect": "Allow", "Action": HELP, "Resource": "*"});
            let policy = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
            let body = json!({"PermissionSetArn": maker.set, "InlinePolicy": policy});
            desk.center.call("PutInlinePolicyToPermissionSet", body).unwrap();
            desk.center.provision(&maker.set, &json!({"TargetType": "ALL_PROVISIONED_ACCOUNTS"}));
        },
    ];
    for become_weaker in ways {
        let desk = desk();
        desk.promote();
        let maker = person(&desk.center, "maker", &["*"]);
        let make = || one_time_password(&desk.center, &maker.caller, &desk.person).unwrap();
        assert!(desk.is_right(&make()));
        let kept = make();
        become_weaker(&desk, &maker);
        assert!(!desk.is_right(&kept));
        assert_eq!(desk.reasons(), 1);
    }
}

#[test]
fn the_life_of_the_makers_session_does_not_count() {
    let desk = desk();
    desk.promote();
    let maker = person_with(&desk.center, "maker", desk.boss_set.clone());
    let given = one_time_password(&desk.center, &maker.caller, &desk.person).unwrap();
    let revoke = json!({"InstanceArn": desk.center.arn});
    desk.center.bench.call("PorticoAdmin.RevokeRoleCredentials", &revoke).unwrap();
    assert!(desk.is_right(&given));

    // The password of a person without roles outlives its maker.
    let plain = desk.center.bench.create_user("plain");
    let given = one_time_password(&desk.center, &desk.helper.caller, &plain).unwrap();
    desk.center.bench.admin("DisableUser", &desk.helper.id, json!({})).unwrap();
    let outcome = desk.center.bench.sign_in("plain", &given).unwrap();
    assert!(matches!(outcome, Authentication::MustSetPassword { .. }), "{outcome:?}");
}

#[test]
fn a_ticket_is_over_once_the_person_may_do_more_than_the_maker() {
    let desk = desk();
    let outcome = desk.center.bench.sign_in("person", &desk.kept_password()).unwrap();
    let Authentication::MustSetPassword { ticket, .. } = outcome else { panic!("{outcome:?}") };
    desk.promote();
    let outcome = desk.center.bench.set_password(&ticket, BROWSER, PASSWORD);
    assert_eq!(outcome.err(), Some(Fault::NoSession));
    let events = desk.center.bench.events("signin:SetPassword");
    let why = "may do more than who answers";
    assert!(events.iter().any(|event| event.details.contains(why)), "{events:?}");
}

#[test]
fn a_confirmation_is_about_the_roles_of_then() {
    let reader = |desk: &Desk| {
        let set = desk.center.create_set_of("Reader", &["s3:GetObject"]);
        desk.center.assign(&for_user(&set, desk.person.as_str()));
        set
    };
    let ways: [&Change<str>; 2] = [&|desk, _| desk.promote(), &|desk, set| {
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
        let body = json!({"PermissionSetArn": set, "InlinePolicy": policy});
        desk.center.call("PutInlinePolicyToPermissionSet", body).unwrap();
        desk.center.provision(set, &json!({"TargetType": "ALL_PROVISIONED_ACCOUNTS"}));
    }];
    for become_stronger in ways {
        let desk = desk();
        let (center, set) = (&desk.center, reader(&desk));
        let id = request(center, &desk.helper.caller, &desk.person);
        confirm(center, &administrator(ACCOUNT), &id).unwrap();
        become_stronger(&desk, &set);
        let refused = reset(center, &desk.helper.caller, &desk.person).unwrap_err();
        assert!(refused.contains("confirm the request again"), "{refused}");
        assert!(is_denied(&confirm(center, &desk.helper.caller, &id)));
        confirm(center, &administrator(ACCOUNT), &id).unwrap();
        let given = one_time_password(center, &desk.helper.caller, &desk.person).unwrap();
        assert!(desk.is_right(&given));
    }
    // A password that was confirmed is about the roles of then too.
    for become_stronger in ways {
        let desk = desk();
        let (center, set) = (&desk.center, reader(&desk));
        let id = request(center, &desk.helper.caller, &desk.person);
        confirm(center, &administrator(ACCOUNT), &id).unwrap();
        let kept = one_time_password(center, &desk.helper.caller, &desk.person).unwrap();
        become_stronger(&desk, &set);
        assert!(!desk.is_right(&kept));
    }
}

#[test]
fn a_confirmation_ends_with_the_authority_of_who_gave_it() {
    let desk = desk();
    desk.promote();
    let center = &desk.center;
    let peer = person_with(center, "peer", desk.boss_set.clone());
    let id = request(center, &desk.helper.caller, &desk.person);
    confirm(center, &peer.caller, &id).unwrap();
    center.bench.admin("DisableUser", &peer.id, json!({})).unwrap();
    let refused = reset(center, &desk.helper.caller, &desk.person).unwrap_err();
    assert!(refused.contains("confirm the request again"), "{refused}");
    let again = confirm(center, &administrator(ACCOUNT), &id).unwrap();
    assert_ne!(again["PasswordResetRequest"]["ConfirmedBy"], peer.id.arn());
    assert_eq!(reset(center, &desk.helper.caller, &desk.person), Ok(true));
}
