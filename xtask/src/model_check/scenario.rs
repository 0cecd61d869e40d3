//! A driver of `examples::walk` that compares each reply with the service model.

use std::collections::{BTreeMap, BTreeSet};

use examples::{Call, Callers, World};
use serde_json::{Value, json};

use super::api::{Api, Reply};
use super::model::Model;
use super::outputs::Seen;
use super::product::Served;
use super::{model_of, person, unknown_error};
use crate::bench::browser::Browser;

/// Maximum number of calls that wait for a job. Nothing sleeps between them: a call takes longer
/// than a job.
const WAITING_CALLS_MAX: usize = 5_000;

struct Scenario<'a> {
    api: &'a Api,
    /// A sandbox whose account is in no organization.
    standalone: &'a Api,
    models: &'a [Model],
    served: &'a [Served],
    /// The browser of the person who signed in last.
    browser: Option<Browser>,
    /// Values from replies, by the operation's name. An operation without an entry never succeeded.
    seen: BTreeMap<&'static str, Seen>,
    gaps: BTreeSet<String>,
    /// The first failure besides the server's own errors. After it no call is made.
    failure: Option<String>,
}

/// Makes every call of the examples; the result is the list of gaps.
pub fn run(
    [api, standalone]: [&Api; 2],
    models: &[Model],
    served: &[Served],
) -> Result<BTreeSet<String>, String> {
    let (browser, seen, gaps, failure) = (None, BTreeMap::new(), BTreeSet::new(), None);
    let mut scenario = Scenario { api, standalone, models, served, browser, seen, gaps, failure };
    examples::walk(&mut scenario, &mut World::default());
    match scenario.failure.take() {
        Some(failure) => Err(failure),
        None => Ok(scenario.gaps()),
    }
}

impl examples::Api for Scenario<'_> {
    /// Refusals are tested elsewhere.
    fn refuse(&mut self, _: &Call) {}

    /// A list is also read in pages of one item, so that a reply shows a token of the next page.
    fn succeed(&mut self, call: &Call) -> Value {
        for [size, token] in [["MaxResults", "NextToken"], ["maxResults", "nextToken"]] {
            if !self.accepts(call.operation, size) {
                continue;
            }
            let mut first = call.clone();
            merge(&mut first.input, size, json!(1));
            let page = self.reply(&first);
            if let Some(next) = page.get(token) {
                merge(&mut first.input, token, next.clone());
                self.reply(&first);
            }
        }
        self.reply(call)
    }

    fn wait(&mut self, call: &Call, is_pending: &dyn Fn(&Value) -> bool) -> Value {
        for _ in 0..WAITING_CALLS_MAX {
            let reply = self.reply(call);
            if reply.is_null() || !is_pending(&reply) {
                return reply;
            }
        }
        self.fail(format!("{} stays pending", call.operation));
        Value::Null
    }

    fn sign_in(&mut self, user_name: &str, one_time_password: &Value) {
        let password = one_time_password.as_str().unwrap_or_default();
        self.browser = match person::sign_in(self.api, user_name, password) {
            Ok(browser) => Some(browser),
            Err(why) => {
                self.note_person(&why);
                None
            }
        }
    }

    fn approve(&mut self, authorization: &Value) {
        let outcome = match &mut self.browser {
            Some(browser) => person::allow(browser, authorization),
            None => Err("the person is not signed in".to_owned()),
        };
        if let Err(why) = outcome {
            self.note_person(&why);
        }
    }
}

impl<'a> Scenario<'a> {
    fn note_person(&mut self, why: &str) {
        eprintln!("{why}");
        self.gaps.insert("a person cannot sign in and let a command line in".to_owned());
    }

    fn fail(&mut self, why: String) {
        self.failure.get_or_insert(why);
    }

    fn find(&self, name: &str) -> Option<(Served, Option<&'a Model>)> {
        let served = *self.served.iter().find(|served| served.name == name)?;
        Some((served, model_of(self.models, &served)))
    }

    /// Tells whether the input of an operation has a member.
    fn accepts(&self, operation: &str, member: &str) -> bool {
        let Some((served, Some(model))) = self.find(operation) else { return false };
        let input = model.input(served.operation);
        input.is_some_and(|input| input.members().iter().any(|it| it.name == member))
    }

    /// Makes a call that must succeed; null if it does not.
    fn reply(&mut self, call: &Call) -> Value {
        if self.failure.is_some() {
            return Value::Null;
        }
        let Some((served, model)) = self.find(call.operation) else {
            self.fail(format!("{} has an example and is not served", call.operation));
            return Value::Null;
        };
        let api = match call.callers {
            Callers::StandaloneAccount => self.standalone,
            Callers::Permitted
            | Callers::Organization
            | Callers::AnyKeys
            | Callers::AccessToken
            | Callers::Everyone => self.api,
        };
        let (service, operation) = (served.service, served.operation);
        let called = match model {
            Some(model) => api.call(model, &served, &call.input),
            None => api.aws_json(served.name, &call.input),
        };
        let Reply { error, message, output } = match called {
            Ok(reply) => reply,
            Err(why) => {
                self.fail(format!("{service}.{operation}: {why}"));
                return Value::Null;
            }
        };
        if let Some(error) = error {
            eprintln!("{service}.{operation} {}: {error}: {message}", call.input);
            let unknown = model.and_then(|model| unknown_error(model, &served, &error));
            self.gaps.extend(unknown);
            self.gaps.insert(format!("{service}.{operation} scenario fails with {error}"));
            return Value::Null;
        }
        let seen = self.seen.entry(served.name).or_default();
        if let Some(shape) = model.and_then(|model| model.output(operation)) {
            seen.add(shape, &output);
        }
        output
    }

    /// Faults of replies, members that no reply showed, and operations that never succeeded.
    fn gaps(mut self) -> BTreeSet<String> {
        for served in self.served {
            let Served { service, operation, name } = served;
            let output = model_of(self.models, served).and_then(|model| model.output(operation));
            let Some(seen) = self.seen.get(name) else {
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

fn merge(input: &mut Value, name: &str, value: Value) {
    if let Some(members) = input.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
