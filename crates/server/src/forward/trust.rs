//! Certificates of targets: those of `--audit-forward-ca`, or of the CAs that the machine trusts.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::target::Target;
use crate::outgoing_tls::{self, machine_roots};

/// Makes the TLS of targets. `ca` is a PEM file of the CAs to trust instead of the machine's.
pub fn client_config(targets: &[Target], ca: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let roots = match ca {
        Some(path) => read_roots(path)?,
        None if targets.iter().any(Target::has_tls) => machine_roots(),
        // A start reads the CAs of the machine only if a target needs them.
        None => RootCertStore::empty(),
    };
    outgoing_tls::client_config(roots)
}

fn read_roots(path: &Path) -> Result<RootCertStore, String> {
    let wrong = |why: String| {
        format!(
            "--audit-forward-ca must be a PEM file with certificates: {}: {why}",
            path.display()
        )
    };
    let mut roots = RootCertStore::empty();
    let certificates: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    for certificate in certificates.map_err(|why| wrong(why.to_string()))? {
        roots.add(certificate).map_err(|why| wrong(why.to_string()))?;
    }
    if roots.is_empty() {
        return Err(wrong("it has none".to_owned()));
    }
    Ok(roots)
}
