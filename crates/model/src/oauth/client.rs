//! OAuth clients.

use crate::text_type::text_type;
use crate::visible::is_visible;

/// SHA-256 of a client's id. The id holds everything that the client registered, so it is long.
pub type ClientHash = [u8; 32];

text_type! {
    /// The name that a client claims for itself. Any client may claim any name, so pages show it as
    /// a claim.
    ClientName, |text| {
        if !(1..=256).contains(&text.chars().count()) {
            return Err("have length between 1 and 256");
        }
        // Control characters, marks that reverse a line and characters without a shape could hide
        // what a name says, or make it say nothing.
        if !text.chars().all(|c| c == ' ' || is_visible(c)) || text.trim().is_empty() {
            return Err("hold visible characters only");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
