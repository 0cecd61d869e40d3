//! A browser without scripts: keeps cookies, follows redirects, fills in forms.

use std::collections::BTreeMap;

use super::{Answer, Portico, Request};

/// Maximum number of redirects that a browser follows.
const REDIRECTS_MAX: usize = 10;

pub struct Visitor<'a> {
    portico: &'a Portico,
    cookies: BTreeMap<String, String>,
}

/// A page, and its address.
#[derive(Clone, Debug)]
pub struct Page {
    /// The path and query of the request whose answer is this page.
    pub target: String,
    pub answer: Answer,
}

impl<'a> Visitor<'a> {
    pub fn of(portico: &'a Portico) -> Self {
        Self { portico, cookies: BTreeMap::new() }
    }

    pub fn open(&mut self, target: &str) -> Page {
        self.follow(Request::get(self.within(target)))
    }

    /// Fills in the form that has all of `fields`, and sends it with its hidden fields.
    pub fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let form = page.form_with(fields);
        self.fill_in(page, &form, fields)
    }

    /// Sends the form whose action is `action`.
    pub fn press(&mut self, page: &Page, action: &str) -> Page {
        let forms = page.forms().into_iter();
        let mut forms = forms.filter(|form| form.action.as_deref() == Some(action));
        let form = forms.next().unwrap_or_else(|| panic!("{} has no {action}", page.target));
        self.fill_in(page, &form, &[])
    }

    /// Confirms the code of a command line, and allows it access.
    #[track_caller]
    pub fn let_in(&mut self, link: &str, user_code: &str) {
        let page = self.open(link);
        let page = self.submit(&page, &[("user_code", user_code)]);
        let page = self.submit(&page, &[("answer", "allow")]);
        assert_eq!(page.answer.status, 200, "{}", page.answer);
    }

    fn fill_in(&mut self, page: &Page, form: &Form, fields: &[(&str, &str)]) -> Page {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for (name, value) in &form.hidden {
            if !fields.iter().any(|(filled, _)| filled == name) {
                pairs.push((name, value));
            }
        }
        pairs.extend(fields);
        let action = form.action.as_deref().unwrap_or(&page.target);
        let request = Request::post(self.within(action)).form(&pairs);
        self.follow(request)
    }

    /// Sends one request with the browser's cookies, and follows no redirect.
    pub fn send(&mut self, request: Request) -> Answer {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = pairs.collect::<Vec<_>>().join("; ");
        let origin = self.portico.url().to_owned();
        let mut request = request.header("origin", &origin);
        if !cookies.is_empty() {
            request = request.header("cookie", &cookies);
        }
        let answer = self.portico.send(&request);
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            // RFC 6265 §5.3: a cookie with a maximum age of zero is removed.
            if value.is_empty() || rest.to_ascii_lowercase().contains("max-age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    fn follow(&mut self, mut request: Request) -> Page {
        for _ in 0..REDIRECTS_MAX {
            let target = request.target.clone();
            let answer = self.send(request);
            let leads_on = matches!(answer.status, 301 | 302 | 303 | 307);
            match answer.header("location") {
                Some(location) if leads_on && self.is_ours(location) => {
                    request = Request::get(self.within(location));
                }
                Some(_) | None => return Page { target, answer },
            }
        }
        panic!("redirected more than {REDIRECTS_MAX} times");
    }

    fn is_ours(&self, location: &str) -> bool {
        location.starts_with('/') || location.starts_with(self.portico.url())
    }

    /// The request target of a URL: without host and fragment.
    fn within<'t>(&self, location: &'t str) -> &'t str {
        let location = location.split('#').next().unwrap_or(location);
        location.strip_prefix(self.portico.url()).unwrap_or(location)
    }
}

struct Form {
    action: Option<String>,
    hidden: Vec<(String, String)>,
    names: Vec<String>,
}

impl Page {
    /// The text of the page without the nonce, which no two answers share.
    pub fn text_without_nonce(&self) -> String {
        let text = self.answer.text();
        let Some((start, rest)) = text.split_once(" nonce=\"") else { return text };
        let (_, end) = rest.split_once('"').unwrap();
        format!("{start}{end}")
    }

    pub fn text(&self) -> String {
        self.answer.text()
    }

    /// The value of the first hidden field of a name.
    #[track_caller]
    pub fn hidden(&self, name: &str) -> String {
        let forms = self.forms();
        let mut fields = forms.iter().flat_map(|form| &form.hidden);
        let found = fields.find(|(hidden, _)| hidden == name);
        found.unwrap_or_else(|| panic!("{} has no {name}", self.target)).1.clone()
    }

    #[track_caller]
    pub fn assert_says(&self, words: &str) {
        let text = self.text();
        assert!(text.contains(words), "{} does not say {words:?}:\n{text}", self.target);
    }

    fn forms(&self) -> Vec<Form> {
        let text = self.text();
        let forms = text.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
        forms.map(Form::read).collect()
    }

    fn form_with(&self, fields: &[(&str, &str)]) -> Form {
        self.forms()
            .into_iter()
            .find(|form| fields.iter().all(|(name, _)| form.names.iter().any(|n| n == name)))
            .unwrap_or_else(|| {
                panic!("{} has no form with {fields:?}:\n{}", self.target, self.text())
            })
    }
}

impl Form {
    /// Reads the text between `<form` and `</form>`.
    fn read(text: &str) -> Self {
        let (attributes, _) = text.split_once('>').unwrap_or((text, ""));
        let mut form =
            Self { action: attribute(attributes, "action"), hidden: Vec::new(), names: Vec::new() };
        for tag in text.split('<').filter_map(|rest| rest.split('>').next()) {
            let Some(name) = attribute(tag, "name") else { continue };
            if attribute(tag, "type").as_deref() == Some("hidden") {
                let value = attribute(tag, "value").unwrap_or_default();
                form.hidden.push((name.clone(), value));
            }
            form.names.push(name);
        }
        form
    }
}

/// The value of an attribute of a tag. Portico always writes double quotes.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let value = rest.split('"').next()?;
    let plain = value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    Some(plain.replace("&#39;", "'").replace("&amp;", "&"))
}
