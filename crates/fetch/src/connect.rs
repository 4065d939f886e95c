//! Opens connections: looks the name up, has every number judged by the guard, connects to a number that passed.
//!
//! Between judging and connecting nothing is looked up again, so a name service that changes its answer gains nothing.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use http::Uri;
use hyper::rt;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use news::Trouble;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio_rustls::client::TlsStream;
use tower_service::Service;

use crate::guard::Guard;
use crate::proxy::Proxy;
use crate::{tls, trouble};

/// Addresses of one name that are tried at most.
const MOST_TRIED: usize = 4;
/// Names that are looked up at the same time: the system's look-up holds a thread each.
const LOOKUPS: usize = 24;

/// Turns names into numbers.
#[async_trait]
pub trait Resolver: Send + Sync {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// Connects to a number.
#[async_trait]
pub trait Dialer: Send + Sync {
    async fn dial(&self, address: SocketAddr) -> io::Result<Box<dyn Stream>>;
}

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// The system's name service.
pub struct SystemResolver {
    at_once: Semaphore,
}

impl SystemResolver {
    pub fn new() -> SystemResolver {
        SystemResolver { at_once: Semaphore::new(LOOKUPS) }
    }
}

#[async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let _turn = self.at_once.acquire().await.map_err(io::Error::other)?;
        // The one place in the house where names are looked up.
        #[allow(clippy::disallowed_methods)]
        let found = tokio::net::lookup_host((host, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// The system's sockets.
pub struct SystemDialer;

#[async_trait]
impl Dialer for SystemDialer {
    async fn dial(&self, address: SocketAddr) -> io::Result<Box<dyn Stream>> {
        // The one place in the house where connections are made.
        #[allow(clippy::disallowed_methods)]
        let stream = tokio::net::TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Box::new(stream))
    }
}

/// What the HTTP client asks for connections.
#[derive(Clone)]
pub struct Connector {
    pub guard: Arc<Guard>,
    pub resolver: Arc<dyn Resolver>,
    pub dialer: Arc<dyn Dialer>,
    pub proxy: Option<Proxy>,
    /// The owner put the proxy into the configuration: it may stand in the house.
    pub proxy_is_trusted: bool,
    pub timeout: Duration,
}

impl Connector {
    async fn open(self, uri: Uri) -> Result<Link, Unreachable> {
        let host = uri.host().unwrap_or("").trim_start_matches('[').trim_end_matches(']').to_owned();
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let addresses = self.addresses(&host, port).await?;
        let stream = self.reach(&host, &addresses).await?;
        if !secure {
            return Ok(Link { io: TokioIo::new(stream), h2: false });
        }
        let stream = under_tls(stream, &host, tls::config()).await?;
        let h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok(Link { io: TokioIo::new(Box::new(stream)), h2 })
    }

    /// A connection for another protocol than HTTP, judged like all others. `at_home`: only to a number in the networks
    /// that the owner allows by name; `Err(None)` when there is none.
    pub async fn stream(
        &self,
        host: &str,
        port: u16,
        at_home: bool,
    ) -> Result<Box<dyn Stream>, Option<Trouble>> {
        let opening = async {
            self.guard.name(host, port)?;
            let mut addresses = self.addresses(host, port).await?;
            addresses.retain(|it| !at_home || self.guard.allows(it.ip()));
            match addresses.is_empty() {
                true => Err(None),
                false => Ok(self.reach(host, &addresses).await?),
            }
        };
        let timeout = self.timeout;
        tokio::time::timeout(timeout, opening).await.unwrap_or_else(|_| Err(Some(trouble::timeout(timeout))))
    }

    /// The numbers of that host which passed the guard.
    async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Trouble> {
        if let Ok(literal) = host.parse::<IpAddr>() {
            let address = SocketAddr::new(literal, port);
            return self.guard.connect(address, "").map(|()| vec![address]);
        }
        let found = self.resolver.resolve(host).await.map_err(|error| lookup_trouble(host, &error))?;
        let mut refused = None;
        let mut passed = Vec::new();
        for ip in found {
            let address = SocketAddr::new(ip, port);
            match self.guard.connect(address, host) {
                Ok(()) if !passed.contains(&address) => passed.push(address),
                Ok(()) => {}
                Err(trouble) => refused = Some(trouble),
            }
            if passed.len() == MOST_TRIED {
                break;
            }
        }
        match refused {
            Some(trouble) if passed.is_empty() => Err(trouble),
            None if passed.is_empty() => Err(trouble::no_such_host(host)),
            _ => Ok(passed),
        }
    }

    async fn reach(&self, host: &str, addresses: &[SocketAddr]) -> Result<Box<dyn Stream>, Trouble> {
        let Some(proxy) = &self.proxy else {
            return self.dial(addresses).await.ok_or_else(|| trouble::connect(host));
        };
        let doors = self.proxy_addresses(proxy).await?;
        let mut stream =
            self.dial(&doors).await.ok_or_else(|| trouble::proxy("it does not take connections"))?;
        proxy.tunnel(&mut stream, addresses[0]).await.map_err(|error| trouble::proxy(&error.to_string()))?;
        Ok(stream)
    }

    async fn proxy_addresses(&self, proxy: &Proxy) -> Result<Vec<SocketAddr>, Trouble> {
        let literal = proxy.host.trim_matches(['[', ']']).parse::<IpAddr>();
        let found = match literal {
            Ok(ip) => vec![ip],
            Err(_) => {
                self.resolver.resolve(&proxy.host).await.map_err(|e| lookup_trouble(&proxy.host, &e))?
            }
        };
        let trusted = |ip: IpAddr| {
            // Proxies live on ports of their own, so a reader's one is judged by its number alone.
            self.proxy_is_trusted || self.guard.allows(ip) || crate::network::is_public(ip)
        };
        let doors: Vec<_> = found
            .into_iter()
            .filter(|&ip| trusted(ip))
            .take(MOST_TRIED)
            .map(|ip| (ip, proxy.port).into())
            .collect();
        if doors.is_empty() { Err(trouble::proxy("it is not on the open internet")) } else { Ok(doors) }
    }

    /// One after the other; each gets its share of the time.
    async fn dial(&self, addresses: &[SocketAddr]) -> Option<Box<dyn Stream>> {
        let share = self.timeout / addresses.len().max(1) as u32;
        for &address in addresses {
            if let Ok(Ok(stream)) = tokio::time::timeout(share, self.dialer.dial(address)).await {
                return Some(stream);
            }
        }
        None
    }
}

async fn under_tls(
    stream: Box<dyn Stream>,
    host: &str,
    config: Arc<rustls::ClientConfig>,
) -> Result<TlsStream<Box<dyn Stream>>, Trouble> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| trouble::tls(host, "no certificate can have that name"))?;
    let connector = tokio_rustls::TlsConnector::from(config);
    connector.connect(name, stream).await.map_err(|error| tls_trouble(host, &error))
}

/// The same stream under TLS, for other protocols than HTTP.
pub async fn secure(stream: Box<dyn Stream>, host: &str) -> Result<Box<dyn Stream>, Trouble> {
    const PATIENCE: Duration = Duration::from_secs(20);
    let mut config = (*tls::config()).clone();
    config.alpn_protocols.clear();
    let securing = under_tls(stream, host, Arc::new(config));
    let secured = tokio::time::timeout(PATIENCE, securing).await.map_err(|_| trouble::timeout(PATIENCE))?;
    Ok(Box::new(secured?))
}

fn tls_trouble(host: &str, error: &io::Error) -> Trouble {
    use rustls::{CertificateError as Certificate, Error as Tls};
    let cause = error.get_ref().and_then(|it| it.downcast_ref::<Tls>());
    let why = match cause {
        Some(Tls::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. })) => {
            "its certificate has run out"
        }
        Some(Tls::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        )) => "its certificate belongs to another name",
        Some(Tls::InvalidCertificate(Certificate::UnknownIssuer)) => {
            "its certificate is from nobody that this machine trusts"
        }
        Some(Tls::InvalidCertificate(_)) => "its certificate is not a proper one",
        Some(_) => "it does not speak TLS as it should",
        None => "it broke off",
    };
    trouble::tls(host, why)
}

fn lookup_trouble(host: &str, error: &io::Error) -> Trouble {
    // getaddrinfo's words: EAI_NONAME and EAI_NODATA are an answer, EAI_AGAIN is none.
    let says = error.to_string();
    let answered =
        says.contains("not known") || says.contains("No address") || error.kind() == io::ErrorKind::NotFound;
    if answered { trouble::no_such_host(host) } else { trouble::name_service(host) }
}

impl Service<Uri> for Connector {
    type Response = Link;
    type Error = Unreachable;
    type Future = Pin<Box<dyn Future<Output = Result<Link, Unreachable>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Unreachable>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let timeout = self.timeout;
        let open = self.clone().open(uri);
        Box::pin(async move {
            tokio::time::timeout(timeout, open)
                .await
                .unwrap_or_else(|_| Err(trouble::timeout(timeout).into()))
        })
    }
}

/// Why there is no connection.
#[derive(Debug)]
pub struct Unreachable(pub Trouble);

impl From<Trouble> for Unreachable {
    fn from(trouble: Trouble) -> Unreachable {
        Unreachable(trouble)
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.says)
    }
}

impl Error for Unreachable {}

/// An open connection, as the HTTP client wants it.
pub struct Link {
    io: TokioIo<Box<dyn Stream>>,
    h2: bool,
}

impl Connection for Link {
    fn connected(&self) -> Connected {
        if self.h2 { Connected::new().negotiated_h2() } else { Connected::new() }
    }
}

impl rt::Read for Link {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl rt::Write for Link {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
