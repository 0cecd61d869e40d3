//! The users, groups and permission sets that the writes refer to, and the results found so far.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::kind::{KINDS, Kind, addressed, list_all};
use super::write::{Known, Write, holds};
use super::{ROUNDS, WRITES, effect, trace};
use crate::support::{Answer, Installation, Keys, Organization, text};

/// Number of existing users, who join groups and get assignments.
const USERS: usize = 30;

/// Number of existing permission sets, which are provisioned again in each round.
const PROVISIONED: usize = 10;

pub struct Scene<'a> {
    installation: &'a Installation,
    /// Keys of the administrator, valid through all restarts.
    pub keys: Keys,
    users: Vec<String>,
    /// One group for each round, for memberships and assignments.
    groups: Vec<String>,
    sets: Vec<String>,
    provisioned: Vec<String>,
    /// The ids that existed before the round, by the operation that made them.
    seen: BTreeMap<&'static str, BTreeSet<String>>,
}

impl<'a> Scene<'a> {
    /// Starts a server on the empty installation, creates the scene, and stops the server.
    pub fn set(installation: &'a Installation) -> Self {
        let portico = installation.serve();
        let keys = installation.operator();
        let organization = Organization::of(&portico, keys.clone());
        let name = |what: &str, number: usize| format!("{what}-{number}");
        let users =
            (0..USERS).map(|number| organization.create_user(&name("user", number))).collect();
        let groups =
            (0..ROUNDS).map(|round| organization.create_group(&name("group", round))).collect();
        let create_set = |name: String| organization.create_permission_set(&name, &["s3:*"]);
        let sets = (0..ROUNDS).map(|round| create_set(name("set", round))).collect();
        let provisioned = (0..PROVISIONED).map(|number| create_set(name("role", number)));
        let mut scene = Self {
            installation,
            keys,
            users,
            groups,
            sets,
            provisioned: provisioned.collect(),
            seen: BTreeMap::new(),
        };
        for set in &scene.provisioned {
            organization.assign("USER", &scene.users[0], &organization.account, set);
        }
        scene.check(&organization, &[], &[]);
        assert!(portico.terminate().success());
        scene
    }

    /// The writes of a round. Neighbours in the list are of different kinds.
    pub fn writes(&self, organization: &Organization<'_>, round: usize) -> Vec<Write> {
        for set in &self.provisioned {
            // The changed policy gives provisioning work to do.
            organization.allow(set, &[&format!("s3:Round{round}")]);
        }
        let Organization { store, instance, account, .. } = organization;
        let (group, set) = (&self.groups[round], &self.sets[round]);
        let write = |number: usize| {
            let (turn, place) = (number / 20, number % 20);
            let name = format!("r{round}-{number}");
            let user = &self.users[turn * 3 + place % 3];
            match place {
                0..3 => Write::assign(organization.assignment("USER", user, account, set)),
                3..6 => Write::join(store, group, user),
                6 => Write::create_account(&name),
                7 => Write::provision(instance, &self.provisioned[turn]),
                8..10 => Write::create_permission_set(instance, &name),
                10..14 => Write::create_group(store, &name),
                _ => Write::create_user(store, &name),
            }
        };
        (0..WRITES).map(write).collect()
    }

    /// Checks that every acknowledged write exists, that everything that exists is complete and has its
    /// event, and that every job succeeded exactly once.
    pub fn check(
        &mut self,
        organization: &Organization<'_>,
        writes: &[Write],
        answers: &[Option<Answer>],
    ) {
        effect::wait_for_jobs(organization);
        let events = self.installation.audit_log();
        let mut done = Vec::new();
        for kind in KINDS {
            let what = kind.create;
            let there = self.list(organization, kind);
            let requested = trace::requested(&events, kind);
            let logged = trace::once(requested.iter().map(|(id, _)| id.clone()), what);
            assert_same(&there, &logged, what);
            if kind.unfinished.is_some() {
                let worked = trace::once(trace::worked(&events, kind), what);
                assert_same(&there.iter().map(|id| trace::bare(id)).collect(), &worked, what);
            }
            let of_kind = |(write, _): &(&Write, _)| write.kind.create == what;
            let answered: Vec<_> = writes.iter().zip(answers).filter(of_kind).collect();
            let before = self.seen.remove(what).unwrap_or_default();
            assert!(before.is_subset(&there), "{what}: what an earlier round found is gone");
            if !writes.is_empty() {
                let found = there.difference(&before).map(|id| describe(organization, kind, id));
                done.extend(attribute(&answered, found.collect(), &requested));
            }
            self.seen.insert(what, there);
        }
        effect::assert_done(organization, &done);
    }

    /// The ids of all results of a kind.
    fn list(&self, organization: &Organization<'_>, kind: &Kind) -> BTreeSet<String> {
        let inputs = if kind.list.ends_with("ListGroupMemberships") {
            self.groups.iter().map(|group| json!({ "GroupId": group })).collect()
        } else {
            vec![json!({})]
        };
        let pages = |input| list_all(organization, kind.list, input, kind.listed);
        let rows: Vec<Value> = inputs.into_iter().flat_map(pages).collect();
        trace::once(rows.iter().map(|row| text(row.pointer(kind.listed_id).unwrap())), kind.list)
    }
}

/// The results that exist, and the ids that events name.
#[track_caller]
fn assert_same(there: &BTreeSet<String>, told: &BTreeSet<String>, what: &str) {
    let [silent, lost] = [there - told, told - there];
    assert!(
        silent.is_empty() && lost.is_empty(),
        "{what}: there without an event: {silent:?}; an event without what it tells: {lost:?}"
    );
}

fn describe(organization: &Organization<'_>, kind: &Kind, id: &str) -> (String, Value) {
    let input = addressed(organization, kind.describe, json!({ kind.asked: id }));
    let reply = organization.call(kind.describe, &input).ok();
    (id.to_owned(), reply.pointer(kind.described).unwrap().clone())
}

/// Matches each result with its write, and each acknowledged write with its result.
fn attribute<'a>(
    answered: &[(&'a Write, &Option<Answer>)],
    found: Vec<(String, Value)>,
    requested: &[(String, String)],
) -> Vec<(&'a Write, Value)> {
    let mut left = found;
    let mut done = Vec::new();
    for (write, answer) in answered {
        let place = left.iter().position(|(_, described)| holds(described, &write.content));
        let found = place.map(|place| left.swap_remove(place));
        match (write.read(answer.as_ref()), &found) {
            (Known::Acknowledged { id, request }, Some((found, described))) => {
                assert_eq!(*found, id, "{described}");
                assert!(requested.contains(&(id, request)), "no event of {described}");
            }
            (Known::Acknowledged { id, .. }, None) => {
                panic!("acknowledged as {id} and not there: {}", write.content)
            }
            (Known::Refused, Some((_, described))) => panic!("refused and there: {described}"),
            (Known::Refused, None) | (Known::Unanswered, _) => {}
        }
        done.extend(found.map(|(_, described)| (*write, described)));
    }
    assert_eq!(left, [], "these are not what was asked for");
    done
}
