//! The place that an operator names.

use super::folder::Folder;
use super::place::Place;

/// Opens a place by its name: the path of a folder.
pub(crate) fn open(name: &str) -> Result<Box<dyn Place>, String> {
    if name.contains("://") {
        return Err(format!("{name} is no folder: give the path of one"));
    }
    Ok(Box::new(Folder::at(name.as_ref())))
}
