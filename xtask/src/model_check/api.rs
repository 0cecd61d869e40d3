//! Calls of the sandbox, over the protocol of each service.

use std::sync::Arc;

use ::model::service::{self, Protocol};
use protocol::rest_json::BEARER_TOKEN;
use protocol::sigv4::Signer;
use protocol::{form, percent};
use serde_json::{Map, Value, json};

use super::model::{Model, Shape};
use super::product::Served;
use super::xml;
use crate::bench::portico::{aws_json, signing_name};
use crate::bench::process::Process;
use crate::bench::watch::now_ms;
use crate::bench::wire::{Answer, Connection, Request};

const REGION: &str = "us-east-1";

/// A sandbox, and the calls of it.
pub struct Api {
    pub process: Process,
}

/// The outcome of a call.
pub struct Reply {
    /// The name of the error, if the call failed.
    pub error: Option<String>,
    /// The text of the error.
    pub message: String,
    /// The output, if the call succeeded; else null.
    pub output: Value,
}

impl Api {
    pub fn call(&self, model: &Model, served: &Served, input: &Value) -> Result<Reply, String> {
        let prefix = served.name.split('.').next().unwrap_or_default();
        match service::find(prefix).map(|service| service.protocol) {
            Some(Protocol::Query { version, .. }) => self.query(model, served, version, input),
            Some(Protocol::RestJson(_)) => self.rest_json(model, served, input),
            Some(Protocol::AwsJson(_)) | None => self.aws_json(served.name, input),
        }
    }

    /// A call of awsJson 1.1.
    pub fn aws_json(&self, target: &str, input: &Value) -> Result<Reply, String> {
        let answer = self.send(&signed(aws_json(target, input), signing_name(target))?)?;
        let output = read_json(&answer)?;
        let text = |name: &str| output.get(name).and_then(Value::as_str).map(str::to_owned);
        if answer.status == 200 {
            return Ok(Reply { error: None, message: String::new(), output });
        }
        let message = text("Message").or_else(|| text("message")).unwrap_or_default();
        Ok(Reply { error: text("__type"), message, output: Value::Null })
    }

    fn query(
        &self,
        model: &Model,
        served: &Served,
        version: &str,
        input: &Value,
    ) -> Result<Reply, String> {
        let mut pairs = vec![
            ("Action".to_owned(), served.operation.to_owned()),
            ("Version".to_owned(), version.to_owned()),
        ];
        flatten(&mut pairs, "", input);
        let borrowed = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let body = form::write_pairs(borrowed);
        let answer = self.send(&signed(Request::form("/", body), signing_name(served.name))?)?;
        let text = answer.text();
        let read = |shape: Option<Shape<'_>>, path: &[&str]| xml::read(&text, path, shape);
        if answer.status == 200 {
            let result = format!("{}Result", served.operation);
            let output = read(model.output(served.operation), &[&result]).unwrap_or(json!({}));
            return Ok(Reply { error: None, message: String::new(), output });
        }
        let find =
            |name: &str| read(None, &["Error", name]).and_then(|it| Some(it.as_str()?.to_owned()));
        let message = find("Message").unwrap_or_default();
        Ok(Reply { error: find("Code"), message, output: Value::Null })
    }

    fn rest_json(&self, model: &Model, served: &Served, input: &Value) -> Result<Reply, String> {
        self.send_rest(&bound(model, served, input)?)
    }

    /// A call of sso-oidc.
    pub fn oidc(&self, path: &str, input: &Value) -> Result<Reply, String> {
        let request = Request::read(path).with("content-type", "application/json");
        let body = input.to_string().into_bytes();
        self.send_rest(&Request { method: "POST", body, ..request })
    }

    fn send_rest(&self, request: &Request) -> Result<Reply, String> {
        let answer = self.send(request)?;
        let output = read_json(&answer)?;
        if answer.status == 200 {
            return Ok(Reply { error: None, message: String::new(), output });
        }
        let text = |name: &str| output.get(name).and_then(Value::as_str).map(str::to_owned);
        let message = text("error_description").or_else(|| text("message")).unwrap_or_default();
        let error = answer.header("x-amzn-errortype").map(str::to_owned);
        Ok(Reply { error, message, output: Value::Null })
    }

    fn send(&self, request: &Request) -> Result<Answer, String> {
        Connection::new(self.process.address).send(request)
    }
}

/// Signs a request with the keys that every sandbox has.
fn signed(request: Request, service: &str) -> Result<Request, String> {
    let signer = Signer::new("test", "test", None, (REGION, service), now_ms());
    Ok(request.signed(&Arc::new(signer.map_err(|fault| format!("{fault:?}"))?)))
}

/// A request of REST-JSON: each member in the header, the parameter or the body, as the model binds it.
fn bound(model: &Model, served: &Served, input: &Value) -> Result<Request, String> {
    let binding = model.binding(served.operation).ok_or("an operation bound to nothing")?;
    let members = model.input(served.operation).map(|it| it.members()).unwrap_or_default();
    let (mut token, mut pairs, mut body) = (None, Vec::new(), Map::new());
    for (name, given) in input.as_object().into_iter().flatten() {
        let member = members.iter().find(|member| member.name == name);
        let text = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
        match member.and_then(|member| Some((member.location?, member.wire_name))) {
            // The portal's token is the only header in any of the models.
            Some(("header", BEARER_TOKEN)) => token = Some(text),
            Some(("querystring", wire)) => pairs.push(format!("{wire}={}", percent::encode(&text))),
            Some((place, wire)) => return Err(format!("{wire} is bound to {place}")),
            None => drop(body.insert(name.clone(), given.clone())),
        }
    }
    let mut request = Request::read(binding.path).with("content-type", "application/json");
    request.query = pairs.join("&");
    if let Some(token) = token {
        request = request.with(BEARER_TOKEN, token);
    }
    match binding.method {
        "GET" => Ok(request),
        "POST" => {
            let body = Value::Object(body).to_string().into_bytes();
            Ok(Request { method: "POST", body, ..request })
        }
        other => Err(format!("{} is bound to the method {other}", served.name)),
    }
}

/// AWS Query: members with dots, elements with numbers.
fn flatten(pairs: &mut Vec<(String, String)>, path: &str, value: &Value) {
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                flatten(pairs, &below(name), value);
            }
        }
        Value::Array(elements) => {
            for (number, value) in elements.iter().enumerate() {
                flatten(pairs, &below(&format!("member.{}", number + 1)), value);
            }
        }
        Value::String(text) => pairs.push((path.to_owned(), text.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            pairs.push((path.to_owned(), value.to_string()));
        }
    }
}

fn read_json(answer: &Answer) -> Result<Value, String> {
    if answer.body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(&answer.body)
        .map_err(|why| format!("status {}, {why}: {}", answer.status, answer.text()))
}
