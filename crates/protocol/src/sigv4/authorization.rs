//! The `Authorization` header of a signed request.

use model::{Fault, SignatureFlaw};

/// `AWS4-HMAC-SHA256 Credential=<key id>/<scope>, SignedHeaders=<a;b>, Signature=<hex>`, taken apart.
#[derive(Clone, Copy, Debug)]
pub struct Authorization<'a> {
    /// `<key id>/<scope>`: the name under which a derived key can be remembered.
    pub credential: &'a str,
    pub key_id: &'a str,
    /// `<date>/<region>/<service>/aws4_request`.
    pub scope: &'a str,
    pub date: &'a str,
    pub region: &'a str,
    pub service: &'a str,
    /// Lower-case names between semicolons.
    pub signed_headers: &'a str,
    pub signature: [u8; 32],
}

impl<'a> Authorization<'a> {
    /// Takes the header apart. Nothing is verified yet.
    pub fn parse(header: &'a str) -> Result<Self, Fault> {
        Self::parts(header).ok_or(Fault::bad_signature(
            SignatureFlaw::Mismatched,
            "be AWS4-HMAC-SHA256 with Credential, SignedHeaders and Signature",
        ))
    }

    fn parts(header: &'a str) -> Option<Self> {
        let rest = header.strip_prefix("AWS4-HMAC-SHA256")?;
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in rest.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let place = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return None,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        let credential = credential?;
        let (key_id, scope) = credential.split_once('/')?;
        let mut names = scope.split('/');
        let (date, region, service) = (names.next()?, names.next()?, names.next()?);
        (names.next() == Some("aws4_request") && names.next().is_none()).then_some(())?;
        let signature = signature_bytes(signature?)?;
        let signed_headers = signed_headers?;
        Some(Self { credential, key_id, scope, date, region, service, signed_headers, signature })
    }
}

fn signature_bytes(hex: &str) -> Option<[u8; 32]> {
    let digits = hex.as_bytes().iter().map(|&digit| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    });
    let digits = digits.collect::<Option<Vec<u8>>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    if rest.is_empty() { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "AWS4-HMAC-SHA256 Credential=AKID/20260102/eu-west-1/sso/aws4_request, \
        SignedHeaders=host;x-amz-date, \
        Signature=00000000000000000000000000000000000000000000000000000000000000ff";

    #[test]
    fn a_header_is_taken_apart_with_and_without_spaces() {
        for header in [GOOD.to_owned(), GOOD.replace(", ", ",")] {
            let parsed = Authorization::parse(&header).unwrap();
            assert_eq!(
                (parsed.key_id, parsed.region, parsed.service),
                ("AKID", "eu-west-1", "sso")
            );
            assert_eq!(parsed.signature[31], 0xFF);
        }
    }

    #[test]
    fn a_header_that_is_not_whole_is_refused() {
        for (good, bad) in [
            ("HMAC-SHA256", "HMAC-SHA1"),
            ("/aws4_request", "/aws4_request/x"),
            ("/sso", ""),
            ("SignedHeaders", "Signature"),
            ("ff", "f"),
            ("ff", "fF"),
            ("Credential=", "Credential"),
        ] {
            assert!(Authorization::parse(&GOOD.replace(good, bad)).is_err(), "{bad}");
        }
    }
}
