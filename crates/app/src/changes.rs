//! What an article said before it was changed: an edit is news.

use news::{Article, ReaderId, Timestamp};

use crate::{App, Result};

/// One change: what stood there until then, and what stood there from then on. All plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub at: Timestamp,
    pub source: String,
    pub was: Said,
    pub is: Said,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub title: String,
    pub text: String,
}

impl App {
    /// What an article said before, the newest change first. Changes that nobody can see (of an address, of a date) are
    /// left out.
    pub(crate) async fn versions(&self, reader: ReaderId, article: &Article) -> Result<Vec<Version>> {
        let mut versions = Vec::new();
        for entry in self.store.entries_of(reader, article.id).await?.into_iter().filter(|it| it.edited) {
            let mut is = Said { title: entry.title, text: article.extracted.text.clone() };
            for revision in self.store.revisions(reader, entry.id).await? {
                let was = Said { title: revision.title, text: revision.text };
                if !same_words(&was, &is) {
                    let source = entry.source_title.clone();
                    versions.push(Version { at: revision.until, source, was: was.clone(), is });
                }
                is = was;
            }
        }
        versions.sort_by_key(|it| std::cmp::Reverse(it.at));
        Ok(versions)
    }
}

fn same_words(one: &Said, other: &Said) -> bool {
    let words = |it: &Said| -> Vec<String> {
        it.title
            .split_whitespace()
            .chain(["\n"])
            .chain(it.text.split_whitespace())
            .map(str::to_owned)
            .collect()
    };
    words(one) == words(other)
}
