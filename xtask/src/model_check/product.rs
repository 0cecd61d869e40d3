//! The operations that Portico serves, by the names of the service models.

use model::service::SERVICES;
use protocol::rest_json;

use super::model::{Binding, Model};

/// An operation that Portico serves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Served {
    /// The name of the service in botocore.
    pub service: &'static str,
    pub operation: &'static str,
    /// The name in Portico's table: the target prefix, a dot and the operation.
    pub name: &'static str,
}

/// Portico's own API, which has no model.
const OWN: &str = "portico";

/// The services with a model.
pub fn services() -> impl Iterator<Item = &'static str> {
    SERVICES.iter().filter_map(|service| service.model)
}

/// Every operation of the table.
pub fn served() -> Vec<Served> {
    let each = service::SERVED.iter().flat_map(|(service, operations)| {
        let service = service.model.unwrap_or(OWN);
        operations.iter().map(move |operation| (service, operation.name()))
    });
    let served = |(service, name): (&'static str, &'static str)| {
        let (_, operation) = name.split_once('.').unwrap_or_default();
        Served { service, operation, name }
    };
    each.map(served).collect()
}

/// Operations that the table lacks, has beyond the model, or binds to another place than the model.
pub fn compare(model: &Model, served: &[Served]) -> Vec<String> {
    let service = model.service;
    let ours = served.iter().filter(|served| served.service == service);
    let ours: Vec<&str> = ours.map(|served| served.operation).collect();
    let missing = model.operations().filter(|operation| !ours.contains(operation));
    let mut gaps: Vec<String> =
        missing.map(|operation| format!("{service}.{operation} is not served")).collect();
    for operation in ours {
        if !model.has(operation) {
            gaps.push(format!("{service}.{operation} is not in the model"));
        } else if model.binding(operation) != bound(service, operation) {
            gaps.push(format!("{service}.{operation} is bound to another method or path"));
        }
        gaps.extend(compare_places(model, operation));
    }
    gaps
}

fn route(service: &str, operation: &str) -> Option<&'static rest_json::Route> {
    let mut routes = rest_json::ROUTES.iter();
    routes.find(|route| route.service.model == Some(service) && route.operation == operation)
}

fn bound(service: &str, operation: &str) -> Option<Binding<'static>> {
    match route(service, operation) {
        Some(route) => Some(Binding { method: route.method, path: route.path }),
        None if matches!(service, "sso" | "sso-oidc") => None,
        None => Some(Binding { method: "POST", path: "/" }),
    }
}

/// Members that are read from another header or parameter than the model names.
fn compare_places(model: &Model, operation: &str) -> Vec<String> {
    let Some(route) = route(model.service, operation) else { return Vec::new() };
    let members = model.input(operation).map(|input| input.members()).unwrap_or_default();
    let wrong = members.iter().filter(|member| {
        let place = (member.wire_name, member.name);
        let in_query = route.parameters.contains(&place);
        let in_header = route.headers.iter().any(|(wire, field)| {
            wire.eq_ignore_ascii_case(member.wire_name) && *field == member.name
        });
        match member.location {
            Some("querystring") => !in_query,
            Some("header") => !in_header,
            Some(_) => true,
            None => in_query || in_header,
        }
    });
    let gap = |name: &str| {
        format!("{}.{operation} input {name} is read from another place", model.service)
    };
    wrong.map(|member| gap(member.name)).collect()
}
