//! The style sheet, the script and the mark: files of the binary, under names that hold their hash.

use std::fmt::Write;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::page::Page;

/// Beginning of the path of every file, before the hash.
const PREFIX: &str = "/assets/portico-";

/// File and the path that it is served under.
pub(crate) struct Asset {
    pub(crate) path: String,
    ending: &'static str,
    media_type: &'static str,
    text: &'static str,
}

/// Style sheet of every page.
pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(".css", "text/css; charset=utf-8", include_str!("assets/portico.css"))
});

/// Script with copy buttons and local times. Every page works without it.
pub(crate) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(".js", "text/javascript; charset=utf-8", include_str!("assets/portico.js"))
});

/// Mark of the browser's tab.
pub(crate) static MARK: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(".svg", "image/svg+xml", include_str!("assets/mark.svg")));

impl Asset {
    fn new(ending: &'static str, media_type: &'static str, text: &'static str) -> Self {
        let mut path = PREFIX.to_owned();
        for byte in Sha256::digest(text).into_iter().take(8) {
            // Writing to a string cannot fail.
            let _ = write!(path, "{byte:02x}");
        }
        path.push_str(ending);
        Self { path, ending, media_type, text }
    }
}

/// Returns path and text of every file, for pages that are shown without a server.
#[must_use]
pub fn files() -> [(&'static str, &'static str); 3] {
    [&STYLE, &SCRIPT, &MARK].map(|asset| (asset.path.as_str(), asset.text))
}

/// Tells whether a path is one of the files, of this server or of another version.
#[must_use]
pub fn is_asset(path: &str) -> bool {
    path.starts_with(PREFIX)
}

/// Returns the file at `path`. A page of an older or newer server may name another hash. It is
/// redirected to the file of this server, so that servers can be replaced one by one.
pub(crate) fn serve(path: &str) -> Option<Page> {
    let hash = path.strip_prefix(PREFIX)?;
    let asset = [&STYLE, &SCRIPT, &MARK].into_iter().find(|asset| hash.ends_with(asset.ending))?;
    if asset.path == path {
        return Some(Page::file(asset.media_type, asset.text));
    }
    Some(Page::redirect(asset.path.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_be_kept_for_ever_under_its_hash_only() {
        let page = serve(&STYLE.path).unwrap();
        assert_eq!(page.status, 200);
        assert!(page.header("cache-control").unwrap().contains("immutable"));
        let page = serve("/assets/portico-0123456789abcdef.css").unwrap();
        assert_eq!((page.status, page.header("location")), (303, Some(STYLE.path.as_str())));
        assert!(serve("/assets/other.css").is_none());
        assert!(serve("/assets/portico-1.html").is_none());
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for text in [STYLE.text, SCRIPT.text] {
            assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("url("));
        }
    }
}
