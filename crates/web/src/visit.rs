//! One request of a browser, with everything that a page may ask of it.

use std::cell::Cell;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Fault;
use model::random::random_bytes;
use protocol::{Fields, form};
use service::credentials::authenticate::caller_of_token;
use service::credentials::person::caller_of_cookie;
use service::{Caller, Ctx, Portico};

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

/// What the seal of an open console is for.
const CONSOLE_PATH: &str = "/console";

/// How long a browser is known again. Sign-in is not slowed down by strangers in a known browser.
const VISIT_SECONDS: i64 = 180 * 24 * 60 * 60;

/// The random cookie that tells this browser from others.
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

    /// What an operation may use that `caller` asks for.
    pub(crate) fn ctx<'v>(&'v self, caller: &'v Arc<Caller>) -> Ctx<'v> {
        Ctx::new(self.portico, caller, self.request.info)
    }

    /// The person who is signed in to the portal.
    pub(crate) fn person(&self) -> Answer<Arc<Caller>> {
        let cookie = self.cookie(Cookie::Session).ok_or(Detour::SignIn)?;
        Ok(caller_of_cookie(self.portico, cookie)?)
    }

    /// The role under which the console is open.
    pub(crate) fn role(&self) -> Answer<Arc<Caller>> {
        let cookie = self.cookie(Cookie::Console).and_then(|cookie| cookie.rsplit_once('.'));
        let (keys, seal) = cookie.ok_or(Detour::OpenConsole)?;
        let (access_key_id, token) = keys.split_once('.').ok_or(Detour::OpenConsole)?;
        if !form_token::is_good(&self.site.console_key, keys, CONSOLE_PATH, seal) {
            return Err(Detour::OpenConsole);
        }
        match caller_of_token(self.portico, access_key_id, token) {
            Err(Fault::UnknownKey | Fault::ExpiredKey | Fault::RevokedKey) => {
                Err(Detour::OpenConsole)
            }
            outcome => Ok(outcome?),
        }
    }

    /// The cookie of a console that is open with these keys.
    // The secret key is left out: a page needs no signature, and a cookie that is stolen cannot be
    // used at the API.
    // INVARIANT: key id and token are in every link that somebody signs, so they alone open nothing:
    // the seal says that this server opened the console with them.
    pub(crate) fn console_cookie(&self, keys: (&str, &str), ends_at_ms: i64) -> String {
        let (access_key_id, token) = keys;
        let seconds = (ends_at_ms - self.now_ms()) / 1000;
        let keys = format!("{access_key_id}.{token}");
        let seal = form_token::make(&self.site.console_key, &keys, CONSOLE_PATH);
        self.names.keep(Cookie::Console, &format!("{keys}.{seal}"), Some(seconds))
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.portico.clock.now_ms()
    }

    /// Tells this browser from others. It is not proof of anything.
    pub(crate) fn browser(&self) -> &str {
        self.secret(Cookie::Visit)
    }

    /// A parameter of the address; none and empty are the same.
    pub(crate) fn parameter(&self, name: &str) -> Answer<&str> {
        Ok(self.query.text(name)?.unwrap_or_default())
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
            return page.with_cookie(self.names.keep(
                Cookie::Visit,
                &self.visitor.id,
                Some(VISIT_SECONDS),
            ));
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
