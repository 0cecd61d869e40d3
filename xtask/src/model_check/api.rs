//! Calls of the sandbox, over the protocol of each service.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue};
use protocol::sigv4::{BodyToSign, Signer};
use protocol::{form, percent};
use serde_json::{Value, json};

use super::model::{Model, Shape};
use super::product::Served;
use super::xml;
use crate::client::{Answer, Request};

const REGION: &str = "us-east-1";

/// Whoever calls the sandbox.
pub struct Api {
    pub address: SocketAddr,
}

/// What came of a call.
pub struct Reply {
    /// The name of the error, if it is one.
    pub error: Option<String>,
    /// The error's text.
    pub message: String,
    /// The output, if it is one.
    pub output: Value,
}

impl Api {
    pub fn call(&self, model: &Model, served: &Served, input: &Value) -> Result<Reply, String> {
        match served.service {
            "sts" => self.query(model, served, input),
            "sso" | "sso-oidc" => self.rest_json(model, served, input),
            _ => self.aws_json(served.service, served.name, input),
        }
    }

    /// A call of awsJson 1.1.
    pub fn aws_json(&self, service: &str, target: &str, input: &Value) -> Result<Reply, String> {
        let signing_name = if service == "sso-admin" { "sso" } else { service };
        let mut headers = self.headers("application/x-amz-json-1.1")?;
        headers.insert("x-amz-target", value(target)?);
        let body = input.to_string();
        let answer = self.signed(signing_name, headers, body.as_bytes())?;
        let output = read_json(&answer)?;
        let text = |name: &str| output.get(name).and_then(Value::as_str).map(str::to_owned);
        if answer.status == 200 {
            return Ok(Reply { error: None, message: String::new(), output });
        }
        let message = text("Message").or_else(|| text("message")).unwrap_or_default();
        Ok(Reply { error: text("__type"), message, output: Value::Null })
    }

    fn query(&self, model: &Model, served: &Served, input: &Value) -> Result<Reply, String> {
        let mut pairs = vec![
            ("Action".to_owned(), served.operation.to_owned()),
            ("Version".to_owned(), protocol::query::STS.version.to_owned()),
        ];
        flatten(&mut pairs, "", input);
        let borrowed = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let body = form::write_pairs(borrowed);
        let headers = self.headers("application/x-www-form-urlencoded")?;
        let answer = self.signed("sts", headers, body.as_bytes())?;
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
        let binding = model.binding(served.operation).ok_or("no binding")?;
        let mut headers = self.headers("application/json")?;
        let mut target = binding.path.to_owned();
        let mut body = serde_json::Map::new();
        let members = model.input(served.operation).map(|it| it.members()).unwrap_or_default();
        for (name, given) in input.as_object().into_iter().flatten() {
            let member = members.iter().find(|member| member.name == name);
            let text = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
            match member.and_then(|member| Some((member.location?, member.wire_name))) {
                Some(("header", wire)) => {
                    let name = HeaderName::from_bytes(wire.as_bytes());
                    headers.insert(name.map_err(|why| why.to_string())?, value(&text)?);
                }
                Some((_, wire)) => {
                    target.push(if target.contains('?') { '&' } else { '?' });
                    target.extend([wire, "=", &percent::encode(&text)]);
                }
                None => drop(body.insert(name.clone(), given.clone())),
            }
        }
        let body = if binding.method == "GET" {
            Vec::new()
        } else {
            Value::Object(body).to_string().into()
        };
        let request = Request { method: binding.method, target: &target, headers, body: &body };
        let answer = request.send(self.address)?;
        let output = read_json(&answer)?;
        if answer.status == 200 {
            return Ok(Reply { error: None, message: String::new(), output });
        }
        let text = |name: &str| output.get(name).and_then(Value::as_str).map(str::to_owned);
        let message = text("error_description").or_else(|| text("message")).unwrap_or_default();
        let error = answer.header("x-amzn-errortype").map(str::to_owned);
        Ok(Reply { error, message, output: Value::Null })
    }

    fn headers(&self, content_type: &str) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, value(&self.address.to_string())?);
        headers.insert(CONTENT_TYPE, value(content_type)?);
        Ok(headers)
    }

    fn signed(&self, service: &str, mut headers: HeaderMap, body: &[u8]) -> Result<Answer, String> {
        let now_ms = now_ms();
        let refused = |fault: model::Fault| format!("{fault:?}");
        let signer =
            Signer::new("test", "test", None, (REGION, service), now_ms).map_err(refused)?;
        let whole = BodyToSign::Whole(body);
        signer.sign(("POST", "/", ""), &mut headers, whole, now_ms).map_err(refused)?;
        Request { method: "POST", target: "/", headers, body }.send(self.address)
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

fn value(text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|why| why.to_string())
}

#[expect(clippy::disallowed_methods, reason = "a client has a clock of its own")]
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    i64::try_from(since.unwrap_or(Duration::ZERO).as_millis()).unwrap_or(i64::MAX)
}
