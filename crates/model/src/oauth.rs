//! What OAuth clients bring and get: names, scopes, redirect URIs, codes and tokens.
//!
//! RFC 8628 (device codes), RFC 7636 (PKCE), RFC 8252 §7.3 (loopback redirection).
//!
//! One file, because these are the small words of one protocol, and each means little without the rest.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::Random;
use crate::ids::{IdentityStoreId, SessionId, UserId};
use crate::senses::random_text;
use crate::session::{SourceNetwork, TokenHash};
use crate::texts::{is_visible, text_newtype};

text_newtype! {
    /// What a client calls itself. Anyone may claim any name, so pages show it as a claim.
    ClientName, |text| {
        if !(1..=256).contains(&text.chars().count()) {
            return Err("have length between 1 and 256");
        }
        // A name could hide behind controls, marks that turn a line around and characters without a
        // shape what it says, or say nothing at all.
        if !text.chars().all(|c| c == ' ' || is_visible(c)) || text.trim().is_empty() {
            return Err("hold visible characters only");
        }
        Ok(())
    }
}

text_newtype! {
    /// One thing that a client may do for the person.
    // RFC 6749 §3.3: %x21 / %x23-5B / %x5D-7E.
    Scope, |text| {
        if !(1..=128).contains(&text.len()) {
            return Err("have length between 1 and 128");
        }
        let printable = |byte: u8| (0x21..=0x7E).contains(&byte) && byte != b'"' && byte != b'\\';
        if text.bytes().all(printable) { Ok(()) } else { Err("be a scope of RFC 6749") }
    }
}

/// A request names at most this many scopes.
// AWS: «up to 25 scopes per request».
pub const SCOPES_MAX: usize = 25;

/// Scopes, in the order that they were asked for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Scopes(pub Vec<Scope>);

impl Scopes {
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|own| own.as_str() == scope)
    }
}

impl FromStr for Scopes {
    type Err = &'static str;

    /// Scopes with spaces between, as query strings and the database have them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut scopes = Vec::new();
        for scope in text.split(' ').filter(|scope| !scope.is_empty()) {
            if scopes.len() == SCOPES_MAX {
                return Err("hold at most 25 scopes");
            }
            scopes.push(scope.parse().map_err(|_| "hold scopes of RFC 6749 with spaces between")?);
        }
        Ok(Self(scopes))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<&str> = self.0.iter().map(Scope::as_str).collect();
        f.write_str(&texts.join(" "))
    }
}

/// How a client comes by tokens.
// RFC 6749 §4.1 and §6, RFC 8628 §3.4.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum GrantType {
    AuthorizationCode,
    DeviceCode,
    RefreshToken,
}

impl GrantType {
    /// The word of the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
            Self::RefreshToken => "refresh_token",
        }
    }
}

impl FromStr for GrantType {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::AuthorizationCode, Self::DeviceCode, Self::RefreshToken]
            .into_iter()
            .find(|grant| grant.as_str() == text)
            .ok_or("be a grant type that is known here")
    }
}

/// SHA-256 of a client's id, which holds all that the client registered and is long.
pub type ClientHash = [u8; 32];

/// Where a browser is sent back to: a program that listens on the person's own machine.
///
/// INVARIANT: strangers register clients, so a code is never sent to a machine that a stranger could
/// have chosen; the loopback address of the browser is the person's own (RFC 8252 §7.3).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RedirectUri {
    text: String,
    /// Where the port stands in the text, with its colon; empty if there is none.
    port: std::ops::Range<usize>,
}

impl RedirectUri {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a client that registered `self` may ask to be answered at `other`.
    // RFC 8252 §7.3: the port is whatever was free when the client asked. RFC 9700 §2.1: everything
    // else is the same text.
    #[must_use]
    pub fn admits(&self, other: &Self) -> bool {
        self.around_port() == other.around_port()
    }

    fn around_port(&self) -> (Option<&str>, Option<&str>) {
        (self.text.get(..self.port.start), self.text.get(self.port.end..))
    }
}

impl FromStr for RedirectUri {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const MUST: &str = "be an http URI of a loopback address, such as \
            http://127.0.0.1/oauth/callback";
        // Only what every reader of URIs reads alike: no user name, no backslash, no fragment.
        let plain = |byte: u8| (0x21..=0x7E).contains(&byte) && !b"\\\"<>^`{|}#@".contains(&byte);
        if text.len() > 1024 || !text.bytes().all(plain) {
            return Err(MUST);
        }
        let rest = text.strip_prefix("http://").ok_or(MUST)?;
        let authority = rest.split(['/', '?']).next().unwrap_or(rest);
        let (host, port) = split_port(authority).ok_or(MUST)?;
        if !is_loopback(host) || !(port.is_empty() || port.get(1..).is_some_and(is_port)) {
            return Err(MUST);
        }
        let start = "http://".len() + host.len();
        Ok(Self { text: text.to_owned(), port: start..start + port.len() })
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The host, and the port with its colon.
fn split_port(authority: &str) -> Option<(&str, &str)> {
    let host_bytes = match authority.strip_prefix('[') {
        Some(address) => address.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(host_bytes)?;
    (port.is_empty() || port.starts_with(':')).then_some((host, port))
}

fn is_port(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}

// RFC 8252 §8.3: `localhost` is for clients that have nothing better.
fn is_loopback(host: &str) -> bool {
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match v6 {
        Some(address) => address.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        None => {
            host == "localhost"
                || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

text_newtype! {
    /// The hash of a verifier that only the client knows.
    // RFC 7636 §4.2: BASE64URL(SHA256(…)), 43 characters.
    CodeChallenge, |text| {
        let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.len() == 43 && text.bytes().all(url_safe) {
            Ok(())
        } else {
            Err("be the SHA-256 of a code verifier in base64url, 43 characters")
        }
    }
}

/// What a client proves with that it asked for a code.
// RFC 7636 §4.1: 43 to 128 unreserved characters.
#[derive(Clone, Eq, PartialEq)]
pub struct CodeVerifier(String);

impl CodeVerifier {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CodeVerifier {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        ((43..=128).contains(&text.len()) && text.bytes().all(unreserved))
            .then(|| Self(text.to_owned()))
            .ok_or("be 43 to 128 letters, digits and -._~")
    }
}

impl fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeVerifier(…)")
    }
}

/// The letters of user codes.
// RFC 8628 §6.1: no vowels, so that no word comes out, and none that is taken for another.
const USER_CODE_LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// The code that a person carries from a device to the browser: eight letters, shown as `XXXX-XXXX`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserCode(String);

impl UserCode {
    /// A code that is not yet known to be free.
    #[must_use]
    pub fn random(random: &dyn Random) -> Self {
        let letters = random_text(random, USER_CODE_LETTERS, 8);
        let (head, tail) = letters.split_at_checked(4).unwrap_or((&letters, ""));
        Self(format!("{head}-{tail}"))
    }
}

impl FromStr for UserCode {
    type Err = &'static str;

    /// Takes it as people type it: in any case, with or without hyphen and spaces.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const MUST: &str = "be the eight letters that your device shows, XXXX-XXXX";
        let mut letters = String::with_capacity(8);
        for character in text.chars().filter(|character| !is_separator(*character)) {
            let letter = character.to_ascii_uppercase();
            let known = u8::try_from(letter).is_ok_and(|byte| USER_CODE_LETTERS.contains(&byte));
            if !known || letters.len() == 8 {
                return Err(MUST);
            }
            letters.push(letter);
        }
        let (head, tail) =
            letters.split_at_checked(4).filter(|_| letters.len() == 8).ok_or(MUST)?;
        Ok(Self(format!("{head}-{tail}")))
    }
}

impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Hyphens of every kind that a phone's keyboard puts in, and spaces.
fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '_' | '.')
}

/// A client's wish, on a device without a browser, to act for a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeviceAuthorization {
    pub device_code_hash: TokenHash,
    pub user_code: UserCode,
    pub identity_store_id: IdentityStoreId,
    pub client_hash: ClientHash,
    pub client_name: ClientName,
    pub scopes: Scopes,
    /// Who asked, for the person to recognise.
    pub source_address: String,
    pub source_network: SourceNetwork,
    pub user_agent: String,
    pub state: DeviceState,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
}

/// How far a device authorization has come, and what is known then.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DeviceState {
    /// Nobody has typed the code yet.
    Pending,
    /// This person typed the code, in this session, and has not decided.
    Confirmed { user_id: UserId, portal_session_id: SessionId },
    /// They allowed it: this session is the client's, and waits for it.
    Approved { client_session_id: SessionId },
    /// They did not.
    Denied,
    /// The client took its tokens.
    Used { client_session_id: SessionId },
}

impl DeviceState {
    /// The word of the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Confirmed { .. } => "CONFIRMED",
            Self::Approved { .. } => "APPROVED",
            Self::Denied => "DENIED",
            Self::Used { .. } => "USED",
        }
    }
}

/// A code that a browser carries from the person to a client, which exchanges it for tokens.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthorizationCode {
    pub code_hash: TokenHash,
    pub identity_store_id: IdentityStoreId,
    /// The session that the person allowed, and that the code opens.
    pub client_session_id: SessionId,
    pub client_hash: ClientHash,
    pub redirect_uri: RedirectUri,
    pub code_challenge: CodeChallenge,
    pub scopes: Scopes,
    pub expires_at_ms: i64,
    /// Whether the client took its tokens.
    pub is_used: bool,
}

/// A token of a client session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientToken {
    pub token_hash: TokenHash,
    pub identity_store_id: IdentityStoreId,
    pub session_id: SessionId,
    pub kind: TokenKind,
    pub expires_at_ms: i64,
}

/// What a token is good for, and what is known of it then.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TokenKind {
    /// Calls to the portal API.
    Access,
    /// One exchange for a new pair of tokens, by the client that it was given to.
    Refresh { client_hash: ClientHash, scopes: Scopes, is_used: bool },
}

impl TokenKind {
    /// The word of the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Access => "ACCESS",
            Self::Refresh { .. } => "REFRESH",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_user_code_is_the_same_however_it_is_typed(
            letters in "[BCDFGHJKLMNPQRSTVWXZ]{8}",
            small in any::<[bool; 8]>(),
            between in proptest::collection::vec("[ \\-\u{2013}\u{2011}._\t]{0,2}", 9),
        ) {
            let mut typed = between[0].clone();
            for ((letter, small), after) in letters.chars().zip(small).zip(&between[1..]) {
                typed.push(if small { letter.to_ascii_lowercase() } else { letter });
                typed.push_str(after);
            }
            let code = typed.parse::<UserCode>().unwrap();
            prop_assert_eq!(code.to_string(), format!("{}-{}", &letters[..4], &letters[4..]));
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }

        #[test]
        fn nothing_but_eight_letters_is_a_user_code(typed in ".{0,12}") {
            if let Ok(code) = typed.parse::<UserCode>() {
                let letters = typed.chars().filter(|character| !is_separator(*character));
                let letters: String = letters.collect();
                prop_assert_eq!(letters.to_ascii_uppercase(), code.to_string().replace('-', ""));
            }
        }

        #[test]
        fn the_port_of_a_redirect_uri_is_free_and_nothing_else(
            registered in proptest::option::of(any::<u16>()),
            asked in proptest::option::of(any::<u16>()),
            path in "(/[a-z.]{0,5}){1,3}(\\?[a-z]=[0-9])?",
            other in "(/[a-z.]{0,5}){1,3}(\\?[a-z]=[0-9])?",
            host in "127\\.0\\.0\\.1|localhost|\\[::1\\]",
            other_host in "127\\.0\\.0\\.[12]|localhost",
        ) {
            let uri = |host: &str, port: Option<u16>, path: &str| {
                let port = port.map(|port| format!(":{port}")).unwrap_or_default();
                format!("http://{host}{port}{path}").parse::<RedirectUri>().unwrap()
            };
            let own = uri(&host, registered, &path);
            prop_assert!(own.admits(&uri(&host, asked, &path)));
            prop_assert_eq!(own.admits(&uri(&host, asked, &other)), path == other);
            prop_assert_eq!(own.admits(&uri(&other_host, asked, &path)), host == other_host);
        }

        #[test]
        fn a_redirect_uri_never_leaves_the_own_machine(text in "http://[\\[\\]@:/?#.\\\\a-z0-9]{0,30}") {
            if let Ok(uri) = text.parse::<RedirectUri>() {
                let rest = uri.as_str().strip_prefix("http://").unwrap();
                let end = rest.find(['/', '?']).unwrap_or(rest.len());
                let authority = &rest[..end];
                prop_assert!(!authority.contains(['@', '\\', '#']));
                let name = authority.rsplit_once(':').map_or(authority, |(name, port)| {
                    if port.ends_with(']') { authority } else { name }
                });
                prop_assert!(name == "localhost" || name.starts_with("127.") || name.starts_with('['));
            }
        }
    }

    struct Counting;

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (number, byte) in (0..).zip(bytes) {
                *byte = number;
            }
        }
    }

    #[test]
    fn a_user_code_is_shown_in_one_form_and_read_in_many() {
        let code = UserCode::random(&Counting);
        assert_eq!(code.to_string(), "BCDF-GHJK");
        for typed in ["bcdfghjk", " BCDF GHJK ", "bcdf\u{2013}ghjk", "B.C.D.F-G.H.J.K"] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_user_code_is_refused() {
        for typed in ["", "BCDF", "BCDF-GHJKL", "ACDF-GHJK", "BCDF-GHJ1", "ＢCDFGHJK", "BCDF/GHJK"]
        {
            assert!(typed.parse::<UserCode>().is_err(), "{typed}");
        }
    }

    #[test]
    fn a_redirect_uri_leads_to_the_own_machine() {
        for text in [
            "http://127.0.0.1/oauth/callback",
            "http://127.0.0.1:65535/oauth/callback?a=b",
            "http://[::1]:8/",
            "http://localhost",
        ] {
            assert!(text.parse::<RedirectUri>().is_ok(), "{text}");
        }
        for text in [
            "https://example.com/",
            "http://example.com/",
            "https://127.0.0.1/",
            "http://127.0.0.1@example.com/",
            "http://127.0.0.1\\@example.com/",
            "http://127.0.0.1.example.com/",
            "http://127.0.0.1:80@example.com/",
            "http://127.0.0.1:/../",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1:+1/",
            "http://[::1",
            "http://[::1]example.com/",
            "http://[127.0.0.1]/",
            "http://127.1/",
            "http:///",
            "http://127.0.0.1/#fragment",
            "http://127.0.0.1/a b",
            "http://127.0.0.1/\n",
            "javascript:alert(1)",
            "HTTP://127.0.0.1/",
            "",
        ] {
            assert!(text.parse::<RedirectUri>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_client_name_cannot_hide_what_it_says() {
        assert!("botocore-client-my session".parse::<ClientName>().is_ok());
        assert!("Zürichs Konsole 🦀".parse::<ClientName>().is_ok());
        let shapeless = ["\u{200B}", "AWS\u{200B}CLI", "\u{FEFF}a", "\u{2028}", "a\u{E0041}"];
        for text in
            shapeless.into_iter().chain(["", " ", "AWS\u{202E}IAP", "a\nb", &"a".repeat(257)])
        {
            assert!(text.parse::<ClientName>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn scopes_are_read_from_one_text() {
        let scopes: Scopes = "sso:account:access  codecatalyst:read_write".parse().unwrap();
        assert_eq!(scopes.to_string(), "sso:account:access codecatalyst:read_write");
        assert!(scopes.contains("sso:account:access"));
        assert!("a\"b".parse::<Scopes>().is_err());
        assert!("a ".repeat(26).parse::<Scopes>().is_err());
        assert_eq!("".parse::<Scopes>(), Ok(Scopes::default()));
    }
}
