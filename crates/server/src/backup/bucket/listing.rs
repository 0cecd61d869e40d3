//! What is in a part of a bucket, without what is below it.

use http::Method;
use protocol::percent;

use super::answer::Document;
use super::client::{Call, Client};
use crate::backup::place::Entry;

/// Lists a folder, `""` or a name with `/` at its end, by name.
pub(super) async fn list(client: &Client, folder: &str) -> Result<Vec<Entry>, String> {
    let prefix = percent::encode(&client.address.key(folder));
    let (mut entries, mut token) = (Vec::new(), None);
    loop {
        let token_query =
            token.map(|token: String| format!("continuation-token={}&", percent::encode(&token)));
        let query =
            format!("{}delimiter=%2F&list-type=2&prefix={prefix}", token_query.unwrap_or_default());
        let answer = client.send(&Call::new(Method::GET, "", &query)).await?;
        let (_, body) = answer.map_err(|refusal| client.sentence(&refusal))?;
        let page = Document::read(&body)?;
        let own = |key: String| key.strip_prefix(&client.address.prefix).map(str::to_owned);
        for file in page.elements("Contents") {
            let name = file.text_of("Key").and_then(own);
            let bytes = file.text_of("Size").and_then(|size| size.parse().ok());
            let (Some(name), Some(bytes)) = (name, bytes) else {
                return Err(format!("{} is listed without keys or sizes", client.address.name()));
            };
            entries.push(Entry { name, bytes: Some(bytes) });
        }
        for folder in page.elements("CommonPrefixes") {
            let name = folder.text_of("Prefix").and_then(own);
            entries.extend(name.map(|name| Entry { name, bytes: None }));
        }
        token = page.text("NextContinuationToken");
        if token.is_none() || page.text("IsTruncated").as_deref() != Some("true") {
            entries.sort_by(|one, other| one.name.cmp(&other.name));
            return Ok(entries);
        }
    }
}
