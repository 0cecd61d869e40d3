//! An authenticator app: it reads the key of a registration page, and shows codes.

use protocol::totp::{TotpKey, step_of};

use super::Portico;
use super::visitor::Page;

pub struct App(TotpKey);

impl App {
    /// The app into which somebody typed the key of a page.
    #[track_caller]
    pub fn of(page: &Page) -> Self {
        let text = page.text();
        let (_, rest) = text.split_once("id=\"totp-key\"").unwrap_or_else(|| panic!("{text}"));
        let key = rest.split_once('>').unwrap().1.split_once('<').unwrap().0;
        let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
        for sign in key.bytes().filter(|sign| *sign != b' ') {
            let value = if sign.is_ascii_digit() { sign - b'2' + 26 } else { sign - b'A' };
            (bits, count) = (bits << 5 | u32::from(value), count + 5);
            if count >= 8 {
                count -= 8;
                bytes.push((bits >> count).to_be_bytes()[3]);
            }
        }
        Self(TotpKey::from_bytes(&bytes).unwrap())
    }

    /// The code that the app shows some seconds from now, by the clock of the server.
    pub fn code(&self, portico: &Portico, in_seconds: i64) -> String {
        let date = portico.get("/healthz").header("date").unwrap().to_owned();
        let now = httpdate::parse_http_date(&date).unwrap();
        let since = now.duration_since(std::time::UNIX_EPOCH).unwrap();
        let now_s = i64::try_from(since.as_secs()).unwrap();
        self.0.code(step_of((now_s + in_seconds) * 1000))
    }
}
