//! Writes the samples of every page to a folder, to be looked at without a server:
//! `cargo run -p web --example gallery -- FOLDER`.

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for (path, text) in web::files() {
        fs::write(folder.join(path.trim_start_matches('/')), text)?;
    }
    for (name, page) in web::samples() {
        fs::write(folder.join(format!("{name}.html")), page.into_string())?;
    }
    Ok(())
}
