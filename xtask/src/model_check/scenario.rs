//! A small organisation is made, looked at from all sides, and taken down again, so that every
//! operation succeeds at least once. Each reply is compared with the model. It is one file because the
//! steps need what the steps before them made.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::api::Api;
use super::model::Model;
use super::outputs::Seen;
use super::product::Served;
use super::{model_of, unknown_error};

/// How often a status is asked for before it counts as stuck. Nothing sleeps between: a call takes
/// longer than a job.
const ASKED_MAX: usize = 5_000;

struct Scenario<'a> {
    api: &'a Api,
    models: &'a [Model],
    served: &'a [Served],
    seen: BTreeMap<(&'static str, &'static str), Seen>,
    gaps: BTreeSet<String>,
}

pub fn run(api: &Api, models: &[Model], served: &[Served]) -> Result<BTreeSet<String>, String> {
    let (seen, gaps) = (BTreeMap::new(), BTreeSet::new());
    let mut scenario = Scenario { api, models, served, seen, gaps };
    let accounts = scenario.make_accounts()?;
    let place = scenario.find_instance()?;
    let people = scenario.make_people(&place.store)?;
    let sets = scenario.make_permission_sets(&place)?;
    scenario.assign(&place, &accounts, &people, &sets)?;
    scenario.ask_sts()?;
    scenario.register_client(&place)?;
    scenario.take_down(&place, &accounts, &people, &sets)?;
    Ok(scenario.gaps())
}

/// The instance, and what belongs to it.
struct Place {
    instance: Value,
    store: Value,
}

struct People {
    users: [Value; 2],
    groups: [Value; 2],
    memberships: [Value; 2],
}

impl Scenario<'_> {
    /// Calls an operation that must succeed; null if it does not, or is not served.
    fn call(&mut self, name: &str, input: &Value) -> Result<Value, String> {
        let Some(served) =
            self.served.iter().find(|it| format!("{}.{}", it.service, it.operation) == name)
        else {
            return Ok(Value::Null);
        };
        let Some(model) = model_of(self.models, served) else { return Ok(Value::Null) };
        let reply = self.api.call(model, served, input)?;
        if let Some(error) = reply.error {
            eprintln!("{name} {input}: {error}: {}", reply.message);
            self.gaps.extend(unknown_error(model, served, &error));
            self.gaps.insert(format!("{name} scenario fails with {error}"));
            return Ok(Value::Null);
        }
        let seen = self.seen.entry((served.service, served.operation)).or_default();
        if let Some(shape) = model.output(served.operation) {
            seen.add(shape, &reply.output);
        }
        Ok(reply.output)
    }

    /// Calls a list, two pages of one thing each, and then all of it.
    fn list(&mut self, name: &str, input: &Value) -> Result<Value, String> {
        let first = self.call(name, &with(input, "MaxResults", &json!(1)))?;
        if let Some(token) = first.get("NextToken") {
            let next = with(input, "MaxResults", &json!(1));
            self.call(name, &with(&next, "NextToken", token))?;
        }
        self.call(name, input)
    }

    /// Asks for a status until the work is done.
    fn wait(&mut self, name: &str, input: &Value, status: &str) -> Result<Value, String> {
        for _ in 0..ASKED_MAX {
            let reply = self.call(name, input)?;
            if reply.is_null() || at(&reply, status) != "IN_PROGRESS" {
                return Ok(reply);
            }
        }
        Err(format!("{name} does not end"))
    }

    fn make_accounts(&mut self) -> Result<[Value; 2], String> {
        self.call("organizations.DescribeOrganization", &json!({}))?;
        self.list("organizations.ListRoots", &json!({}))?;
        let tags = json!([{"Key": "team", "Value": "one"}]);
        for (name, email) in [("Storage", "storage@example.com"), ("Backup", "backup@example.com")]
        {
            let input = json!({"AccountName": name, "Email": email, "Tags": tags});
            let made = self.call("organizations.CreateAccount", &input)?;
            let id = json!({"CreateAccountRequestId": at(&made, "/CreateAccountStatus/Id")});
            let status = "/CreateAccountStatus/State";
            self.wait("organizations.DescribeCreateAccountStatus", &id, status)?;
        }
        let listed = self.list("organizations.ListAccounts", &json!({}))?;
        let account = at(&listed, "/Accounts/0/Id");
        self.call("organizations.DescribeAccount", &json!({"AccountId": account}))?;
        self.list("organizations.ListParents", &json!({"ChildId": account}))?;
        let other = at(&listed, "/Accounts/1/Id");
        let other = if other.is_null() { account.clone() } else { other };
        Ok([account, other])
    }

    fn find_instance(&mut self) -> Result<Place, String> {
        let listed = self.call("sso-admin.ListInstances", &json!({}))?;
        let place = Place {
            instance: at(&listed, "/Instances/0/InstanceArn"),
            store: at(&listed, "/Instances/0/IdentityStoreId"),
        };
        let instance = json!({"InstanceArn": place.instance});
        self.call("sso-admin.UpdateInstance", &with(&instance, "Name", &json!("Example")))?;
        self.call("sso-admin.DescribeInstance", &instance)?;
        self.list("sso-admin.ListInstances", &json!({}))?;
        self.list("sso-admin.ListRegions", &instance)?;
        let region = with(&instance, "RegionName", &json!("us-east-1"));
        self.call("sso-admin.DescribeRegion", &region)?;
        Ok(place)
    }

    fn make_people(&mut self, store: &Value) -> Result<People, String> {
        let of_store = |more: Value| merged(&json!({"IdentityStoreId": store}), &more);
        self.list("identitystore.ListIdentityStores", &json!({}))?;
        self.call("identitystore.DescribeIdentityStore", &of_store(json!({})))?;
        let ada = self.call("identitystore.CreateUser", &of_store(full_user()))?;
        let name = json!({"GivenName": "Alan", "FamilyName": "Turing"});
        let alan = json!({"UserName": "alan", "DisplayName": "Alan Turing", "Name": name});
        let alan = self.call("identitystore.CreateUser", &of_store(alan))?;
        let users = [at(&ada, "/UserId"), at(&alan, "/UserId")];
        let [ada, alan] = users.clone();
        let mut groups = [Value::Null, Value::Null];
        for (group, name) in groups.iter_mut().zip(["Engineers", "Writers"]) {
            let input = of_store(json!({"DisplayName": name, "Description": "A group"}));
            *group = at(&self.call("identitystore.CreateGroup", &input)?, "/GroupId");
        }
        let [engineers, writers] = groups.clone();
        let mut memberships = [Value::Null, Value::Null];
        let ada_of = json!({"UserId": ada});
        for (membership, (group, user)) in
            memberships.iter_mut().zip([(&engineers, &ada), (&engineers, &alan)])
        {
            let input = of_store(json!({"GroupId": group, "MemberId": {"UserId": user}}));
            let made = self.call("identitystore.CreateGroupMembership", &input)?;
            *membership = at(&made, "/MembershipId");
        }
        let second = of_store(json!({"GroupId": writers, "MemberId": ada_of}));
        self.call("identitystore.CreateGroupMembership", &second)?;

        let extensions = json!(["aws:identitystore:enterprise"]);
        let user = of_store(json!({"UserId": ada}));
        self.call("identitystore.DescribeUser", &with(&user, "Extensions", &extensions))?;
        self.list("identitystore.ListUsers", &of_store(json!({"Extensions": extensions})))?;
        let filter = json!([{"AttributePath": "UserName", "AttributeValue": "ada"}]);
        self.call("identitystore.ListUsers", &of_store(json!({"Filters": filter})))?;
        let group = of_store(json!({"GroupId": engineers}));
        self.call("identitystore.DescribeGroup", &group)?;
        self.list("identitystore.ListGroups", &of_store(json!({})))?;
        let unique = |path: &str, value: &str| {
            let attribute = json!({"AttributePath": path, "AttributeValue": value});
            json!({"AlternateIdentifier": {"UniqueAttribute": attribute}})
        };
        self.call("identitystore.GetUserId", &of_store(unique("userName", "ada")))?;
        self.call("identitystore.GetGroupId", &of_store(unique("displayName", "Engineers")))?;
        let member = of_store(json!({"GroupId": engineers, "MemberId": ada_of}));
        self.call("identitystore.GetGroupMembershipId", &member)?;
        let [first, _] = &memberships;
        let membership = of_store(json!({"MembershipId": first}));
        self.call("identitystore.DescribeGroupMembership", &membership)?;
        self.list("identitystore.ListGroupMemberships", &group)?;
        let member = of_store(json!({"MemberId": ada_of}));
        self.list("identitystore.ListGroupMembershipsForMember", &member)?;
        let asked = merged(&member, &json!({"GroupIds": [engineers, writers]}));
        self.call("identitystore.IsMemberInGroups", &asked)?;
        let change =
            json!({"Operations": [{"AttributePath": "title", "AttributeValue": "Countess"}]});
        self.call("identitystore.UpdateUser", &merged(&user, &change))?;
        let change =
            json!({"Operations": [{"AttributePath": "description", "AttributeValue": "New"}]});
        self.call("identitystore.UpdateGroup", &merged(&group, &change))?;
        Ok(People { users, groups, memberships })
    }

    fn make_permission_sets(&mut self, place: &Place) -> Result<[Value; 2], String> {
        let of_instance = |more: Value| merged(&json!({"InstanceArn": place.instance}), &more);
        let tags = json!([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]);
        let full = json!({
            "Name": "Reader", "Description": "Reads", "SessionDuration": "PT2H",
            "RelayState": "https://example.com/", "Tags": tags,
        });
        let mut sets = [Value::Null, Value::Null];
        for (set, input) in sets.iter_mut().zip([full, json!({"Name": "Writer"})]) {
            let made = self.call("sso-admin.CreatePermissionSet", &of_instance(input))?;
            *set = at(&made, "/PermissionSet/PermissionSetArn");
        }
        let [reader, _] = &sets;
        let set = of_instance(json!({"PermissionSetArn": reader}));
        self.call("sso-admin.DescribePermissionSet", &set)?;
        self.list("sso-admin.ListPermissionSets", &of_instance(json!({})))?;
        let change = with(&set, "Description", &json!("Reads all"));
        self.call("sso-admin.UpdatePermissionSet", &change)?;
        for policy in ["ReadOnlyAccess", "job-function/ViewOnlyAccess"] {
            let arn = json!(format!("arn:aws:iam::aws:policy/{policy}"));
            let input = with(&set, "ManagedPolicyArn", &arn);
            self.call("sso-admin.AttachManagedPolicyToPermissionSet", &input)?;
        }
        self.list("sso-admin.ListManagedPoliciesInPermissionSet", &set)?;
        let statement = json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
        let inline = with(&set, "InlinePolicy", &json!(policy));
        self.call("sso-admin.PutInlinePolicyToPermissionSet", &inline)?;
        self.call("sso-admin.GetInlinePolicyForPermissionSet", &set)?;
        let resource = of_instance(json!({"ResourceArn": reader}));
        self.call(
            "sso-admin.TagResource",
            &with(&resource, "Tags", &json!([{"Key": "c", "Value": "3"}])),
        )?;
        self.call("sso-admin.ListTagsForResource", &resource)?;
        self.call("sso-admin.UntagResource", &with(&resource, "TagKeys", &json!(["c"])))?;
        Ok(sets)
    }

    fn assign(
        &mut self,
        place: &Place,
        accounts: &[Value; 2],
        people: &People,
        sets: &[Value; 2],
    ) -> Result<(), String> {
        let of_instance = |more: Value| merged(&json!({"InstanceArn": place.instance}), &more);
        let ([account, other], [reader, writer], [user, _]) = (accounts, sets, &people.users);
        let [group, _] = &people.groups;
        for (account, set, kind, principal) in [
            (account, reader, "USER", user),
            (account, reader, "GROUP", group),
            (account, writer, "USER", user),
            (other, reader, "USER", user),
        ] {
            let input = of_instance(assignment(account, set, kind, principal));
            let made = self.call("sso-admin.CreateAccountAssignment", &input)?;
            let id = at(&made, "/AccountAssignmentCreationStatus/RequestId");
            let asked = of_instance(json!({"AccountAssignmentCreationRequestId": id}));
            let name = "sso-admin.DescribeAccountAssignmentCreationStatus";
            self.wait(name, &asked, "/AccountAssignmentCreationStatus/Status")?;
        }
        self.list("sso-admin.ListAccountAssignmentCreationStatus", &of_instance(json!({})))?;
        let both = of_instance(json!({"AccountId": account, "PermissionSetArn": reader}));
        self.list("sso-admin.ListAccountAssignments", &both)?;
        let principal = of_instance(json!({"PrincipalId": user, "PrincipalType": "USER"}));
        self.list("sso-admin.ListAccountAssignmentsForPrincipal", &principal)?;
        let set = of_instance(json!({"PermissionSetArn": reader}));
        let target = json!({"TargetId": account, "TargetType": "AWS_ACCOUNT"});
        for input in
            [merged(&set, &target), with(&set, "TargetType", &json!("ALL_PROVISIONED_ACCOUNTS"))]
        {
            let made = self.call("sso-admin.ProvisionPermissionSet", &input)?;
            let id = at(&made, "/PermissionSetProvisioningStatus/RequestId");
            let asked = of_instance(json!({"ProvisionPermissionSetRequestId": id}));
            let name = "sso-admin.DescribePermissionSetProvisioningStatus";
            self.wait(name, &asked, "/PermissionSetProvisioningStatus/Status")?;
        }
        self.list("sso-admin.ListPermissionSetProvisioningStatus", &of_instance(json!({})))?;
        self.list("sso-admin.ListAccountsForProvisionedPermissionSet", &set)?;
        let account = of_instance(json!({"AccountId": account}));
        self.list("sso-admin.ListPermissionSetsProvisionedToAccount", &account)?;
        Ok(())
    }

    fn ask_sts(&mut self) -> Result<(), String> {
        self.call("sts.GetCallerIdentity", &json!({}))?;
        let key = json!({"AccessKeyId": "ASIAIOSFODNN7EXAMPLE"});
        self.call("sts.GetAccessKeyInfo", &key)?;
        Ok(())
    }

    fn register_client(&mut self, place: &Place) -> Result<(), String> {
        let public = json!({
            "clientName": "model-check", "clientType": "public", "scopes": ["sso:account:access"],
        });
        let client = self.call("sso-oidc.RegisterClient", &public)?;
        let url = format!("https://{}.awsapps.com/start", place.store.as_str().unwrap_or_default());
        let input = json!({
            "clientId": at(&client, "/clientId"), "clientSecret": at(&client, "/clientSecret"),
            "startUrl": url,
        });
        self.call("sso-oidc.StartDeviceAuthorization", &input)?;
        Ok(())
    }

    fn take_down(
        &mut self,
        place: &Place,
        accounts: &[Value; 2],
        people: &People,
        sets: &[Value; 2],
    ) -> Result<(), String> {
        let of_instance = |more: Value| merged(&json!({"InstanceArn": place.instance}), &more);
        let of_store = |more: Value| merged(&json!({"IdentityStoreId": place.store}), &more);
        let ([account, other], [reader, writer]) = (accounts, sets);
        let ([user, second], [group, second_group]) = (&people.users, &people.groups);
        for (account, set, kind, principal) in [
            (account, reader, "USER", user),
            (account, reader, "GROUP", group),
            (account, writer, "USER", user),
            (other, reader, "USER", user),
        ] {
            let input = of_instance(assignment(account, set, kind, principal));
            let made = self.call("sso-admin.DeleteAccountAssignment", &input)?;
            let id = at(&made, "/AccountAssignmentDeletionStatus/RequestId");
            let asked = of_instance(json!({"AccountAssignmentDeletionRequestId": id}));
            let name = "sso-admin.DescribeAccountAssignmentDeletionStatus";
            self.wait(name, &asked, "/AccountAssignmentDeletionStatus/Status")?;
        }
        self.list("sso-admin.ListAccountAssignmentDeletionStatus", &of_instance(json!({})))?;
        let set = of_instance(json!({"PermissionSetArn": reader}));
        self.call("sso-admin.DeleteInlinePolicyFromPermissionSet", &set)?;
        let arn = json!("arn:aws:iam::aws:policy/ReadOnlyAccess");
        let input = with(&set, "ManagedPolicyArn", &arn);
        self.call("sso-admin.DetachManagedPolicyFromPermissionSet", &input)?;
        for set in sets {
            let set = of_instance(json!({"PermissionSetArn": set}));
            self.call("sso-admin.DeletePermissionSet", &set)?;
        }
        for membership in &people.memberships {
            let input = of_store(json!({"MembershipId": membership}));
            self.call("identitystore.DeleteGroupMembership", &input)?;
        }
        for group in [group, second_group] {
            self.call("identitystore.DeleteGroup", &of_store(json!({"GroupId": group})))?;
        }
        for user in [user, second] {
            self.call("identitystore.DeleteUser", &of_store(json!({"UserId": user})))?;
        }
        self.call("sso-admin.DeleteInstance", &of_instance(json!({})))?;
        self.call("sso-admin.CreateInstance", &json!({"Name": "Another"}))?;
        Ok(())
    }

    /// What went wrong, what no reply showed, and what never succeeded.
    fn gaps(mut self) -> BTreeSet<String> {
        for served in self.served {
            let Served { service, operation, .. } = served;
            let output = model_of(self.models, served).and_then(|model| model.output(operation));
            let Some(seen) = self.seen.get(&(*service, *operation)) else {
                self.gaps.insert(format!("{service}.{operation} has no example that succeeds"));
                continue;
            };
            let gap = |text: &String| format!("{service}.{operation} {text}");
            self.gaps.extend(seen.faults.iter().map(gap));
            let missing = output.map(|output| seen.missing(output)).unwrap_or_default();
            let gap = |path: &String| format!("{service}.{operation} output {path} is never there");
            self.gaps.extend(missing.iter().map(gap));
        }
        self.gaps
    }
}

fn assignment(account: &Value, set: &Value, kind: &str, principal: &Value) -> Value {
    json!({
        "TargetId": account, "TargetType": "AWS_ACCOUNT", "PermissionSetArn": set,
        "PrincipalType": kind, "PrincipalId": principal,
    })
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

/// What stands at a place of a reply, or null.
fn at(reply: &Value, pointer: &str) -> Value {
    reply.pointer(pointer).cloned().unwrap_or_default()
}

fn with(input: &Value, name: &str, value: &Value) -> Value {
    merged(input, &json!({ name: value }))
}

fn merged(input: &Value, more: &Value) -> Value {
    let members = [input, more].map(|it| it.as_object().cloned().unwrap_or_default());
    Value::Object(members.into_iter().flatten().collect())
}
