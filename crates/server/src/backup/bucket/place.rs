//! A bucket as the place of a backup.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use http::Method;
use tokio::runtime::{Builder, Runtime};

use super::address::Address;
use super::client::{Call, Client};
use super::download::Download;
use super::listing;
use super::multipart::{self, part_bytes, part_query};
use super::uploads::{Stored, Upload, Uploads};
use crate::backup::place::{Entry, Place, Settled, folder_of};
use crate::config::S3Settings;

pub(in crate::backup) struct Bucket {
    client: Arc<Client>,
    runtime: Runtime,
    uploads: Uploads,
    /// True if the server told the checksum of all that was stored since it settled.
    is_confirmed: bool,
    /// True once uploads that were cut off have ended.
    is_swept: bool,
    /// The folder whose files were asked for last since it settled, with their lengths.
    looked_at: RefCell<Option<(String, BTreeMap<String, u64>)>>,
}

impl Bucket {
    pub(in crate::backup) fn at(address: Address, settings: S3Settings) -> Result<Self, String> {
        let client = Arc::new(Client::new(address, settings)?);
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|why| why.to_string())?;
        let uploads = Uploads::new(Arc::clone(&client), runtime.handle().clone());
        let looked_at = RefCell::default();
        Ok(Self { client, runtime, uploads, is_confirmed: true, is_swept: false, looked_at })
    }

    fn note(&mut self, stored: &[Stored]) {
        self.is_confirmed &= stored.iter().all(|stored| stored.is_confirmed);
    }

    /// Stores a file in parts. It is there when this returns.
    fn store_parts(&mut self, key: &str, size: u64, bytes: &mut dyn Read) -> Result<(), String> {
        let earlier = self.uploads.end()?;
        self.note(&earlier);
        let upload_id = self.runtime.block_on(multipart::create(&self.client, key))?;
        let (mut parts, mut left, mut number) = (Vec::new(), size, 0);
        while left > 0 {
            number += 1;
            let length = left.min(part_bytes(size));
            let (key, query) = (key.to_owned(), part_query(number, &upload_id));
            let body = read_exact(bytes, length)?.into();
            parts.extend(self.uploads.begin(Upload { key, query, number, body })?);
            left -= length;
        }
        parts.extend(self.uploads.end()?);
        self.note(&parts);
        let mut parts: Vec<_> = parts.into_iter().map(|stored| stored.part).collect();
        parts.sort_by_key(|part| part.number);
        self.runtime.block_on(multipart::complete(&self.client, key, &upload_id, &parts))
    }
}

impl Place for Bucket {
    fn name(&self) -> String {
        self.client.address.name()
    }

    fn open(&self, file: &str) -> Result<Option<Box<dyn Read>>, String> {
        let key = self.client.address.key(file);
        let download = Download::begin(&self.client, self.runtime.handle(), key)?;
        Ok(download.map(|download| Box::new(download) as Box<dyn Read>))
    }

    fn size(&self, file: &str) -> Result<Option<u64>, String> {
        let folder = folder_of(file);
        let mut looked_at = self.looked_at.borrow_mut();
        if let Some((_, files)) = looked_at.as_ref().filter(|(name, _)| name == folder) {
            return Ok(files.get(file).copied());
        }
        let entries = self.list(folder)?;
        let files: BTreeMap<_, _> =
            entries.into_iter().filter_map(|entry| Some((entry.name, entry.bytes?))).collect();
        let size = files.get(file).copied();
        *looked_at = Some((folder.to_owned(), files));
        Ok(size)
    }

    fn store(&mut self, file: &str, size: u64, bytes: &mut dyn Read) -> Result<(), String> {
        if !self.is_swept {
            self.runtime.block_on(multipart::abort_all(&self.client))?;
            self.is_swept = true;
        }
        let key = self.client.address.key(file);
        let stored = if size <= part_bytes(size) {
            let body = read_exact(bytes, size)?.into();
            self.uploads.begin(Upload { key, query: String::new(), number: 0, body })?
        } else {
            self.store_parts(&key, size, bytes)?;
            Vec::new()
        };
        self.note(&stored);
        // A reader that has more is not the file that was announced.
        match bytes.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(format!("{file} grew while it was copied")),
            Err(why) => Err(format!("{file}: {why}")),
        }
    }

    fn scratch(&self) -> Option<&Path> {
        None
    }

    fn adopt(&mut self, file: &str, from: &Path) -> Result<(), String> {
        let said = |error: io::Error| format!("{}: {error}", from.display());
        let mut opened = File::open(from).map_err(said)?;
        let size = opened.metadata().map_err(said)?.len();
        self.store(file, size, &mut opened)
    }

    fn settle(&mut self) -> Result<Settled, String> {
        let stored = self.uploads.end()?;
        self.note(&stored);
        *self.looked_at.borrow_mut() = None;
        let is_confirmed = std::mem::replace(&mut self.is_confirmed, true);
        Ok(if is_confirmed { Settled::Confirmed } else { Settled::Unread })
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, String> {
        self.runtime.block_on(listing::list(&self.client, folder))
    }

    fn remove(&mut self, file: &str) -> Result<(), String> {
        let key = self.client.address.key(file);
        match self.runtime.block_on(self.client.send(&Call::new(Method::DELETE, &key, "")))? {
            Err(refusal) if refusal.status != 404 => Err(self.client.sentence(&refusal)),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

fn read_exact(bytes: &mut dyn Read, length: u64) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    let read = bytes.take(length).read_to_end(&mut body).map_err(|why| why.to_string())?;
    if read as u64 == length {
        Ok(body)
    } else {
        Err(format!("{read} bytes came, and {length} were announced"))
    }
}
