//! Randomness as an argument: `server` supplies the operating system's generator, tests supply a
//! predictable one.

/// The digits of lower-case hexadecimal numbers, as an alphabet.
pub(crate) const HEX: &[u8; 16] = b"0123456789abcdef";

/// Generates unguessable bytes.
pub trait Random: Send + Sync {
    /// Fills the slice. It cannot fail: the process aborts if the generator does.
    fn fill(&self, bytes: &mut [u8]);
}

/// An array of unguessable bytes.
pub fn random_bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// A text of `length` characters of `alphabet`, each equally likely.
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
