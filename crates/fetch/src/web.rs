//! The real web: follows redirects by itself, and asks the guard, the host's lane and robots.txt on every hop.

mod said;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue};
use news::Trouble;
use tokio::time::Instant;
use url::Url;

use crate::connect::{self, Connector, Dialer, Resolver, Stream, SystemDialer, SystemResolver};
use crate::exchange::{self, Ask, HttpClient};
use crate::guard::Guard;
use crate::imap::Cover;
use crate::network::Network;
use crate::private::Private;
use crate::proxy::Proxy;
use crate::{
    Accept, Answer, Document, Fetcher, Hosts, Message, Outcome, Request, Robots, Sender, headers, trouble,
};

pub use said::without_login;
use said::{asking_headers, message_headers, secrets, take_login};

/// How one may behave out there. The default is safe.
#[derive(Clone, Debug)]
pub struct WebPolicy {
    /// Says honestly who asks; name a way to reach the owner in it ([`WebPolicy::user_agent_of`]).
    pub user_agent: String,
    /// Networks that are not on the open internet and may be asked all the same, on every port.
    pub allow_networks: Vec<Network>,
    /// Ports that may be asked elsewhere.
    pub ports: Vec<u16>,
    /// Hosts under which we are reached ourselves: never asked.
    pub own_hosts: Vec<String>,
    /// For the name, the connection and TLS together.
    pub connect_timeout: Duration,
    /// For everything, redirects included; waiting for a host's turn is not counted.
    pub total_timeout: Duration,
    pub redirects: usize,
    /// Between two requests to one host (none in the networks that are allowed by name).
    pub pause: Duration,
    /// `http://user:password@host:port`: everything goes through it.
    pub proxy: Option<String>,
    /// Pages that a program goes to by itself are not read where robots.txt asks so.
    pub obey_robots: bool,
}

impl WebPolicy {
    /// `contact`: an address or a mailbox at which the owner of this installation can be reached.
    pub fn user_agent_of(contact: Option<&str>) -> String {
        let version = env!("CARGO_PKG_VERSION");
        match contact {
            Some(contact) => format!("tidings/{version} (news reader; +{contact})"),
            None => format!("tidings/{version} (news reader, self-hosted)"),
        }
    }
}

impl Default for WebPolicy {
    fn default() -> WebPolicy {
        let guard = Guard::default();
        WebPolicy {
            user_agent: WebPolicy::user_agent_of(None),
            allow_networks: guard.allow,
            ports: guard.ports,
            own_hosts: guard.own_hosts,
            connect_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(30),
            redirects: 10,
            pause: Duration::from_secs(1),
            proxy: None,
            obey_robots: true,
        }
    }
}

/// A policy that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyError {
    UserAgent,
    Proxy(String),
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyError::UserAgent => write!(f, "the user agent cannot be written into a header"),
            PolicyError::Proxy(why) => write!(f, "the proxy's address {why}"),
        }
    }
}

impl std::error::Error for PolicyError {}

/// The only door to the network. One for a process: it knows who is being asked just now.
pub struct Web {
    policy: WebPolicy,
    user_agent: HeaderValue,
    guard: Arc<Guard>,
    connector: Connector,
    feeds: HttpClient,
    pages: HttpClient,
    /// Sources with a proxy of their own share no connection with others.
    by_proxy: Mutex<Vec<(Proxy, HttpClient)>>,
    hosts: Hosts,
    robots: Mutex<HashMap<String, (Instant, Arc<Robots>)>>,
}

/// What robots.txt said is believed for a day (RFC 9309, 2.4); that it could not be had, for an hour.
const ROBOTS_FOR: Duration = Duration::from_secs(24 * 3600);
const NO_ROBOTS_FOR: Duration = Duration::from_secs(3600);
const MOST_ROBOTS: usize = 1000;
const MOST_PROXIES: usize = 16;
/// Nobody is stayed away from for longer, whatever they ask.
const LONGEST_HOLD: Duration = Duration::from_secs(24 * 3600);

impl Web {
    pub fn new(policy: WebPolicy) -> Result<Web, PolicyError> {
        Web::with(policy, Arc::new(SystemResolver::new()), Arc::new(SystemDialer))
    }

    /// With another name service and other sockets: for tests, which count what is connected to.
    pub fn with(
        policy: WebPolicy,
        resolver: Arc<dyn Resolver>,
        dialer: Arc<dyn Dialer>,
    ) -> Result<Web, PolicyError> {
        let user_agent = HeaderValue::from_str(&policy.user_agent).map_err(|_| PolicyError::UserAgent)?;
        let proxy = policy.proxy.as_deref().map(Proxy::parse).transpose().map_err(PolicyError::Proxy)?;
        let guard = Arc::new(Guard {
            allow: policy.allow_networks.clone(),
            ports: policy.ports.clone(),
            own_hosts: policy.own_hosts.clone(),
        });
        let connector = Connector {
            guard: guard.clone(),
            resolver,
            dialer,
            proxy_is_trusted: proxy.is_some(),
            proxy,
            timeout: policy.connect_timeout,
        };
        let feeds = exchange::client(connector.clone(), false);
        let pages = exchange::client(connector.clone(), true);
        let hosts = Hosts::new(policy.pause);
        let (by_proxy, robots) = Default::default();
        Ok(Web { policy, user_agent, guard, connector, feeds, pages, by_proxy, hosts, robots })
    }

    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// A connection to a mail server, on whatever port the owner named for it.
    pub(crate) async fn mail_stream(
        &self,
        host: &str,
        port: u16,
        cover: Cover,
    ) -> Result<Box<dyn Stream>, Trouble> {
        let guard = Arc::new(Guard { ports: vec![port], ..(*self.guard).clone() });
        let connector = Connector { guard, ..self.connector.clone() };
        let host = host.trim_matches(['[', ']']);
        let stream = connector.stream(host, port, cover == Cover::Plain).await;
        let stream = stream.map_err(|why| why.unwrap_or_else(|| trouble::mail_in_the_clear(host)))?;
        match cover {
            Cover::Tls => connect::secure(stream, host).await,
            Cover::StartTls | Cover::Plain => Ok(stream),
        }
    }

    async fn get(&self, request: &Request) -> Result<Outcome, Trouble> {
        let mut url = self.guard.address(&request.address)?;
        let login = take_login(&mut url);
        if request.obey_robots && self.policy.obey_robots && !self.robots_allow(&url).await {
            return Err(trouble::robots(url.host_str().unwrap_or("")));
        }
        let call = Call {
            method: http::Method::GET,
            headers: asking_headers(request),
            secrets: secrets(request.private.as_deref(), login),
            body: Bytes::new(),
            at_most: request.at_most,
            client: self.client_for(request),
            who: request.private.as_deref().map_or(0, Private::identity),
        };
        Ok(match self.follow(url, &call).await? {
            End::Held { host, wait } => {
                Outcome::Busy { wait: Some(wait), trouble: trouble::asked_to_wait(&host) }
            }
            End::Reply { reply, trail, body } => outcome(request, &reply, *trail, body),
        })
    }

    async fn post(&self, message: &Message) -> Result<Answer, Trouble> {
        let mut url = self.guard.address(&message.address)?;
        let login = take_login(&mut url);
        let call = Call {
            method: message.method.into(),
            headers: message_headers(message)?,
            secrets: secrets(None, login),
            body: Bytes::copy_from_slice(&message.body),
            at_most: 64 * 1024,
            client: self.feeds.clone(),
            who: 0,
        };
        match self.follow(url, &call).await? {
            End::Held { host, .. } => Err(trouble::asked_to_wait(&host)),
            End::Reply { reply, body, .. } => Ok(Answer {
                status: reply.status,
                bytes: body,
                wait: headers::retry_after(&reply.headers, clock()),
            }),
        }
    }

    /// Asks, and goes where it is sent.
    async fn follow(&self, first: Url, call: &Call) -> Result<End, Trouble> {
        let mut trail = Trail::new(first);
        let mut left = self.policy.total_timeout;
        for _ in 0..=self.policy.redirects {
            let host = trail.url.host_str().unwrap_or("").to_owned();
            if let Some(wait) = self.hosts.held(&host, call.who) {
                return Ok(End::Held { host, wait });
            }
            let permit = self.hosts.acquire_after(&host, self.pause_for(&trail.url)).await;
            let begun = Instant::now();
            let exchange = tokio::time::timeout(left, self.exchange(call, &trail)).await;
            drop(permit);
            left = left.saturating_sub(begun.elapsed());
            let (reply, body) =
                exchange.unwrap_or_else(|_| Err(trouble::timeout(self.policy.total_timeout)))?;
            if matches!(reply.status, 429 | 503)
                && let Some(wait) = headers::retry_after(&reply.headers, clock())
            {
                self.hosts.hold(&host, call.who, wait.min(LONGEST_HOLD));
            }
            let Some(target) = redirect(&reply, call)? else {
                return Ok(End::Reply { reply: Box::new(reply), trail: Box::new(trail), body });
            };
            trail.go(reply.status, &target, &self.guard)?;
        }
        Err(trouble::too_many_redirects(self.policy.redirects))
    }

    async fn exchange(&self, call: &Call, trail: &Trail) -> Result<(Head, Vec<u8>), Trouble> {
        let mut headers = call.headers.clone();
        // What was given for one site is told to no other, and never in the clear where it was to be secret.
        if trail.url.origin() == trail.first.origin() {
            headers.extend(call.secrets.clone());
        }
        let ask = Ask {
            method: call.method.clone(),
            url: &trail.url,
            headers,
            body: call.body.clone(),
            user_agent: &self.user_agent,
        };
        let reply = exchange::ask(&call.client, ask).await?;
        let head = Head { status: reply.status, headers: reply.headers.clone() };
        let body = match (reply.status, call.method == http::Method::GET) {
            (200, true) => reply.read(call.at_most).await?,
            (_, true) => Vec::new(),
            (_, false) => reply.beginning(call.at_most).await,
        };
        Ok((head, body))
    }

    /// The pause that is owed to a host: ours, or the one that its robots.txt asks for, if we know it.
    fn pause_for(&self, url: &Url) -> Duration {
        if self.guard.is_at_home(url) {
            return Duration::ZERO;
        }
        let robots = self.known_robots(&url.origin().ascii_serialization());
        let asked = robots.and_then(|robots| robots.crawl_delay(&self.policy.user_agent));
        asked.unwrap_or_default().max(self.hosts.pause())
    }

    async fn robots_allow(&self, url: &Url) -> bool {
        let origin = url.origin().ascii_serialization();
        let robots = match self.known_robots(&origin) {
            Some(robots) => robots,
            None => self.learn_robots(origin).await,
        };
        let path =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        robots.allows(&self.policy.user_agent, &path)
    }

    fn known_robots(&self, origin: &str) -> Option<Arc<Robots>> {
        let known = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(origin).filter(|(until, _)| Instant::now() < *until).map(|(_, robots)| robots.clone())
    }

    async fn learn_robots(&self, origin: String) -> Arc<Robots> {
        let (robots, good_for) =
            match Box::pin(self.fetch(&Request::robots(&format!("{origin}/robots.txt")))).await {
                Outcome::Fresh(document) => {
                    (Robots::parse(&document.bytes).for_agent(&self.policy.user_agent), ROBOTS_FOR)
                }
                Outcome::Failed(trouble) if is_a_no(&trouble) => (Robots::default(), ROBOTS_FOR),
                Outcome::Gone(_) => (Robots::default(), ROBOTS_FOR),
                _ => (Robots::nothing(), NO_ROBOTS_FOR),
            };
        let robots = Arc::new(robots);
        let mut known = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST_ROBOTS <= known.len() {
            let now = Instant::now();
            known.retain(|_, (until, _)| now < *until);
            if MOST_ROBOTS <= known.len() {
                known.clear();
            }
        }
        known.insert(origin, (Instant::now() + good_for, robots.clone()));
        robots
    }

    fn client_for(&self, request: &Request) -> HttpClient {
        let Some(proxy) = request.private.as_deref().and_then(Private::proxy_of) else {
            return if request.accept == Accept::Feed { self.feeds.clone() } else { self.pages.clone() };
        };
        let mut by_proxy = self.by_proxy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = by_proxy.iter().find(|(known, _)| known == proxy) {
            return client.clone();
        }
        let connector =
            Connector { proxy: Some(proxy.clone()), proxy_is_trusted: false, ..self.connector.clone() };
        let client = exchange::client(connector, false);
        if by_proxy.len() == MOST_PROXIES {
            by_proxy.remove(0);
        }
        by_proxy.push((proxy.clone(), client.clone()));
        client
    }
}

#[async_trait]
impl Fetcher for Web {
    async fn fetch(&self, request: &Request) -> Outcome {
        self.get(request).await.unwrap_or_else(Outcome::Failed)
    }
}

#[async_trait]
impl Sender for Web {
    async fn send(&self, message: &Message) -> Result<Answer, Trouble> {
        self.post(message).await
    }
}

/// What stays the same from hop to hop.
struct Call {
    method: http::Method,
    headers: HeaderMap,
    /// For the first origin only.
    secrets: HeaderMap,
    body: Bytes,
    at_most: usize,
    client: HttpClient,
    who: u64,
}

/// An answer without its body.
struct Head {
    status: u16,
    headers: HeaderMap,
}

/// Where following ended.
enum End {
    Reply { reply: Box<Head>, trail: Box<Trail>, body: Vec<u8> },
    Held { host: String, wait: Duration },
}

/// The way so far.
struct Trail {
    first: Url,
    url: Url,
    /// Only 301 and 308 so far.
    lasting: bool,
    moved: Option<Url>,
}

impl Trail {
    fn new(first: Url) -> Trail {
        Trail { url: first.clone(), first, lasting: true, moved: None }
    }

    fn go(&mut self, status: u16, target: &str, guard: &Guard) -> Result<(), Trouble> {
        let target =
            self.url.join(target).map_err(|_| trouble::bad_answer("it leads to an address that is none"))?;
        let mut target = guard.url(target)?;
        let _ = take_login(&mut target);
        self.lasting &= matches!(status, 301 | 308);
        let weaker = self.first.scheme() == "https" && target.scheme() == "http";
        if self.lasting {
            // Nobody is moved from a secure address to one that is not.
            self.moved = (!weaker).then(|| target.clone());
        }
        self.url = target;
        Ok(())
    }
}

/// Where the answer sends us, if it does.
fn redirect(reply: &Head, call: &Call) -> Result<Option<String>, Trouble> {
    let follows = match reply.status {
        301..=303 => call.method == http::Method::GET,
        307 | 308 => true,
        _ => false,
    };
    if !follows {
        return Ok(None);
    }
    let location = reply.headers.get(LOCATION).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    match location.map(str::trim).filter(|location| !location.is_empty()) {
        Some(location) => Ok(Some(location.to_owned())),
        None => Err(trouble::bad_answer("it sends us away without saying where to")),
    }
}

fn outcome(request: &Request, reply: &Head, trail: Trail, bytes: Vec<u8>) -> Outcome {
    let cache_for = headers::cache_for(&reply.headers);
    match reply.status {
        200 => Outcome::Fresh(Document {
            content_type: headers::content_type(&reply.headers),
            bytes,
            etag: headers::etag(&reply.headers),
            last_modified: headers::last_modified(&reply.headers),
            cache_for,
            moved: trail.moved.map(Url::into),
            hub: headers::link(&reply.headers, "hub", &trail.url),
            topic: headers::link(&reply.headers, "self", &trail.url),
            address: trail.url.into(),
        }),
        304 if request.is_conditional() => {
            Outcome::NotModified { cache_for, moved: trail.moved.map(Url::into) }
        }
        304 => Outcome::Failed(trouble::bad_answer("it says “not modified” though we did not ask")),
        // Gone for good is only what stands at the source's own address, or where that has moved for good.
        410 if trail.lasting => Outcome::Gone(trouble::gone()),
        429 | 503 => Outcome::Busy {
            wait: headers::retry_after(&reply.headers, clock()),
            trouble: trouble::status(reply.status),
        },
        status => Outcome::Failed(trouble::status(status)),
    }
}

/// The site answered that it has no such file: everything may be read (RFC 9309, 2.3.1.3).
fn is_a_no(trouble: &Trouble) -> bool {
    matches!(
        trouble.word.as_str(),
        "bad_request"
            | "unauthorised"
            | "payment"
            | "forbidden"
            | "not_found"
            | "legal"
            | "bad_answer"
            | "empty"
            | "too_many_redirects"
            | "too_big"
    )
}

/// Only for a `Retry-After` that names a date in an answer that does not say what time it is.
fn clock() -> std::time::SystemTime {
    #[allow(clippy::disallowed_methods)]
    std::time::SystemTime::now()
}
