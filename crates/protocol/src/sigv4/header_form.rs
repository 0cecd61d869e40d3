//! The header form: a signature in `Authorization`, beside `X-Amz-Date` and `X-Amz-Security-Token`.

use std::borrow::Cow;

use model::Fault;

use super::credential::Credential;
use super::hex::unhex;
use super::parts::{DATE_HEADER, Parts, TOKEN_HEADER, malformed};
use super::signed::{Form, Signed};
use crate::timestamp::{amz_date, parse_http_date};

/// Reads the parameters that follow the algorithm. Nothing is verified here.
pub(super) fn parse<'a>(parts: Parts<'a>, parameters: &'a str) -> Result<Signed<'a>, Fault> {
    let [credential, signed_headers, signature] = take_apart(parameters)
        .ok_or_else(|| malformed("have Credential, SignedHeaders and Signature, once each"))?;
    let credential = Credential::parse(credential).ok_or_else(|| {
        malformed("have a Credential of key id, date, region, service and aws4_request")
    })?;
    let signature =
        unhex(signature).ok_or_else(|| malformed("be 64 lower-case hexadecimal digits"))?;
    let header = |name: &str| match parts.headers.get(name).map(|value| value.to_str()) {
        None => Ok(None),
        Some(Ok(text)) => Ok(Some(Cow::Borrowed(text))),
        Some(Err(_)) => Err(malformed("come with headers of plain text")),
    };
    // AWS: the time of a request is in X-Amz-Date or, without that, in Date. The signature covers it either way.
    let date = match header(DATE_HEADER)? {
        Some(date) => date,
        None => header("date")?
            .and_then(|date| read_date(&date))
            .map(|at_ms| amz_date(at_ms).into())
            .ok_or_else(|| malformed("come with X-Amz-Date, or with a Date of HTTP"))?,
    };
    let token = header(TOKEN_HEADER)?;
    Signed::new(parts, Form::Header, credential, signed_headers.into(), signature, date, token)
}

/// Milliseconds of a `Date`.
fn read_date(text: &str) -> Option<i64> {
    // AWS: botocore writes the zone of mails, RFC 5322 §3.3, for that of HTTP.
    match text.strip_suffix("-0000") {
        Some(rest) => parse_http_date(&format!("{rest}GMT")),
        None => parse_http_date(text),
    }
}

fn take_apart(parameters: &str) -> Option<[&str; 3]> {
    let mut values = [None; 3];
    let [credential, signed_headers, signature] = &mut values;
    for parameter in parameters.split(',') {
        let (name, value) = parameter.trim().split_once('=')?;
        let place = match name {
            "Credential" => &mut *credential,
            "SignedHeaders" => &mut *signed_headers,
            "Signature" => &mut *signature,
            _ => return None,
        };
        if place.replace(value).is_some() {
            return None;
        }
    }
    let [credential, signed_headers, signature] = values;
    Some([credential?, signed_headers?, signature?])
}
