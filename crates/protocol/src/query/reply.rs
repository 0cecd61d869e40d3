//! Replies of AWS Query: results and errors in XML.

use model::{Fault, SignatureFlaw};
use serde_json::Value;

use crate::sentence::sentence;
use crate::xml;

/// The `Content-Type` of every reply.
pub const CONTENT_TYPE: &str = "text/xml";

/// The reply of an operation, in the XML namespace of its service. `result` is its reply as JSON: an object, or null.
#[must_use]
pub fn xml_reply(namespace: &str, action: &str, result: &Value, request_id: &str) -> String {
    let mut text = String::with_capacity(512);
    let root = format!("{action}Response");
    root_into(&mut text, &root, namespace);
    // AWS: an operation whose model has no output has no result element.
    if !result.is_null() {
        value_into(&mut text, &format!("{action}Result"), result);
    }
    xml::open_into(&mut text, "ResponseMetadata");
    xml::element_into(&mut text, "RequestId", request_id);
    xml::close_into(&mut text, "ResponseMetadata");
    xml::close_into(&mut text, &root);
    text
}

/// The HTTP status, the code and the body of the reply to a request with this fault.
#[must_use]
pub fn error_reply(
    namespace: &str,
    fault: &Fault,
    request_id: &str,
) -> (u16, &'static str, String) {
    let (status, code) = spelling(fault);
    let mut text = String::with_capacity(384);
    root_into(&mut text, "ErrorResponse", namespace);
    xml::open_into(&mut text, "Error");
    xml::element_into(&mut text, "Type", if status < 500 { "Sender" } else { "Receiver" });
    xml::element_into(&mut text, "Code", code);
    xml::element_into(&mut text, "Message", &sentence(fault));
    xml::close_into(&mut text, "Error");
    xml::element_into(&mut text, "RequestId", request_id);
    xml::close_into(&mut text, "ErrorResponse");
    (status, code, text)
}

fn root_into(text: &mut String, name: &str, namespace: &str) {
    // The name of an action comes from the request, so `open_into` replaces what no name may hold.
    xml::open_into(text, name);
    text.pop();
    text.push_str(" xmlns=\"");
    xml::text_into(text, namespace);
    text.push_str("\">");
}

/// Appends a value: members of a structure under their names, members of a list under `member`. A
/// null is left out.
fn value_into(text: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(truth) => xml::element_into(text, name, if *truth { "true" } else { "false" }),
        Value::Number(number) => xml::element_into(text, name, &number.to_string()),
        Value::String(content) => xml::element_into(text, name, content),
        Value::Array(items) => {
            xml::open_into(text, name);
            for item in items {
                value_into(text, "member", item);
            }
            xml::close_into(text, name);
        }
        Value::Object(members) => {
            xml::open_into(text, name);
            for (name, member) in members {
                value_into(text, name, member);
            }
            xml::close_into(text, name);
        }
    }
}

// INVARIANT: the one table of Query codes; no `_ =>` arm.
fn spelling(fault: &Fault) -> (u16, &'static str) {
    match fault {
        Fault::UnknownOperation { .. } => (400, "InvalidAction"),
        Fault::Unreadable { .. } => (400, "MalformedInput"),
        Fault::TooLarge { .. } => (413, "RequestEntityTooLarge"),
        Fault::Invalid { .. } => (400, "ValidationError"),
        Fault::Unsigned => (403, "MissingAuthenticationToken"),
        Fault::UnknownKey | Fault::RevokedKey => (403, "InvalidClientTokenId"),
        Fault::ExpiredKey => (403, "ExpiredToken"),
        Fault::BadSignature { flaw, .. } => bad_signature(*flaw),
        Fault::Denied(_) | Fault::NotAdmitted { .. } | Fault::NoSession | Fault::NoAccess => {
            (403, "AccessDenied")
        }
        // AWS: iam has one code for every missing entity. sts names no entity that can be missing.
        Fault::NotFound { .. } => (404, "NoSuchEntity"),
        Fault::NotUnique { .. } => (409, "EntityAlreadyExists"),
        Fault::Conflict { .. } => (409, "DeleteConflict"),
        Fault::StaleRevision => (409, "ConcurrentModification"),
        Fault::Quota { .. } => (409, "LimitExceeded"),
        Fault::Unsupported { .. } => (400, "UnsupportedOperation"),
        Fault::OAuth(_) => (400, "InvalidIdentityToken"),
        // AWS: the SDKs try again, with growing pauses, when they read this code.
        Fault::Contended | Fault::Busy | Fault::Throttled { .. } => (400, "Throttling"),
        Fault::Unavailable(_) => (503, "ServiceUnavailable"),
        Fault::Broken(_) => (500, "InternalFailure"),
    }
}

fn bad_signature(flaw: SignatureFlaw) -> (u16, &'static str) {
    match flaw {
        SignatureFlaw::Malformed | SignatureFlaw::MalformedLink | SignatureFlaw::Foreign => {
            (400, "IncompleteSignature")
        }
        SignatureFlaw::Skewed | SignatureFlaw::Expired => (400, "RequestExpired"),
        SignatureFlaw::Uncovered | SignatureFlaw::WrongBody | SignatureFlaw::Mismatched => {
            (403, "SignatureDoesNotMatch")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const STS: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
    const IAM: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

    #[test]
    fn a_result_is_written_as_its_model_says() {
        let result = json!({"Arn": "a<b", "Tags": [{"Key": "k"}, "v"], "Empty": [], "Many": false, "No": null, "Size": 3});
        insta::assert_snapshot!(
            xml_reply(STS, "GetCallerIdentity", &result, "r-1"),
            @r#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>a&lt;b</Arn><Tags><member><Key>k</Key></member><member>v</member></Tags><Empty></Empty><Many>false</Many><Size>3</Size></GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"#
        );
        insta::assert_snapshot!(
            xml_reply(IAM, "DeleteRole", &Value::Null, "r-1"),
            @r#"<DeleteRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></DeleteRoleResponse>"#
        );
    }

    #[test]
    fn an_error_says_whose_fault_it_is() {
        let (status, code, body) = error_reply(STS, &Fault::ExpiredKey, "r-1");
        assert_eq!((status, code), (403, "ExpiredToken"));
        insta::assert_snapshot!(
            body,
            @r#"<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired.</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"#
        );
        let (status, code, body) = error_reply(STS, &Fault::broken("SELECT secret"), "r-1");
        assert_eq!((status, code), (500, "InternalFailure"));
        assert!(body.contains("<Type>Receiver</Type>") && !body.contains("SELECT"));
    }
}
