//! Answers of an S3 server: the elements of its documents, and its refusals in words for the operator.

use protocol::xml_document::flatten;

/// An answer in XML, in plain form.
pub(super) struct Document(String);

impl Document {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let flat = flatten(bytes).map_err(|what| format!("an answer must {what}"))?;
        Ok(Self(flat))
    }

    /// The contents of the elements of a name, which do not hold elements of their own name.
    pub(super) fn elements<'a>(&'a self, name: &str) -> impl Iterator<Item = Content<'a>> {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let mut rest = self.0.as_str();
        std::iter::from_fn(move || {
            let (_, after) = rest.split_once(&open)?;
            let (content, after) = after.split_once(&close)?;
            rest = after;
            Some(Content(content))
        })
    }

    /// The text of the first element of a name, with its characters in place of references.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.elements(name).next().map(Content::text)
    }
}

/// What is between the tags of an element.
#[derive(Clone, Copy)]
pub(super) struct Content<'a>(&'a str);

impl Content<'_> {
    /// The text of the first element of a name in this one.
    pub(super) fn text_of(self, name: &str) -> Option<String> {
        let (_, after) = self.0.split_once(&format!("<{name}>"))?;
        let (content, _) = after.split_once(&format!("</{name}>"))?;
        Some(Content(content).text())
    }

    fn text(self) -> String {
        // These are the references that a document in plain form has.
        self.0
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
    }
}

/// A refusal: its status, and the code and message of its document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn read(status: u16, body: &[u8]) -> Self {
        let document = Document::read(body).ok();
        let text =
            |name| document.as_ref().and_then(|document| document.text(name)).unwrap_or_default();
        Self { status, code: text("Code"), message: text("Message") }
    }

    /// Tells whether the same request may succeed later.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self.status, 408 | 429 | 500 | 502 | 503 | 504) || self.code == "RequestTimeout"
    }

    /// What is wrong, and what to do.
    pub(super) fn sentence(&self, bucket: &str, endpoint: &str) -> String {
        let advice = match self.code.as_str() {
            "InvalidAccessKeyId" | "SignatureDoesNotMatch" => {
                "it does not know these keys: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be of this server".to_owned()
            }
            "ExpiredToken" | "InvalidToken" | "TokenRefreshRequired" => {
                "the keys have expired: get new ones, and run the command again. It goes on where it was".to_owned()
            }
            "AccessDenied" | "AllAccessDisabled" => format!(
                "the keys may not do this: they need s3:ListBucket and s3:ListBucketMultipartUploads on {bucket}, and \
                 s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on what is in it"
            ),
            "NoSuchBucket" => format!("there is no bucket {bucket}: make it first, or name another"),
            "RequestTimeTooSkewed" => "its clock and the one of this machine differ: set them right".to_owned(),
            "PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException" => {
                "the bucket is in another region: name it in AWS_REGION".to_owned()
            }
            _ => "run the command again, and if it says so again ask whoever runs that server".to_owned(),
        };
        let Self { status, code, message } = self;
        let space = if code.is_empty() { "" } else { " " };
        format!("{endpoint} refused: {advice} (status {status}{space}{code}: {message})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn elements_and_their_texts() {
        let document = Document::read(
            b"<?xml version='1.0'?><ListBucketResult xmlns='x'><Prefix>p/</Prefix>\
              <Contents><Key>p/a&amp;lt;</Key><Size>3</Size></Contents>\
              <Contents><Key>p/b</Key><Size>0</Size></Contents>\
              <CommonPrefixes><Prefix>p/c/</Prefix></CommonPrefixes></ListBucketResult>",
        )
        .unwrap();
        let keys: Vec<_> =
            document.elements("Contents").filter_map(|entry| entry.text_of("Key")).collect();
        assert_eq!(keys, ["p/a&lt;", "p/b"]);
        assert_eq!(document.text("Prefix").as_deref(), Some("p/"));
        let folder = document.elements("CommonPrefixes").next().unwrap();
        assert_eq!(folder.text_of("Prefix").as_deref(), Some("p/c/"));
        assert_eq!(document.text("NextContinuationToken"), None);
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        for (code, words) in [
            ("NoSuchBucket", "there is no bucket b: make it first"),
            ("SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY must be of this server"),
            ("AccessDenied", "they need s3:ListBucket"),
            ("RequestTimeTooSkewed", "clock"),
            ("Strange", "run the command again"),
        ] {
            let body = format!("<Error><Code>{code}</Code><Message>It is so</Message></Error>");
            let said = Refusal::read(403, body.as_bytes()).sentence("b", "http://s3.test");
            assert!(said.contains(words) && said.contains("http://s3.test"), "{said}");
            assert!(said.ends_with(&format!("(status 403 {code}: It is so)")), "{said}");
        }
        let refusal = Refusal::read(503, b"no document");
        assert!(refusal.is_passing() && !Refusal::read(404, b"").is_passing());
    }

    proptest! {
        #[test]
        fn no_answer_ends_the_program(bytes in prop::collection::vec(any::<u8>(), 0..80), text in "[<>/a-zA-Z&;]{0,60}") {
            for bytes in [&bytes[..], text.as_bytes()] {
                Refusal::read(400, bytes).sentence("b", "e");
                if let Ok(document) = Document::read(bytes) {
                    prop_assert!(document.elements("a").count() <= bytes.len());
                }
            }
        }
    }
}
