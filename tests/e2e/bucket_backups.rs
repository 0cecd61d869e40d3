//! `portico backup s3://…` and `portico restore s3://…`, with the S3 endpoint of a second server.

use std::path::Path;
use std::{fs, thread};

use crate::support::{Installation, Keys, Organization, Portico, Request, Said};

/// A bucket of a server, as the variables of the SDKs name it.
struct Store {
    endpoint: String,
    keys: Keys,
}

impl Store {
    /// The bucket `backups` of a server.
    fn in_server(portico: &Portico, keys: Keys) -> Self {
        assert_eq!(s3(portico, &keys, "PUT", "/backups", b"").0, 200);
        Self { endpoint: portico.endpoint(), keys }
    }

    fn run(&self, words: &[&str]) -> Said {
        let mut variables = vec![
            ("AWS_ENDPOINT_URL_S3", &*self.endpoint),
            ("AWS_ACCESS_KEY_ID", &*self.keys.id),
            ("AWS_SECRET_ACCESS_KEY", &*self.keys.secret),
        ];
        let token = self.keys.session_token.as_deref();
        variables.extend(token.map(|token| ("AWS_SESSION_TOKEN", token)));
        Portico::run_in(&variables, words).into()
    }

    fn backup(&self, installation: &Installation) -> Said {
        let data = installation.data().to_str().unwrap();
        self.run(&["backup", "s3://backups/one/portico", "--data", data, "--with-key"])
    }

    fn restore(&self, to: &Path) -> Said {
        self.run(&["restore", "s3://backups/one/portico", "--data", to.to_str().unwrap()])
    }
}

fn s3(portico: &Portico, keys: &Keys, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let request = Request::new(method, path).body(body);
    let answer = portico.send(&keys.sign("s3", request, portico));
    (answer.status, answer.body)
}

/// A server with a user, and objects of which one takes several parts.
fn served() -> (Installation, Vec<u8>) {
    let installation = Installation::embedded();
    let portico = installation.serve();
    let keys = installation.operator();
    Organization::of(&portico, keys.clone()).create_user("ann");
    s3(&portico, &keys, "PUT", "/photos", b"");
    let large: Vec<u8> = (0..u32::pow(2, 22) + 7).flat_map(u32::to_le_bytes).collect();
    assert_eq!(s3(&portico, &keys, "PUT", "/photos/large", &large).0, 200);
    for key in 0..5 {
        s3(&portico, &keys, "PUT", &format!("/photos/{key}"), b"bytes");
    }
    s3(&portico, &keys, "PUT", "/photos/empty", b"");
    assert!(portico.terminate().success());
    (installation, large)
}

fn require_restored(data: &Path, large: &[u8]) {
    let to = data.to_str().unwrap();
    Said::from(Portico::run(&["check", "--data", to, "--full"])).ok();
    let portico = Portico::serve_in(data, &[]);
    let keys = Organization::operator(&["--data", to]);
    assert!(s3(&portico, &keys, "GET", "/photos/large", b"") == (200, large.to_vec()));
    assert_eq!(s3(&portico, &keys, "GET", "/photos/4", b""), (200, b"bytes".to_vec()));
    assert_eq!(s3(&portico, &keys, "GET", "/photos/empty", b""), (200, Vec::new()));
}

#[test]
fn a_backup_in_a_bucket_goes_on_where_it_was_cut_off_and_is_restored() {
    let (installation, large) = served();
    let server = Portico::sandbox();
    let store = Store::in_server(&server, Keys::sandbox());
    let said = store.backup(&installation).ok();
    assert!(said.contains("7 files of objects") && said.contains("7 of them new"), "{said}");
    // What a command that was killed leaves: no manifest, and an upload that did not end.
    let keys = Keys::sandbox();
    s3(&server, &keys, "DELETE", "/backups/one/portico/manifest.json", b"");
    s3(&server, &keys, "POST", "/backups/one/portico/objects/x?uploads=", b"");
    let folder = tempfile::tempdir().unwrap();
    let said = store.restore(&folder.path().join("early")).complaint();
    assert!(said.contains("is no backup: it has no manifest.json"), "{said}");
    fs::create_dir(installation.data().join("scratch-left")).unwrap();

    let said = store.backup(&installation).ok();
    assert!(said.contains("0 of them new"), "{said}");
    assert!(!installation.data().join("scratch-left").exists());
    let (_, uploads) = s3(&server, &keys, "GET", "/backups?uploads=", b"");
    assert!(!String::from_utf8(uploads).unwrap().contains("<Upload>"));
    let (_, listed) = s3(&server, &keys, "GET", "/backups?list-type=2", b"");
    // The manifest, the database, the list, the key: nothing of the former backup is left.
    assert_eq!(String::from_utf8(listed).unwrap().matches("<Key>").count(), 7 + 4);
    let data = folder.path().join("data");
    store.restore(&data).ok();
    require_restored(&data, &large);
}

#[test]
fn a_backup_waits_for_a_server_that_is_killed_and_comes_back() {
    let (installation, large) = served();
    let other = Installation::embedded();
    let server = other.serve();
    let address = server.address.to_string();
    let store = Store::in_server(&server, other.operator());
    thread::scope(|scope| {
        let backup = scope.spawn(|| store.backup(&installation));
        let keys = other.operator();
        while !String::from_utf8(s3(&server, &keys, "GET", "/backups?list-type=2", b"").1)
            .unwrap()
            .contains("<Key>")
        {}
        server.kill();
        let _again = Portico::serve_at(other.data(), &address);
        backup.join().unwrap().ok();
        let data = tempfile::tempdir().unwrap();
        let data = data.path().join("data");
        store.restore(&data).ok();
        require_restored(&data, &large);
    });
}

#[test]
fn what_is_wrong_with_a_bucket_is_said_with_the_way_out() {
    let installation = Installation::embedded();
    assert!(installation.serve().terminate().success());
    let server = Portico::sandbox();
    let keys = |id: &str, secret: &str| Keys {
        id: id.to_owned(),
        secret: secret.to_owned(),
        session_token: None,
    };
    let store = |keys| Store { endpoint: server.endpoint(), keys };
    let data = installation.data().to_str().unwrap();
    for (store, words) in [
        (store(Keys::sandbox()), "there is no bucket backups: make it first"),
        (store(keys("test", "Wr0ng")), "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be of"),
        (store(keys("other", "Wr0ng")), "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be of"),
    ] {
        for said in [store.backup(&installation), store.restore(Path::new("/nowhere"))] {
            let said = said.complaint();
            assert!(said.contains(words) && !said.contains("Wr0ng"), "{said}");
        }
    }
    let run = |variables: &[(&str, &str)], place: &str| {
        Said::from(Portico::run_in(variables, &["backup", place, "--data", data])).complaint()
    };
    let said = run(&[], "s3://backups");
    assert!(said.contains("AWS_ACCESS_KEY_ID is not set"), "{said}");
    let said = run(&[], "s3://id:secret@backups/x");
    assert!(said.contains("is no place in a bucket: give s3://BUCKET/PREFIX"), "{said}");
    let variables = [
        ("AWS_ENDPOINT_URL", "ftp://here"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ];
    let said = run(&variables, "s3://backups");
    assert!(said.contains("ftp://here is no endpoint of an S3 server"), "{said}");
}
