//! Peers: other servers with some of our operations, measured in the same run.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use protocol::sigv4::Signer;
use serde_json::{Value, json};

use super::portico::{aws_json, signing_name};
use super::process::{Process, find_part, free_address};
use super::watch::now_ms;
use super::wire::{Answer, Connection, Request};

const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "a secret that is no secret";

/// Each peer, or the reason why it is missing.
pub struct Peers {
    pub moto: Result<Process, String>,
    pub oidc: Result<Process, String>,
    pub s3s_fs: Result<Process, String>,
}

impl Peers {
    /// Starts them all, with their data under `folder`.
    pub fn start(root: &Path, folder: &Path) -> Self {
        Self { moto: moto(root), oidc: oidc(root), s3s_fs: s3s_fs(root, folder) }
    }

    /// A sentence for each missing peer.
    pub fn missing(&self) -> Vec<&str> {
        let all = [&self.moto, &self.oidc, &self.s3s_fs];
        all.iter().filter_map(|peer| peer.as_ref().err()).map(String::as_str).collect()
    }

    /// The memory of each peer, in MB.
    pub fn peaks(&self) -> Vec<(&'static str, f64)> {
        let all = [("moto", &self.moto), ("oidc-provider", &self.oidc), ("s3s-fs", &self.s3s_fs)];
        let peak = |(name, peer): (_, &Result<Process, String>)| {
            Some((name, peer.as_ref().ok()?.peak_mb().ok()?))
        };
        all.into_iter().filter_map(peak).collect()
    }
}

/// A signer for a peer.
pub fn signer(service: &str) -> Result<Arc<Signer>, String> {
    let signer = Signer::new(KEY_ID, SECRET, None, ("us-east-1", service), now_ms());
    signer.map(Arc::new).map_err(|fault| format!("{fault:?}"))
}

/// Calls an awsJson operation of a peer, once.
pub fn call(peer: &Process, target: &str, body: &Value) -> Result<Value, String> {
    let request = aws_json(target, body).signed(&signer(signing_name(target))?);
    Ok(send(peer, &request)?.succeeded(target)?.json())
}

/// Sends a request to a peer, once.
pub fn send(peer: &Process, request: &Request) -> Result<Answer, String> {
    Connection::new(peer.address).send(request)
}

fn moto(root: &Path) -> Result<Process, String> {
    let program = find_part(root, "moto", "MOTO_SERVER")?;
    let address = free_address()?;
    let mut command = Command::new(program);
    command.args(["-H", "127.0.0.1", "-p", &address.port().to_string()]).stderr(Stdio::null());
    let moto = Process::start_until_open(&mut command, address)?;
    call(&moto, "AWSOrganizationsV20161128.CreateOrganization", &json!({"FeatureSet": "ALL"}))?;
    Ok(moto)
}

fn oidc(root: &Path) -> Result<Process, String> {
    let modules = find_part(root, "oidc-provider", "OIDC_PROVIDER_NODE_PATH")?;
    let address = free_address()?;
    let mut command = Command::new("node");
    command.arg(root.join("tests/parts/oidc-provider.mjs")).arg(modules);
    command.arg(address.port().to_string()).stderr(Stdio::null());
    Process::start_until_ready(&mut command, address)
}

fn s3s_fs(root: &Path, folder: &Path) -> Result<Process, String> {
    let program = find_part(root, "s3s-fs", "S3S_FS")?;
    let address = free_address()?;
    let folder = folder.join("s3s-fs");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.args(["--access-key", KEY_ID, "--secret-key", SECRET, "--host", "127.0.0.1"]);
    command.args(["--port", &address.port().to_string()]).arg(folder).stderr(Stdio::null());
    Process::start_until_open(command.env("RUST_LOG", "error"), address)
}
