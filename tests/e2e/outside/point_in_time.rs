//! PostgreSQL with a base backup and an archive of the WAL: `portico backup` has an end, and the database is recovered to it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::{Keys, Organization, Portico, Request, Said, scripts, search_path};

/// A cluster with a WAL archive, and room for the one that is recovered.
struct Clusters {
    folder: tempfile::TempDir,
}

impl Clusters {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("portico-pitr").tempdir_in("/tmp").unwrap();
        let clusters = Self { folder };
        clusters.shell(
            "chmod 755 . && mkdir live wal recovered && $PG start $PWD/live && $PG stop $PWD/live
            echo \"archive_mode = on\" >>live/data/postgresql.conf
            echo \"archive_command = 'cp %p $PWD/wal/%f'\" >>live/data/postgresql.conf
            own",
        );
        clusters.shell("$PG start $PWD/live >url");
        clusters
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs lines of shell in the folder. `own` gives its files to the user of PostgreSQL.
    fn shell(&self, lines: &str) {
        let own =
            "own() { if [ \"$(id -u)\" = 0 ]; then chown -R postgres: live recovered wal; fi; }";
        let said: Said = Command::new("bash")
            .args(["-ec", &format!("{own}\n{lines}")])
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", format!("{}:/usr/sbin:/sbin", search_path()))
            .env("PG", scripts().join("pg.sh"))
            .output()
            .unwrap()
            .into();
        said.ok();
    }

    fn url(&self) -> String {
        let said = fs::read_to_string(self.path("url")).unwrap();
        said.trim().strip_prefix("PORTICO_TEST_POSTGRES=").unwrap().to_owned()
    }

    /// PostgreSQL's manual, "Recovering Using a Continuous Archive Backup". Returns the URL.
    fn recover(&self, lsn: &str) -> String {
        self.shell(&format!(
            "$PG stop $PWD/live
            cp live/port recovered/port
            echo \"restore_command = 'cp $PWD/wal/%f %p'\" >>recovered/data/postgresql.conf
            echo \"archive_mode = off\" >>recovered/data/postgresql.conf
            echo \"unix_socket_directories = '$PWD/recovered'\" >>recovered/data/postgresql.conf
            echo \"recovery_target_lsn = '{lsn}'\" >>recovered/data/postgresql.conf
            echo \"recovery_target_action = 'promote'\" >>recovered/data/postgresql.conf
            touch recovered/data/recovery.signal
            own"
        ));
        self.shell("$PG start $PWD/recovered >url");
        let url = self.url();
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        let mut is_in_recovery =
            || client.query_one("SELECT pg_is_in_recovery()", &[]).unwrap().get(0);
        while is_in_recovery() {}
        url
    }
}

impl Drop for Clusters {
    fn drop(&mut self) {
        self.shell("$PG stop $PWD/live; $PG stop $PWD/recovered");
    }
}

fn s3(portico: &Portico, keys: &Keys, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let request = Request::new(method, path).body(body);
    let answer = portico.send(&keys.sign("s3", request, portico));
    (answer.status, answer.body)
}

#[expect(clippy::disallowed_methods, reason = "a client has a clock of its own")]
fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap()
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    text.split_once(begin).unwrap().1.split_once(end).unwrap().0
}

#[test]
fn every_write_before_the_end_is_there_after_a_recovery_to_its_position() {
    let clusters = Clusters::start();
    let (url, data) = (clusters.url(), clusters.path("data"));
    let database = ["--database", &url];
    let portico = Portico::serve_in(&data, &database);
    let words = [&["--data", data.to_str().unwrap()], &database[..]].concat();
    let keys = Organization::operator(&words);
    let organization = Organization::of(&portico, keys.clone());
    assert_eq!(s3(&portico, &keys, "PUT", "/photos", b"").0, 200);
    let base = format!(
        "$(dirname $(command -v pg_basebackup || ls /usr/lib/postgresql/*/bin/pg_basebackup | tail -n 1))/\
        pg_basebackup --checkpoint=fast --wal-method=none --no-manifest --dbname='{url}' --pgdata=recovered/data"
    );
    clusters.shell(&base);

    let mut acknowledged: Vec<(String, i64)> = Vec::new();
    let mut write = |number: usize| {
        let name = format!("user-{number}");
        organization.create_user(&name);
        assert_eq!(s3(&portico, &keys, "PUT", &format!("/photos/{name}"), name.as_bytes()).0, 200);
        acknowledged.push((name, now_ms()));
    };
    let before_begin = 5;
    (0..before_begin).for_each(&mut write);
    let place = clusters.path("backup");
    let command = [&["backup", place.to_str().unwrap()], &words[..]].concat();
    let said = thread::scope(|scope| {
        let backup = scope.spawn(|| Said::from(Portico::run(&command)).ok());
        let mut number = before_begin;
        while !backup.is_finished() {
            write(number);
            number += 1;
        }
        // A recovery ends at the first record behind its target.
        write(number);
        backup.join().unwrap()
    });
    assert!(portico.terminate().success());
    let end = between(&said, "was answered before ", ".\n");
    let end_ms = protocol::timestamp::parse_rfc_3339(end).unwrap();
    acknowledged.retain(|(_, at_ms)| *at_ms < end_ms);
    assert!(acknowledged.len() > before_begin, "{said}");

    let url = clusters.recover(between(&said, "recovery_target_lsn = '", "'"));
    let (restored, key) = (clusters.path("restored"), data.join("portico.key"));
    let words = ["--data", restored.to_str().unwrap(), "--database", &url];
    let restore = ["restore", place.to_str().unwrap(), "--key", key.to_str().unwrap()];
    Said::from(Portico::run(&[&restore[..], &words].concat())).ok();
    Said::from(Portico::run(&[&["check"], &words[..]].concat())).ok();
    require_all(&restored, &url, &acknowledged);
}

fn require_all(data: &Path, url: &str, acknowledged: &[(String, i64)]) {
    let portico = Portico::serve_in(data, &["--database", url]);
    let keys = Organization::operator(&["--data", data.to_str().unwrap(), "--database", url]);
    let organization = Organization::of(&portico, keys.clone());
    for (name, _) in acknowledged {
        let input = serde_json::json!({"AlternateIdentifier": {"UniqueAttribute":
            {"AttributePath": "userName", "AttributeValue": name}}});
        organization.call("AWSIdentityStore.GetUserId", &organization.of_store(input)).ok();
        let found = s3(&portico, &keys, "GET", &format!("/photos/{name}"), b"");
        assert_eq!(found, (200, name.clone().into_bytes()));
    }
}
