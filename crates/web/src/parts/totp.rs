//! The registration of an authenticator app: what it is, its code to scan, its key, and the box for its first code.

use fast_qr::{ECL, QRBuilder, QRCode};
use maud::{Markup, html};
use sign_in::new_totp::MFA_CODE;
use sign_in::totp_offer::TotpOffer;

use super::copy::copy_lines;
use super::field::Field;
use super::second_factor::clock_hint;

/// Name of a device unless the person gives it another.
pub const APP_NAME: &str = "Authenticator app";

/// Field with the name of a device.
pub(crate) const DEVICE_NAME: &str = "device_name";

/// Complaint about the name of a device.
pub(crate) const WRONG_NAME: &str = "The name must have 1 to 64 visible characters.";

/// Width of the empty rim around a QR code, in modules. ISO/IEC 18004 asks for four; the white frame of the page adds to
/// these two.
const RIM: usize = 2;

/// App that a person is about to register.
pub struct Offered<'a> {
    /// The offer, sealed for the form.
    pub sealed: &'a str,
    /// Address for the QR code.
    pub address: &'a str,
    pub key_in_groups: &'a str,
    /// Name of the device, as typed.
    pub name: &'a str,
    pub complaint: Option<&'a str>,
    /// Complaint about the name of the device.
    pub name_complaint: Option<&'a str>,
    pub now_ms: i64,
}

impl<'a> Offered<'a> {
    pub(crate) fn of(offer: &'a TotpOffer, name: &'a str, now_ms: i64) -> Self {
        Self {
            sealed: &offer.sealed,
            address: &offer.address,
            key_in_groups: &offer.key_in_groups,
            name,
            complaint: None,
            name_complaint: None,
            now_ms,
        }
    }
}

impl Offered<'static> {
    pub(crate) fn sample(now_ms: i64) -> Self {
        Self {
            sealed: "o",
            address: "otpauth://totp/Northwind%20Rail:amelia.brandt?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\
                &issuer=Northwind%20Rail",
            key_in_groups: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP",
            name: APP_NAME,
            complaint: None,
            name_complaint: None,
            now_ms,
        }
    }
}

/// Renders the choice of this kind.
pub(crate) fn app_kind(is_chosen: bool) -> Markup {
    html! {
        label {
            input type="radio" name="kind" value="TOTP" checked[is_chosen];
            span {
                strong { "Authenticator app" }
                small { "An app on your phone shows six digits that change every 30 seconds." }
            }
            svg class="icon" viewBox="0 0 16 16" aria-hidden="true" {
                rect x="4.5" y="1.5" width="7" height="13" rx="1.5" {}
                path d="M7.5 12.2h1" {}
            }
        }
    }
}

/// Renders what belongs to this kind, without the button.
pub(crate) fn app_panel(offered: &Offered<'_>) -> Markup {
    html! {
        input type="hidden" name="offer" value=(offered.sealed);
        div class="scan" {
            @if let Some((size, path)) = qr_path(offered.address) {
                div class="qr" {
                    svg viewBox={ "0 0 " (size) " " (size) } role="img" shape-rendering="crispEdges"
                        aria-label="Code to scan; the key beside it says the same" {
                        path fill="#000" d=(path) {}
                    }
                }
            }
            div {
                ol class="small-steps" {
                    li { "Open your authenticator app and add an account." }
                    li { "Scan this code. On this phone, " a href=(offered.address) { "open the app" } "." }
                    li { "Type the six digits that it shows." }
                }
                (copy_lines(&[("totp-key", "Or type this key", offered.key_in_groups)]))
            }
        }
        (Field::digits(MFA_CODE, "code")
            .focused(offered.name_complaint.is_none())
            .complaint(offered.complaint)
            .hint(clock_hint(offered.now_ms)))
        (Field::new("Name of this device", DEVICE_NAME)
            .value(offered.name)
            .length_max(64)
            .complaint(offered.name_complaint)
            .hint(html! { "So that you know later which one it is." }))
    }
}

/// Makes the size and the path of a QR code: a rectangle for each run of dark modules in a row.
fn qr_path(text: &str) -> Option<(usize, String)> {
    use std::fmt::Write as _;
    let code: QRCode = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        let row = code.data.get(y * code.size..(y + 1) * code.size)?;
        let mut x = 0;
        while x < code.size {
            let dark = row.get(x..)?.iter().take_while(|module| module.value()).count();
            if dark > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{dark}v1h-{dark}z", x + RIM, y + RIM);
            }
            x += dark.max(1);
        }
    }
    Some((code.size + 2 * RIM, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_to_scan_begins_with_its_finder_pattern() {
        let (size, path) = qr_path("HELLO").unwrap();
        assert_eq!(size, 21 + 2 * RIM);
        assert!(path.starts_with("M2 2h7v1h-7z"), "{path}");
        assert!(qr_path(&"a".repeat(8000)).is_none());
    }
}
