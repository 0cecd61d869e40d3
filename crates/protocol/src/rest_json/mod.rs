//! REST-JSON 1: sso-oidc and the portal API (sso), by method and path.
//!
//! Smithy, "AWS restJson1 protocol". The names of fields, parameters and headers are those of the
//! service models.

mod oidc;
mod portal;

use http::HeaderMap;
use model::Fault;
use model::service::{Protocol, RestJsonErrors, SSO_OIDC, SSO_PORTAL, Service};
use serde_json::{Map, Value};

use crate::fields::Fields;
use crate::form;

/// The `Content-Type` of every reply.
pub const CONTENT_TYPE: &str = "application/json";

/// The header with the name of the error. The SDKs look only at it.
pub const ERROR_TYPE: &str = "x-amzn-errortype";

/// The header with the access token of a portal session.
pub const BEARER_TOKEN: &str = "x-amz-sso_bearer_token";

/// The method and path of an operation, and the fields that it has outside of the body.
#[derive(Debug, Eq, PartialEq)]
pub struct Route {
    pub service: &'static Service,
    pub method: &'static str,
    pub path: &'static str,
    pub operation: &'static str,
    /// Parameters of the query string, each with its field.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Headers, each with its field.
    pub headers: &'static [(&'static str, &'static str)],
}

/// Every operation that is bound to a method and a path.
pub const ROUTES: &[Route] = &[
    oidc_route("/client/register", "RegisterClient"),
    oidc_route("/device_authorization", "StartDeviceAuthorization"),
    oidc_route("/token", "CreateToken"),
    // AWS: the parameter is `max_result`, without an s.
    portal_route(
        "GET",
        "/assignment/accounts",
        "ListAccounts",
        &[("next_token", "nextToken"), ("max_result", "maxResults")],
    ),
    portal_route(
        "GET",
        "/assignment/roles",
        "ListAccountRoles",
        &[("next_token", "nextToken"), ("max_result", "maxResults"), ("account_id", "accountId")],
    ),
    portal_route(
        "GET",
        "/federation/credentials",
        "GetRoleCredentials",
        &[("role_name", "roleName"), ("account_id", "accountId")],
    ),
    portal_route("POST", "/logout", "Logout", &[]),
];

const fn oidc_route(path: &'static str, operation: &'static str) -> Route {
    Route { service: &SSO_OIDC, method: "POST", path, operation, parameters: &[], headers: &[] }
}

const fn portal_route(
    method: &'static str,
    path: &'static str,
    operation: &'static str,
    parameters: &'static [(&'static str, &'static str)],
) -> Route {
    let headers = &[(BEARER_TOKEN, "accessToken")];
    Route { service: &SSO_PORTAL, method, path, operation, parameters, headers }
}

/// The route of a request, if there is one.
#[must_use]
pub fn find_route(method: &str, path: &str, query: &str) -> Option<&'static Route> {
    // AWS: `/token?aws_iam=t` is CreateTokenWithIAM, a different operation than CreateToken.
    if path == "/token" && query.split('&').any(|pair| pair.split('=').next() == Some("aws_iam")) {
        return None;
    }
    ROUTES.iter().find(|route| route.method == method && route.path == path)
}

impl Route {
    /// The fields of a request. A field that the model binds to the query or a header is taken only
    /// from there, every other field from the body.
    pub fn fields(
        &self,
        query: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Fields<'static>, Fault> {
        if self.service.protocol == Protocol::RestJson(RestJsonErrors::Oidc) {
            return Fields::from_json(body);
        }
        let mut values = Map::new();
        for pair in form::parse_pairs(query) {
            let (name, value) = pair?;
            if let Some((_, field)) = self.parameters.iter().find(|(wire, _)| *wire == name) {
                values.entry(*field).or_insert(Value::String(value.into_owned()));
            }
        }
        for (wire, field) in self.headers {
            if let Some(value) = headers.get(*wire) {
                let text = value.to_str().map_err(|_| Fault::invalid(*field, "be plain text"))?;
                values.insert((*field).to_owned(), Value::String(text.to_owned()));
            }
        }
        Ok(Fields::from_text_map(values))
    }
}

/// The HTTP status, the name of the error (for the header [`ERROR_TYPE`]) and the body.
#[must_use]
pub fn error_reply(errors: RestJsonErrors, fault: &Fault) -> (u16, &'static str, Value) {
    match errors {
        RestJsonErrors::Oidc => oidc::error_reply(fault),
        RestJsonErrors::Portal => portal::error_reply(fault),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn every_field_of_the_portal_comes_from_where_the_model_binds_it() {
        let mut headers = HeaderMap::new();
        headers.insert(BEARER_TOKEN, HeaderValue::from_static("secret"));
        let query = "role_name=Admin%2B&account_id=123456789012&max_result=5&other=1";
        let route = find_route("GET", "/federation/credentials", query).unwrap();
        let fields = route.fields(query, &headers, br#"{"roleName":"Other"}"#).unwrap();
        assert_eq!(fields.names().collect::<Vec<_>>(), ["roleName", "accountId", "accessToken"]);
        assert_eq!(fields.text("roleName"), Ok(Some("Admin+")));
        let route = find_route("GET", "/assignment/accounts", query).unwrap();
        let fields = route.fields(query, &HeaderMap::new(), b"").unwrap();
        assert_eq!(fields.integer("maxResults", 1..=100), Ok(Some(5)));
        assert!(!fields.has("accessToken"));
    }

    #[test]
    fn a_token_for_iam_is_another_operation() {
        assert_eq!(
            find_route("POST", "/token", "").map(|route| route.operation),
            Some("CreateToken")
        );
        for (method, path, query) in [
            ("POST", "/token", "aws_iam=t"),
            ("POST", "/token", "a=b&aws_iam"),
            ("GET", "/token", ""),
            ("POST", "/token/", ""),
            ("POST", "/Token", ""),
        ] {
            assert_eq!(find_route(method, path, query), None, "{method} {path}?{query}");
        }
    }
}
