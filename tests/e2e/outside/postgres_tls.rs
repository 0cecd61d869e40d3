//! TLS to a real PostgreSQL: each `sslmode`, and what is said when it cannot be.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use postgres::{Client, NoTls};
use tempfile::TempDir;

use crate::support::{Ca, Portico, Validity, part, scripts};

/// A cluster with TLS, whose certificate is for `localhost`.
struct Cluster {
    port: u16,
    /// Folder of the server's data. Its key opens what is in the database.
    data: TempDir,
    certificates: TempDir,
    folder: TempDir,
}

impl Cluster {
    fn start() -> Self {
        let (certificates, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let (at, ca) = (certificates.path(), Ca::new("a CA"));
        ca.write(at, "ca");
        Ca::new("another CA").write(at, "other");
        ca.issue(at, "server", &["localhost"], Validity::Good);
        ca.issue(at, "expired", &["localhost"], Validity::Expired);
        ca.issue(at, "certified", &[], Validity::Good);
        let (data, files) = (folder.path().display(), at.display());
        let url = part(&format!("pg start {data} --tls {files}"));
        let (_, port) = url["PORTICO_TEST_POSTGRES"].rsplit_once(':').unwrap();
        let port = port.split('/').next().unwrap().parse().unwrap();
        let data = tempfile::tempdir().unwrap();
        let cluster = Self { port, data, certificates, folder };
        cluster.sql("CREATE ROLE certified SUPERUSER LOGIN");
        cluster
    }

    fn client(&self) -> Client {
        let port = self.port;
        Client::connect(&format!("postgres://postgres:portico@127.0.0.1:{port}/postgres"), NoTls)
            .unwrap()
    }

    fn sql(&self, statement: &str) {
        self.client().batch_execute(statement).unwrap();
    }

    /// Sets a parameter, and returns when new connections have it.
    fn set(&self, name: &str, value: &str) {
        self.sql(&format!("ALTER SYSTEM SET {name} = '{value}'"));
        self.sql("SELECT pg_reload_conf()");
        let is_set = |row: postgres::Row| row.get::<_, String>(0) == value;
        let show = format!("SHOW {name}");
        assert!((0..10_000).any(|_| is_set(self.client().query_one(&show, &[]).unwrap())));
    }

    fn file(&self, name: &str) -> PathBuf {
        self.certificates.path().join(name)
    }

    fn url(&self, user: &str, host: &str, options: &str) -> String {
        let files = self.certificates.path().display();
        let options = options.replace("FILES", &files.to_string());
        format!("postgres://{user}@{host}:{}/postgres?{options}", self.port)
    }

    /// Starts a server, and tells how many of its connections have TLS and how many have none.
    fn served(&self, user: &str, host: &str, options: &str) -> (i64, i64) {
        let url = self.url(user, host, options);
        let _portico = Portico::serve_in(self.data.path(), &["--database", &url]);
        let sql = "SELECT count(*) FILTER (WHERE ssl), count(*) FILTER (WHERE NOT ssl)
            FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'portico'";
        let row = self.client().query_one(sql, &[]).unwrap();
        (row.get(0), row.get(1))
    }

    /// The words with which a start ends.
    fn refused(&self, user: &str, host: &str, options: &str) -> String {
        let url = self.url(user, host, options);
        let data = self.data.path().to_str().unwrap();
        let said =
            Portico::run(&["serve", "--data", data, "--database", &url, "--listen", "127.0.0.1:0"]);
        assert!(!said.status.success());
        let said = String::from_utf8(said.stderr).unwrap();
        assert!(
            said.contains("cannot connect to PostgreSQL") && !said.contains("Error {"),
            "{said}"
        );
        said
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let script = scripts().join("pg.sh");
        let _ = Command::new(script).arg("stop").arg(self.folder.path()).status();
    }
}

const USER: &str = "postgres:portico";

#[test]
fn each_mode_asks_of_the_server_what_it_says() {
    let cluster = Cluster::start();
    let (ca, other) = ("sslrootcert=FILES/ca.crt", "sslrootcert=FILES/other.crt");

    // Every connection has TLS: those of the pool and the listening one.
    for (host, options) in [
        ("localhost", format!("sslmode=verify-full&{ca}")),
        ("localhost", format!("sslmode=verify-full&{ca}&channel_binding=require")),
        ("127.0.0.1", format!("sslmode=verify-ca&{ca}")),
        ("127.0.0.1", "sslmode=require&channel_binding=require".to_owned()),
        ("127.0.0.1", "sslmode=prefer".to_owned()),
        ("127.0.0.1", String::new()),
    ] {
        let (encrypted, plain) = cluster.served(USER, host, &options);
        assert!(encrypted >= 2 && plain == 0, "{options}: {encrypted} {plain}");
    }
    let (encrypted, plain) = cluster.served(USER, "localhost", "sslmode=disable");
    assert!(encrypted == 0 && plain >= 2);

    for (host, options, words) in [
        ("localhost", format!("sslmode=verify-full&{other}"), "of no CA that sslrootcert has"),
        ("127.0.0.1", format!("sslmode=verify-full&{ca}"), "it is for another name"),
        ("127.0.0.1", format!("sslmode=verify-ca&{other}"), "of no CA that sslrootcert has"),
        ("127.0.0.1", format!("sslmode=require&{other}"), "of no CA that sslrootcert has"),
        (
            "localhost",
            "sslmode=verify-full&sslrootcert=system".into(),
            "of no CA that sslrootcert has",
        ),
        ("localhost", "sslmode=verify-full".into(), "need sslrootcert=FILE"),
        (
            "localhost",
            "sslmode=verify-full&sslrootcert=/nowhere".into(),
            "sslrootcert /nowhere: No such file",
        ),
        (
            "localhost",
            "sslmode=verify-full&sslrootcert=FILES/server.key".into(),
            "no PEM of a certificate",
        ),
        ("localhost", "sslmode=allow".into(), "must be disable, prefer"),
    ] {
        let said = cluster.refused(USER, host, &options);
        assert!(said.contains(words), "{options}: {said}");
    }

    // A client certificate in place of a password.
    let pair =
        format!("sslmode=verify-full&{ca}&sslcert=FILES/certified.crt&sslkey=FILES/certified.key");
    assert_eq!(cluster.served("certified", "localhost", &pair).1, 0);
    let said = cluster.refused("certified", "localhost", &format!("sslmode=verify-full&{ca}"));
    assert!(said.contains("client certificate"), "{said}");
    let key = cluster.file("certified.key");
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o644)).unwrap();
    let said = cluster.refused("certified", "localhost", &pair);
    assert!(said.contains("chmod u=rw,go= "), "{said}");

    cluster.set("ssl_key_file", "expired.key");
    cluster.set("ssl_cert_file", "expired.crt");
    for host in ["sslmode=verify-full", "sslmode=verify-ca"] {
        let said = cluster.refused(USER, "localhost", &format!("{host}&{ca}"));
        assert!(said.contains("it has expired"), "{said}");
    }
    assert_eq!(cluster.served(USER, "localhost", "sslmode=require").1, 0);

    cluster.set("ssl", "off");
    for options in [format!("sslmode=verify-full&{ca}"), "sslmode=require".into()] {
        let said = cluster.refused(USER, "localhost", &options);
        assert!(said.contains("the server has no TLS"), "{said}");
    }
    assert_eq!(cluster.served(USER, "localhost", "").0, 0);
}
