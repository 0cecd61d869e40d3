//! A signed request: its credential, form and time.

use std::borrow::Cow;
use std::fmt;

use model::Fault;

use super::credential::Credential;
use super::parts::{Parts, malformed, malformed_link};
use crate::timestamp::parse_amz_date;

/// A request with a signature that is not verified yet.
#[derive(Clone)]
pub struct Signed<'a> {
    pub(super) parts: Parts<'a>,
    pub(super) form: Form,
    pub(super) credential: Credential<'a>,
    /// Lower-case names, separated by semicolons.
    pub(super) header_names: Cow<'a, str>,
    pub(super) signature: [u8; 32],
    /// `X-Amz-Date` as it was sent.
    pub(super) date: Cow<'a, str>,
    pub(super) at_ms: i64,
    pub(super) session_token: Option<Cow<'a, str>>,
}

/// The place of the signature in the request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Header,
    Query { expires_seconds: i64 },
}

impl<'a> Signed<'a> {
    pub(super) fn new(
        parts: Parts<'a>,
        form: Form,
        credential: Credential<'a>,
        header_names: Cow<'a, str>,
        signature: [u8; 32],
        date: Cow<'a, str>,
        session_token: Option<Cow<'a, str>>,
    ) -> Result<Self, Fault> {
        let malformed = match form {
            Form::Header => malformed,
            Form::Query { .. } => malformed_link,
        };
        let at_ms = parse_amz_date(&date)
            .ok_or_else(|| malformed("come with X-Amz-Date, like 20260131T235959Z"))?;
        if !date.starts_with(&*credential.date) || credential.date.len() != 8 {
            return Err(malformed("have a credential scope of the day in X-Amz-Date"));
        }
        Ok(Self { parts, form, credential, header_names, signature, date, at_ms, session_token })
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

    /// The service of the credential scope. The router uses it.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.credential.service
    }

    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }

    /// The time of the signature, as the client states it.
    #[must_use]
    pub fn signed_at_ms(&self) -> i64 {
        self.at_ms
    }

    /// Tells whether the signature is in the query string.
    #[must_use]
    pub fn is_presigned(&self) -> bool {
        matches!(self.form, Form::Query { .. })
    }

    pub(super) fn is_s3(&self) -> bool {
        self.credential.service == "s3"
    }

    pub(super) fn date_and_scope(&self) -> String {
        self.credential.date_and_scope(&self.date)
    }
}

// INVARIANT: the session token stays out of logs.
impl fmt::Debug for Signed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("form", &self.form)
            .field("credential", &self.credential)
            .field("header_names", &self.header_names)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}
