//! A small organisation is made, looked at from all sides, and taken down again, so that every
//! operation succeeds at least once. Each reply is compared with the model.

mod access;
mod assignments;
mod organization;
mod people;
mod permission_sets;
mod take_down;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::api::Api;
use super::model::Model;
use super::outputs::Seen;
use super::product::Served;
use super::{model_of, person, unknown_error};

/// How often a status is asked for before it counts as stuck. Nothing sleeps between: a call takes
/// longer than a job.
const ASKED_MAX: usize = 5_000;

struct Scenario<'a> {
    api: &'a Api,
    models: &'a [Model],
    served: &'a [Served],
    world: World,
    seen: BTreeMap<(&'static str, &'static str), Seen>,
    gaps: BTreeSet<String>,
}

/// What was made, by its identifiers. Null is what could not be made.
#[derive(Clone, Default)]
struct World {
    accounts: [Value; 2],
    instance: Value,
    store: Value,
    users: [Value; 2],
    groups: [Value; 2],
    memberships: [Value; 2],
    permission_sets: [Value; 2],
}

/// Calls a sandbox with an organisation, and one with an account that stands alone.
pub fn run(
    [api, alone]: [&Api; 2],
    models: &[Model],
    served: &[Served],
) -> Result<BTreeSet<String>, String> {
    let (world, seen, gaps) = (World::default(), BTreeMap::new(), BTreeSet::new());
    let mut scenario = Scenario { api, models, served, world, seen, gaps };
    scenario.make_accounts()?;
    scenario.find_instance()?;
    scenario.make_people()?;
    scenario.make_permission_sets()?;
    scenario.assign()?;
    scenario.ask_sts()?;
    if let Err(why) = scenario.let_in() {
        eprintln!("{why}");
        scenario.gaps.insert("a person cannot sign in and let a command line in".to_owned());
    }
    scenario.take_down()?;
    scenario.api = alone;
    scenario.make_organization()?;
    Ok(scenario.gaps())
}

impl World {
    /// Input of an operation on the instance.
    fn of_instance(&self, more: &Value) -> Value {
        merged(&json!({"InstanceArn": self.instance}), more)
    }

    /// Input of an operation on the identity store.
    fn of_store(&self, more: &Value) -> Value {
        merged(&json!({"IdentityStoreId": self.store}), more)
    }
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
