//! A request of a browser, with everything that a page handler may ask of it.

use std::cell::Cell;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::credentials::Rejection;
use kernel::credentials::authenticate::caller_of_token;
use kernel::credentials::person::{caller_of_cookie, require_session_in_use};
use kernel::perform::retry;
use kernel::sessions::proof::ProofPurpose;
use kernel::{Caller, Ctx, Portico};
use model::Fault;
use model::random::random_bytes;
use protocol::{Fields, form};
use sign_in::browser::Browser;
use sign_in::prove_identity::require_proof;

use crate::address;
use crate::cookies::{Cookie, CookieNames};
use crate::form_token;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::request::{PageRequest, Site};
use crate::return_path;

/// A request of a browser.
pub(crate) struct RequestContext<'a> {
    pub(crate) portico: &'a Portico,
    pub(crate) request: &'a PageRequest<'a>,
    pub(crate) query: Fields<'static>,
    /// Empty for GET.
    pub(crate) form: Fields<'static>,
    pub(crate) names: CookieNames,
    site: &'a Site,
    /// Tells whether a path is the path of a page.
    is_page: fn(&str) -> bool,
    visitor: Visitor,
}

/// Action in the log of a page that a cookie does not open any more.
const OPEN_PAGE: &str = "portico:OpenPage";

/// The path that the seal of an open console is bound to.
const CONSOLE_PATH: &str = "/console";

/// Lifetime of the cookie by which a browser is known again. Sign-in in a known browser is not slowed
/// down by the failures of strangers.
const VISIT_SECONDS: i64 = 180 * 24 * 60 * 60;

/// Random cookie that tells this browser from others.
struct Visitor {
    id: String,
    /// True if the browser does not have it yet.
    is_new: bool,
    /// True if a form was made with it.
    is_used: Cell<bool>,
}

impl<'a> RequestContext<'a> {
    pub(crate) fn new(
        portico: &'a Portico,
        site: &'a Site,
        request: &'a PageRequest<'a>,
        is_page: fn(&str) -> bool,
    ) -> Result<Self, Fault> {
        let is_post = request.method == "POST";
        Ok(Self {
            query: form::parse_fields(request.query)?,
            form: if is_post { form::parse_body(request.body)? } else { Fields::default() },
            ..Self::without_fields(portico, site, request, is_page)
        })
    }

    /// The context of a request of which only the cookies are read.
    pub(crate) fn without_fields(
        portico: &'a Portico,
        site: &'a Site,
        request: &'a PageRequest<'a>,
        is_page: fn(&str) -> bool,
    ) -> Self {
        let names = CookieNames::new(&portico.settings.public_url);
        let known = names.read(request.cookies, Cookie::Browser).map(str::to_owned);
        let is_new = known.is_none();
        let id =
            known.unwrap_or_else(|| URL_SAFE_NO_PAD.encode(random_bytes::<18>(&*portico.random)));
        Self {
            portico,
            request,
            query: Fields::default(),
            form: Fields::default(),
            names,
            site,
            is_page,
            visitor: Visitor { id, is_new, is_used: Cell::new(false) },
        }
    }

    /// Leaves the event of a request that is refused before any operation, if a cookie tells whose it is.
    ///
    /// INVARIANT: whoever proved who they are is in the log under their own name, whatever the request was for. A form
    /// without a good token may be the trace of a forgery.
    pub(crate) fn note_refusal(&self, fault: &Fault) {
        let caller = match (self.cookie(Cookie::Session), self.console_keys()) {
            (Some(cookie), _) => caller_of_cookie(self.portico, cookie),
            (None, Some((key_id, token))) => caller_of_token(self.portico, key_id, token),
            (None, None) => return,
        };
        let rejection = match caller {
            Ok(caller) => Rejection::of_request(caller, fault.clone()),
            Err(rejection) => rejection.because(fault.clone()),
        };
        if rejection.names_somebody() {
            // The answer is the same whatever becomes of the event.
            rejection.trace(|caller| self.ctx(caller), OPEN_PAGE).ok();
        }
    }

    /// Returns the context of an operation that `caller` asks for.
    pub(crate) fn ctx<'v>(&'v self, caller: &'v Arc<Caller>) -> Ctx<'v> {
        Ctx::new(self.portico, caller, self.request.info)
    }

    /// Returns the person who is signed in to the portal.
    pub(crate) fn person(&self) -> Answer<Arc<Caller>> {
        let cookie = self.cookie(Cookie::Session).ok_or(PageError::SignIn)?;
        caller_of_cookie(self.portico, cookie).map_err(|rejection| self.refuse(&rejection))
    }

    /// Asks for a fresh proof of the person, if the instance does so for this purpose.
    pub(crate) fn require_proof(&self, person: &Arc<Caller>, purpose: ProofPurpose) -> Answer<()> {
        let ctx = self.ctx(person);
        Ok(retry(self.portico, || require_proof(&ctx, purpose))?)
    }

    /// Tells whether a person is signed in to the portal. A session that is over leaves no event.
    pub(crate) fn is_signed_in(&self) -> bool {
        let cookie = self.cookie(Cookie::Session);
        cookie.is_some_and(|cookie| caller_of_cookie(self.portico, cookie).is_ok())
    }

    /// Returns the role under which the console is open. It is closed when the portal session that opened it has ended,
    /// also by inactivity.
    pub(crate) fn role(&self) -> Answer<Arc<Caller>> {
        let (access_key_id, token) = self.console_keys().ok_or(PageError::OpenConsole)?;
        let role = caller_of_token(self.portico, access_key_id, token).and_then(|role| {
            require_session_in_use(self.portico, &role)?;
            Ok(role)
        });
        role.map_err(|rejection| {
            let refused = self.refuse(&rejection);
            let is_over = matches!(
                refused,
                PageError::Fault(Fault::UnknownKey | Fault::ExpiredKey | Fault::RevokedKey)
            );
            if is_over { PageError::OpenConsole } else { refused }
        })
    }

    /// Returns the id and the token of the keys with which this server opened the console.
    fn console_keys(&self) -> Option<(&str, &str)> {
        let (keys, seal) = self.cookie(Cookie::Console)?.rsplit_once('.')?;
        let is_own = form_token::is_good(&self.site.console_key, keys, CONSOLE_PATH, seal);
        keys.split_once('.').filter(|_| is_own)
    }

    /// Leaves the event of a cookie that is good no more, and returns the reason for the page.
    fn refuse(&self, rejection: &Rejection) -> PageError {
        match rejection.trace(|caller| self.ctx(caller), OPEN_PAGE) {
            Ok(()) => rejection.fault().clone().into(),
            Err(fault) => fault.into(),
        }
    }

    /// Makes the cookie of a console that is open with these keys.
    // The secret key is left out: a page needs no signature, and a stolen cookie cannot be used at the
    // API.
    // INVARIANT: key id and token are in every presigned link, so without more they open nothing. The
    // seal proves that this server opened the console with them.
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

    /// Returns what tells this browser from others.
    pub(crate) fn browser(&self) -> Browser {
        Browser {
            id: self.secret(Cookie::Browser).to_owned(),
            trusted: self.cookie(Cookie::Trusted).unwrap_or_default().to_owned(),
        }
    }

    /// Reads a parameter of the address. An absent parameter is empty text.
    pub(crate) fn parameter(&self, name: &str) -> Answer<&str> {
        Ok(address::text(&self.query, name)?)
    }

    /// Reads a field of the form. An absent field is empty text.
    pub(crate) fn field(&self, name: &str) -> Answer<&str> {
        Ok(address::text(&self.form, name)?)
    }

    /// Returns `path` if it leads to a page of this server.
    pub(crate) fn return_to<'p>(&self, path: &'p str) -> Option<&'p str> {
        return_path::checked(path, self.is_page)
    }

    /// Returns the value of a cookie, if the browser sent it.
    pub(crate) fn cookie(&self, cookie: Cookie) -> Option<&str> {
        self.names.read(self.request.cookies, cookie)
    }

    /// Makes the token of the form that is sent to `path`, bound to the secret of `cookie`.
    pub(crate) fn token(&self, cookie: Cookie, path: &str) -> String {
        form_token::make(&self.site.form_key, self.secret(cookie), path)
    }

    /// Refuses a form that was not made for this browser, this session and this address.
    pub(crate) fn require_token(&self, cookie: Cookie) -> Answer<()> {
        let token = self.field(form_token::FIELD)?;
        let good =
            form_token::is_good(&self.site.form_key, self.secret(cookie), self.request.path, token);
        // Fetch Metadata: a second check, for browsers that say which site has the form.
        let elsewhere = matches!(self.request.fetch_site, Some("cross-site" | "same-site"));
        if good && !elsewhere { Ok(()) } else { Err(PageError::StaleForm) }
    }

    /// Adds to the page the cookie that its forms need.
    pub(crate) fn leave(&self, page: Page) -> Page {
        if self.visitor.is_new && self.visitor.is_used.get() {
            return page.with_cookie(self.names.keep(
                Cookie::Browser,
                &self.visitor.id,
                Some(VISIT_SECONDS),
            ));
        }
        page
    }

    fn secret(&self, cookie: Cookie) -> &str {
        match cookie {
            Cookie::Browser => {
                self.visitor.is_used.set(true);
                &self.visitor.id
            }
            Cookie::Session | Cookie::Console | Cookie::Trusted => {
                self.cookie(cookie).unwrap_or_default()
            }
        }
    }
}
