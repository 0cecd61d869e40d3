//! Time and randomness, the two things a pure program cannot make for itself.
//!
//! `server` gives the real ones; tests and `portico sandbox` give ones that can be turned by hand.

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;
}

/// Makes unguessable bytes.
pub trait Random: Send + Sync {
    /// Fills the slice; never fails, because the process stops first.
    fn fill(&self, bytes: &mut [u8]);
}

/// An array of unguessable bytes.
pub fn random_bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// `length` characters of `alphabet`, each equally likely.
///
/// `alphabet` holds at most 256 one-byte characters.
pub fn random_text(random: &dyn Random, alphabet: &[u8], length: usize) -> String {
    let Some(fair) = 256_usize.checked_div(alphabet.len()).map(|times| times * alphabet.len())
    else {
        return String::new();
    };
    let mut text = String::with_capacity(length);
    while text.len() < length {
        for byte in random_bytes::<32>(random).map(usize::from) {
            // A byte at or above the last whole multiple would favour the first characters.
            if byte < fair && text.len() < length {
                text.extend(alphabet.get(byte % alphabet.len()).map(|&byte| char::from(byte)));
            }
        }
    }
    text
}
