//! The trailing headers of a body in chunks, and their signature.

use http::{HeaderMap, HeaderName, HeaderValue};
use model::{Fault, SignatureFlaw};

use super::chain::{Chain, is_same};
use super::headers::{TRAILER, TRAILER_SIGNATURE};
use crate::sigv4::body_fault::BodyFault;
use crate::sigv4::hex::unhex;

/// Maximum number of trailing headers. Clients send one for each checksum algorithm.
const TRAILERS_MAX: usize = 8;

#[derive(Debug)]
pub(super) struct Trailer {
    announced: Vec<HeaderName>,
    headers: HeaderMap,
    /// The headers in the form that their signature covers.
    signed_text: String,
    /// True if the signature was verified, or none is needed.
    is_signed: bool,
}

impl Trailer {
    /// The trailer that the headers of a request announce; without headers, an empty one.
    pub(super) fn new(headers: Option<&HeaderMap>, has_chain: bool) -> Result<Self, Fault> {
        let announced = headers.map(announced).transpose()?.unwrap_or_default();
        // Clients do not sign a trailer without headers.
        let is_signed = !has_chain || announced.is_empty();
        Ok(Self { announced, headers: HeaderMap::new(), signed_text: String::new(), is_signed })
    }

    /// Reads a line; `chain` verifies the signature of the trailer.
    pub(super) fn read(&mut self, line: &str, chain: Option<&mut Chain>) -> Result<(), BodyFault> {
        let without_colon = BodyFault::Trailer("have trailing headers with a colon");
        let (name, value) = line.split_once(':').ok_or(without_colon)?;
        let (name, value) = (name.trim_ascii().to_ascii_lowercase(), value.trim_ascii());
        if name == TRAILER_SIGNATURE && !self.is_signed {
            self.is_signed = true;
            let ours = chain.map(|chain| chain.sign_trailer(&self.signed_text));
            let theirs = unhex(value);
            let same = ours.zip(theirs).is_some_and(|(ours, theirs)| is_same(&ours, &theirs));
            return if same { Ok(()) } else { Err(mismatched()) };
        }
        let announced = self.announced.iter().find(|header| **header == *name);
        let unannounced = BodyFault::Trailer("announce each trailing header in x-amz-trailer");
        let header = announced.ok_or(unannounced)?;
        let content = HeaderValue::from_str(value)
            .map_err(|_| BodyFault::Trailer("have trailing headers of plain text"))?;
        if chain.is_some() && self.is_signed {
            let must = "have no trailing header behind the trailer's signature";
            return Err(BodyFault::Trailer(must));
        }
        for part in [&*name, ":", value, "\n"] {
            self.signed_text.push_str(part);
        }
        match self.headers.insert(header, content) {
            None => Ok(()),
            Some(_) => Err(BodyFault::Trailer("have each trailing header once")),
        }
    }

    /// Accepts the end of the trailer if every announced header and the signature arrived.
    pub(super) fn check_end(&self) -> Result<(), BodyFault> {
        if !self.is_signed {
            return Err(BodyFault::Trailer("have an x-amz-trailer-signature"));
        }
        // A missing trailing header means that the body was cut off or tampered with.
        if self.headers.len() != self.announced.len() {
            let must = "have each trailing header that x-amz-trailer announces";
            return Err(BodyFault::Trailer(must));
        }
        Ok(())
    }

    pub(super) fn into_headers(self) -> HeaderMap {
        self.headers
    }
}

fn announced(headers: &HeaderMap) -> Result<Vec<HeaderName>, Fault> {
    let bad = || unreadable("name its trailing headers in x-amz-trailer");
    let mut announced = Vec::new();
    for value in headers.get_all(TRAILER) {
        for name in value.to_str().map_err(|_| bad())?.split(',') {
            let name: HeaderName = name.trim_ascii().parse().map_err(|_| bad())?;
            if announced.contains(&name)
                || name == TRAILER_SIGNATURE
                || announced.len() == TRAILERS_MAX
            {
                return Err(bad());
            }
            announced.push(name);
        }
    }
    Ok(announced)
}

/// The fault of a chunk or trailer whose signature does not match.
pub(super) fn mismatched() -> BodyFault {
    let must = "match each chunk, the chunk before it and the trailing headers";
    Fault::bad_signature(SignatureFlaw::Mismatched, must).into()
}

/// The fault of a head that does not announce its chunks in the required form.
pub(super) fn unreadable(must: &'static str) -> Fault {
    Fault::Unreadable { must: must.into() }
}
