//! Where to go after sign-in: a page of ours, as the address said it.
//!
//! CWE-601 (open redirect): the path is kept only if it names one of our own pages.

use protocol::form::write_pairs;

use crate::routes::is_page;

/// Longer than any address that our pages make.
const CHARS_MAX: usize = 4096;

/// The path with its query, if it leads to a page of ours and nowhere else.
// Browsers read `//host`, `/\host` and a path with tabs as other sites; none of these is the path
// of a page of ours, so the table of pages is the whole rule.
pub(crate) fn checked(path: &str) -> Option<&str> {
    let (page, query) = path.split_once('?').unwrap_or((path, ""));
    let plain = query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#');
    (path.len() <= CHARS_MAX && is_page(page) && plain).then_some(path)
}

/// The sign-in page that leads on to `path`.
pub(crate) fn to_sign_in(path: &str) -> String {
    format!("/sign-in?{}", write_pairs([("return_to", path)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_are_led_to() {
        for path in ["/start", "/start?q=rail", "/device?user_code=GENM-XADQ"] {
            assert_eq!(checked(path), Some(path));
        }
        for path in [
            "",
            "start",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/start#//evil.example",
            "/start\r\nSet-Cookie: a=b",
            "/bucket/key",
            "/start/../x",
            "/start?a=\nb",
            "/%2f/evil.example",
            "@evil.example",
        ] {
            assert_eq!(checked(path), None, "{path:?}");
        }
        assert_eq!(checked(&format!("/start?{}", "a".repeat(CHARS_MAX))), None);
    }
}
