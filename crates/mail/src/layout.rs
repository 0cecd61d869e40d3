//! The one layout of all messages, as plain text and as HTML.
//!
//! Programs for mail run no scripts, load no files and know little CSS, so styles stand at the elements.

use std::fmt::Write;

use maud::{DOCTYPE, Markup, html};

/// A message without its form.
pub(crate) struct Layout {
    pub(crate) subject: &'static str,
    pub(crate) greeting: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) footer: String,
}

/// A part of a message.
pub(crate) enum Part {
    Paragraph(String),
    /// Names with their values.
    Facts(Vec<(&'static str, String)>),
    /// Words and address of a link.
    Button(&'static str, String),
}

const BODY: &str = "margin:0;padding:24px 12px;background:#f4f5f7;color:#1c2430;\
    font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif";
const CARD: &str = "max-width:560px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #d9dee5;\
    border-radius:8px";
const LINE: &str = "margin:0 0 16px";
const NAME: &str = "padding:4px 16px 4px 0;color:#515c6b;text-align:left;font-weight:400;vertical-align:top;\
    white-space:nowrap";
const VALUE: &str = "padding:4px 0;font-weight:600;font-family:ui-monospace,Menlo,Consolas,monospace;\
    word-break:break-all";
const BUTTON: &str = "display:inline-block;padding:10px 18px;background:#1a5fb4;color:#ffffff;border-radius:6px;\
    text-decoration:none;font-weight:600";
const FOOTER: &str = "max-width:560px;margin:16px auto 0;color:#515c6b;font-size:13px";

impl Layout {
    /// The message as plain text.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}\n", self.greeting);
        for part in &self.parts {
            text.push('\n');
            // Writing to a String cannot fail.
            match part {
                Part::Paragraph(words) => writeln!(text, "{words}").ok(),
                Part::Button(words, url) => writeln!(text, "{words}: {url}").ok(),
                Part::Facts(facts) => facts
                    .iter()
                    .try_for_each(|(name, value)| writeln!(text, "    {name}: {value}"))
                    .ok(),
            };
        }
        text + "\n-- \n" + &self.footer + "\n"
    }

    /// The message as HTML.
    pub(crate) fn html(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.subject) }
                }
                body style=(BODY) {
                    div style=(CARD) {
                        p style=(LINE) { (self.greeting) }
                        @for part in &self.parts { (part.html()) }
                    }
                    p style=(FOOTER) { (self.footer) }
                }
            }
        };
        page.into_string()
    }
}

impl Part {
    fn html(&self) -> Markup {
        html! {
            @match self {
                Self::Paragraph(words) => p style=(LINE) { (words) },
                Self::Button(words, url) => {
                    p style=(LINE) { a style=(BUTTON) href=(url) { (words) } }
                },
                Self::Facts(facts) => {
                    table style=(LINE) {
                        @for (name, value) in facts {
                            tr { th scope="row" style=(NAME) { (name) } td style=(VALUE) { (value) } }
                        }
                    }
                },
            }
        }
    }
}
