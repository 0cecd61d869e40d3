//! Verifying a signature.

use std::borrow::Cow;

use model::{Fault, SignatureFlaw};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::body::{SignedBody, wrong_body};
use super::body_fault::BodyFault;
use super::canonical::{PathForm, canonical_request};
use super::chunked::Chain;
use super::hex::hex;
use super::parts::{BODY_HASH_HEADER, UNSIGNED_PAYLOAD};
use super::query::{BODY_HASH_PARAMETER, SIGNATURE_PARAMETER, TOKEN_PARAMETER, decoded, find};
use super::signed::{Form, Signed};
use super::signing_key::SigningKey;

/// Maximum difference between the clocks of a client and of Portico.
// AWS: five minutes; S3 allows fifteen.
const SKEW_MINUTES_MAX: u64 = 5;
const S3_SKEW_MINUTES_MAX: u64 = 15;

impl<'a> Signed<'a> {
    /// Accepts the request if `key` signed all of it and the signature is valid at this time.
    pub fn verify(&self, key: &SigningKey, body: &[u8], now_ms: i64) -> Result<(), Fault> {
        if self.is_s3() {
            let mut reader = self.verify_head(key, now_ms)?;
            let mut rest = body;
            while reader.take(&mut rest).map_err(BodyFault::into_fault)?.is_some() {}
            return reader.finish().map(drop).map_err(BodyFault::into_fault);
        }
        let hash = hex(&Sha256::digest(body).into());
        let hash = ascii(&hash);
        match self.declared_body()? {
            // AWS: only S3 takes a body that is not signed as a whole.
            Some(declared) if declared != hash => Err(wrong_body()),
            Some(_) | None => self.verify_with(key, hash, now_ms),
        }
    }

    /// Accepts the request except its body, which must pass through the returned [`SignedBody`].
    ///
    /// Only for S3: other services cannot declare a body before it arrives.
    pub fn verify_head(&self, key: &SigningKey, now_ms: i64) -> Result<SignedBody, Fault> {
        let declared = match (self.declared_body()?, self.form) {
            (Some(declared), _) => declared,
            (None, Form::Query { .. }) if self.is_s3() => Cow::Borrowed(UNSIGNED_PAYLOAD),
            (None, _) => {
                let must = "have the header X-Amz-Content-SHA256";
                return Err(Fault::Unreadable { must: must.into() });
            }
        };
        let body = self.body_reader(&declared, key)?;
        self.verify_with(key, &declared, now_ms)?;
        Ok(body)
    }

    /// The declaration of the body: a hash, or a keyword of S3.
    fn declared_body(&self) -> Result<Option<Cow<'a, str>>, Fault> {
        match self.parts.headers.get(BODY_HASH_HEADER) {
            Some(value) => {
                value.to_str().map(|text| Some(Cow::Borrowed(text))).map_err(|_| wrong_body())
            }
            None if self.is_presigned() => body_hash(self.parts.query),
            None => Ok(None),
        }
    }

    fn body_reader(&self, declared: &str, key: &SigningKey) -> Result<SignedBody, Fault> {
        if !self.is_s3() {
            return SignedBody::hashed(declared);
        }
        let chain = || Chain::new(key.clone(), self.date_and_scope(), self.signature);
        SignedBody::declared(declared, self.parts.headers, chain)
    }

    // INVARIANT: the time is checked last, so that a fault of time says that the holder of the key signed.
    fn verify_with(&self, key: &SigningKey, body_hash: &str, now_ms: i64) -> Result<(), Fault> {
        self.check_headers()?;
        // AWS: some clients add the session token to a URL after they signed it. That is safe, because
        // the token determines the secret, and a wrong one gives another key.
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
                return self.check_time(now_ms);
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
        let canonical =
            canonical_request(&self.parts, form, left_out, &self.header_names, body_hash)?;
        Ok(key.sign_request(&self.date_and_scope(), &canonical))
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

    // AWS: host and every x-amz-* header must be signed, so that no one can change them.
    fn check_headers(&self) -> Result<(), Fault> {
        let is_signed = |name: &str| self.header_names.split(';').any(|signed| signed == name);
        let mut names = self.parts.headers.keys().map(http::HeaderName::as_str);
        if is_signed("host") && names.all(|name| !name.starts_with("x-amz-") || is_signed(name)) {
            return Ok(());
        }
        let must = "cover the host and every x-amz- header";
        Err(Fault::bad_signature(SignatureFlaw::Uncovered, must))
    }
}

/// The declaration of the body in a query string, where some clients write it.
fn body_hash(query: &str) -> Result<Option<Cow<'_, str>>, Fault> {
    find(query, BODY_HASH_PARAMETER)?.map(decoded).transpose()
}

fn ascii(digits: &[u8; 64]) -> &str {
    std::str::from_utf8(digits).unwrap_or("")
}
