//! The bytes of an object, as a reader that goes on when the connection breaks.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::{Buf, Bytes};
use http::header::{ETAG, IF_MATCH, RANGE};
use http::{HeaderValue, Method};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::client::{Call, Client, SILENCE_MAX};

/// Maximum number of times that a download goes on without a byte in between.
const RESUMED_MAX: u32 = 5;

pub(super) struct Download {
    client: Arc<Client>,
    runtime: Handle,
    key: String,
    etag: Option<HeaderValue>,
    body: Incoming,
    chunk: Bytes,
    /// Number of bytes that were read.
    at: u64,
    resumed: u32,
}

impl Download {
    /// Begins. `None` if there is no such object.
    pub(super) fn begin(
        client: &Arc<Client>,
        runtime: &Handle,
        key: String,
    ) -> Result<Option<Self>, String> {
        let answer = runtime.block_on(client.receive(&Call::new(Method::GET, &key, "")))?;
        let response = match answer {
            Ok(response) => response,
            Err(refusal) if refusal.status == 404 && refusal.code != "NoSuchBucket" => {
                return Ok(None);
            }
            Err(refusal) => return Err(client.sentence(&refusal)),
        };
        let etag = response.headers().get(ETAG).cloned();
        Ok(Some(Self {
            client: Arc::clone(client),
            runtime: runtime.clone(),
            key,
            etag,
            body: response.into_body(),
            chunk: Bytes::new(),
            at: 0,
            resumed: 0,
        }))
    }

    /// The next bytes, or `None` at the end.
    fn next(&mut self) -> Result<Option<Bytes>, String> {
        loop {
            let frame =
                self.runtime.block_on(async { timeout(SILENCE_MAX, self.body.frame()).await });
            match frame {
                Ok(None) => return Ok(None),
                Ok(Some(Ok(frame))) => {
                    if let Ok(bytes) = frame.into_data() {
                        self.resumed = 0;
                        return Ok(Some(bytes));
                    }
                }
                Ok(Some(Err(why))) => self.resume(&why.to_string())?,
                Err(_) => self.resume("no byte came in time")?,
            }
        }
    }

    fn resume(&mut self, why: &str) -> Result<(), String> {
        self.resumed += 1;
        if self.resumed > RESUMED_MAX {
            return Err(format!("{} broke off again and again: {why}", self.key));
        }
        let mut call = Call::new(Method::GET, &self.key, "");
        let range =
            HeaderValue::from_str(&format!("bytes={}-", self.at)).map_err(|why| why.to_string())?;
        call.headers.insert(RANGE, range);
        if let Some(etag) = &self.etag {
            call.headers.insert(IF_MATCH, etag.clone());
        }
        let answer = self.runtime.block_on(self.client.receive(&call))?;
        self.body = answer.map_err(|refusal| self.client.sentence(&refusal))?.into_body();
        Ok(())
    }
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.next().map_err(io::Error::other)? {
                Some(chunk) => self.chunk = chunk,
                None => return Ok(0),
            }
        }
        let length = buffer.len().min(self.chunk.len());
        if let Some(to) = buffer.get_mut(..length) {
            self.chunk.copy_to_slice(to);
        }
        self.at += length as u64;
        Ok(length)
    }
}
