//! Asks the web, politely, and lets nothing in or out that should not pass.
//!
//! The only crate that opens connections: every other one hands a [`Request`] (or a [`Message`]) to it. [`Web`] is the
//! real [`Fetcher`]; what goes wrong in the world comes back as an [`Outcome`], never as an error. When to ask again is
//! decided by [`next`], which is pure.

mod ask;
mod outcome;

mod connect;
mod guard;
pub mod network;
mod proxy;
mod tls;

mod body;
mod exchange;
mod headers;
mod private;
mod trouble;
mod web;

mod hosts;
mod robots;
mod schedule;
pub mod websub;

pub mod imap;

pub use ask::{Accept, Message, Method, Request};
pub use connect::{Dialer, Resolver, Stream};
pub use guard::Guard;
pub use hosts::{Hosts, Permit};
pub use network::Network;
pub use outcome::{Answer, Document, Outcome};
pub use private::{Private, PrivateError};
pub use robots::Robots;
pub use schedule::{Schedule, after_bad_push, after_push, lasting_move, next};
pub use web::{PolicyError, Web, WebPolicy, without_login};

use async_trait::async_trait;
use news::Trouble;

#[cfg(test)]
mod tests;

/// Whoever can ask the web for a document. Asks once (following redirects by itself) and never errs.
#[async_trait]
pub trait Fetcher: Send + Sync {
    async fn fetch(&self, request: &Request) -> Outcome;
}

/// Whoever can send something to the web: webhooks, hubs, push services.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Any answer at all is an [`Answer`], also one that says no; trouble is when there was none.
    async fn send(&self, message: &Message) -> Result<Answer, Trouble>;
}
