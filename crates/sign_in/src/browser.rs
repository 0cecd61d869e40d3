//! What a browser sends of itself at each step of a sign-in.

/// A browser in which somebody signs in.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    /// Value of a persistent cookie that tells this browser from others. It proves nothing.
    pub id: String,
    /// Value of the cookie with the secrets of people who called this browser their own; empty if it has none.
    pub trusted: String,
}
