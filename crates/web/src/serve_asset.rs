//! Answers with the files of pages.

use crate::assets;
use crate::page::Page;

/// Returns the file at `path`. A page of an older or newer server may name another hash. It is
/// redirected to the file of this server, so that servers can be replaced one by one.
pub(crate) fn serve(path: &str) -> Option<Page> {
    let hash = path.strip_prefix(assets::PREFIX)?;
    let asset = assets::all().into_iter().find(|asset| hash.ends_with(asset.ending))?;
    if asset.path == path {
        return Some(Page::file(asset.media_type, asset.text));
    }
    Some(Page::redirect(asset.path.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::STYLE;

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
}
