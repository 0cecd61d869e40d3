//! Users of several shapes, groups and memberships of an earlier program.

use model::shown_user::ShownUser;
use model::user::{User, UserStatus};
use store::user::ListedUser;
use store::{group, membership, user};

use super::Upgraded;
use crate::harness::{write, write_at};

super::on_both_upgraded!(
    users_read_back_with_their_attributes,
    copies_of_users_are_current_and_listed,
    groups_and_memberships_read_back,
    what_was_read_can_be_changed,
);

fn find(upgraded: &Upgraded, name: &str) -> User {
    upgraded.read(|read| user::find_by_name(read, upgraded.store_id(), name)).unwrap().unwrap()
}

fn users_read_back_with_their_attributes(upgraded: &Upgraded) {
    let ann = find(upgraded, "ANN");
    let names = r#"{"Name":{"FamilyName":"Plain","GivenName":"Ann"}}"#;
    assert_eq!(ann.attributes, serde_json::from_str(names).unwrap());
    assert_eq!((ann.status, ann.revision), (UserStatus::Enabled, 1));
    let rich = find(upgraded, "JÄNE.RICH@example.com");
    let attributes = r#"{"Name":{"Formatted":"Dr. Jäne M. Rich III","FamilyName":"Rich",
            "GivenName":"Jäne","MiddleName":"M.","HonorificPrefix":"Dr.","HonorificSuffix":"III"},
        "NickName":"JR","ProfileUrl":"https://example.com/jane",
        "Emails":[{"Value":"Jane.Rich@Example.com","Type":"Work","Primary":true}],
        "Addresses":[{"StreetAddress":"1 High Street\nFlat 2","Locality":"Zürich","Region":"ZH",
            "PostalCode":"8000","Country":"CH","Type":"Home","Primary":true}],
        "PhoneNumbers":[{"Value":"+41 1 234","Type":"Mobile","Primary":true}],
        "UserType":"Employee","Title":"CTO","PreferredLanguage":"en-us","Locale":"de-CH",
        "Timezone":"Europe/Zurich"}"#;
    assert_eq!(rich.attributes, serde_json::from_str(attributes).unwrap());
    assert_eq!(rich.display_name.as_str(), "Jäne \"Rich\" 🦀");
    assert!(rich.created_by.starts_with("arn:aws:sts::123456789012:assumed-role/"));
    assert_eq!((rich.created_at_ms, &rich.created_by), (rich.updated_at_ms, &rich.updated_by));
    let by_email = upgraded
        .read(|read| user::find_by_email(read, upgraded.store_id(), "jane.rich@EXAMPLE.com"));
    assert_eq!(by_email, Ok(Some(rich)));
    let off = find(upgraded, "off");
    assert_eq!((off.status, off.revision), (UserStatus::Disabled, 3));
    assert_eq!(off.credentials_not_before_ms, off.updated_at_ms);
    assert!(off.created_at_ms < off.updated_at_ms);
}

fn copies_of_users_are_current_and_listed(upgraded: &Upgraded) {
    write(&upgraded.db, |tx| assert_eq!(user::renew_shown(tx, 9), Ok(0)));
    upgraded.read(|read| {
        let users = user::list(read, upgraded.store_id(), "", 9).unwrap();
        let names: Vec<&str> = users.iter().map(|user| user.user_name.as_str()).collect();
        assert_eq!(names, ["ann", "Jäne.Rich@example.com", "off"]);
        let shown = |user: User| ListedUser {
            user_name_key: user.user_name.key(),
            shown: serde_json::to_string(&ShownUser::new(user, false)).unwrap(),
        };
        let expected: Vec<ListedUser> = users.into_iter().map(shown).collect();
        assert_eq!(user::list_shown(read, upgraded.store_id(), "", 9), Ok(expected));
    });
}

fn groups_and_memberships_read_back(upgraded: &Upgraded) {
    upgraded.read(|read| {
        let store_id = upgraded.store_id();
        let groups = group::list(read, store_id, "", 9).unwrap();
        let names: Vec<&str> = groups.iter().map(|group| group.display_name.as_str()).collect();
        assert_eq!(names, ["Empty", "Platform"]);
        let platform = group::find_by_name(read, store_id, "platform").unwrap().unwrap();
        assert_eq!(platform.description, Some("Runs things".parse().unwrap()));
        assert_eq!((platform.revision, platform.external_ids.len()), (1, 0));
        let members = membership::list_of_group(read, store_id, &platform.id, "", 9).unwrap();
        assert_eq!(members.len(), 2);
        for name in ["ann", "off"] {
            let user = user::find_by_name(read, store_id, name).unwrap().unwrap();
            let member = membership::find_of(read, store_id, &platform.id, &user.id).unwrap();
            let member = member.unwrap();
            assert!(members.contains(&member));
            assert!(member.created_at_ms >= user.created_at_ms);
            assert_eq!(member.created_by, user.created_by);
        }
    });
}

fn what_was_read_can_be_changed(upgraded: &Upgraded) {
    let ann = find(upgraded, "ann");
    let changed = User { display_name: "Ann Other".parse().unwrap(), ..ann.clone() };
    let changed = write(&upgraded.db, |tx| user::update(tx, changed)).unwrap();
    assert_eq!(find(upgraded, "ann"), changed);
    assert_eq!(changed.revision, ann.revision + 1);
    write_at(&upgraded.db, ann.created_at_ms + 1, |tx| {
        user::delete(tx, &upgraded.instance.identity_store_id, &ann.id).unwrap();
    });
    let left = upgraded.read(|read| user::list(read, upgraded.store_id(), "", 9)).unwrap();
    assert_eq!(left.len(), 2);
}
