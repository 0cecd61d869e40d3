//! Signing as a client: for the load driver, tests and outgoing calls.

use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::Fault;
use sha2::{Digest, Sha256};

use super::canonical::{PathForm, canonical_request};
use super::chunked::Chain;
use super::credential::Credential;
use super::hex::{hex, push_ascii};
use super::parts::{
    ALGORITHM, BODY_HASH_HEADER, DATE_HEADER, Parts, TOKEN_HEADER, UNSIGNED_PAYLOAD,
};
use super::query::{
    ALGORITHM_PARAMETER, CREDENTIAL_PARAMETER, DATE_PARAMETER, EXPIRES_PARAMETER,
    SIGNATURE_PARAMETER, SIGNED_HEADERS_PARAMETER, TOKEN_PARAMETER,
};
use super::signing_key::SigningKey;
use crate::form;
use crate::timestamp::amz_date;

/// The signed part of a body.
#[derive(Clone, Copy, Debug)]
pub enum BodyToSign<'a> {
    Whole(&'a [u8]),
    /// `UNSIGNED-PAYLOAD`, or a keyword of S3 for bodies in chunks.
    Declared(&'a str),
}

/// Signs requests for one key id, region and service on one day.
#[derive(Clone, Debug)]
pub struct Signer {
    credential: Credential<'static>,
    key: SigningKey,
    session_token: Option<HeaderValue>,
}

impl Signer {
    /// Derives the key for the day of `at_ms`.
    pub fn new(
        key_id: &str,
        secret: &str,
        session_token: Option<&str>,
        (region, service): (&str, &str),
        at_ms: i64,
    ) -> Result<Self, Fault> {
        let date = amz_date(at_ms);
        let date = date.split('T').next().unwrap_or_default();
        let [key_id, date, region, service] =
            [key_id, date, region, service].map(|part| part.to_owned().into());
        let credential = Credential { key_id, date, region, service };
        let key = SigningKey::derive(secret, &credential);
        let session_token = session_token.map(header_value).transpose()?;
        Ok(Self { credential, key, session_token })
    }

    /// Adds the headers of a signature to `headers`, which has `host` already.
    ///
    /// Signs every header in `headers`. The returned chain signs the chunks of the body, if it has any.
    pub fn sign(
        &self,
        (method, path, query): (&str, &str, &str),
        headers: &mut HeaderMap,
        body: BodyToSign<'_>,
        at_ms: i64,
    ) -> Result<Chain, Fault> {
        let date = amz_date(at_ms);
        headers.insert(DATE_HEADER, header_value(&date)?);
        if let Some(token) = &self.session_token {
            headers.insert(TOKEN_HEADER, token.clone());
        }
        let mut body_hash = String::with_capacity(64);
        match body {
            BodyToSign::Whole(body) => push_ascii(&mut body_hash, &hash(body)),
            BodyToSign::Declared(word) => body_hash.push_str(word),
        }
        // AWS: only S3 requires the header.
        if self.credential.service == "s3" || matches!(body, BodyToSign::Declared(_)) {
            headers.insert(BODY_HASH_HEADER, header_value(&body_hash)?);
        }
        headers.remove(AUTHORIZATION);
        let signed_headers = names(headers);
        let parts = Parts { method, path, query, headers };
        let (signature, date_and_scope) =
            self.signature(&parts, &signed_headers, &body_hash, &date)?;
        let mut digits = String::with_capacity(64);
        push_ascii(&mut digits, &hex::<32, 64>(&signature));
        let authorization = authorization_header(&self.credential, &signed_headers, &digits);
        headers.insert(AUTHORIZATION, header_value(&authorization)?);
        Ok(Chain::new(self.key.clone(), date_and_scope, signature))
    }

    /// The query string of a presigned URL, valid for `expires_seconds`. `query` has no signature.
    pub fn presign(
        &self,
        (method, path, query): (&str, &str, &str),
        host: &str,
        expires_seconds: i64,
        at_ms: i64,
    ) -> Result<String, Fault> {
        let date = amz_date(at_ms);
        let (credential, expires) = (self.credential.to_string(), expires_seconds.to_string());
        let mut pairs = vec![
            (ALGORITHM_PARAMETER, ALGORITHM),
            (CREDENTIAL_PARAMETER, &credential),
            (DATE_PARAMETER, &date),
            (EXPIRES_PARAMETER, &expires),
            (SIGNED_HEADERS_PARAMETER, HOST.as_str()),
        ];
        let token = self.session_token.as_ref().and_then(|token| token.to_str().ok());
        pairs.extend(token.map(|token| (TOKEN_PARAMETER, token)));
        let separator = if query.is_empty() { "" } else { "&" };
        let mut query = format!("{query}{separator}{}", form::write_pairs(pairs));
        let headers = HeaderMap::from_iter([(HOST, header_value(host)?)]);
        let parts = Parts { method, path, query: &query, headers: &headers };
        // AWS: the body of a presigned request to S3 is not signed; with other services it is empty.
        let mut body_hash = String::with_capacity(64);
        if self.credential.service == "s3" {
            body_hash.push_str(UNSIGNED_PAYLOAD);
        } else {
            push_ascii(&mut body_hash, &hash(b""));
        }
        let (signature, _) = self.signature(&parts, HOST.as_str(), &body_hash, &date)?;
        for part in ["&", SIGNATURE_PARAMETER, "="] {
            query.push_str(part);
        }
        push_ascii(&mut query, &hex::<32, 64>(&signature));
        Ok(query)
    }

    fn signature(
        &self,
        parts: &Parts<'_>,
        signed_headers: &str,
        body_hash: &str,
        date: &str,
    ) -> Result<([u8; 32], String), Fault> {
        let form = PathForm::of_service(&self.credential.service);
        let canonical = canonical_request(parts, form, &[], signed_headers, body_hash)?;
        let date_and_scope = self.credential.date_and_scope(date);
        Ok((self.key.sign_request(&date_and_scope, &canonical), date_and_scope))
    }
}

/// The signed headers: their names, sorted, separated by semicolons.
fn names(headers: &HeaderMap) -> String {
    let mut names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    names.join(";")
}

fn hash(body: &[u8]) -> [u8; 64] {
    hex(&Sha256::digest(body).into())
}

fn header_value(text: &str) -> Result<HeaderValue, Fault> {
    HeaderValue::from_str(text).map_err(|_| Fault::broken("a signature's header is no header"))
}

fn authorization_header(
    credential: &Credential<'_>,
    signed_headers: &str,
    signature: &str,
) -> String {
    format!(
        "{ALGORITHM} Credential={credential}, SignedHeaders={signed_headers}, Signature={signature}"
    )
}
