//! The page to go to after sign-in, as the address names it.
//!
//! CWE-601 (open redirect): the path is kept only if it is the path of a page of this server.

use protocol::form::write_pairs;

/// Maximum length of a path. No page makes a longer one.
const CHARS_MAX: usize = 4096;

/// Returns the path with its query if it leads to a page of this server and nowhere else.
// Browsers read `//host`, `/\host` and a path with tabs as other sites. None of them is the path of a
// page, so the table of pages decides.
pub(crate) fn checked(path: &str, is_page: fn(&str) -> bool) -> Option<&str> {
    let (page, query) = path.split_once('?').unwrap_or((path, ""));
    let plain = query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#');
    (path.len() <= CHARS_MAX && is_page(page) && plain).then_some(path)
}

/// Returns the address of the sign-in page that leads on to `path`.
pub(crate) fn to_sign_in(path: &str) -> String {
    format!("/sign-in?{}", write_pairs([("return_to", path)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::is_page;

    #[test]
    fn only_pages_of_ours_are_led_to() {
        for path in ["/start", "/start?q=rail", "/device?user_code=GENM-XADQ"] {
            assert_eq!(checked(path, is_page), Some(path));
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
            assert_eq!(checked(path, is_page), None, "{path:?}");
        }
        assert_eq!(checked(&format!("/start?{}", "a".repeat(CHARS_MAX)), is_page), None);
    }
}
