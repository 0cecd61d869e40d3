//! Files of the audit archive: their form, and the folder that they are in (decision 0036).

mod block;
mod columns;
mod file;
mod folder;
mod new_file;

pub use self::block::Block;
pub use self::file::{FileReader, FileWriter, Flaw};
pub use self::folder::Folder;
pub use self::new_file::NewFile;
