//! Identity Store: users, groups and memberships.

use serde_json::{Value, json};

use crate::world::{USER_NAMES, at, merged};
use crate::{Api, Call, Callers, World};

/// Fills in [`World::users`], [`World::groups`] and [`World::memberships`].
pub fn walk(api: &mut dyn Api, world: &mut World) {
    let list = Call::new("AWSIdentityStore.ListIdentityStores", json!({}));
    // It lists the stores of the caller's own account.
    api.call(&list.by(Callers::Organization));
    // The addresses of every driver stay admitted.
    let network = json!({
        "VpceAccessRequired": true,
        "ApiRestrictSourceVpcs": ["vpc-01234567"],
        "ApiAllowSourceIps": ["127.0.0.0/8", "192.0.2.0/24"],
    });
    let network = world.of_store(&json!({ "NetworkConfiguration": network }));
    api.step("AWSIdentityStore.UpdateIdentityStore", network);
    api.step("AWSIdentityStore.DescribeIdentityStore", world.of_store(&json!({})));
    walk_users(api, world);
    walk_groups(api, world);
    walk_memberships(api, world);
}

fn walk_users(api: &mut dyn Api, world: &mut World) {
    let new = [full_user(), short_user()];
    world.users = new
        .map(|new| at(&api.step("AWSIdentityStore.CreateUser", world.of_store(&new)), "/UserId"));
    let [user, _] = &world.users;
    let extensions = json!(["aws:identitystore:enterprise"]);
    let described = world.of_store(&json!({ "UserId": user, "Extensions": extensions }));
    api.step("AWSIdentityStore.DescribeUser", described);
    let extended = world.of_store(&json!({ "Extensions": extensions }));
    api.step("AWSIdentityStore.ListUsers", extended);
    let [name, _] = USER_NAMES;
    let filters = json!([{ "AttributePath": "UserName", "AttributeValue": name }]);
    api.step("AWSIdentityStore.ListUsers", world.of_store(&json!({ "Filters": filters })));
    api.step("AWSIdentityStore.GetUserId", world.of_store(&unique("userName", name)));
    let change = json!([{ "AttributePath": "title", "AttributeValue": "Countess" }]);
    let change = world.of_store(&json!({ "UserId": user, "Operations": change }));
    api.step("AWSIdentityStore.UpdateUser", change);
}

fn walk_groups(api: &mut dyn Api, world: &mut World) {
    world.groups = ["Engineers", "Writers"].map(|name| {
        let new = world.of_store(&json!({ "DisplayName": name, "Description": "A group" }));
        at(&api.step("AWSIdentityStore.CreateGroup", new), "/GroupId")
    });
    let [group, _] = &world.groups;
    api.step("AWSIdentityStore.DescribeGroup", world.of_store(&json!({ "GroupId": group })));
    api.step("AWSIdentityStore.ListGroups", world.of_store(&json!({})));
    let engineers = world.of_store(&unique("displayName", "Engineers"));
    api.step("AWSIdentityStore.GetGroupId", engineers);
    let change = json!([{ "AttributePath": "description", "AttributeValue": "New" }]);
    let change = world.of_store(&json!({ "GroupId": group, "Operations": change }));
    api.step("AWSIdentityStore.UpdateGroup", change);
}

fn walk_memberships(api: &mut dyn Api, world: &mut World) {
    let ([user, other], [group, other_group]) = (&world.users, &world.groups);
    for (group, user) in [(group, user), (group, other), (other_group, user)] {
        let new = world.of_store(&json!({ "GroupId": group, "MemberId": { "UserId": user } }));
        let made = api.step("AWSIdentityStore.CreateGroupMembership", new);
        world.memberships.push(at(&made, "/MembershipId"));
    }
    let membership = world.of_store(&json!({ "MembershipId": world.memberships.first() }));
    api.step("AWSIdentityStore.DescribeGroupMembership", membership);
    let member = world.of_store(&json!({ "MemberId": { "UserId": user } }));
    let both = merged(&member, &json!({ "GroupId": group }));
    api.step("AWSIdentityStore.GetGroupMembershipId", both);
    let of_group = world.of_store(&json!({ "GroupId": group }));
    api.step("AWSIdentityStore.ListGroupMemberships", of_group);
    api.step("AWSIdentityStore.ListGroupMembershipsForMember", member.clone());
    let among = merged(&member, &json!({ "GroupIds": world.groups }));
    api.step("AWSIdentityStore.IsMemberInGroups", among);
}

/// Deletes what the walk made.
pub fn take_down(api: &mut dyn Api, world: &World) {
    // The third membership is deleted with its group.
    for membership in world.memberships.iter().take(2) {
        let membership = world.of_store(&json!({ "MembershipId": membership }));
        api.step("AWSIdentityStore.DeleteGroupMembership", membership);
    }
    for group in &world.groups {
        api.step("AWSIdentityStore.DeleteGroup", world.of_store(&json!({ "GroupId": group })));
    }
    for user in &world.users {
        api.step("AWSIdentityStore.DeleteUser", world.of_store(&json!({ "UserId": user })));
    }
}

fn unique(path: &str, value: &str) -> Value {
    let attribute = json!({ "AttributePath": path, "AttributeValue": value });
    json!({ "AlternateIdentifier": { "UniqueAttribute": attribute } })
}

/// A user with the attributes that are required.
fn short_user() -> Value {
    let [_, user_name] = USER_NAMES;
    let name = json!({ "GivenName": "Alan", "FamilyName": "Turing" });
    json!({ "UserName": user_name, "DisplayName": "Alan Turing", "Name": name })
}

/// A user with every attribute.
fn full_user() -> Value {
    let [user_name, _] = USER_NAMES;
    let address = json!({
        "StreetAddress": "12 St James's Square", "Locality": "London", "Region": "London",
        "PostalCode": "SW1Y 4JH", "Country": "GB", "Formatted": "12 St James's Square, London",
        "Type": "home", "Primary": true,
    });
    let photo = json!({
        "Value": "https://example.com/ada.jpg", "Type": "photo", "Display": "Ada", "Primary": true,
    });
    json!({
        "UserName": user_name,
        "Name": {
            "Formatted": "Countess Ada K. Lovelace", "GivenName": "Ada", "FamilyName": "Lovelace",
            "MiddleName": "King", "HonorificPrefix": "Countess", "HonorificSuffix": "I",
        },
        "DisplayName": "Ada Lovelace",
        "NickName": "Ada",
        "ProfileUrl": "https://example.com/ada",
        "Emails": [{ "Value": "ada@example.com", "Type": "work", "Primary": true }],
        "Addresses": [address],
        "PhoneNumbers": [{ "Value": "+44 20 7946 0000", "Type": "work", "Primary": true }],
        "UserType": "Employee",
        "Title": "Analyst",
        "PreferredLanguage": "en-GB",
        "Locale": "en-GB",
        "Timezone": "Europe/London",
        "Photos": [photo],
        "Website": "https://example.com",
        "Birthdate": "1815-12-10",
        "Roles": [{ "Value": "analyst", "Type": "work", "Primary": true }],
        "Extensions": { "aws:identitystore:enterprise": { "employeeNumber": "1", "costCenter": "7" } },
    })
}
