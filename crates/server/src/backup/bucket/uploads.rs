//! Uploads under way: several at once, in a bounded number of bytes.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::ETAG;
use http::{HeaderMap, HeaderValue, Method};
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::client::{Call, Client};
use super::multipart::Part;

const CHECKSUM: &str = "x-amz-checksum-sha256";

/// Maximum number of requests, and of MiB of their bodies. A larger body goes alone.
const REQUESTS_MAX: usize = 8;
const MIB_MAX: u32 = 64;

/// What an upload asked for, to which the answer belongs.
pub(super) struct Upload {
    pub(super) key: String,
    pub(super) query: String,
    /// 0 for a whole file.
    pub(super) number: u32,
    pub(super) body: Bytes,
}

/// An upload that the server has.
pub(super) struct Stored {
    pub(super) part: Part,
    /// True if the server told the checksum of what it has.
    pub(super) is_confirmed: bool,
}

pub(super) struct Uploads {
    client: Arc<Client>,
    runtime: Handle,
    under_way: JoinSet<Result<Stored, String>>,
    room: Arc<Semaphore>,
}

impl Uploads {
    pub(super) fn new(client: Arc<Client>, runtime: Handle) -> Self {
        let room = Arc::new(Semaphore::new(MIB_MAX as usize));
        Self { client, runtime, under_way: JoinSet::new(), room }
    }

    /// Begins an upload once there is room for it. Returns those that have ended.
    pub(super) fn begin(&mut self, upload: Upload) -> Result<Vec<Stored>, String> {
        let mib =
            u32::try_from(upload.body.len() >> 20).unwrap_or(MIB_MAX).clamp(MIB_MAX / 8, MIB_MAX);
        let mut ended = Vec::new();
        self.runtime.clone().block_on(async {
            while self.under_way.len() >= REQUESTS_MAX {
                ended.extend(self.next().await?);
            }
            let room = Arc::clone(&self.room).acquire_many_owned(mib).await;
            let room = room.map_err(|why| why.to_string())?;
            let client = Arc::clone(&self.client);
            self.under_way.spawn(async move {
                let stored = put(&client, upload).await;
                drop(room);
                stored
            });
            Ok(ended)
        })
    }

    /// Waits for all.
    pub(super) fn end(&mut self) -> Result<Vec<Stored>, String> {
        let mut ended = Vec::new();
        self.runtime.clone().block_on(async {
            while let Some(stored) = self.next().await? {
                ended.push(stored);
            }
            Ok(ended)
        })
    }

    async fn next(&mut self) -> Result<Option<Stored>, String> {
        match self.under_way.join_next().await {
            Some(stored) => stored.map_err(|why| why.to_string())?.map(Some),
            None => Ok(None),
        }
    }
}

async fn put(client: &Client, upload: Upload) -> Result<Stored, String> {
    let sha256 = STANDARD.encode(Sha256::digest(&upload.body));
    let mut call = Call::new(Method::PUT, &upload.key, &upload.query);
    let checksum = HeaderValue::from_str(&sha256).map_err(|why| why.to_string())?;
    call.headers.insert(CHECKSUM, checksum);
    call.body = upload.body;
    let (headers, _) = client.send(&call).await?.map_err(|refusal| client.sentence(&refusal))?;
    let text = |headers: &HeaderMap, name| {
        headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::to_owned)
    };
    let is_confirmed = text(&headers, CHECKSUM).is_some_and(|told| told == sha256);
    let etag = text(&headers, ETAG.as_str()).unwrap_or_default();
    Ok(Stored { part: Part { number: upload.number, etag, sha256 }, is_confirmed })
}
