//! TLS in front, with stock clients.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use crate::support::{Ca, Home, Keys, Portico, Request, Validity};

/// A server that ends TLS itself, with a plain listener beside it.
struct Secured {
    portico: Portico,
    ca: Ca,
    files: TempDir,
    data: TempDir,
}

impl Secured {
    fn start() -> Self {
        let (files, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let ca = Ca::new("a CA");
        ca.write(files.path(), "ca");
        let pair = ca.issue(files.path(), "server", &["localhost"], Validity::Good);
        let (cert, key) = (pair.cert.to_str().unwrap(), pair.key.to_str().unwrap());
        let arguments = ["--tls-cert", cert, "--tls-key", key, "--plain-listen", "127.0.0.1:0"];
        let portico = Portico::serve_in(data.path(), &arguments);
        Self { portico, ca, files, data }
    }

    /// A home whose clients know the CA.
    fn home(&self) -> Home {
        let ca = self.files.path().join("ca.crt");
        let home = Home::of(&self.portico).set("AWS_ENDPOINT_URL", self.portico.url());
        home.set("AWS_CA_BUNDLE", ca.to_str().unwrap()).set("CURL_CA_BUNDLE", ca.to_str().unwrap())
    }

    fn operator(&self) -> Keys {
        let data = self.data.path().to_str().unwrap();
        let said = Portico::run(&["admin", "credentials", "--data", data]);
        Keys::read(&serde_json::from_slice(&said.stdout).unwrap())
    }

    fn metrics(&self) -> String {
        let plain = self.portico.printed.iter().find(|line| line.contains("Plain HTTP")).unwrap();
        let (_, address) = plain.rsplit_once("http://").unwrap();
        Request::get("/metrics").send(address.parse().unwrap()).text()
    }
}

#[test]
fn stock_clients_speak_to_it() {
    let secured = Secured::start();
    assert!(secured.portico.url().starts_with("https://localhost:"));
    let (home, url) = (secured.home(), format!("{}/healthz", secured.portico.url()));
    for (option, version) in [("--http2", "2 200"), ("--http1.1", "1.1 200")] {
        let format = "%{http_version} %{response_code}\n%header{strict-transport-security}";
        let said = home.client("curl", &["-sSo", "/dev/null", option, "-w", format, &url]).ok();
        assert!(said.starts_with(version) && said.contains("max-age="), "{said}");
    }
    let home = home.with_keys(&secured.operator());
    home.aws(&["sso-admin", "create-instance"]).ok();
    let instances = home.aws(&["sso-admin", "list-instances"]).json();
    assert_eq!(instances["Instances"][0]["Status"], "ACTIVE", "{instances}");
    home.aws(&["s3", "mb", "s3://bucket"]).ok();
    let file = home.write("file", &"0123456789".repeat(1_000_000));
    home.aws(&["s3", "cp", file.to_str().unwrap(), "s3://bucket/key"]).ok();
    let back = home.path().join("back");
    home.aws(&["s3", "cp", "s3://bucket/key", back.to_str().unwrap()]).ok();
    assert_eq!(fs::read(file).unwrap(), fs::read(back).unwrap());
    // A presigned link is good under HTTP/2.
    let link = home.aws(&["s3", "presign", "s3://bucket/key"]).ok();
    let said = home.client("curl", &["-sS", "--http2", link.trim()]).ok();
    assert_eq!(said.len(), 10_000_000);
}

#[test]
fn only_tls_1_2_and_1_3_are_spoken() {
    let secured = Secured::start();
    let address = secured.portico.url().strip_prefix("https://").unwrap();
    let ca = secured.files.path().join("ca.crt");
    for (version, is_spoken) in
        [("-tls1", false), ("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)]
    {
        let ca = ca.to_str().unwrap();
        // OpenSSL itself refuses the old ones otherwise.
        let said = secured.home().client(
            "openssl",
            &[
                "s_client",
                "-connect",
                address,
                "-CAfile",
                ca,
                version,
                "-cipher",
                "ALL:@SECLEVEL=0",
            ],
        );
        assert_eq!(said.out.contains("BEGIN CERTIFICATE"), is_spoken, "{version} {said}");
    }
}

#[test]
fn a_renewed_certificate_is_taken_and_a_bad_pair_is_not() {
    let secured = Secured::start();
    let (files, home) = (secured.files.path(), secured.home());
    let url = format!("{}/healthz", secured.portico.url());
    let serial = || {
        let said = home.client("curl", &["-sSvo", "/dev/null", &url]);
        assert_eq!(said.code, Some(0), "{said}");
        said.err
    };
    assert!(serial().contains("subject: CN=server"));

    // The key of another certificate.
    let elsewhere = tempfile::tempdir().unwrap();
    let other = secured.ca.issue(elsewhere.path(), "renewed", &["localhost"], Validity::Good);
    replace(&other.key, &files.join("server.key"));
    // The files are looked at each second. Each question starts a client, so that this waits longer than that.
    until(|| {
        serial();
        secured.metrics().contains("portico_tls_reloads_failed_total{} 1")
    });
    assert!(secured.portico.log().contains("are no pair"));
    assert!(serial().contains("subject: CN=server"));
    replace(&other.cert, &files.join("server.crt"));
    until(|| serial().contains("subject: CN=renewed"));
    assert!(secured.portico.log().contains("the certificate is renewed"));
    assert!(
        secured.metrics().contains("portico_tls_certificate_expiry_timestamp_seconds{} 3155760000")
    );
}

#[test]
fn settings_that_do_not_go_together_are_refused() {
    let (files, ca) = (tempfile::tempdir().unwrap(), Ca::new("a CA"));
    let good = ca.issue(files.path(), "good", &["localhost"], Validity::Good);
    let expired = ca.issue(files.path(), "expired", &["localhost"], Validity::Expired);
    let [cert, key] = [&good.cert, &good.key].map(|path| path.to_str().unwrap());
    let [old_cert, old_key] = [&expired.cert, &expired.key].map(|path| path.to_str().unwrap());
    fs::set_permissions(&good.cert, PermissionsExt::from_mode(0o600)).unwrap();
    let open = ca.issue(files.path(), "open", &["localhost"], Validity::Good);
    fs::set_permissions(&open.key, PermissionsExt::from_mode(0o644)).unwrap();
    let open_key = open.key.to_str().unwrap();
    let both = ["--tls-cert", cert, "--tls-key", key];
    for (arguments, words) in [
        (vec!["--tls-cert", cert], "must be given together"),
        (vec!["--tls-cert", old_cert, "--tls-key", old_key], "it has expired"),
        (vec!["--tls-cert", cert, "--tls-key", old_key], "are no pair"),
        (vec!["--tls-cert", key, "--tls-key", key], "no certificate in PEM"),
        (vec!["--tls-cert", cert, "--tls-key", cert], "no key in PEM"),
        (vec!["--tls-cert", cert, "--tls-key", open_key], "chmod g-w,o= "),
        (vec!["--tls-cert", "/nowhere", "--tls-key", key], "/nowhere: No such file"),
        ([&both[..], &["--public-url", "http://localhost:1"]].concat(), "must begin with https://"),
        ([&both[..], &["--plain-listen", "0.0.0.0:0"]].concat(), "loopback address"),
        (vec!["--plain-listen", "127.0.0.1:0"], "needs --tls-cert"),
    ] {
        let data = tempfile::tempdir().unwrap();
        let serve = ["serve", "--listen", "127.0.0.1:0", "--data", data.path().to_str().unwrap()];
        let said = Portico::run(&[&serve[..], &arguments].concat());
        let err = String::from_utf8(said.stderr).unwrap();
        assert!(!said.status.success() && err.contains(words), "{arguments:?} {err}");
    }
}

/// Puts a copy of a file in place of another one.
fn replace(from: &Path, to: &Path) {
    let beside = to.with_extension("new");
    fs::copy(from, &beside).unwrap();
    fs::rename(beside, to).unwrap();
}

/// Asks again until it is so.
fn until(is_so: impl Fn() -> bool) {
    assert!((0..2000).any(|_| is_so()));
}
