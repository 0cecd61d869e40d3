//! Sends every served operation all wrong requests that follow from its model. Each must be refused
//! with the right error and the name of the member.

use std::collections::BTreeSet;

use serde_json::Value;

use super::api::{Api, Reply};
use super::model::Model;
use super::product::Served;
use super::violations::{Violation, of_structure};
use super::{model_of, person, unknown_error};

pub fn run(api: &Api, models: &[Model], served: &[Served]) -> Result<BTreeSet<String>, String> {
    let mut gaps = BTreeSet::new();
    let token = person::access_token(api).unwrap_or_else(|why| {
        eprintln!("{why}");
        Value::Null
    });
    for served in served {
        let Some(model) = model_of(models, served) else { continue };
        let Some(input) = model.input(served.operation) else { continue };
        for mut violation in of_structure(input) {
            if violation.is_for_json && is_text(served) {
                continue;
            }
            // The portal authenticates before it reads other members.
            if let Some(place) = violation.value.get_mut("accessToken") {
                place.clone_from(&token);
            }
            let reply = api.call(model, served, &violation.value)?;
            gaps.extend(judge(served, &violation, &reply));
            gaps.extend(reply.error.and_then(|error| unknown_error(model, served, &error)));
        }
    }
    Ok(gaps)
}

/// Tells whether all values are texts in the service's protocol.
fn is_text(served: &Served) -> bool {
    matches!(served.service, "sts" | "sso")
}

// RFC 7591 §3.2.2, RFC 6749 §5.2: each kind of mistake has its own error.
const OAUTH_REFUSALS: &[&str] = &[
    "InvalidClientMetadataException",
    "InvalidRedirectUriException",
    "InvalidRequestException",
    "InvalidScopeException",
    "UnsupportedGrantTypeException",
];

fn judge(served: &Served, violation: &Violation, reply: &Reply) -> Option<String> {
    let Served { service, operation, .. } = served;
    let Violation { path, what, member, .. } = violation;
    let gap = |outcome: &str| Some(format!("{service}.{operation} input {path} {what}: {outcome}"));
    let Some(error) = reply.error.as_deref() else { return gap("accepted") };
    if *service == "sso" && member == "accessToken" {
        // AWS: a request without a valid token is unauthenticated.
        return if error == "UnauthorizedException" { None } else { gap(error) };
    }
    let expected: &[&str] = match *service {
        "organizations" => &["InvalidInputException"],
        "sts" => &["ValidationError"],
        "sso" => &["InvalidRequestException"],
        "sso-oidc" => OAUTH_REFUSALS,
        _ => &["ValidationException"],
    };
    if !expected.contains(&error) {
        return gap(error);
    }
    if reply.message.contains(member.as_str()) { None } else { gap("refused without its name") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SERVED: Served = Served { service: "sso-admin", operation: "Make", name: "X.Make" };

    fn judged(error: Option<&str>, message: &str) -> Option<String> {
        let violation = Violation {
            path: "Tags[0].Key".to_owned(),
            member: "Key".to_owned(),
            what: "is empty",
            value: json!({}),
            is_for_json: false,
        };
        let error = error.map(str::to_owned);
        let reply = Reply { error, message: message.to_owned(), output: Value::Null };
        judge(&SERVED, &violation, &reply)
    }

    #[test]
    fn only_a_refusal_with_the_name_is_right() {
        let right = Some("ValidationException");
        assert_eq!(judged(right, "Tags[0].Key must have length between 1 and 8."), None);
        let gap =
            |outcome: &str| Some(format!("sso-admin.Make input Tags[0].Key is empty: {outcome}"));
        assert_eq!(judged(None, ""), gap("accepted"));
        assert_eq!(judged(Some("ConflictException"), "Key"), gap("ConflictException"));
        assert_eq!(judged(right, "Something is wrong."), gap("refused without its name"));
    }
}
