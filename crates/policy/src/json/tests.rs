//! Reading JSON, compared with serde's.

use proptest::prelude::*;

use super::read::DOCUMENT_BYTES_MAX;
use super::*;

fn complaint(document: &str) -> String {
    read(document).unwrap_err().located(document).into_owned()
}

/// The value without its places.
fn plain(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Flag(flag) => (*flag).into(),
        Value::Number(number) => serde_json::from_str(number).unwrap(),
        Value::Text(text) => text.as_str().into(),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Map(Members(members)) => {
            members.iter().map(|member| (member.name.clone(), plain(&member.node))).collect()
        }
    }
}

#[test]
fn a_name_that_occurs_twice_is_refused_at_its_place() {
    assert_eq!(
        complaint("{\"Statement\":\n  {\"Effect\":\"Deny\", \"Effect\":\"Allow\"}}"),
        "have \"Effect\" only once in one object (line 2, column 21)"
    );
    // An escaped spelling is the same name.
    assert!(read("{\"A\":1,\"\\u0041\":2}").is_err());
}

#[test]
fn a_complaint_has_line_and_column_in_characters() {
    for (document, complaint_of_it) in [
        ("", "be a whole JSON document, not only its beginning (line 1, column 1)"),
        ("{\"é\":x}", "have a JSON value here (line 1, column 6)"),
        ("[1\n,]", "have a JSON value here (line 2, column 2)"),
        ("[1 2]", "have a comma or a ] after an item of a list (line 1, column 4)"),
        ("{\"a\" 1}", "have a colon after the name of a member (line 1, column 6)"),
        ("{\"a\":1 \"b\":2}", "have a comma or a } after a member (line 1, column 8)"),
        ("{'a':1}", "have the name of a member, in quotation marks (line 1, column 2)"),
        ("{} {}", "have nothing after its JSON value (line 1, column 4)"),
        ("\"a\nb\"", "write line breaks and tabs in a text as \\n and \\t (line 1, column 3)"),
        ("\"\\x\"", "have only the escapes of JSON after a backslash (line 1, column 2)"),
        ("\"\\ud800\"", "have only the escapes of JSON after a backslash (line 1, column 2)"),
        ("[-]", "have numbers in the form of JSON (line 1, column 3)"),
        ("[1.]", "have numbers in the form of JSON (line 1, column 4)"),
        ("[\"abc", "be a whole JSON document, not only its beginning (line 1, column 6)"),
    ] {
        assert_eq!(complaint(document), complaint_of_it, "{document}");
    }
}

#[test]
fn deep_nesting_and_great_length_are_refused() {
    assert!(complaint(&"[".repeat(100_000)).starts_with("not nest its lists"));
    assert!(
        complaint(&format!("[{}]", " ".repeat(DOCUMENT_BYTES_MAX))).starts_with("be no longer")
    );
    assert!(read(&format!("{}{}", "[".repeat(32), "]".repeat(32))).is_ok());
}

#[test]
fn text_has_the_escapes_of_json() {
    let document = r#""\"\\\/\b\f\n\r\tA\u00e9\ud83d\ude00é😀""#;
    assert_eq!(read(document).unwrap().text(), Some("\"\\/\u{8}\u{c}\n\r\tAé😀é😀"));
}

#[test]
fn what_is_repeated_is_short_and_printable() {
    assert_eq!(quoted("a\u{0}\n"), r#""a\0\n""#);
    assert_eq!(quoted(&"é".repeat(1000)).chars().count(), 64 + 3);
}

proptest! {
    #[test]
    fn serde_reads_the_same(
        document in "([\\[\\]{}:,\"a\\\\u0-9e.+\\- \n]|true|false|null|\"[ab\\\\nu0-9\"]*\"|\"a\":){0,12}",
    ) {
        let expected = serde_json::from_str::<serde_json::Value>(&document).ok();
        match read(&document) {
            Ok(node) => prop_assert!(expected.is_none_or(|expected| plain(&node) == expected)),
            Err(flaw) => {
                let is_twice = flaw.located(&document).contains("only once");
                prop_assert!(expected.is_none() || is_twice, "{} {:?}", document, flaw);
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(document in "\\PC*") {
        if let Err(flaw) = read(&document) {
            flaw.located(&document);
        }
    }
}
