//! What comes of asking.

use std::time::Duration;

use news::Trouble;

/// A document as it arrived, unpacked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Where it was in the end, after redirects.
    pub address: String,
    pub content_type: Option<String>,
    pub bytes: Vec<u8>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// For so long it will not change, it says.
    pub cache_for: Option<Duration>,
    /// Where it has moved for good: the end of the 301 and 308 hops from the start.
    pub moved: Option<String>,
    /// The WebSub hub that its `Link` header names, and under which address the hub knows it.
    pub hub: Option<String>,
    pub topic: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Fresh(Document),
    NotModified {
        cache_for: Option<Duration>,
        moved: Option<String>,
    },
    /// 410: never to be asked again.
    Gone(Trouble),
    /// Come back later; it may say when.
    Busy {
        wait: Option<Duration>,
        trouble: Trouble,
    },
    Failed(Trouble),
}

impl Outcome {
    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Outcome::Fresh(_) | Outcome::NotModified { .. } => None,
            Outcome::Gone(trouble) | Outcome::Busy { trouble, .. } | Outcome::Failed(trouble) => {
                Some(trouble)
            }
        }
    }
}

/// What was answered to a [`crate::Message`].
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// The beginning of the body, at most 64 KiB.
    pub bytes: Vec<u8>,
    /// As asked for with `Retry-After`.
    pub wait: Option<Duration>,
}

impl Answer {
    pub fn is_yes(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
