//! One request, one answer: no redirects, no judging.

use std::error::Error;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use news::Trouble;
use std::time::Duration;
use url::Url;

use crate::body::{Unpacker, Unpacking};
use crate::connect::{Connector, Unreachable};
use crate::trouble;

/// The header of an answer may be this long, in lines and in bytes.
const MOST_HEADER_LINES: usize = 200;
const MOST_HEADER_BYTES: usize = 96 * 1024;
/// A connection to a site is kept so long for its next page or picture.
const KEEP_IDLE: Duration = Duration::from_secs(5);

pub type HttpClient = Client<Connector, Full<Bytes>>;

/// `keeps`: whether connections are kept for a next request. For feeds they are not: the next one comes in an hour, and
/// a thousand idle connections hold 40 MB of buffers.
pub fn client(connector: Connector, keeps: bool) -> HttpClient {
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(KEEP_IDLE)
        .pool_max_idle_per_host(usize::from(keeps))
        // Old servers fold long lines; RFC 9112, 5.2 lets us read them.
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_max_headers(MOST_HEADER_LINES)
        .http1_max_buf_size(MOST_HEADER_BYTES)
        .http2_max_header_list_size(MOST_HEADER_BYTES as u32)
        .http2_initial_stream_window_size(256 * 1024)
        .http2_initial_connection_window_size(256 * 1024)
        .build(connector)
}

/// What is sent.
pub struct Ask<'a> {
    pub method: Method,
    pub url: &'a Url,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub user_agent: &'a HeaderValue,
}

/// What came back; the body is read only when it is wanted.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    body: Incoming,
}

pub async fn ask(client: &HttpClient, ask: Ask<'_>) -> Result<Reply, Trouble> {
    let host = ask.url.host_str().unwrap_or("").to_owned();
    // The guard has seen to it that there is no fragment and no user in it.
    let uri: Uri =
        ask.url.as_str().parse().map_err(|_| trouble::bad_address("cannot be written into a request"))?;
    let mut request = http::Request::new(Full::new(ask.body));
    *request.method_mut() = ask.method;
    *request.uri_mut() = uri;
    *request.headers_mut() = ask.headers;
    request.headers_mut().entry(USER_AGENT).or_insert_with(|| ask.user_agent.clone());
    request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, br, zstd, deflate"));
    let response = client.request(request).await.map_err(|error| no_answer(&host, &error))?;
    let (head, body) = response.into_parts();
    Ok(Reply { status: head.status.as_u16(), headers: head.headers, body })
}

impl Reply {
    /// The whole body, unpacked, or trouble when it is longer than that.
    pub async fn read(mut self, at_most: usize) -> Result<Vec<u8>, Trouble> {
        let announced =
            self.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|length| at_most as u64 <= length && length != at_most as u64) {
            return Err(trouble::too_big(at_most));
        }
        let mut unpacker =
            Unpacker::new(coding(&self.headers)?, at_most).map_err(|why| unpacking(why, at_most))?;
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|error| broken_body(&error))?;
            if let Some(piece) = frame.data_ref() {
                unpacker.push(piece).map_err(|why| unpacking(why, at_most))?;
            }
        }
        unpacker.finish().map_err(|why| unpacking(why, at_most))
    }

    /// As much of the body as fits, packed or not: for answers that are only shown in part.
    pub async fn beginning(mut self, at_most: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let Some(Ok(frame)) = self.body.frame().await {
            let piece = frame.data_ref().map_or(&[][..], |piece| piece);
            bytes.extend_from_slice(&piece[..piece.len().min(at_most - bytes.len())]);
            if bytes.len() == at_most {
                break;
            }
        }
        bytes
    }
}

fn coding(headers: &HeaderMap) -> Result<&str, Trouble> {
    let mut lines = headers.get_all(CONTENT_ENCODING).iter();
    let coding = lines.next().map_or(Ok(""), HeaderValue::to_str);
    match (coding, lines.next()) {
        (Ok(coding), None) => Ok(coding),
        _ => Err(trouble::bad_answer("it is packed more than once")),
    }
}

fn unpacking(why: Unpacking, at_most: usize) -> Trouble {
    match why {
        Unpacking::TooBig => trouble::too_big(at_most),
        Unpacking::UnknownCoding => trouble::bad_answer("it is packed in a way that we did not ask for"),
        Unpacking::Broken => trouble::bad_answer("it could not be unpacked"),
    }
}

fn broken_body(error: &hyper::Error) -> Trouble {
    use std::io::ErrorKind::{InvalidData, InvalidInput};
    let io = error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
    let malformed = io.is_some_and(|io| matches!(io.kind(), InvalidData | InvalidInput));
    if error.is_parse() || malformed {
        trouble::bad_answer("its body is not as HTTP has it")
    } else {
        trouble::broken_off()
    }
}

fn no_answer(host: &str, error: &hyper_util::client::legacy::Error) -> Trouble {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(it) = cause {
        if let Some(Unreachable(trouble)) = it.downcast_ref() {
            return trouble.clone();
        }
        if let Some(http) = it.downcast_ref::<hyper::Error>() {
            return match () {
                () if http.is_parse() && http.to_string().contains("too large") => {
                    trouble::bad_answer("its header does not end")
                }
                () if http.is_parse() => trouble::bad_answer("it does not speak HTTP"),
                () if http.is_incomplete_message() => trouble::broken_off(),
                () => match http.source().and_then(|it| it.downcast_ref::<std::io::Error>()) {
                    Some(_) => trouble::broken_off(),
                    None => trouble::bad_answer("the connection failed"),
                },
            };
        }
        cause = it.source();
    }
    trouble::connect(host)
}
