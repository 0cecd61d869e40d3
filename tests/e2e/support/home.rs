//! A person's computer: a home folder, an environment, and stock clients that run in them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::environment::search_path;
use super::{Keys, Portico, Terminal, part, parts};

/// Maximum time that a client may run. A walk through all pages takes a minute on two busy cores, and four run at once.
const CLIENT_SECONDS_MAX: &str = "300";

pub struct Home {
    folder: TempDir,
    environment: BTreeMap<String, String>,
}

/// The output and the exit status of a program.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Home {
    /// A home whose AWS clients have the endpoint of `portico` and no other settings.
    pub fn of(portico: &Portico) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".aws")).unwrap();
        let home = folder.path().to_str().unwrap().to_owned();
        let endpoint = portico.endpoint();
        let environment: BTreeMap<String, String> = [
            ("AWS_CONFIG_FILE", format!("{home}/.aws/config")),
            // boto3 reads the first variable, the CLI the second.
            ("AWS_DEFAULT_REGION", "us-east-1".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_ENDPOINT_URL", endpoint),
            ("AWS_MAX_ATTEMPTS", "1".to_owned()),
            ("AWS_PAGER", String::new()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_SHARED_CREDENTIALS_FILE", format!("{home}/.aws/credentials")),
            ("HOME", home),
            ("LANG", "C.UTF-8".to_owned()),
            ("PATH", search_path()),
            ("TERM", "dumb".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        Self { folder, environment }
    }

    /// A home on the server's host, with the profile for operators from the README.
    pub fn of_operator(portico: &Portico) -> Self {
        let home = Self::of(portico).set("AWS_PROFILE", "admin");
        let [program, data] = [Portico::binary(), portico.data()];
        let process = format!("{} admin credentials --data {}", program.display(), data.display());
        home.write(".aws/config", &format!("[profile admin]\ncredential_process = {process}\n"));
        home
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Sets an environment variable.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets the variables of the clients' keys.
    pub fn with_keys(self, keys: &Keys) -> Self {
        let home = self.set("AWS_ACCESS_KEY_ID", &keys.id);
        let home = home.set("AWS_SECRET_ACCESS_KEY", &keys.secret);
        match &keys.session_token {
            Some(token) => home.set("AWS_SESSION_TOKEN", token),
            None => home,
        }
    }

    /// Writes a file, such as `.aws/config`.
    pub fn write(&self, file: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(file);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Runs the stock AWS CLI.
    pub fn aws(&self, arguments: &[&str]) -> Said {
        run(self.command(&part("aws-clients cli")["AWS_CLI"]).args(arguments))
    }

    /// Runs a shell line that begins with `aws` in a terminal.
    pub fn aws_terminal(&self, line: &str) -> Terminal {
        let cli = part("aws-clients cli")["AWS_CLI"].clone();
        let rest = line.strip_prefix("aws").unwrap();
        // The CLI finds no browser, and prints the link instead.
        Terminal::start(self.command("script"), &format!("'{cli}'{rest}"))
    }

    /// Runs a Python script with boto3.
    pub fn python(&self, script: &str) -> Said {
        let python = part("aws-clients boto3")["AWS_PYTHON"].clone();
        run(self.command(&python).arg(self.write("script.py", script)))
    }

    /// Runs an ES module; `require('@aws-sdk/…')` finds the AWS SDK for JavaScript.
    pub fn node(&self, script: &str) -> Said {
        let modules = part("aws-clients js")["AWS_NODE_MODULES"].clone();
        let head = format!(
            "import {{ createRequire }} from 'node:module';\n\
             const require = createRequire({modules:?} + '/');\n"
        );
        let file = self.write("script.mjs", &format!("{head}{script}"));
        // The SDK warns that a later release needs a newer Node.js.
        run(self.command("node").arg("--no-warnings").arg(file))
    }

    /// Runs an ES module that drives Chromium, with the exports of `browser.mjs`, and with `pages.mjs` as
    /// `walker`.
    pub fn browser(&self, script: &str) -> Said {
        let scripts = parts::scripts().canonicalize().unwrap();
        let library = |name: &str| scripts.join(name).display().to_string();
        let head = format!(
            "import {{ writeFileSync }} from 'node:fs';\n\
             import {{ launch, authenticator, totp, violations }} from {:?};\n\
             import * as walker from {:?};\n",
            library("browser.mjs"),
            library("pages.mjs"),
        );
        let file = self.write("browser.mjs", &format!("{head}{script}"));
        let mut node = self.command("node");
        node.envs(part("browser")).arg(file);
        run(&mut node)
    }

    /// Runs another client in this home.
    pub fn client(&self, program: &str, arguments: &[&str]) -> Said {
        run(self.command(program).args(arguments))
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("timeout");
        command.args(["--kill-after=5", CLIENT_SECONDS_MAX, program]);
        command.env_clear().envs(&self.environment).current_dir(self.folder.path());
        command
    }
}

fn run(command: &mut Command) -> Said {
    command.stdin(Stdio::null()).output().unwrap().into()
}

impl Said {
    /// The standard output of a program that must succeed.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{self}");
        self.out
    }

    /// The standard output of a program that must succeed, as JSON.
    #[track_caller]
    pub fn json(self) -> Value {
        let out = self.ok();
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("not JSON: {out}"))
    }

    /// The standard error of a program that must fail.
    #[track_caller]
    pub fn complaint(self) -> String {
        assert_ne!(self.code, Some(0), "{self}");
        self.err.trim().to_owned()
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}\n{}\n{}", self.code, self.out, self.err)
    }
}
