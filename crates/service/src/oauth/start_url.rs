//! The many spellings of a start URL, and the instance that they mean.
//!
//! To a client the start URL is a name. The stock command line sends the one it was configured with,
//! or the one that it led to, with or without what a browser adds at the end.

use model::ids::{IdentityStoreId, InstanceId};
use model::instance::{Instance, InstanceStatus};
use model::{Fault, OAuthError};
use store::{Read, instance};

use crate::Ctx;

/// What a start URL says.
#[derive(Clone, Debug, Eq, PartialEq)]
enum StartUrl {
    Store(IdentityStoreId),
    Instance(InstanceId),
    /// This server's own address, and so the organisation's instance.
    Own,
}

/// The instance that a start URL or an issuer URL means.
pub(super) fn require_instance(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    url: &str,
) -> Result<Instance, Fault> {
    let found = match parse(&ctx.portico.settings.public_url, url) {
        Some(StartUrl::Store(id)) => instance::find_by_store(read, &id)?,
        Some(StartUrl::Instance(id)) => instance::find(read, &id)?,
        Some(StartUrl::Own) => instance::find_of_organization(read)?,
        None => None,
    };
    found.filter(|instance| instance.status == InstanceStatus::Active).ok_or_else(|| {
        OAuthError::InvalidRequest.because(
            "The start URL is not one of this server. The access portal shows the right one.",
        )
    })
}

fn parse(public_url: &str, url: &str) -> Option<StartUrl> {
    let (scheme, rest) = url.split_once("://")?;
    // What a browser adds: `#`, `#/`, a query.
    let rest = rest.split(['#', '?']).next()?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_ascii_lowercase();
    let path = path.trim_end_matches('/');
    if is_own(public_url, scheme, &host) {
        return matches!(path, "" | "start").then_some(StartUrl::Own);
    }
    if scheme != "https" {
        return None;
    }
    if host == "identitycenter.amazonaws.com" {
        return path.parse().ok().map(StartUrl::Instance);
    }
    let (label, domain) = host.split_once('.')?;
    if domain == "awsapps.com" {
        let path_is_good = matches!(path, "" | "start");
        return label.parse().ok().filter(|_| path_is_good).map(StartUrl::Store);
    }
    let regional = |before: &str, after: &str| {
        let region = domain.strip_prefix(before)?.strip_suffix(after)?;
        region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-').then_some(())
    };
    let of_instance =
        regional("", ".portal.amazonaws.com").or_else(|| regional("portal.", ".app.aws"));
    of_instance.filter(|()| path.is_empty()).and(label.parse().ok()).map(StartUrl::Instance)
}

/// Whether this is our own address. Of the loopback all names are alike.
fn is_own(public_url: &str, scheme: &str, host: &str) -> bool {
    let Some((own_scheme, own_host)) = public_url.split_once("://") else { return false };
    let own_host = own_host.split('/').next().unwrap_or_default().to_ascii_lowercase();
    let loopback = |host: &str| {
        let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
        matches!(name, "localhost" | "127.0.0.1" | "[::1]").then(|| port.to_owned())
    };
    let same_loopback = loopback(host).is_some() && loopback(host) == loopback(&own_host);
    scheme == own_scheme && (host == own_host || same_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://sso.example.com";

    #[test]
    fn all_spellings_of_a_start_url_mean_the_same() {
        let store = StartUrl::Store("d-0123456789".parse().unwrap());
        for end in ["/start", "/start/", "/start#", "/start#/", "/start/#/", "", "/", "/#"] {
            let url = format!("https://d-0123456789.awsapps.com{end}");
            assert_eq!(parse(OWN, &url), Some(store.clone()), "{url}");
            assert_eq!(parse(OWN, &format!("{OWN}{end}")), Some(StartUrl::Own), "{end}");
        }
        let instance = StartUrl::Instance("ssoins-0123456789abcdef".parse().unwrap());
        for url in [
            "https://ssoins-0123456789abcdef.us-east-1.portal.amazonaws.com",
            "https://ssoins-0123456789abcdef.portal.eu-central-1.app.aws/",
            "https://identitycenter.amazonaws.com/ssoins-0123456789abcdef",
        ] {
            assert_eq!(parse(OWN, url), Some(instance.clone()), "{url}");
        }
    }

    #[test]
    fn the_names_of_the_loopback_are_alike_on_one_port() {
        let own = "http://localhost:8080";
        assert_eq!(parse(own, "http://127.0.0.1:8080/start"), Some(StartUrl::Own));
        assert_eq!(parse(own, "http://LOCALHOST:8080/start"), Some(StartUrl::Own));
        assert_eq!(parse(own, "http://127.0.0.1:8081/start"), None);
        assert_eq!(parse(own, "https://127.0.0.1:8080/start"), None);
    }

    #[test]
    fn another_address_means_nothing() {
        for url in [
            "",
            "d-0123456789",
            "http://d-0123456789.awsapps.com/start",
            "https://d-0123456789.awsapps.com/other",
            "https://d-0123456789.awsapps.com.example.com/start",
            "https://example.com/d-0123456789.awsapps.com/start",
            "https://sso.example.com/console",
            "https://sso.example.com.example.net/start",
            "https://sso.example.com@example.net/start",
            "https://ssoins-0123456789abcdef.portal.a/b.app.aws/",
            "https://my-alias.awsapps.com/start",
        ] {
            assert_eq!(parse(OWN, url), None, "{url}");
        }
    }
}
