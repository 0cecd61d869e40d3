//! A browser that parses the forms of our pages and keeps cookies.

use std::collections::BTreeMap;

use protocol::form::write_pairs;

use super::process::Process;
use super::wire::{Answer, Connection, Request};

/// Maximum number of redirects that a browser follows.
const REDIRECTS_MAX: u32 = 5;

/// A browser with its cookies.
pub struct Browser {
    connection: Connection,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new(server: &Process) -> Self {
        Self { connection: Connection::by_name(server.address), cookies: BTreeMap::new() }
    }

    /// The request with this browser's host and cookies, for another sender.
    pub fn as_mine(&self, request: Request) -> Request {
        request.with("host", self.connection.host()).with("cookie", self.cookies())
    }

    /// The `Cookie` header.
    fn cookies(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Opens a page, and follows redirects.
    pub fn open(&mut self, url: &str) -> Result<Answer, String> {
        self.follow(Request::read(""), url)
    }

    /// Fills in the form that has the field `known`, and sends it.
    pub fn submit(
        &mut self,
        page: &Answer,
        known: &str,
        filled: &[(&str, &str)],
    ) -> Result<Answer, String> {
        let request = fill(page, known, filled)?;
        let path = request.path.clone();
        self.follow(request, &path)
    }

    fn follow(&mut self, mut request: Request, url: &str) -> Result<Answer, String> {
        let mut url = url.to_owned();
        for _ in 0..REDIRECTS_MAX {
            let path = path_of(&url);
            let (path, query) = path.split_once('?').unwrap_or((path, ""));
            request = Request { path: path.to_owned(), query: query.to_owned(), ..request };
            let answer = self.connection.send(&self.as_mine(request.clone()))?.succeeded(&url)?;
            for cookie in answer.headers("set-cookie") {
                let pair = cookie.split(';').next().and_then(|pair| pair.split_once('='));
                if let Some((name, value)) = pair {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
            let Some(next) = answer.header("location") else { return Ok(answer) };
            next.clone_into(&mut url);
            request = Request::read("");
        }
        Err(format!("{url} leads on and on"))
    }
}

/// The request that sends the form with the field `known`.
pub fn fill(page: &Answer, known: &str, filled: &[(&str, &str)]) -> Result<Request, String> {
    let html = page.text();
    let mark = format!("name=\"{known}\"");
    let mut forms = html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
    let form = forms.find(|form| form.contains(&mark)).ok_or_else(|| {
        let start: String = html.chars().take(400).collect();
        format!("a page has no form with the field {known}: {start}")
    })?;
    let action = attribute(form, "action").ok_or("a form without an address")?;
    let inputs = form.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    let hidden = inputs.filter(|input| input.contains("type=\"hidden\""));
    let mut pairs: Vec<(String, String)> = hidden
        .filter_map(|input| {
            Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))
        })
        .collect();
    pairs.extend(filled.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Ok(Request::form(&action, write_pairs(pairs)))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
    let plain = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    Some(plain.replace("&amp;", "&"))
}

/// A URL without scheme and host.
fn path_of(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("://") else { return url };
    rest.find('/').and_then(|place| rest.get(place..)).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_that_is_meant_is_filled_in() {
        let html = r#"<form action="/other"><input type="hidden" name="a" value="1"></form>
            <form method="post" action="/here"><input type="hidden" name="token" value="x&amp;y">
            <input name="code" type="text"></form>"#;
        let page = Answer { body: html.into(), ..Answer::default() };
        let request = fill(&page, "code", &[("code", "AB CD")]).unwrap();
        assert_eq!(request.path, "/here");
        assert_eq!(String::from_utf8(request.body).unwrap(), "token=x%26y&code=AB%20CD");
        assert!(fill(&page, "password", &[]).is_err());
    }

    #[test]
    fn a_url_is_followed_by_its_path() {
        assert_eq!(path_of("http://localhost:1/a?b"), "/a?b");
        assert_eq!(path_of("http://localhost:1"), "/");
        assert_eq!(path_of("/a"), "/a");
    }
}
