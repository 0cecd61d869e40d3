//! The style sheet and the script: files of the binary, under names that hold their hash. And the mark.

use std::fmt::Write;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Beginning of the path of every file, before the hash.
pub(crate) const PREFIX: &str = "/assets/portico-";

/// File and the path that it is served under.
pub(crate) struct Asset {
    pub(crate) path: String,
    /// `sha256-…`: the `integrity` of the file, Subresource Integrity §3.1.
    pub(crate) integrity: String,
    pub(crate) ending: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) text: &'static str,
}

/// Style sheet of every page.
pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(".css", "text/css; charset=utf-8", include_str!("assets/portico.css"))
});

/// Script with copy buttons and local times. Every page works without it.
pub(crate) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(".js", "text/javascript; charset=utf-8", include_str!("assets/portico.js"))
});

/// Mark of the browser's tab, as a `data:` URL. RFC 2397.
pub(crate) static MARK: LazyLock<String> = LazyLock::new(|| {
    let mark = include_str!("assets/mark.svg").trim_end();
    format!("data:image/svg+xml;base64,{}", STANDARD.encode(mark))
});

impl Asset {
    fn new(ending: &'static str, media_type: &'static str, text: &'static str) -> Self {
        let mut path = PREFIX.to_owned();
        let hash = Sha256::digest(text);
        for byte in hash.into_iter().take(8) {
            // Writing to a string cannot fail.
            let _ = write!(path, "{byte:02x}");
        }
        path.push_str(ending);
        let integrity = format!("sha256-{}", STANDARD.encode(hash));
        Self { path, integrity, ending, media_type, text }
    }
}

/// Every file.
pub(crate) fn all() -> [&'static Asset; 2] {
    [&STYLE, &SCRIPT]
}

/// Returns path and text of every file, for pages that are shown without a server.
#[must_use]
pub fn files() -> [(&'static str, &'static str); 2] {
    all().map(|asset| (asset.path.as_str(), asset.text))
}

/// Tells whether a path is one of the files, of this server or of another version.
#[must_use]
pub fn is_asset(path: &str) -> bool {
    path.starts_with(PREFIX)
}

/// Tells whether a path is that of a file of this server. Such a path is never an object's.
#[must_use]
pub fn is_file(path: &str) -> bool {
    all().iter().any(|asset| asset.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for text in [STYLE.text, SCRIPT.text] {
            assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("url("));
        }
    }
}
