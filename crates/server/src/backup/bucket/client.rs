//! Signed requests to an S3 server, tried again while it is away.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::body::Incoming;
use model::Clock;
use protocol::sigv4::{BodyToSign, Signer};
use tokio::time::{sleep, timeout};

use super::address::Address;
use super::answer::Refusal;
use super::connection::{Endpoint, Sender};
use crate::config::S3Settings;
use crate::system::SystemClock;
use crate::words::say;

/// Pauses between the attempts of a request: a server has a quarter of a minute to come back.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// Maximum time without an answer, and the speed below which a body takes longer.
pub(super) const SILENCE_MAX: Duration = Duration::from_mins(1);
const BYTES_PER_SECOND_MIN: u64 = 64 * 1024;

/// Maximum number of bytes of an answer that is not the bytes of a file.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A request, which can be sent several times.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// The key, or empty for the bucket.
    pub(super) key: &'a str,
    /// With its names in order and escaped.
    pub(super) query: &'a str,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl<'a> Call<'a> {
    pub(super) fn new(method: Method, key: &'a str, query: &'a str) -> Self {
        Self { method, key, query, headers: HeaderMap::new(), body: Bytes::new() }
    }
}

/// What became of an attempt.
enum Failure {
    /// A later attempt may succeed.
    Passing(String),
    Refused(Refusal),
}

/// A server, with the keys of the operator.
pub(super) struct Client {
    endpoint: Endpoint,
    pub(super) address: Address,
    settings: S3Settings,
    /// Connections without a request.
    idle: Mutex<Vec<Sender>>,
}

impl Client {
    pub(super) fn new(address: Address, settings: S3Settings) -> Result<Self, String> {
        let endpoint = Endpoint::parse(&settings.endpoint)?;
        Ok(Self { endpoint, address, settings, idle: Mutex::default() })
    }

    /// The sentence about a refusal.
    pub(super) fn sentence(&self, refusal: &Refusal) -> String {
        refusal.sentence(&self.address.bucket, &self.endpoint.url)
    }

    /// Sends a request whose answer is small.
    pub(super) async fn send(
        &self,
        call: &Call<'_>,
    ) -> Result<Result<(HeaderMap, Bytes), Refusal>, String> {
        let mut pauses = PAUSES.iter();
        loop {
            let failure = match self.exchange(call).await {
                Ok(answer) => return Ok(Ok(answer)),
                Err(failure) => failure,
            };
            if let Some(refusal) = self.pause(failure, pauses.next()).await? {
                return Ok(Err(refusal));
            }
        }
    }

    /// Sends a request whose answer is the bytes of a file.
    pub(super) async fn receive(
        &self,
        call: &Call<'_>,
    ) -> Result<Result<Response<Incoming>, Refusal>, String> {
        let mut pauses = PAUSES.iter();
        loop {
            let failure = match self.begin(call).await {
                Ok((_, response)) => return Ok(Ok(response)),
                Err(failure) => failure,
            };
            if let Some(refusal) = self.pause(failure, pauses.next()).await? {
                return Ok(Err(refusal));
            }
        }
    }

    /// Waits before the next attempt. Returns the refusal that no attempt changes.
    async fn pause(
        &self,
        failure: Failure,
        pause: Option<&Duration>,
    ) -> Result<Option<Refusal>, String> {
        let why = match failure {
            Failure::Refused(refusal) => return Ok(Some(refusal)),
            Failure::Passing(why) => why,
        };
        let pause = pause.ok_or_else(|| {
            format!(
                "{} does not answer as an S3 server: {why}. Look whether it runs, and whether AWS_ENDPOINT_URL_S3 names \
                 it; then run the command again. It goes on where it was",
                self.endpoint.url
            )
        })?;
        // Those of a server that ended have ended too.
        self.idle().clear();
        sleep(*pause).await;
        Ok(None)
    }

    async fn exchange(&self, call: &Call<'_>) -> Result<(HeaderMap, Bytes), Failure> {
        let (sender, response) = self.begin(call).await?;
        let (head, body) = response.into_parts();
        let body = collect(body).await?;
        self.idle().push(sender);
        Ok((head.headers, body))
    }

    /// Sends a request, and returns its connection with the head of a good answer.
    async fn begin(&self, call: &Call<'_>) -> Result<(Sender, Response<Incoming>), Failure> {
        let request = self.sign(call).map_err(Failure::Passing)?;
        let mut sender = self.connection().await.map_err(Failure::Passing)?;
        let time = SILENCE_MAX + Duration::from_secs(call.body.len() as u64 / BYTES_PER_SECOND_MIN);
        let response = match timeout(time, sender.send_request(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(why)) => return Err(Failure::Passing(why.to_string())),
            Err(_) => return Err(Failure::Passing(format!("no answer in {} s", time.as_secs()))),
        };
        if response.status().is_success() {
            return Ok((sender, response));
        }
        let status = response.status().as_u16();
        let refusal = Refusal::read(status, &collect(response.into_body()).await?);
        if refusal.is_passing() {
            return Err(Failure::Passing(format!("status {status} {}", refusal.code)));
        }
        Err(Failure::Refused(refusal))
    }

    fn sign(&self, call: &Call<'_>) -> Result<Request<Full<Bytes>>, String> {
        let path = format!("/{}/{}", self.address.bucket, call.key);
        let path = path.trim_end_matches('/');
        let now_ms = SystemClock.now_ms();
        let keys = &self.settings.keys;
        let signer = Signer::new(
            &keys.id,
            &keys.secret,
            keys.session_token.as_ref().map(|token| token.as_str()),
            (&self.settings.region, "s3"),
            now_ms,
        )
        .map_err(say)?;
        let mut headers = call.headers.clone();
        let host =
            self.endpoint.authority.parse().map_err(|_| "the endpoint is no Host".to_owned())?;
        headers.insert(HOST, host);
        let body = BodyToSign::Whole(&call.body);
        signer
            .sign((call.method.as_str(), path, call.query), &mut headers, body, now_ms)
            .map_err(say)?;
        let question = if call.query.is_empty() { "" } else { "?" };
        let request = Request::builder()
            .method(&call.method)
            .uri(format!("{path}{question}{}", call.query))
            .body(Full::new(call.body.clone()));
        let mut request = request.map_err(|why| why.to_string())?;
        // hyper leaves it out if there are no bytes, and S3 requires it.
        headers.insert(CONTENT_LENGTH, call.body.len().into());
        *request.headers_mut() = headers;
        Ok(request)
    }

    async fn connection(&self) -> Result<Sender, String> {
        let found = self.idle().extract_if(.., |sender| sender.is_ready()).next();
        if let Some(sender) = found {
            return Ok(sender);
        }
        let connected = timeout(SILENCE_MAX, self.endpoint.connect()).await;
        connected.map_err(|_| "no connection".to_owned())?
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Sender>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn collect(body: Incoming) -> Result<Bytes, Failure> {
    let collected = timeout(SILENCE_MAX, Limited::new(body, ANSWER_BYTES_MAX).collect()).await;
    let collected = collected.map_err(|_| Failure::Passing("the answer stopped".to_owned()))?;
    collected.map(Collected::to_bytes).map_err(|why| Failure::Passing(why.to_string()))
}
