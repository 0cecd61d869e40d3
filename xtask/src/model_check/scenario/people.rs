//! Users, groups and memberships.

use serde_json::{Value, json};

use super::{Scenario, at, merged, with};

impl Scenario<'_> {
    pub fn make_people(&mut self) -> Result<(), String> {
        let world = self.world.clone();
        self.list("identitystore.ListIdentityStores", &json!({}))?;
        self.call("identitystore.DescribeIdentityStore", &world.of_store(&json!({})))?;
        let ada = self.call("identitystore.CreateUser", &world.of_store(&full_user()))?;
        let name = json!({"GivenName": "Alan", "FamilyName": "Turing"});
        let alan = json!({"UserName": "alan", "DisplayName": "Alan Turing", "Name": name});
        let alan = self.call("identitystore.CreateUser", &world.of_store(&alan))?;
        let users = [at(&ada, "/UserId"), at(&alan, "/UserId")];
        let [ada, alan] = users.clone();
        let mut groups = [Value::Null, Value::Null];
        for (group, name) in groups.iter_mut().zip(["Engineers", "Writers"]) {
            let input = world.of_store(&json!({"DisplayName": name, "Description": "A group"}));
            *group = at(&self.call("identitystore.CreateGroup", &input)?, "/GroupId");
        }
        let [engineers, writers] = groups.clone();
        let mut memberships = [Value::Null, Value::Null];
        let ada_of = json!({"UserId": ada});
        for (membership, (group, user)) in
            memberships.iter_mut().zip([(&engineers, &ada), (&engineers, &alan)])
        {
            let input = world.of_store(&json!({"GroupId": group, "MemberId": {"UserId": user}}));
            let made = self.call("identitystore.CreateGroupMembership", &input)?;
            *membership = at(&made, "/MembershipId");
        }
        let second = world.of_store(&json!({"GroupId": writers, "MemberId": ada_of}));
        self.call("identitystore.CreateGroupMembership", &second)?;

        let extensions = json!(["aws:identitystore:enterprise"]);
        let user = world.of_store(&json!({"UserId": ada}));
        self.call("identitystore.DescribeUser", &with(&user, "Extensions", &extensions))?;
        self.list("identitystore.ListUsers", &world.of_store(&json!({"Extensions": extensions})))?;
        let filter = json!([{"AttributePath": "UserName", "AttributeValue": "ada"}]);
        self.call("identitystore.ListUsers", &world.of_store(&json!({"Filters": filter})))?;
        let group = world.of_store(&json!({"GroupId": engineers}));
        self.call("identitystore.DescribeGroup", &group)?;
        self.list("identitystore.ListGroups", &world.of_store(&json!({})))?;
        let unique = |path: &str, value: &str| {
            let attribute = json!({"AttributePath": path, "AttributeValue": value});
            json!({"AlternateIdentifier": {"UniqueAttribute": attribute}})
        };
        self.call("identitystore.GetUserId", &world.of_store(&unique("userName", "ada")))?;
        self.call(
            "identitystore.GetGroupId",
            &world.of_store(&unique("displayName", "Engineers")),
        )?;
        let member = world.of_store(&json!({"GroupId": engineers, "MemberId": ada_of}));
        self.call("identitystore.GetGroupMembershipId", &member)?;
        let [first, _] = &memberships;
        let membership = world.of_store(&json!({"MembershipId": first}));
        self.call("identitystore.DescribeGroupMembership", &membership)?;
        self.list("identitystore.ListGroupMemberships", &group)?;
        let member = world.of_store(&json!({"MemberId": ada_of}));
        self.list("identitystore.ListGroupMembershipsForMember", &member)?;
        let asked = merged(&member, &json!({"GroupIds": [engineers, writers]}));
        self.call("identitystore.IsMemberInGroups", &asked)?;
        let change =
            json!({"Operations": [{"AttributePath": "title", "AttributeValue": "Countess"}]});
        self.call("identitystore.UpdateUser", &merged(&user, &change))?;
        let change =
            json!({"Operations": [{"AttributePath": "description", "AttributeValue": "New"}]});
        self.call("identitystore.UpdateGroup", &merged(&group, &change))?;
        self.world.users = users;
        self.world.groups = groups;
        self.world.memberships = memberships;
        Ok(())
    }
}

/// Every attribute that a user can have.
fn full_user() -> Value {
    let address = json!({
        "StreetAddress": "12 St James's Square", "Locality": "London", "Region": "London",
        "PostalCode": "SW1Y 4JH", "Country": "GB", "Formatted": "12 St James's Square, London",
        "Type": "home", "Primary": true,
    });
    json!({
        "UserName": "ada",
        "Name": {
            "Formatted": "Countess Ada K. Lovelace", "GivenName": "Ada", "FamilyName": "Lovelace",
            "MiddleName": "King", "HonorificPrefix": "Countess", "HonorificSuffix": "I",
        },
        "DisplayName": "Ada Lovelace",
        "NickName": "Ada",
        "ProfileUrl": "https://example.com/ada",
        "Emails": [{"Value": "ada@example.com", "Type": "work", "Primary": true}],
        "Addresses": [address],
        "PhoneNumbers": [{"Value": "+44 20 7946 0000", "Type": "work", "Primary": true}],
        "UserType": "Employee",
        "Title": "Analyst",
        "PreferredLanguage": "en-GB",
        "Locale": "en-GB",
        "Timezone": "Europe/London",
        "Photos": [{
            "Value": "https://example.com/ada.jpg", "Type": "photo", "Display": "Ada", "Primary": true,
        }],
        "Website": "https://example.com",
        "Birthdate": "1815-12-10",
        "Roles": [{"Value": "analyst", "Type": "work", "Primary": true}],
        "Extensions": {"aws:identitystore:enterprise": {"employeeNumber": "1", "costCenter": "7"}},
    })
}
