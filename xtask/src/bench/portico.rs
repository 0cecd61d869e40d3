//! Our own server: built, started on its own folder, called as an administrator.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use protocol::sigv4::Signer;
use serde_json::{Value, json};

use super::database::Database;
use super::process::{Process, free_address};
use super::watch::now_ms;
use super::wire::{Answer, Connection, Request};

const REGION: &str = "us-east-1";

/// A running `portico serve`, with keys.
pub struct Portico {
    pub process: Process,
    keys: Value,
    launch: Launch,
}

/// How a server is started.
#[derive(Clone)]
pub struct Launch {
    pub program: PathBuf,
    pub folder: PathBuf,
    pub address: SocketAddr,
    /// URL of a PostgreSQL database. Without it the database is in the folder.
    pub database: Option<String>,
    /// Options of `portico serve` alone.
    pub options: Vec<String>,
}

impl Launch {
    /// A launch at a free address, on the database in `folder`.
    pub fn new(program: &Path, folder: &Path) -> Result<Self, String> {
        Ok(Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            address: free_address()?,
            database: None,
            options: Vec::new(),
        })
    }

    pub fn database(&self) -> Database {
        self.database.clone().map_or_else(
            || Database::Sqlite(self.folder.join("portico.sqlite")),
            Database::Postgres,
        )
    }

    /// A command of the program on this server's data.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).arg("--data").arg(&self.folder);
        command.args(self.database.iter().flat_map(|url| ["--database", url]));
        command
    }

    fn serve(&self) -> Result<Process, String> {
        let mut command = self.command(&["serve", "--listen", &self.address.to_string()]);
        // The server writes its log as usual; reading it is not measured.
        command.args(&self.options).stderr(Stdio::null());
        Process::start_until_ready(&mut command, self.address)
    }
}

impl Portico {
    pub fn start(launch: Launch) -> Result<Self, String> {
        let process = launch.serve()?;
        let output = launch.command(&["admin", "credentials"]).output();
        let output = output.map_err(|error| error.to_string())?;
        let keys = serde_json::from_slice(&output.stdout)
            .map_err(|_| format!("no credentials: {}", String::from_utf8_lossy(&output.stderr)))?;
        Ok(Self { process, keys, launch })
    }

    /// Starts another server on the same database, which takes the same keys.
    pub fn beside(&self, launch: Launch) -> Result<Self, String> {
        Ok(Self { process: launch.serve()?, keys: self.keys.clone(), launch })
    }

    /// Starts another server on the same database, with the same key and objects.
    pub fn another(&self, launch: &Launch, number: u32) -> Result<Self, String> {
        let said = |error: std::io::Error| error.to_string();
        let mut folder = launch.folder.clone().into_os_string();
        folder.push(format!("-{number}"));
        let other = Launch { folder: folder.into(), address: free_address()?, ..launch.clone() };
        fs::create_dir_all(&other.folder).map_err(said)?;
        let key = "portico.key";
        fs::copy(launch.folder.join(key), other.folder.join(key)).map_err(said)?;
        symlink(launch.folder.join("objects"), other.folder.join("objects")).map_err(said)?;
        self.beside(other)
    }

    /// Stops the server, changes its data, and starts it again at the same address.
    pub fn restart_after(
        mut self,
        change: impl FnOnce(&Database) -> Result<(), String>,
    ) -> Result<Self, String> {
        self.process.stop()?;
        change(&self.launch.database())?;
        self.process = self.launch.serve()?;
        Ok(self)
    }

    /// A signer with the administrator's keys, for one of the services.
    pub fn signer(&self, service: &str) -> Result<Arc<Signer>, String> {
        let key = |name: &str| self.keys.get(name).and_then(Value::as_str).unwrap_or_default();
        let (id, secret, token) = (key("AccessKeyId"), key("SecretAccessKey"), key("SessionToken"));
        let signer = Signer::new(id, secret, Some(token), (REGION, service), now_ms());
        signer.map(Arc::new).map_err(|fault| format!("{fault:?}"))
    }

    /// Calls an operation, once.
    pub fn call(&self, target: &str, body: &Value) -> Result<Value, String> {
        let signer = self.signer(signing_name(target))?;
        let answer = self.send(&aws_json(target, body).signed(&signer))?;
        if answer.text().contains("UnknownOperationException") {
            return Err(format!("{target} is not served yet"));
        }
        Ok(answer.succeeded(target)?.json())
    }

    /// Sends a request, once.
    pub fn send(&self, request: &Request) -> Result<Answer, String> {
        Connection::new(self.process.address).send(request)
    }

    /// The ARN and the identity store of the organization's instance, which is enabled if necessary.
    pub fn enable_instance(&self) -> Result<(String, String), String> {
        const LIST: &str = "SWBExternalService.ListInstances";
        let first = |reply: &Value| {
            let instance = reply.get("Instances")?.get(0)?;
            let text = |name: &str| instance.get(name)?.as_str().map(str::to_owned);
            Some((text("InstanceArn")?, text("IdentityStoreId")?))
        };
        if let Some(found) = first(&self.call(LIST, &json!({}))?) {
            return Ok(found);
        }
        self.call("SWBExternalService.CreateInstance", &json!({}))?;
        first(&self.call(LIST, &json!({}))?).ok_or("the new instance is not listed".to_owned())
    }
}

/// An awsJson 1.1 request.
pub fn aws_json(target: &str, body: &Value) -> Request {
    let request = Request { method: "POST", path: "/".to_owned(), ..Request::default() };
    let request = request.with("content-type", "application/x-amz-json-1.1");
    Request { body: body.to_string().into_bytes(), ..request.with("x-amz-target", target) }
}

/// The signing name of a target's service.
pub fn signing_name(target: &str) -> &'static str {
    let prefix = target.split('.').next().unwrap_or_default();
    model::service::find(prefix).and_then(|service| service.signing_name).unwrap_or_default()
}

/// Builds the program with the release profile, or that of tests; answers with its path.
pub fn build(root: &Path, target: &Path, is_debug: bool) -> Result<PathBuf, String> {
    let (profile, folder) = if is_debug { ("dev", "debug") } else { ("release", "release") };
    let mut command = Command::new("cargo");
    command
        .args(["build", "--profile", profile, "--package", "server", "--target-dir"])
        .arg(target);
    let status = command.current_dir(root).status().map_err(|error| error.to_string())?;
    if status.success() {
        Ok(target.join(folder).join("portico"))
    } else {
        Err(format!("the {folder} build failed"))
    }
}
