//! Permission sets, provisioned roles and assignments of an earlier program.

use model::permission_set::{PermissionSet, ProvisioningStatus};
use model::session::SessionKind;
use policy::{Grounds, PersonSession, RolePerson, RoleSession};
use store::account_assignment::{self, OfPrincipal};
use store::{authority, permission_set, portal, role, session, tag};

use super::Upgraded;

super::on_both_upgraded!(
    permission_sets_read_back_with_their_policies,
    provisioned_roles_read_back,
    assignments_read_back_and_are_held,
    credentials_of_before_are_still_good,
);

const INLINE: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}]}"#;

/// The permission sets `Admin` and `Reader`.
fn sets(upgraded: &Upgraded) -> [PermissionSet; 2] {
    let sets = upgraded.read(|read| permission_set::list(read, &upgraded.instance.id, "", 9));
    let mut sets = sets.unwrap();
    sets.sort_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
    sets.try_into().unwrap()
}

fn permission_sets_read_back_with_their_policies(upgraded: &Upgraded) {
    let [admin, reader] = sets(upgraded);
    assert_eq!((admin.name.as_str(), reader.name.as_str()), ("Admin", "Reader"));
    assert_eq!(admin.description, Some("May do everything".parse().unwrap()));
    assert_eq!(admin.session_duration, "PT2H".parse().unwrap());
    assert_eq!(admin.relay_state, Some("https://example.com/start".parse().unwrap()));
    assert_eq!((admin.revision, reader.revision), (4, 2));
    assert_eq!(reader.description, Some("Reads".parse().unwrap()));
    assert_eq!((reader.session_duration, reader.relay_state), ("PT1H".parse().unwrap(), None));
    upgraded.read(|read| {
        let admin = permission_set::require(read, &admin.arn()).unwrap().arn();
        let inline = permission_set::find_inline_policy(read, &admin);
        assert_eq!(inline, Ok(Some(INLINE.parse().unwrap())));
        let attached = permission_set::list_managed_policies(read, &admin, "", 9).unwrap();
        let attached: Vec<String> = attached.iter().map(ToString::to_string).collect();
        let arn = |name: &str| format!("arn:aws:iam::aws:policy/{name}");
        assert_eq!(attached, [arn("AdministratorAccess"), arn("ReadOnlyAccess")]);
        let tags = tag::list(read, &upgraded.instance.id, &admin.to_string(), "", 9).unwrap();
        let tags: Vec<_> = tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect();
        assert_eq!(tags, [("team", "platform")]);
    });
}

fn provisioned_roles_read_back(upgraded: &Upgraded) {
    let (instance_id, account_id) = (&upgraded.instance.id, upgraded.account_id());
    let [admin, reader] = sets(upgraded);
    upgraded.read(|read| {
        let role = role::find(read, instance_id, account_id, &admin.id).unwrap().unwrap();
        assert!(role.name.as_str().starts_with("AWSReservedSSO_Admin_"));
        assert_eq!(role.managed_policy_arns.len(), 2);
        assert_eq!(role.inline_policy, Some(INLINE.parse().unwrap()));
        assert_eq!(
            (role.session_duration_seconds, role.relay_state),
            (7200, admin.relay_state.clone())
        );
        assert_eq!((role.permission_set_revision, role.revision), (4, 1));
        let found = role::find_by_permission_set_name(read, instance_id, account_id, &reader.name);
        assert_eq!(found.unwrap().unwrap().permission_set_revision, 1);
        for (set, status) in
            [(&admin, ProvisioningStatus::Latest), (&reader, ProvisioningStatus::NotLatest)]
        {
            let listed = role::list_accounts(read, &set.arn(), Some(status), "", 9);
            assert_eq!(listed, Ok(vec![account_id.clone()]));
        }
    });
}

fn assignments_read_back_and_are_held(upgraded: &Upgraded) {
    let user_id = upgraded.user_id("ann");
    let [admin, reader] = sets(upgraded);
    let which = OfPrincipal {
        instance_id: &upgraded.instance.id,
        account_id: None,
        after: [""; 4],
        limit: 9,
    };
    let person = PersonSession {
        instance_id: upgraded.instance.id.clone(),
        identity_store_id: upgraded.store_id().clone(),
        user_id: user_id.clone(),
        user_name: "ann".to_owned(),
        session_id: user_id.as_str().parse().unwrap(),
        expires_at_ms: i64::MAX,
    };
    upgraded.read(|read| {
        let store_id = upgraded.store_id();
        let listed = account_assignment::list_of_user(read, which, store_id, &user_id).unwrap();
        let mut held: Vec<_> = listed
            .iter()
            .map(|found| (&found.permission_set_id, found.principal.kind().to_string()))
            .collect();
        let mut expected = vec![(&admin.id, "GROUP".to_owned()), (&reader.id, "USER".to_owned())];
        held.sort_by_key(|(_, kind)| kind.clone());
        expected.sort_by_key(|(_, kind)| kind.clone());
        assert_eq!(held, expected);
        let accounts = portal::list_accounts(read, &person, "", 9).unwrap();
        assert_eq!(accounts.len(), 1);
        let range = (&accounts[0].id, &accounts[0].id);
        let names = portal::list_names(read, &person, range).unwrap();
        let names: Vec<_> = names.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["Admin", "Reader"]);
    });
}

fn credentials_of_before_are_still_good(upgraded: &Upgraded) {
    let user_id = upgraded.user_id("ann");
    let [_, reader] = sets(upgraded);
    upgraded.read(|read| {
        let store_id = upgraded.store_id();
        let sessions = session::list_of_user(read, store_id, &user_id, 0, "", 9).unwrap();
        let client = sessions.iter().find(|session| session.kind != SessionKind::Portal).unwrap();
        let (instance_id, account_id) = (&upgraded.instance.id, upgraded.account_id());
        let role = role::find(read, instance_id, account_id, &reader.id).unwrap().unwrap();
        let person = RolePerson {
            identity_store_id: store_id.clone(),
            user_id: user_id.clone(),
            instance_id: instance_id.clone(),
            permission_set_id: reader.id.clone(),
            session_id: client.id.clone(),
            // A token of that program opens with these.
            grounds: Grounds { marks: 0, grants: vec![0] },
        };
        let session = RoleSession {
            account_id: account_id.clone(),
            access_key_id: "ASIA".to_owned(),
            role_name: role.name.to_string(),
            role_id: role.role_id.to_string(),
            session_name: "ann".to_owned(),
            person: None,
            issued_at_ms: client.created_at_ms,
            expires_at_ms: i64::MAX,
        };
        let policies = authority::find_policies(read, &session, &person).unwrap().unwrap();
        assert_eq!((policies.managed_policy_arns.len(), policies.inline_policy), (0, None));
        let person = authority::find_person(read, client).unwrap().unwrap();
        assert_eq!((&person.instance_id, person.user_name.as_str()), (instance_id, "ann"));
    });
}
