//! Requests signed as AWS's own clients sign them, with the signer of AWS's Rust SDK.
//!
//! IAM User Guide, "AWS Signature Version 4 for API requests".

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use model::service::Protocol;
use serde_json::Value;

use super::{Answer, Keys, Portico, Request};

impl Keys {
    /// An awsJson 1.1 call of `operation`, such as `AWSIdentityStore.ListUsers`.
    pub fn sign_call(&self, operation: &str, input: &Value, portico: &Portico) -> Request {
        let service = signing_name(operation);
        let service = service.unwrap_or_else(|| panic!("{operation} is not of an awsJson service"));
        self.sign(service, aws_json(operation, input.to_string()), portico)
    }

    /// An awsQuery call; `pairs` hold `Action` and `Version`.
    pub fn sign_query(&self, service: &str, pairs: &[(&str, &str)], portico: &Portico) -> Request {
        self.sign(service, Request::post("/").form(pairs), portico)
    }

    /// Signs the request in its `Authorization` header, with every other header it has.
    pub fn sign(&self, service: &str, request: Request, portico: &Portico) -> Request {
        self.sign_in(service, request, &here(portico), SignatureLocation::Headers)
    }

    /// Signs the request in its query, for five minutes.
    pub fn presign(&self, service: &str, request: Request, portico: &Portico) -> Request {
        self.sign_in(service, request, &here(portico), SignatureLocation::QueryParams)
    }

    /// Signs the request in its header, for a server that other programs started, and sends it.
    pub fn send(&self, service: &str, request: Request, address: SocketAddr) -> Answer {
        let at = (address, now());
        self.sign_in(service, request, &at, SignatureLocation::Headers).send(address)
    }

    fn sign_in(
        &self,
        service: &str,
        request: Request,
        (address, time): &(SocketAddr, SystemTime),
        location: SignatureLocation,
    ) -> Request {
        let has_host = request.headers.iter().any(|(name, _)| name == "host");
        let host = address.to_string();
        let mut request = if has_host { request } else { request.header("host", &host) };
        let mut settings = SigningSettings::default();
        settings.signature_location = location;
        if location == SignatureLocation::QueryParams {
            settings.expires_in = Some(Duration::from_mins(5));
        }
        if service == "s3" {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        let Self { id, secret, session_token } = self.clone();
        let identity = Credentials::new(id, secret, session_token, None, "test").into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name(service)
            .time(*time)
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let url = format!("http://{address}{}", request.target);
        let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        // S3 API Reference, "Authenticating Requests: Using Query Parameters": the body is not signed.
        let is_presigned = location == SignatureLocation::QueryParams;
        let body = if is_presigned && service == "s3" {
            SignableBody::UnsignedPayload
        } else {
            SignableBody::Bytes(&request.body)
        };
        let signable = SignableRequest::new(&request.method, url, headers, body).unwrap();
        let (signed, _) = sign(signable, &parameters).unwrap().into_parts();
        let (headers, query) = signed.into_parts();
        for header in headers {
            request = request.header(header.name(), header.value());
        }
        for (name, value) in query {
            let separator = if request.target.contains('?') { '&' } else { '?' };
            let pair = super::http::form_encode(&[(name, value.as_ref())]);
            request.target = format!("{}{separator}{pair}", request.target);
        }
        request
    }
}

/// The name that calls of an awsJson operation are signed for, by the prefix of its target.
pub fn signing_name(target: &str) -> Option<&'static str> {
    let service = model::service::find(target.split('.').next()?)?;
    service.signing_name.filter(|_| matches!(service.protocol, Protocol::AwsJson(_)))
}

/// An awsJson 1.1 request without a signature.
pub fn aws_json(target: &str, body: impl Into<Vec<u8>>) -> Request {
    Request::post("/")
        .header("x-amz-target", target)
        .header("content-type", "application/x-amz-json-1.1")
        .body(body)
}

#[expect(clippy::disallowed_methods, reason = "a client has a clock of its own")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// The address of a server, and its time.
fn here(portico: &Portico) -> (SocketAddr, SystemTime) {
    (portico.address, now() + Duration::from_secs(portico.clock_ahead_s().unsigned_abs()))
}
