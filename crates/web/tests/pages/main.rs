//! Pages in memory: a browser with cookies, a server without sockets.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod authentication;
mod bounds;
mod browser;
mod every_page;
mod former_callers;
mod outbox;
mod security;
