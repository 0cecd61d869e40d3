//! A signature without the request that it was found in, for a head that goes to another thread.

use std::borrow::Cow;

use super::credential::Credential;
use super::parts::Parts;
use super::signed::{Form, Signed};

/// A signature that is not verified yet, without a reference to its request.
#[derive(Clone)]
pub struct DetachedSignature {
    form: Form,
    credential: Credential<'static>,
    header_names: String,
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
            header_names: self.header_names.into_owned(),
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
            header_names: Cow::Borrowed(&self.header_names),
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
