//! Writing XML 1.0 text.

/// Appends character data that reads back as `text`, in element content and in attributes.
///
/// XML 1.0 §2.2: some characters are not allowed in a document, not even escaped. They become U+FFFD,
/// the replacement character.
pub fn text_into(xml: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            // XML 1.0 §2.4: `]]>` must not appear in content.
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&#39;"),
            // XML 1.0 §2.11, §3.3.3: readers normalize these unless they are escaped.
            '\r' => xml.push_str("&#13;"),
            '\n' => xml.push_str("&#10;"),
            '\t' => xml.push_str("&#9;"),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => xml.push(char::REPLACEMENT_CHARACTER),
            plain => xml.push(plain),
        }
    }
}

/// Appends `<name>text</name>`.
pub fn element_into(xml: &mut String, name: &str, text: &str) {
    open_into(xml, name);
    text_into(xml, text);
    close_into(xml, name);
}

/// Appends `<name>`.
pub fn open_into(xml: &mut String, name: &str) {
    xml.push('<');
    name_into(xml, name);
    xml.push('>');
}

/// Appends `</name>`.
pub fn close_into(xml: &mut String, name: &str) {
    xml.push_str("</");
    name_into(xml, name);
    xml.push('>');
}

// INVARIANT: the name of an element cannot end its tag. A character other than a letter or a digit,
// which only a name made of request data has, becomes an underscore.
pub(crate) fn name_into(xml: &mut String, name: &str) {
    let belongs = |character: char| character.is_ascii_alphanumeric() || character == '_';
    xml.extend(name.chars().map(|character| if belongs(character) { character } else { '_' }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_element() {
        let mut xml = String::new();
        element_into(&mut xml, "Message", "]]></Message> & \"q\" 'a'\r\n\t\u{0}\u{1b}\u{ffff}ä");
        assert_eq!(
            xml,
            "<Message>]]&gt;&lt;/Message&gt; &amp; &quot;q&quot; &#39;a&#39;&#13;&#10;&#9;\
             \u{fffd}\u{fffd}\u{fffd}ä</Message>"
        );
    }

    #[test]
    fn no_name_leaves_its_tag() {
        let mut xml = String::new();
        element_into(&mut xml, "a><b", "x");
        assert_eq!(xml, "<a__b>x</a__b>");
    }
}
