//! A `portico sandbox` in a child process, on a free port.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub struct Sandbox {
    child: Child,
    pub address: SocketAddr,
}

impl Sandbox {
    /// Starts the program at `binary`, and waits until it is ready.
    pub fn start(binary: &Path) -> Result<Self, String> {
        let mut command = Command::new(binary);
        command.args(["sandbox", "--listen", "127.0.0.1:0"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|why| format!("{}: {why}", binary.display()))?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let url = line.strip_prefix("ready ")?;
            url.rsplit(':').next()?.trim_end_matches('/').parse().ok()
        });
        let Some(port) = port else {
            let _ = child.kill();
            return Err(format!("{} sandbox did not become ready", binary.display()));
        };
        // Whatever it prints later has a reader, until it ends.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(Self { child, address: SocketAddr::from(([127, 0, 0, 1], port)) })
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, beside this one; built now unless it is said to be built already.
pub fn program(is_built: bool) -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|why| why.to_string())?;
    let beside = own.with_file_name("portico");
    if is_built {
        return Ok(beside);
    }
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--locked", "--package", "server", "--bin", "portico"]);
    let built = command.current_dir(crate::root()).status().map_err(|why| why.to_string())?;
    if built.success() { Ok(beside) } else { Err("the program does not build".to_owned()) }
}
