//! Reading XML documents of requests.
//!
//! XML 1.0, "Extensible Markup Language", fifth edition; "Namespaces in XML" §2. A document is rewritten in
//! one plain form, in which a reader without most of XML finds all of its content.

use std::borrow::Cow;

use crate::xml;

/// Maximum depth of elements, more than any document of S3 has.
const DEPTH_MAX: usize = 32;

/// The names of the references that need no declaration, and their characters. XML 1.0 §4.6.
const PREDEFINED: [(&str, char); 5] =
    [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];

/// Rewrites a document as elements, attributes and character data alone.
///
/// References and CDATA sections become the characters that they stand for. Comments, processing
/// instructions and the prefixes of elements are left out. Control characters that the text
/// holds are kept, although XML does not allow them: some writers do not escape those of a key.
///
/// The error ends the sentence "The document must …".
pub fn flatten(document: &[u8]) -> Result<String, &'static str> {
    let text = std::str::from_utf8(document).map_err(|_| "be UTF-8")?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = Reader { rest: text, open: Vec::new(), flat: String::new(), has_root: false };
    while !reader.rest.is_empty() {
        reader.step()?;
    }
    if reader.open.is_empty() && reader.has_root {
        Ok(reader.flat)
    } else {
        Err("have one root element, and an end tag for each start tag")
    }
}

/// A document on the way to its plain form.
struct Reader<'a> {
    rest: &'a str,
    /// The names of the elements that have not ended.
    open: Vec<&'a str>,
    flat: String,
    has_root: bool,
}

impl<'a> Reader<'a> {
    /// Reads a piece of text or of markup.
    fn step(&mut self) -> Result<(), &'static str> {
        let Some(markup) = self.rest.strip_prefix('<') else {
            let (text, rest) = split_at(self.rest, self.rest.find('<'));
            self.rest = rest;
            return self.text(&resolve(text)?);
        };
        if let Some(section) = markup.strip_prefix("![CDATA[") {
            let (text, rest) = section.split_once("]]>").ok_or("end each CDATA section")?;
            self.rest = rest;
            return if self.open.is_empty() { Err(OUTSIDE) } else { self.text(text) };
        }
        if let Some(comment) = markup.strip_prefix("!--") {
            let (_, rest) = comment.split_once("-->").ok_or("end each comment")?;
            self.rest = rest;
            return Ok(());
        }
        if let Some(instruction) = markup.strip_prefix('?') {
            let end = instruction.split_once("?>").ok_or("end each processing instruction")?;
            self.rest = end.1;
            return Ok(());
        }
        // A document type declares entities, which grow without bound.
        if markup.starts_with('!') {
            return Err("have no document type declaration");
        }
        match markup.strip_prefix('/') {
            Some(tag) => self.end_tag(tag),
            None => self.start_tag(markup),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), &'static str> {
        if self.open.is_empty() {
            return if text.trim().is_empty() { Ok(()) } else { Err(OUTSIDE) };
        }
        for character in text.chars() {
            match character {
                '&' => self.flat.push_str("&amp;"),
                '<' => self.flat.push_str("&lt;"),
                '>' => self.flat.push_str("&gt;"),
                plain => self.flat.push(plain),
            }
        }
        Ok(())
    }

    fn start_tag(&mut self, tag: &'a str) -> Result<(), &'static str> {
        let (name, mut rest) = take_name(tag)?;
        if self.open.is_empty() && self.has_root {
            return Err("have one root element");
        }
        if self.open.len() == DEPTH_MAX {
            return Err("not nest elements deeper than 32 levels");
        }
        self.has_root = true;
        let name_here = local(name);
        self.flat.push('<');
        xml::name_into(&mut self.flat, name_here);
        loop {
            let trimmed = rest.trim_start();
            if let Some(after) = trimmed.strip_prefix("/>") {
                self.flat.push('>');
                xml::close_into(&mut self.flat, name_here);
                self.rest = after;
                return Ok(());
            }
            if let Some(after) = trimmed.strip_prefix('>') {
                self.flat.push('>');
                self.open.push(name);
                self.rest = after;
                return Ok(());
            }
            if trimmed.len() == rest.len() {
                return Err(TAG);
            }
            rest = self.attribute(trimmed)?;
        }
    }

    /// Reads an attribute. Returns the text behind it.
    fn attribute(&mut self, text: &'a str) -> Result<&'a str, &'static str> {
        let (name, rest) = take_name(text)?;
        let value = rest.trim_start().strip_prefix('=').ok_or(TAG)?.trim_start();
        let quote = value.chars().next().filter(|quote| "'\"".contains(*quote)).ok_or(TAG)?;
        let (value, rest) = value.get(1..).and_then(|value| value.split_once(quote)).ok_or(TAG)?;
        if value.contains('<') {
            return Err(TAG);
        }
        self.flat.push(' ');
        self.flat.push_str(name);
        self.flat.push_str("=\"");
        xml::text_into(&mut self.flat, &resolve(value)?);
        self.flat.push('"');
        Ok(rest)
    }

    fn end_tag(&mut self, tag: &'a str) -> Result<(), &'static str> {
        let (name, rest) = take_name(tag)?;
        self.rest = rest.trim_start().strip_prefix('>').ok_or(TAG)?;
        if self.open.pop() != Some(name) {
            return Err("end each element before the one around it");
        }
        xml::close_into(&mut self.flat, local(name));
        Ok(())
    }
}

const OUTSIDE: &str = "have no text outside of its root element";
const TAG: &str = "have tags of the form <name attribute=\"value\">";
const REFERENCE: &str = "have only references of the form &#number;, &#xnumber;, &amp;, &lt;, &gt;, &quot; \
    and &apos;";

fn split_at(text: &str, place: Option<usize>) -> (&str, &str) {
    place.and_then(|place| text.split_at_checked(place)).unwrap_or((text, ""))
}

/// The name at the beginning of a tag, and the text behind it.
fn take_name(tag: &str) -> Result<(&str, &str), &'static str> {
    let ends = |character: char| character.is_whitespace() || "<>/='\"&".contains(character);
    let (name, rest) = split_at(tag, tag.find(ends));
    if local(name).is_empty() { Err(TAG) } else { Ok((name, rest)) }
}

/// The name without the prefix of its namespace.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Replaces the references in a text.
fn resolve(text: &str) -> Result<Cow<'_, str>, &'static str> {
    if !text.contains('&') {
        return Ok(Cow::Borrowed(text));
    }
    let mut pieces = text.split('&');
    let mut resolved = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (reference, rest) = piece.split_once(';').ok_or(REFERENCE)?;
        resolved.push(character(reference).ok_or(REFERENCE)?);
        resolved.push_str(rest);
    }
    Ok(Cow::Owned(resolved))
}

fn character(reference: &str) -> Option<char> {
    let Some(number) = reference.strip_prefix('#') else {
        let found = PREDEFINED.iter().find(|(name, _)| *name == reference);
        return found.map(|(_, character)| *character);
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    // `from_str_radix` takes a sign.
    let is_number = digits.chars().all(|digit| digit.is_digit(radix));
    let code = u32::from_str_radix(digits, radix).ok().filter(|_| is_number)?;
    char::from_u32(code).filter(|character| *character != '\0')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flat(document: &str) -> Result<String, &'static str> {
        flatten(document.as_bytes())
    }

    #[test]
    fn every_way_to_write_a_character_is_read() {
        for written in [
            "a&amp;b \u{1F600}",
            "a&#38;b &#128512;",
            "a&#x26;b&#x20;&#x1F600;",
            "a&#x0026;b &#x1f600;",
            "<![CDATA[a&b]]> \u{1F600}",
            "a<![CDATA[&]]>b<!-- and --> \u{1F600}",
            "a<?php echo?>&amp;b<![CDATA[]]> &#0128512;",
        ] {
            let document = format!("<Key>{written}</Key>");
            assert_eq!(flat(&document).as_deref(), Ok("<Key>a&amp;b \u{1F600}</Key>"), "{written}");
        }
        assert_eq!(flat("<K>&lt;&gt;&quot;&apos;</K>").as_deref(), Ok("<K>&lt;&gt;\"'</K>"));
        assert_eq!(flat("<K>&#13;&#1;\u{2}</K>").as_deref(), Ok("<K>\r\u{1}\u{2}</K>"));
    }

    #[test]
    fn what_is_around_the_content_is_left_out() {
        let document = "\u{FEFF}<?xml version='1.0' encoding=\"UTF-8\"?>\n<!-- > -->\n\
            <s3:Delete xsi:type = \"a&amp;b\" c='>\"'\n>\
            <s3:Quiet\t/><Object b=''><Key></Key ></Object></s3:Delete>\n<!-- x --><?y?>\n";
        let expected = "<Delete xsi:type=\"a&amp;b\" c=\"&gt;&quot;\"><Quiet></Quiet><Object b=\"\">\
            <Key></Key></Object></Delete>";
        assert_eq!(flat(document).as_deref(), Ok(expected));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for document in [
            "",
            " ",
            "text",
            "<a>",
            "<a></b>",
            "<a></a><b/>",
            "<a><b></a></b>",
            "</a>",
            "<a/>x",
            "<a",
            "<a b></a>",
            "<a b=c></a>",
            "<a b=\"c></a>",
            "<a b=\"1\"c=\"2\"/>",
            "<a b='<'/>",
            "< a/>",
            "<a:/>",
            "<a>&unknown;</a>",
            "<a>&</a>",
            "<a>&amp</a>",
            "<a>&#;</a>",
            "<a>&#x;</a>",
            "<a>&#0;</a>",
            "<a>&#xD800;</a>",
            "<a>&#x110000;</a>",
            "<a>&#+65;</a>",
            "<a>&#99999999999;</a>",
            "<a><![CDATA[x</a>",
            "<a><!-- x</a>",
            "<a><?x</a>",
            "<![CDATA[x]]><a/>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        ] {
            assert!(flat(document).is_err(), "{document}");
        }
        assert!(flatten(b"<a>\xFF</a>").is_err());
    }

    #[test]
    fn the_depth_is_bounded() {
        let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
        assert!(flat(&nested(DEPTH_MAX)).is_ok());
        assert!(flat(&nested(DEPTH_MAX + 1)).is_err());
    }

    fn written(character: char, form: u8) -> String {
        match form {
            0 => format!("&#{};", u32::from(character)),
            1 => format!("&#x{:X};", u32::from(character)),
            2 if character != ']' => format!("<![CDATA[{character}]]>"),
            _ => {
                let mut text = String::new();
                xml::text_into(&mut text, character.encode_utf8(&mut [0; 4]));
                text
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_in_any_form_reads_as_itself(text in prop::collection::vec(("[^\0-\u{1F}\u{FFFE}\u{FFFF}]", 0..4_u8), 0..20)) {
            let characters: Vec<(char, u8)> =
                text.iter().flat_map(|(text, form)| text.chars().map(move |c| (c, *form))).collect();
            let document: String = characters.iter().map(|(c, form)| written(*c, *form)).collect();
            let mut plain = "<Key>".to_owned();
            for (character, _) in &characters {
                match character {
                    '&' => plain.push_str("&amp;"),
                    '<' => plain.push_str("&lt;"),
                    '>' => plain.push_str("&gt;"),
                    other => plain.push(*other),
                }
            }
            prop_assert_eq!(flat(&format!("<Key>{document}</Key>")), Ok(plain + "</Key>"));
        }

        #[test]
        fn what_was_read_reads_the_same_again(document in "[<>/a &;#\\[\\]!CDAT\"'=?-]{0,40}") {
            if let Ok(once) = flat(&document) {
                prop_assert_eq!(flat(&once), Ok(once));
            }
        }
    }
}
