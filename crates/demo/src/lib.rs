//! A little internet of eight outlets that do not exist, for `tidings demo` and for tests that want golden data.
//!
//! The articles are files in `articles/`; `serve` publishes them on loopback as feeds and pages, as outlets do:
//! with boilerplate, adverts and three broken addresses. Which of them tell of the same happening is known
//! (`happenings`), and three readers with different pasts (`readers`) show that an edition is personal.

mod article;
mod dates;
mod feed;
mod library;
mod outlet;
mod page;
mod picture;
mod readers;
mod serve;
#[cfg(test)]
mod tests;

pub use article::{Article, Block, Byline};
pub use dates::rfc3339;
pub use library::{articles, happening_of, happenings, look_alikes};
pub use outlet::{Format, Layout, Outlet, outlets};
pub use readers::{DemoFollow, DemoReader, DemoSignal, DemoTarget, readers};
pub use serve::{Feed, Internet, Troubled, address_of, serve};
