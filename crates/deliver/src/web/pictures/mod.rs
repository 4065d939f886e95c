//! Pictures of other hosts, through an address of our own: the reader's browser asks nobody else, and gets only what
//! we drew anew ourselves. See `docs/decisions/pictures.md`.

mod seal;
mod shelf;
mod shrink;
#[cfg(test)]
pub mod tests;

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::{Query, State},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use fetch::{Fetcher, Outcome, Request};
use news::Timestamp;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::{
    door::{Failure, House},
    render::encoded,
};
use seal::Seal;
use shelf::Shelf;

/// How large a picture is wanted: a size of ours, so that nobody can ask for a thousand others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Card,
    Page,
}

impl Size {
    fn word(self) -> &'static str {
        match self {
            Size::Card => "card",
            Size::Page => "page",
        }
    }

    fn widest(self) -> u32 {
        match self {
            Size::Card => 320,
            Size::Page => 1200,
        }
    }
}

/// A picture's bytes as they came are at most so many.
const LARGEST: usize = 10 << 20;
/// Pictures that are kept, together.
const KEPT_ON_DISK: u64 = 200 << 20;
const KEPT_IN_MEMORY: u64 = 32 << 20;
/// One that could not be had is not asked for again for so long.
const REST: Duration = Duration::from_secs(10 * 60);
/// Of so many broken ones at most do we know that they are.
const BROKEN: usize = 2000;
/// Each may take some hundred megabytes while it is decoded.
const AT_ONCE: usize = 1;

pub struct Pictures {
    seal: Seal,
    shelf: Arc<Shelf>,
    /// What could not be had, and until when it is let be.
    broken: Mutex<HashMap<String, Timestamp>>,
    decoding: Semaphore,
}

impl Pictures {
    /// With a folder, the secret and the pictures outlive the program; without, both go with it.
    pub fn open(data: Option<&Path>) -> Pictures {
        let shelf = match data {
            Some(data) => Shelf::on_disk(&data.join("pictures"), KEPT_ON_DISK),
            None => Shelf::in_memory(KEPT_IN_MEMORY),
        };
        Pictures {
            seal: Seal::open(data),
            shelf: Arc::new(shelf),
            broken: Mutex::default(),
            decoding: Semaphore::new(AT_ONCE),
        }
    }

    /// Where a page of ours asks for that picture.
    pub fn address(&self, url: &str, size: Size) -> String {
        let word = size.word();
        format!("/image?k={word}&u={}&s={}", encoded(url), self.seal.of(&[word, url]))
    }

    /// Of a body's pictures: one that lies inside the text stays there.
    pub fn in_body(&self, url: &str) -> String {
        match url.starts_with("data:") {
            true => url.to_string(),
            false => self.address(url, Size::Page),
        }
    }

    async fn get(&self, fetcher: &dyn Fetcher, url: &str, size: Size, now: Timestamp) -> Option<Vec<u8>> {
        let name = seal::name_of(&[size.word(), url]);
        if let Some(kept) = self.kept(&name).await {
            return Some(kept);
        }
        if self.is_resting(&name, now) {
            return None;
        }
        let made = self.make(fetcher, url, size).await;
        match &made {
            Some(bytes) => self.keep(name, bytes.clone()).await,
            None => self.let_be(name, now.after(REST)),
        }
        made
    }

    async fn make(&self, fetcher: &dyn Fetcher, url: &str, size: Size) -> Option<Vec<u8>> {
        let _turn = self.decoding.acquire().await.ok()?;
        let request = Request { at_most: LARGEST, ..Request::image(url) };
        let Outcome::Fresh(document) = fetcher.fetch(&request).await else { return None };
        // A decoder that panics is one more broken picture.
        tokio::task::spawn_blocking(move || shrink::shrink(&document.bytes, size.widest())).await.ok()?
    }

    async fn kept(&self, name: &str) -> Option<Vec<u8>> {
        let (shelf, name) = (self.shelf.clone(), name.to_string());
        tokio::task::spawn_blocking(move || shelf.get(&name)).await.ok()?
    }

    async fn keep(&self, name: String, bytes: Vec<u8>) {
        let shelf = self.shelf.clone();
        let put = tokio::task::spawn_blocking(move || shelf.put(&name, bytes)).await;
        if let Ok(Err(error)) = put {
            tracing::warn!(%error, "a picture could not be kept; it will be fetched again");
        }
    }

    fn is_resting(&self, name: &str, now: Timestamp) -> bool {
        let broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken.get(name).is_some_and(|until| now < *until)
    }

    fn let_be(&self, name: String, until: Timestamp) {
        let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        if BROKEN <= broken.len() {
            broken.clear();
        }
        broken.insert(name, until);
    }
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    k: String,
    #[serde(default)]
    u: String,
    #[serde(default)]
    s: String,
}

/// Nothing is drawn from it, framed in it or sent by it, even when it is opened in a tab of its own.
const POLICY: &str = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
/// One transparent dot.
const BLANK: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\
\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

pub async fn image(State(house): State<Arc<House>>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let size = [Size::Card, Size::Page].into_iter().find(|it| it.word() == asked.k);
    let pictures = &house.pictures;
    // Before anything is looked up or asked for: only what a page of ours shows.
    let Some(size) = size.filter(|it| pictures.seal.is_on(&[it.word(), &asked.u], &asked.s)) else {
        return Err(app::AppError::NotFound.into());
    };
    let found = pictures.get(&*house.app.fetcher, &asked.u, size, house.app.now()).await;
    Ok(match found {
        Some(bytes) => answer(bytes, "private, max-age=31536000, immutable"),
        None => answer(BLANK.to_vec(), "private, max-age=600"),
    })
}

fn answer(bytes: Vec<u8>, keep: &'static str) -> Response {
    let kind = match bytes.first() {
        Some(b'R') => "image/webp",
        Some(b'G') => "image/gif",
        _ => "image/jpeg",
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, keep),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("content-disposition"), "inline"),
    ];
    (headers, bytes).into_response()
}
