//! Reading a document.
//!
//! RFC 8259. Its §4 does not define the meaning of two members with one name. A policy in which only the
//! last `Condition` counts would allow more than its reader sees, so a second member is refused.

use std::collections::BTreeSet;

use super::flaw::{Flaw, quoted};
use super::node::{Member, Members, Node, Value};

/// Maximum length of a document in bytes. Inline policies are far shorter, and the longest bundled
/// policy has room to grow.
pub(super) const DOCUMENT_BYTES_MAX: usize = 512 * 1024;

/// Maximum number of lists and objects around a value. The grammar of policies needs seven.
const DEPTH_MAX: usize = 32;

/// Reads a document.
pub(crate) fn read(document: &str) -> Result<Node, Flaw> {
    if document.len() > DOCUMENT_BYTES_MAX {
        return Err(Flaw::new(0, format!("be no longer than {DOCUMENT_BYTES_MAX} bytes")));
    }
    let mut reader = Reader { document, at: 0 };
    let node = reader.node(0)?;
    reader.skip_space();
    if reader.at < document.len() {
        return Err(reader.flaw("have nothing after its JSON value"));
    }
    Ok(node)
}

/// A document, read up to the byte `at`.
struct Reader<'d> {
    document: &'d str,
    at: usize,
}

impl<'d> Reader<'d> {
    fn rest(&self) -> &'d str {
        self.document.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.document.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    /// Skips the text, if it stands here.
    fn takes(&mut self, text: &str) -> bool {
        let is_here = self.rest().starts_with(text);
        self.at += if is_here { text.len() } else { 0 };
        is_here
    }

    fn flaw(&self, must: &'static str) -> Flaw {
        if self.at >= self.document.len() {
            return Flaw::new(self.at, "be a whole JSON document, not only its beginning");
        }
        Flaw::new(self.at, must)
    }

    fn node(&mut self, depth: usize) -> Result<Node, Flaw> {
        self.skip_space();
        if depth > DEPTH_MAX {
            return Err(self.flaw("not nest its lists and objects so deep"));
        }
        let at = self.at;
        let value = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.text()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(_) if self.takes("true") => Value::Flag(true),
            Some(_) if self.takes("false") => Value::Flag(false),
            Some(_) if self.takes("null") => Value::Null,
            Some(_) | None => return Err(self.flaw("have a JSON value here")),
        };
        Ok(Node { at, value })
    }

    fn list(&mut self, depth: usize) -> Result<Value, Flaw> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.takes("]") {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.node(depth + 1)?);
            self.skip_space();
            if self.takes("]") {
                return Ok(Value::List(items));
            }
            if !self.takes(",") {
                return Err(self.flaw("have a comma or a ] after an item of a list"));
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, Flaw> {
        self.at += 1;
        let (mut members, mut names) = (Vec::new(), BTreeSet::new());
        self.skip_space();
        if self.takes("}") {
            return Ok(Value::Map(Members(members)));
        }
        loop {
            self.skip_space();
            let at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.flaw("have the name of a member, in quotation marks"));
            }
            let name = self.text()?;
            if !names.insert(name.clone()) {
                let name = quoted(&name);
                return Err(Flaw::new(at, format!("have {name} only once in one object")));
            }
            self.skip_space();
            if !self.takes(":") {
                return Err(self.flaw("have a colon after the name of a member"));
            }
            members.push(Member { at, name, node: self.node(depth + 1)? });
            self.skip_space();
            if self.takes("}") {
                return Ok(Value::Map(Members(members)));
            }
            if !self.takes(",") {
                return Err(self.flaw("have a comma or a } after a member"));
            }
        }
    }

    fn text(&mut self) -> Result<String, Flaw> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let end = rest.find(|letter: char| matches!(letter, '"' | '\\' | '\0'..='\x1f'));
            let plain = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            text.push_str(plain);
            self.at += plain.len();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escaped()?),
                Some(_) | None => {
                    return Err(self.flaw("write line breaks and tabs in a text as \\n and \\t"));
                }
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Flaw> {
        const MUST: &str = "have only the escapes of JSON after a backslash";
        let letter = match self.rest().as_bytes().get(1) {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(*letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.escaped_unit().ok_or_else(|| self.flaw(MUST)),
            Some(_) | None => return Err(self.flaw(MUST)),
        };
        self.at += 2;
        Ok(letter)
    }

    /// A character of the form `\u00e9`, or of two of them, which are one outside of the first plane.
    fn escaped_unit(&mut self) -> Option<char> {
        let unit = |text: &str| {
            let digits = text.strip_prefix("\\u")?.get(..4)?;
            let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
        };
        let first = unit(self.rest())?;
        let units = match first {
            0xD800..=0xDBFF => vec![first, unit(self.rest().get(6..)?)?],
            _ => vec![first],
        };
        let mut letters = char::decode_utf16(units.iter().copied());
        let letter = letters.next()?.ok()?;
        self.at += 6 * units.len();
        Some(letter)
    }

    fn number(&mut self) -> Result<String, Flaw> {
        const MUST: &str = "have numbers in the form of JSON";
        let start = self.at;
        self.takes("-");
        if !self.takes("0") && self.digits() == 0 {
            return Err(self.flaw(MUST));
        }
        if self.takes(".") && self.digits() == 0 {
            return Err(self.flaw(MUST));
        }
        if self.takes("e") || self.takes("E") {
            let _ = self.takes("+") || self.takes("-");
            if self.digits() == 0 {
                return Err(self.flaw(MUST));
            }
        }
        Ok(self.document.get(start..self.at).unwrap_or_default().to_owned())
    }

    /// Skips digits and returns their number.
    fn digits(&mut self) -> usize {
        let rest = self.rest();
        let count =
            rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        self.at += count;
        count
    }
}
