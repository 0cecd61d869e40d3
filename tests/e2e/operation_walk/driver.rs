//! A driver of `examples::walk` that calls a real server over HTTP, as every kind of caller.

use std::collections::{BTreeMap, BTreeSet};

use examples::{Api, Call, Callers};
use model::service::{self, Protocol};
use protocol::rest_json::{BEARER_TOKEN, ROUTES, Route};
use serde_json::{Value, json};

use super::log::Asked;
use crate::support::{Answer, Keys, Organization, Portico, Request, Visitor, form_encode};

/// Maximum number of calls that wait for a job. Nothing sleeps between them.
const WAITING_CALLS_MAX: usize = 20_000;

pub struct Driver<'a> {
    pub organization: &'a Organization<'a>,
    /// Keys of a role in the management account with next to no permissions.
    poor: Keys,
    /// Keys of an administrator of a member account.
    member: Keys,
    /// The browser of the person who signed in last.
    browser: Option<Visitor<'a>>,
    refresh_token: String,
    /// Every request so far, by its id.
    pub asked: BTreeMap<String, Asked>,
    /// The operations that succeeded.
    pub done: BTreeSet<&'static str>,
    /// Wrong answers to callers who must be refused. The walk goes on, to show all of them at once.
    pub complaints: Vec<String>,
}

impl<'a> Driver<'a> {
    pub fn new(organization: &'a Organization<'a>, poor: Keys, member: Keys) -> Self {
        Self {
            organization,
            poor,
            member,
            browser: None,
            refresh_token: String::new(),
            asked: BTreeMap::new(),
            done: BTreeSet::new(),
            complaints: Vec::new(),
        }
    }

    fn portico(&self) -> &'a Portico {
        self.organization.portico
    }

    fn send(&mut self, operation: &str, request: &Request) -> Answer {
        assert!(::service::find(operation).is_some(), "{operation} is not in the table");
        let mut request = request.clone();
        let proofs = ["authorization", BEARER_TOKEN];
        let is_proof = |name: &str| proofs.iter().any(|proof| name.eq_ignore_ascii_case(proof));
        if !request.headers.iter().any(|(name, _)| is_proof(name)) {
            // Strangers have a budget by network.
            let [.., c, d] = self.asked.len().to_be_bytes();
            request = request.header("x-forwarded-for", &format!("10.{c}.{d}.1"));
        }
        let answer = self.portico().send(&request);
        let id = answer.header("x-amzn-requestid").unwrap().to_owned();
        let asked = Asked { operation: operation.to_owned(), is_refused: answer.status != 200 };
        self.asked.insert(id, asked);
        answer
    }

    /// Makes a signed call of awsJson or Query.
    fn ask(&mut self, keys: &Keys, call: &Call) -> Answer {
        let request = sign(keys, call, self.portico());
        self.send(call.operation, &request)
    }

    /// Makes a call of REST-JSON with an access token or none.
    pub fn ask_with_token(
        &mut self,
        operation: &str,
        input: &Value,
        token: Option<&str>,
    ) -> Answer {
        let mut request = rest_json(operation, input);
        if let Some(token) = token {
            request = request.header(BEARER_TOKEN, token);
        }
        self.send(operation, &request)
    }

    /// Makes the call without its signature.
    fn refuse_nobody(&mut self, call: &Call) {
        let mut request = sign(&Keys::sandbox(), call, self.portico());
        request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        let answer = self.send(call.operation, &request);
        let expected = if is_query(call) {
            (403, "MissingAuthenticationToken")
        } else {
            (400, "MissingAuthenticationTokenException")
        };
        assert_eq!((answer.status, answer.error().as_str()), expected, "{call:?} {answer}");
    }

    /// Makes the call without permission, and from another account.
    fn refuse_others(&mut self, call: &Call) {
        for (who, keys, is_open) in [
            ("the poor", self.poor.clone(), call.callers == Callers::AnyKeys),
            ("a member", self.member.clone(), call.callers != Callers::Permitted),
        ] {
            let answer = self.ask(&keys, call);
            let denied = ["AccessDenied", "AccessDeniedException"];
            let is_right = if is_open {
                answer.status == 200
            } else {
                answer.status != 200 && denied.contains(&answer.error().as_str())
            };
            if !is_right {
                self.complaints.push(format!("{} by {who}: {answer}", call.operation));
            }
        }
    }

    /// sso-oidc is open to everyone: it refuses bodies that are malformed.
    fn refuse_malformed(&mut self, call: &Call) {
        for body in ["{}", "{", "[]"] {
            let request = Request::post(route(call.operation).path).body(body);
            let answer = self.send(call.operation, &request);
            assert_eq!(answer.error(), "InvalidRequestException", "{call:?} {answer}");
            assert_eq!(answer.json()["error"], "invalid_request");
        }
    }

    /// The portal refuses callers without a token, or with a text that is not an access token.
    fn refuse_tokens(&mut self, call: &Call) {
        let refresh_token = self.refresh_token.clone();
        for token in [None, Some("not-a-token"), Some(refresh_token.as_str())] {
            let answer = self.ask_with_token(call.operation, &call.input, token);
            assert_eq!(answer.error(), "UnauthorizedException", "{call:?} {answer}");
            assert_eq!(answer.status, 401);
        }
    }

    /// An account of an organization cannot make another organization.
    fn refuse_in_organization(&mut self, call: &Call) {
        self.refuse_nobody(call);
        let poor = self.ask(&self.poor.clone(), call);
        assert_eq!(poor.error(), "AccessDeniedException", "{poor}");
        for keys in [self.member.clone(), self.organization.keys.clone()] {
            let answer = self.ask(&keys, call);
            assert_eq!(answer.error(), "AlreadyInOrganizationException", "{answer}");
        }
    }
}

impl Api for Driver<'_> {
    fn refuse(&mut self, call: &Call) {
        match call.callers {
            Callers::Permitted | Callers::Organization | Callers::AnyKeys => {
                self.refuse_nobody(call);
                self.refuse_others(call);
            }
            Callers::AccessToken => self.refuse_tokens(call),
            Callers::Everyone => self.refuse_malformed(call),
            Callers::StandaloneAccount => self.refuse_in_organization(call),
        }
    }

    fn succeed(&mut self, call: &Call) -> Value {
        let answer = match call.callers {
            Callers::Permitted | Callers::Organization | Callers::AnyKeys => {
                self.ask(&self.organization.keys, call)
            }
            Callers::AccessToken => {
                let token = call.input["accessToken"].as_str();
                self.ask_with_token(call.operation, &call.input, token)
            }
            Callers::Everyone => self.ask_with_token(call.operation, &call.input, None),
            Callers::StandaloneAccount => {
                let sandbox = Portico::sandbox_with(&["--no-organization"]);
                sandbox.call(call.operation, &call.input)
            }
        };
        assert_eq!(answer.status, 200, "{call:?} {answer}");
        self.done.insert(call.operation);
        if is_query(call) {
            return Value::Null;
        }
        let reply = answer.ok();
        if let Some(token) = reply.get("refreshToken") {
            token.as_str().unwrap().clone_into(&mut self.refresh_token);
        }
        reply
    }

    fn wait(&mut self, call: &Call, is_pending: &dyn Fn(&Value) -> bool) -> Value {
        for _ in 0..WAITING_CALLS_MAX {
            let reply = self.organization.call(call.operation, &call.input).ok();
            if !is_pending(&reply) {
                return reply;
            }
        }
        panic!("{call:?} stays pending");
    }

    fn sign_in(&mut self, user_name: &str, one_time_password: &Value) {
        let once = one_time_password.as_str().unwrap();
        self.browser = Some(self.organization.sign_in_once(user_name, once));
    }

    fn approve(&mut self, authorization: &Value) {
        let text = |name: &str| authorization[name].as_str().unwrap();
        let browser = self.browser.as_mut().unwrap();
        browser.let_in(text("verificationUriComplete"), text("userCode"));
    }
}

fn is_query(call: &Call) -> bool {
    query_version(call).is_some()
}

/// `Version` of the call's service and its signing name, if that speaks AWS Query.
fn query_version(call: &Call) -> Option<(&'static str, &'static str)> {
    let service = service::find(call.operation.split('.').next()?)?;
    match service.protocol {
        Protocol::Query { version, .. } => Some((version, service.signing_name?)),
        Protocol::AwsJson(_) | Protocol::RestJson(_) => None,
    }
}

fn sign(keys: &Keys, call: &Call, portico: &Portico) -> Request {
    let Some((version, signing_name)) = query_version(call) else {
        return keys.sign_call(call.operation, &call.input, portico);
    };
    let (_, action) = call.operation.split_once('.').unwrap();
    let head = [("Action", action), ("Version", version)];
    let fields = call.input.as_object().unwrap().iter();
    let fields = fields.map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
    let pairs: Vec<_> = head.into_iter().chain(fields).collect();
    keys.sign_query(signing_name, &pairs, portico)
}

fn route(operation: &str) -> &'static Route {
    let (service, operation) = operation.split_once('.').unwrap();
    let mut routes = ROUTES.iter();
    routes.find(|route| route.service.target == service && route.operation == operation).unwrap()
}

/// A request of REST-JSON without its token: parameters in the query, other members in the body.
fn rest_json(operation: &str, input: &Value) -> Request {
    let route = route(operation);
    let (mut body, mut query) = (json!({}), Vec::new());
    for (member, value) in input.as_object().unwrap() {
        if route.headers.iter().any(|(_, field)| field == member) {
            continue;
        }
        match route.parameters.iter().find(|(_, field)| field == member) {
            Some((wire, _)) => query.push((*wire, value.as_str().unwrap())),
            None => body[member] = value.clone(),
        }
    }
    let query = form_encode(&query);
    let separator = if query.is_empty() { "" } else { "?" };
    let request = Request::new(route.method, &format!("{}{separator}{query}", route.path));
    if route.method == "POST" { request.json(&body) } else { request }
}
