//! Bearer secrets: cookies of sessions, tokens, codes.

/// SHA-256 of a bearer secret. The secret itself is never stored.
pub type TokenHash = [u8; 32];
