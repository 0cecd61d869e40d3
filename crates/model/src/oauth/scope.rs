//! The scopes of OAuth clients.

use std::fmt;
use std::str::FromStr;

use crate::text_type::text_type;

text_type! {
    /// A permission that a client has on behalf of a person.
    // RFC 6749 §3.3: %x21 / %x23-5B / %x5D-7E.
    Scope, |text| {
        if !(1..=128).contains(&text.len()) {
            return Err("have length between 1 and 128");
        }
        let printable = |byte: u8| (0x21..=0x7E).contains(&byte) && byte != b'"' && byte != b'\\';
        if text.bytes().all(printable) { Ok(()) } else { Err("be a scope of RFC 6749") }
    }
}

/// Maximum number of scopes in a request.
// AWS: «up to 25 scopes per request».
pub const SCOPES_MAX: usize = 25;

/// Scopes, in the order of the request.
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

#[cfg(test)]
mod tests {
    use super::*;

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
