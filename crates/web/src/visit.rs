//! One request of a browser, with everything that a page may ask of it.

use std::cell::Cell;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Fault;
use model::senses::random_bytes;
use protocol::{Fields, form};
use service::Portico;

use crate::cookies::{Cookie, CookieNames};
use crate::detour::{Answer, Detour};
use crate::{Page, PageRequest, Site, form_token};

/// One request of a browser.
pub(crate) struct Visit<'a> {
    pub(crate) portico: &'a Portico,
    pub(crate) request: &'a PageRequest<'a>,
    pub(crate) query: Fields<'static>,
    /// Empty for GET.
    pub(crate) form: Fields<'static>,
    pub(crate) names: CookieNames,
    site: &'a Site,
    visitor: Visitor,
}

/// The random cookie of whoever has not signed in yet.
struct Visitor {
    id: String,
    /// Whether the browser does not have it yet.
    is_new: bool,
    /// Whether a form was made with it.
    is_used: Cell<bool>,
}

impl<'a> Visit<'a> {
    pub(crate) fn new(
        portico: &'a Portico,
        site: &'a Site,
        request: &'a PageRequest<'a>,
    ) -> Result<Self, Fault> {
        let names = CookieNames::new(&portico.settings.public_url);
        let known = names.read(request.cookies, Cookie::Visit).map(str::to_owned);
        let is_new = known.is_none();
        let id =
            known.unwrap_or_else(|| URL_SAFE_NO_PAD.encode(random_bytes::<18>(&*portico.random)));
        let is_post = request.method == "POST";
        Ok(Self {
            portico,
            request,
            query: form::parse_fields(request.query)?,
            form: if is_post { form::parse_body(request.body)? } else { Fields::default() },
            names,
            site,
            visitor: Visitor { id, is_new, is_used: Cell::new(false) },
        })
    }

    /// The value of a cookie, if the browser sent it.
    pub(crate) fn cookie(&self, cookie: Cookie) -> Option<&str> {
        self.names.read(self.request.cookies, cookie)
    }

    /// The token of the form that is sent to `path`; `cookie` is the secret that it is bound to.
    pub(crate) fn token(&self, cookie: Cookie, path: &str) -> String {
        form_token::make(&self.site.form_key, self.secret(cookie), path)
    }

    /// Refuses a form that was not made for this browser, this session and this address.
    pub(crate) fn require_token(&self, cookie: Cookie) -> Answer<()> {
        let token = self.form.text(form_token::FIELD)?.unwrap_or_default();
        let good =
            form_token::is_good(&self.site.form_key, self.secret(cookie), self.request.path, token);
        // Fetch Metadata: a second lock, for browsers that say where a form was.
        let elsewhere = matches!(self.request.fetch_site, Some("cross-site" | "same-site"));
        if good && !elsewhere { Ok(()) } else { Err(Detour::StaleForm) }
    }

    /// The page, with the cookie that its forms need.
    pub(crate) fn leave(&self, page: Page) -> Page {
        if self.visitor.is_new && self.visitor.is_used.get() {
            return page.with_cookie(self.names.keep(Cookie::Visit, &self.visitor.id, None));
        }
        page
    }

    fn secret(&self, cookie: Cookie) -> &str {
        match cookie {
            Cookie::Visit => {
                self.visitor.is_used.set(true);
                &self.visitor.id
            }
            Cookie::Session | Cookie::Console => self.cookie(cookie).unwrap_or_default(),
        }
    }
}
