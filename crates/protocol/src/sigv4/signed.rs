//! A signed request: finding the signature, and verifying it.

use std::borrow::Cow;
use std::fmt;

use http::header::AUTHORIZATION;
use model::{Fault, SignatureFlaw};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::presigned::{SIGNATURE_PARAMETER, TOKEN_PARAMETER};
use super::{
    ALGORITHM, BODY_HASH_HEADER, Credential, Parts, PathForm, SignedBody, SigningKey,
    UNSIGNED_PAYLOAD, canonical_request, header, hex, malformed, presigned,
};
use crate::timestamp::parse_amz_date;

/// How far the clocks of a client and of Portico may differ.
// AWS: five minutes; S3 allows fifteen.
const SKEW_MINUTES_MAX: u64 = 5;
const S3_SKEW_MINUTES_MAX: u64 = 15;

/// A request with a signature that nobody has verified yet.
#[derive(Clone)]
pub struct Signed<'a> {
    parts: Parts<'a>,
    form: Form,
    credential: Credential<'a>,
    /// Lower-case names between semicolons.
    covered: Cow<'a, str>,
    signature: [u8; 32],
    /// `X-Amz-Date` as it was sent.
    date: Cow<'a, str>,
    at_ms: i64,
    session_token: Option<Cow<'a, str>>,
}

/// Where the signature stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Header,
    Query { expires_seconds: i64 },
}

impl<'a> Signed<'a> {
    /// The signature of a request, if it has one.
    ///
    /// An `Authorization` header of another scheme (a bearer token) is none.
    pub fn find(parts: Parts<'a>) -> Result<Option<Self>, Fault> {
        let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
        let header = headers.next().map(|value| value.to_str().unwrap_or(""));
        if headers.next().is_some() {
            return Err(malformed("be in one Authorization header"));
        }
        let foreign = || {
            let must = "be of AWS Signature Version 4 with the algorithm AWS4-HMAC-SHA256";
            Err(Fault::bad_signature(SignatureFlaw::Foreign, must))
        };
        let in_query = presigned::is_in(parts.query);
        let (scheme, parameters) =
            header.map_or(("", ""), |header| header.split_once(' ').unwrap_or((header, "")));
        match scheme {
            ALGORITHM if in_query => {
                Err(malformed("be in the Authorization header or in the query string, not in both"))
            }
            ALGORITHM => header::parse(parts, parameters).map(Some),
            // AWS: "AWS" is version 2; "AWS4-ECDSA-P256-SHA256" is version 4a.
            foreign_scheme if foreign_scheme.starts_with("AWS") => foreign(),
            _ if in_query => presigned::parse(parts).map(Some),
            _ if presigned::is_foreign_in(parts.query) => foreign(),
            _ => Ok(None),
        }
    }

    pub(super) fn new(
        parts: Parts<'a>,
        form: Form,
        credential: Credential<'a>,
        covered: Cow<'a, str>,
        signature: [u8; 32],
        date: Cow<'a, str>,
        session_token: Option<Cow<'a, str>>,
    ) -> Result<Self, Fault> {
        let at_ms = parse_amz_date(&date)
            .ok_or_else(|| malformed("come with X-Amz-Date, like 20260131T235959Z"))?;
        if !date.starts_with(&*credential.date) || credential.date.len() != 8 {
            return Err(malformed("have a credential scope of the day in X-Amz-Date"));
        }
        Ok(Self { parts, form, credential, covered, signature, date, at_ms, session_token })
    }

    /// Key id, day, region and service.
    #[must_use]
    pub fn credential(&self) -> &Credential<'a> {
        &self.credential
    }

    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.credential.key_id
    }

    /// The service that the request is for; the router goes by it.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.credential.service
    }

    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }

    /// When the client says that it signed.
    #[must_use]
    pub fn signed_at_ms(&self) -> i64 {
        self.at_ms
    }

    /// Whether the signature is in a link that was handed on.
    #[must_use]
    pub fn is_presigned(&self) -> bool {
        matches!(self.form, Form::Query { .. })
    }

    /// Accepts the request if `key` signed it, all of it, for this time.
    pub fn verify(&self, key: &SigningKey, body: &[u8], now_ms: i64) -> Result<(), Fault> {
        if self.is_s3() {
            let mut reader = self.verify_head(key, now_ms)?;
            let mut rest = body;
            while reader.take(&mut rest)?.is_some() {}
            return reader.finish().map(drop);
        }
        let hash = hex(&Sha256::digest(body).into());
        let hash = ascii(&hash);
        match self.declared_body()? {
            // AWS: S3 alone takes a body that is not signed as a whole.
            Some(declared) if declared != hash => Err(wrong_body()),
            Some(_) | None => self.verify_with(key, hash, now_ms),
        }
    }

    /// Accepts the request but for its body, which has to pass through what this returns.
    ///
    /// For S3: other services have no way to say what the body will be.
    pub fn verify_head(&self, key: &SigningKey, now_ms: i64) -> Result<SignedBody, Fault> {
        let declared = match (self.declared_body()?, self.form) {
            (Some(declared), _) => declared,
            (None, Form::Query { .. }) if self.is_s3() => Cow::Borrowed(UNSIGNED_PAYLOAD),
            (None, _) => {
                let must = "have the header X-Amz-Content-SHA256";
                return Err(Fault::Unreadable { must: must.into() });
            }
        };
        let body = SignedBody::declared(self, &declared, key)?;
        self.verify_with(key, &declared, now_ms)?;
        Ok(body)
    }

    pub(super) fn is_s3(&self) -> bool {
        self.credential.service == "s3"
    }

    pub(super) fn parts(&self) -> &Parts<'a> {
        &self.parts
    }

    pub(super) fn signature(&self) -> [u8; 32] {
        self.signature
    }

    pub(super) fn date_and_scope(&self) -> String {
        self.credential.date_and_scope(&self.date)
    }

    /// What the client says of the body: a hash, or a word of S3's.
    fn declared_body(&self) -> Result<Option<Cow<'a, str>>, Fault> {
        match self.parts.headers.get(BODY_HASH_HEADER) {
            Some(value) => {
                value.to_str().map(|text| Some(Cow::Borrowed(text))).map_err(|_| wrong_body())
            }
            None if self.is_presigned() => presigned::body_hash(self.parts.query),
            None => Ok(None),
        }
    }

    fn verify_with(&self, key: &SigningKey, body_hash: &str, now_ms: i64) -> Result<(), Fault> {
        self.check_time(now_ms)?;
        self.check_headers()?;
        // AWS: some clients add the session token to a link after they signed it. That is safe: the
        // token decides which secret the key is of.
        let left_out: &[&[&str]] = match (self.form, &self.session_token) {
            (Form::Header, _) => &[&[]],
            (Form::Query { .. }, None) => &[&[SIGNATURE_PARAMETER]],
            (Form::Query { .. }, Some(_)) => {
                &[&[SIGNATURE_PARAMETER], &[SIGNATURE_PARAMETER, TOKEN_PARAMETER]]
            }
        };
        for left_out in left_out {
            let ours = self.sign_with(key, left_out, body_hash)?;
            if bool::from(ours.ct_eq(&self.signature)) {
                return Ok(());
            }
        }
        let must = "match the request, the key and the scope";
        Err(Fault::bad_signature(SignatureFlaw::Mismatched, must))
    }

    fn sign_with(
        &self,
        key: &SigningKey,
        left_out: &[&str],
        body_hash: &str,
    ) -> Result<[u8; 32], Fault> {
        let form = PathForm::of_service(self.service());
        let canonical = canonical_request(&self.parts, form, left_out, &self.covered, body_hash)?;
        Ok(sign_canonical(key, &self.date_and_scope(), &canonical))
    }

    fn check_time(&self, now_ms: i64) -> Result<(), Fault> {
        let minutes = if self.is_s3() { S3_SKEW_MINUTES_MAX } else { SKEW_MINUTES_MAX };
        let apart = self.at_ms.abs_diff(now_ms) > minutes * 60_000;
        let skewed = || {
            let must = format!(
                "be made within {minutes} minutes of the server's time: set the clock of your machine"
            );
            Err(Fault::bad_signature(SignatureFlaw::Skewed, must))
        };
        match self.form {
            Form::Header if apart => skewed(),
            Form::Query { .. } if apart && self.at_ms > now_ms => skewed(),
            Form::Query { expires_seconds } if now_ms - self.at_ms > expires_seconds * 1000 => {
                let must = "be used before it expires. Request has expired";
                Err(Fault::bad_signature(SignatureFlaw::Expired, must))
            }
            Form::Header | Form::Query { .. } => Ok(()),
        }
    }

    // AWS: host and every x-amz-* header must be signed, or a stranger could change them.
    fn check_headers(&self) -> Result<(), Fault> {
        let is_signed = |name: &str| self.covered.split(';').any(|signed| signed == name);
        let mut names = self.parts.headers.keys().map(http::HeaderName::as_str);
        if is_signed("host") && names.all(|name| !name.starts_with("x-amz-") || is_signed(name)) {
            return Ok(());
        }
        let must = "cover the host and every x-amz- header";
        Err(Fault::bad_signature(SignatureFlaw::Uncovered, must))
    }
}

/// The signature of a canonical request.
pub(super) fn sign_canonical(key: &SigningKey, date_and_scope: &str, canonical: &str) -> [u8; 32] {
    let hash: [u8; 64] = hex(&Sha256::digest(canonical.as_bytes()).into());
    let texts: [&[u8]; 4] = [ALGORITHM.as_bytes(), b"\n", date_and_scope.as_bytes(), &hash];
    key.sign(&texts)
}

pub(super) fn wrong_body() -> Fault {
    Fault::bad_signature(
        SignatureFlaw::WrongBody,
        "come with the body whose hash X-Amz-Content-SHA256 is",
    )
}

fn ascii(digits: &[u8; 64]) -> &str {
    std::str::from_utf8(digits).unwrap_or("")
}

/// A signature without the request that it was found in, for a head that goes to another thread.
#[derive(Clone)]
pub struct DetachedSignature {
    form: Form,
    credential: Credential<'static>,
    covered: String,
    signature: [u8; 32],
    date: String,
    at_ms: i64,
    session_token: Option<String>,
}

impl Signed<'_> {
    /// The signature without a reference to its request.
    #[must_use]
    pub fn detach(self) -> DetachedSignature {
        let Credential { key_id, date, region, service } = self.credential;
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        DetachedSignature {
            form: self.form,
            credential: Credential {
                key_id: owned(key_id),
                date: owned(date),
                region: owned(region),
                service: owned(service),
            },
            covered: self.covered.into_owned(),
            signature: self.signature,
            date: self.date.into_owned(),
            at_ms: self.at_ms,
            session_token: self.session_token.map(Cow::into_owned),
        }
    }
}

impl DetachedSignature {
    /// The signature together with the request that it was found in. With other parts, it does not
    /// hold when it is verified.
    #[must_use]
    pub fn attach<'a>(&'a self, parts: Parts<'a>) -> Signed<'a> {
        let Credential { key_id, date, region, service } = &self.credential;
        Signed {
            parts,
            form: self.form,
            credential: Credential {
                key_id: Cow::Borrowed(key_id),
                date: Cow::Borrowed(date),
                region: Cow::Borrowed(region),
                service: Cow::Borrowed(service),
            },
            covered: Cow::Borrowed(&self.covered),
            signature: self.signature,
            date: Cow::Borrowed(&self.date),
            at_ms: self.at_ms,
            session_token: self.session_token.as_deref().map(Cow::Borrowed),
        }
    }

    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }
}

// The session token goes with a secret; it stays out of logs.
impl fmt::Debug for Signed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("form", &self.form)
            .field("credential", &self.credential)
            .field("covered", &self.covered)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}
