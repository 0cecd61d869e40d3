//! The certificate of a server, which is renewed while it runs.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpStream;

use super::handshake::{Shaken, shake};
use super::pair::Pair;
use super::threads::Threads;

/// Time after which a warning is repeated.
const WARNING_PAUSE: Duration = Duration::from_hours(24);

/// The certificate of a server, with the files that it comes from.
pub struct Certificate {
    cert: PathBuf,
    key: PathBuf,
    /// Names that clients use.
    hosts: Vec<String>,
    pair: RwLock<Pair>,
    seen: Mutex<Seen>,
    threads: Threads,
    reloads_failed: AtomicU64,
    handshakes_failed: AtomicU64,
}

/// What was seen of the files.
struct Seen {
    files: Stamp,
    /// The last reason why the files were not taken, which is told once.
    refusal: Option<String>,
    /// When the end of the certificate was last told, since 1970.
    warned: Option<Duration>,
}

/// State of both files: device, inode, length, and the time of the last change, of contents or of mode.
type Stamp = [Option<(u64, u64, u64, i64, i64)>; 2];

impl Certificate {
    /// Reads the files at a start. `hosts` are the names that clients use.
    pub fn open(
        cert: PathBuf,
        key: PathBuf,
        hosts: Vec<String>,
        now_ms: i64,
    ) -> Result<Self, String> {
        let (now, files) = (since_1970(now_ms), stamp(&cert, &key));
        let pair = Pair::read(&cert, &key, now)?;
        let seen = Mutex::new(Seen { files, refusal: None, warned: None });
        let (reloads_failed, handshakes_failed) = (AtomicU64::default(), AtomicU64::default());
        let threads = Threads::start().map_err(|why| why.to_string())?;
        let pair = RwLock::new(pair);
        let certificate =
            Self { cert, key, hosts, pair, seen, threads, reloads_failed, handshakes_failed };
        certificate.tell_names();
        certificate.tell_end(now);
        Ok(certificate)
    }

    /// Shakes hands with a client, within a bounded time.
    pub async fn shake(&self, stream: TcpStream) -> io::Result<Shaken> {
        shake(&self.threads, stream, self.config()).await
    }

    /// The certificate that the next handshake uses.
    fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.pair.read().unwrap_or_else(PoisonError::into_inner).config)
    }

    /// Takes the files if they changed, or if it was asked to. Files that cannot be used leave the old ones in use.
    pub fn renew(&self, is_asked: bool, now_ms: i64) {
        let (now, files) = (since_1970(now_ms), stamp(&self.cert, &self.key));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // A file may change while it is read. Then the stamp is another one at the next look.
        if seen.files != files || is_asked {
            seen.files = files;
            match Pair::read(&self.cert, &self.key, now) {
                Ok(pair) => {
                    *self.pair.write().unwrap_or_else(PoisonError::into_inner) = pair;
                    (seen.refusal, seen.warned) = (None, None);
                    tracing::info!(cert = %self.cert.display(), "the certificate is renewed");
                    self.tell_names();
                }
                Err(why) => {
                    self.reloads_failed.fetch_add(1, Ordering::Relaxed);
                    if is_asked || seen.refusal.as_ref() != Some(&why) {
                        tracing::error!(
                            why,
                            "the certificate is not renewed: the old one stays in use until the files change again"
                        );
                    }
                    seen.refusal = Some(why);
                }
            }
        }
        drop(seen);
        self.tell_end(now);
    }

    /// The end of the certificate in seconds since 1970.
    #[must_use]
    pub fn expiry_s(&self) -> u64 {
        self.pair.read().unwrap_or_else(PoisonError::into_inner).validity.not_after.as_secs()
    }

    /// Number of times that changed files could not be used, since the start.
    #[must_use]
    pub fn reloads_failed(&self) -> u64 {
        self.reloads_failed.load(Ordering::Relaxed)
    }

    /// Number of handshakes that failed since the start.
    #[must_use]
    pub fn handshakes_failed(&self) -> u64 {
        self.handshakes_failed.load(Ordering::Relaxed)
    }

    pub(crate) fn note_failed_handshake(&self) {
        self.handshakes_failed.fetch_add(1, Ordering::Relaxed);
    }

    /// Says in the log for which names the certificate is not.
    fn tell_names(&self) {
        let pair = self.pair.read().unwrap_or_else(PoisonError::into_inner);
        for host in self.hosts.iter().filter(|host| !pair.is_for(host)) {
            tracing::warn!(
                host,
                "the certificate is not for this name, so clients refuse it: have one with the name as subjectAltName"
            );
        }
    }

    /// Says once a day in the log that the certificate ends soon, or has ended.
    fn tell_end(&self, now: Duration) {
        let validity = self.pair.read().unwrap_or_else(PoisonError::into_inner).validity;
        let Some(what) = validity.warning(now) else { return };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.warned.is_none_or(|warned| now.saturating_sub(warned) >= WARNING_PAUSE) {
            seen.warned = Some(now);
            tracing::warn!(cert = %self.cert.display(), "the certificate {what}");
        }
    }
}

fn since_1970(now_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(now_ms).unwrap_or_default())
}

fn stamp(cert: &Path, key: &Path) -> Stamp {
    // Through links: an orchestrator exchanges a link.
    [cert, key].map(|path| {
        let of = path.metadata().ok()?;
        Some((of.dev(), of.ino(), of.len(), of.ctime(), of.ctime_nsec()))
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use rcgen::{CertificateParams, KeyPair, date_time_ymd};
    use tempfile::TempDir;

    use super::*;

    /// 2030-01-01.
    const NOW_MS: i64 = 1_893_456_000_000;

    struct Files(TempDir);

    impl Files {
        fn new() -> Self {
            let files = Self(tempfile::tempdir().unwrap());
            files.write(2040);
            files
        }

        fn cert(&self) -> PathBuf {
            self.0.path().join("cert")
        }

        fn key(&self) -> PathBuf {
            self.0.path().join("key")
        }

        /// Writes a pair that is good to this year.
        fn write(&self, year: i32) {
            let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(year, 1, 1);
            let key = KeyPair::generate().unwrap();
            fs::write(self.cert(), params.self_signed(&key).unwrap().pem()).unwrap();
            self.write_key(&key.serialize_pem());
        }

        fn write_key(&self, text: &str) {
            fs::write(self.key(), text).unwrap();
            fs::set_permissions(self.key(), PermissionsExt::from_mode(0o600)).unwrap();
        }

        fn open(&self) -> Result<Certificate, String> {
            Certificate::open(self.cert(), self.key(), vec!["localhost".into()], NOW_MS)
        }
    }

    #[test]
    fn changed_files_are_taken() {
        let files = Files::new();
        let certificate = files.open().unwrap();
        let (first, end) = (certificate.config(), certificate.expiry_s());
        certificate.renew(false, NOW_MS);
        assert!(Arc::ptr_eq(&first, &certificate.config()));
        files.write(2050);
        certificate.renew(false, NOW_MS);
        assert!(!Arc::ptr_eq(&first, &certificate.config()));
        assert!(certificate.expiry_s() > end && certificate.reloads_failed() == 0);
        let second = certificate.config();
        certificate.renew(true, NOW_MS);
        assert!(!Arc::ptr_eq(&second, &certificate.config()));
    }

    #[test]
    fn files_that_cannot_be_used_leave_the_old_ones_in_use() {
        type Spoil = fn(&Files);
        let spoils: [(Spoil, &str); 6] = [
            (|files| files.write_key(&KeyPair::generate().unwrap().serialize_pem()), "no pair"),
            (|files| files.write_key("no key"), "no key in PEM"),
            (|files| fs::write(files.cert(), "none").unwrap(), "no certificate in PEM"),
            (|files| fs::remove_file(files.cert()).unwrap(), "No such file"),
            (|files| files.write(2025), "has expired"),
            (
                |files| fs::set_permissions(files.key(), PermissionsExt::from_mode(0o644)).unwrap(),
                "chmod",
            ),
        ];
        for (spoil, words) in spoils {
            let files = Files::new();
            let certificate = files.open().unwrap();
            let first = certificate.config();
            spoil(&files);
            certificate.renew(false, NOW_MS);
            assert!(Arc::ptr_eq(&first, &certificate.config()), "{words}");
            assert_eq!(certificate.reloads_failed(), 1, "{words}");
            certificate.renew(false, NOW_MS);
            assert_eq!(certificate.reloads_failed(), 1, "{words}");
            let refused = files.open().err().unwrap();
            assert!(refused.contains(words), "{refused}");
            files.write(2040);
            certificate.renew(false, NOW_MS);
            assert!(!Arc::ptr_eq(&first, &certificate.config()), "{words}");
        }
    }
}
