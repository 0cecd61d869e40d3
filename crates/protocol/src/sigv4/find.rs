//! Finding the signature of a request, in the header or in the query string.

use http::header::AUTHORIZATION;
use model::{Fault, SignatureFlaw};

use super::parts::{ALGORITHM, Parts, malformed};
use super::signed::Signed;
use super::{header_form, query_form};

impl<'a> Signed<'a> {
    /// The signature of a request, if it has one.
    ///
    /// An `Authorization` header of another scheme (a bearer token) is not a signature.
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
        let in_query = query_form::has_signature(parts.query);
        let (scheme, parameters) =
            header.map_or(("", ""), |header| header.split_once(' ').unwrap_or((header, "")));
        match scheme {
            ALGORITHM if in_query => {
                Err(malformed("be in the Authorization header or in the query string, not in both"))
            }
            ALGORITHM => header_form::parse(parts, parameters).map(Some),
            // AWS: "AWS" is version 2; "AWS4-ECDSA-P256-SHA256" is version 4a.
            foreign_scheme if foreign_scheme.starts_with("AWS") => foreign(),
            _ if in_query => query_form::parse(parts).map(Some),
            _ if query_form::has_version_2_signature(parts.query) => foreign(),
            _ => Ok(None),
        }
    }
}
