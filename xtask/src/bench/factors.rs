//! Second factors: what the checks of a code and of a security key's answer cost, without the requests around them.

use std::time::Duration;

use protocol::totp::{TotpKey, step_of};
use serde_json::json;
use webauthn::{Credential, Refusal, RelyingParty};

use super::controls::median;
use super::options::Options;
use super::report::{Row, number};
use super::watch::{Watch, now_ms};

const TOTP: &str = "TOTP check";
const ASSERTION: &str = "WebAuthn assertion, ES256";

/// Number of checks between two looks at the clock.
const ROUND: u32 = 20;

// Web Authentication Level 3 §16.2: an ES256 credential with no attestation, and the authentication with it.
const ID: &str = "-R85HbTJsv3g6nAYnLo_tj9Xm6YSKzOtlP8-wzAIS-Q";
const POINT: &str =
    "BK_voW-XypstI-uGzLZAmNINuQhWBi6yScM6m2cvJt9hkwpWuHovymYzSwNFir-HlxfBLMaO1zKQry4mZHlrkiA";
const CHALLENGE: [u8; 32] = [
    0x39, 0xc0, 0xe7, 0x52, 0x14, 0x17, 0xba, 0x54, 0xd4, 0x3e, 0x8d, 0xc9, 0x51, 0x74, 0xf4, 0x23,
    0xde, 0xe9, 0xbf, 0x3c, 0xd8, 0x04, 0xff, 0x6d, 0x65, 0xc8, 0x57, 0xc9, 0xab, 0xf4, 0xd4, 0x08,
];
const DATA: &str = "v6vDdDKViwYzYNOtZGHJxHNa5_jt1GWSpeDwFFKy5LUZAAAAAA";
const CLIENT_DATA: &str = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiT2NEblVoUVh1bFRVUG8zSlVYVDBJOTdwdnp6WUJQOXRaY\
    2hYeWF2MDFBZyIsIm9yaWdpbiI6Imh0dHBzOi8vZXhhbXBsZS5vcmciLCJjcm9zc09yaWdpbiI6ZmFsc2V9";
const SIGNATURE: &str = "MEYCIQD1Ck4uRAkknEqFO6NhKC8JhB303UVHoTqHeAIY3v_NOAIhAISArA8Lk1OBdPV1vxGh3V14xuSGAT-TcpXqE2U-Mx6H";

pub fn rows(options: &Options) -> Vec<Row> {
    vec![totp(options), assertion(options)]
}

/// The check of a right code, at the present step and those beside it.
fn totp(options: &Options) -> Row {
    let Some(key) = TotpKey::from_bytes(b"12345678901234567890") else {
        return Row::unmeasured(TOTP, None, "a key of another length".to_owned());
    };
    let now = step_of(now_ms());
    let code = key.code(now - 1);
    measured(TOTP, options, || key.find_step(&code, now, 1).is_some())
}

fn assertion(options: &Options) -> Row {
    let (state, answer, party) = match vector() {
        Ok(vector) => vector,
        Err(refusal) => return Row::unmeasured(ASSERTION, None, refusal.reason().to_owned()),
    };
    measured(ASSERTION, options, || party.finish_assertion(&state, &answer).is_ok())
}

/// The ceremony of the standard: its sealed state, the answer of the browser, and the server.
fn vector() -> Result<(String, String, RelyingParty), Refusal> {
    let credential = json!({
        "id": ID, "user_handle": "AQEBAQEBAQEBAQEBAQEBAQ", "counter": 0, "is_backup_eligible": true,
        "public_key": {"algorithm": "ES256", "point": POINT},
        "attestation": {"format": "none", "aaguid": "", "is_verified": false},
    });
    let credential = Credential::read(&credential.to_string(), 0)?;
    let party = RelyingParty::of("https://example.org").ok_or(Refusal::Unreadable)?;
    let begun = party.begin_assertion(CHALLENGE, &[credential])?;
    let answer = json!({
        "id": ID, "rawId": ID, "type": "public-key", "clientExtensionResults": {},
        "response": {
            "clientDataJSON": CLIENT_DATA, "authenticatorData": DATA, "signature": SIGNATURE,
        },
    });
    Ok((begun.state, answer.to_string(), party))
}

/// The median of slices of a check that succeeds.
fn measured(what: &str, options: &Options, check: impl Fn() -> bool) -> Row {
    let slice = (options.slice / 4).max(Duration::from_millis(50));
    let mut micros = Vec::new();
    for _ in 0..options.slices {
        let (watch, mut done) = (Watch::start(), 0);
        while watch.elapsed() < slice {
            for _ in 0..ROUND {
                if !check() {
                    return Row::unmeasured(what, None, "the check fails".to_owned());
                }
            }
            done += ROUND;
        }
        micros.push(watch.micros() / f64::from(done));
    }
    Row::told(what, None, format!("{} µs", number(median(&mut micros))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checks_that_are_measured_succeed() {
        let options = Options::parse(&["--quick"]).unwrap();
        for row in rows(&options) {
            assert!(row.measured.ends_with(" µs"), "{row:?}");
        }
    }
}
