//! The place that an operator names.

use super::bucket::{Address, Bucket, SCHEME};
use super::folder::Folder;
use super::place::Place;
use crate::config::S3Settings;

/// Opens a place by its name: the path of a folder, or `s3://bucket/prefix`.
pub(crate) fn open(name: &str) -> Result<Box<dyn Place>, String> {
    if name.starts_with(SCHEME) {
        let address = Address::parse(name)?;
        return Ok(Box::new(Bucket::at(address, S3Settings::from_environment()?)?));
    }
    if name.contains("://") {
        return Err(format!(
            "{name} is no place of a backup: give the path of a folder, or s3://BUCKET/PREFIX"
        ));
    }
    Ok(Box::new(Folder::at(name.as_ref())))
}
