//! Makes the article of an entry: from the feed's own content when that is the whole article, else from its page.

use std::{collections::HashMap, panic::catch_unwind, sync::Arc};

use async_trait::async_trait;
use fetch::{Fetcher, Outcome, Request};
use futures::{StreamExt, stream::FuturesUnordered};
use news::{ArticleId, Completeness, EntryId, Extracted, Published, Source, SourceKind, Timestamp};
use store::{ArticleDecision, EntryToExtract, Gathering, Stage, Task};

use super::refresh::private_at;
use crate::{Held, Problem, Worker, finish, recorder::Recorder, tasks_of};

/// A batch of this many articles is one commit.
const COMMIT: usize = 256;

type Decided = (Task, EntryId, ArticleDecision, Timestamp);

pub struct Extract {
    store: Arc<dyn Gathering>,
    fetcher: Arc<dyn Fetcher>,
    /// Pages are asked for entries whose feed carries only a taste.
    fetch_pages: bool,
    recorder: Recorder<Vec<Decided>>,
}

impl Extract {
    pub fn new(store: Arc<dyn Gathering>, fetcher: Arc<dyn Fetcher>, fetch_pages: bool) -> Extract {
        let recorder = Recorder::new(COMMIT, {
            let store = store.clone();
            move |batches: Vec<Vec<Decided>>| {
                let store = store.clone();
                async move {
                    let mut now = Timestamp::default();
                    let mut batch = Vec::new();
                    for (task, entry, decision, at) in batches.into_iter().flatten() {
                        now = now.max(at);
                        batch.push((task, entry, decision));
                    }
                    store.record_articles(batch, now).await.map(drop).map_err(|error| error.to_string())
                }
            }
        });
        Extract { store, fetcher, fetch_pages, recorder }
    }

    /// The whole texts that feeds carried, all at once: nothing to wait for.
    async fn take_from_feeds(
        &self,
        entries: Vec<(Held, EntryToExtract)>,
        now: Timestamp,
    ) -> Vec<(Held, Problem)> {
        if entries.is_empty() {
            return Vec::new();
        }
        let thinking = tokio::task::spawn_blocking(move || {
            let (mut held, mut decided, mut failed) = (Vec::new(), Vec::new(), Vec::new());
            for (task, it) in entries {
                // One that makes us stumble takes no other with it.
                let extracted = catch_unwind(|| named(whole(&it), &it.source));
                match extracted {
                    Ok(extracted) => {
                        let decision = ArticleDecision::Article(Box::new(extracted));
                        decided.push((task.task.clone(), it.entry.id, decision, now));
                        held.push(task);
                    }
                    Err(_) => failed.push((task, Problem("extracting it failed".into()))),
                }
            }
            (held, decided, failed)
        });
        let (held, decided, failed) = match thinking.await {
            Ok(answer) => answer,
            // The tasks stay leased and come back; after too many attempts they are set aside.
            Err(error) => {
                tracing::error!(%error, "extracting failed");
                return Vec::new();
            }
        };
        let mut again = finish(held, self.recorder.record(decided).await);
        again.extend(failed);
        again
    }

    /// One entry whose page must be asked. What the feed said is kept whenever the page gives less.
    async fn take_from_page(
        &self,
        held: Held,
        it: EntryToExtract,
        known: Option<ArticleId>,
        now: Timestamp,
    ) -> Vec<(Held, Problem)> {
        let entry = it.entry.id;
        let decision = match known {
            Some(article) => ArticleDecision::Same(article),
            None => match self.read(it).await {
                Ok(extracted) => ArticleDecision::Article(Box::new(extracted)),
                Err(error) => return vec![(held, Problem(format!("extracting failed: {error}")))],
            },
        };
        let recorded = self.recorder.record(vec![(held.task.clone(), entry, decision, now)]).await;
        finish(vec![held], recorded)
    }

    /// The article of an entry, from its page and the further pages on which it goes on.
    async fn read(&self, it: EntryToExtract) -> Result<Extracted, tokio::task::JoinError> {
        let source = it.source.clone();
        let page = self.ask(it.entry.published.url.as_deref(), &source).await;
        let thinking = move || {
            let (article, next) = article(page, &it.entry.published);
            (named(article, &it.source), next)
        };
        let (mut article, mut next) = tokio::task::spawn_blocking(thinking).await?;
        for _ in 1..::extract::MOST_PARTS {
            let Some(address) = next.take() else { break };
            let Some(page) = self.ask(Some(&address), &source).await else {
                // What we have is not the whole of it.
                article.completeness = Completeness::Excerpt;
                break;
            };
            let part = tokio::task::spawn_blocking(move || read_part(&page)).await?;
            let is_more = part.article.is_some_and(|it| ::extract::join(&mut article, it));
            next = part.next.filter(|_| is_more);
        }
        Ok(article)
    }

    /// The page, if it can be had; the fetcher waits for its host's turn.
    async fn ask(&self, address: Option<&str>, source: &Source) -> Option<fetch::Document> {
        let address = address.filter(|_| self.fetch_pages)?;
        // A page of the source's own site is read as whoever has the source reads it.
        let request = Request::page(address).with(private_at(address, source));
        match self.fetcher.fetch(&request).await {
            Outcome::Fresh(document) => Some(document),
            Outcome::NotModified { .. } => None,
            Outcome::Gone(trouble) | Outcome::Busy { trouble, .. } | Outcome::Failed(trouble) => {
                tracing::debug!(address, word = trouble.word, "no page");
                None
            }
        }
    }
}

#[async_trait]
impl Worker for Extract {
    fn stage(&self) -> Stage {
        Stage::Extract
    }

    async fn work(&self, tasks: Vec<Held>, now: Timestamp) -> Vec<(Held, Problem)> {
        let entries = match self.store.entries_to_extract(&tasks_of(&tasks)).await {
            Ok(entries) => entries,
            Err(error) => {
                let why = error.to_string();
                return tasks.into_iter().map(|held| (held, Problem(why.clone()))).collect();
            }
        };
        let mut entries: HashMap<i64, EntryToExtract> =
            entries.into_iter().map(|(task, entry)| (task.id, entry)).collect();
        let mut whole = Vec::new();
        let mut tastes = Vec::new();
        for held in tasks {
            match entries.remove(&held.task.id) {
                Some(it) if self.needs_page(&it) => tastes.push((held, it)),
                Some(it) => whole.push((held, it)),
                None => held.done(),
            }
        }
        let mut again = self.take_from_feeds(whole, now).await;
        let addresses: Vec<String> = tastes.iter().map(|(_, it)| address_of(&it.entry.published)).collect();
        let known = match addresses.is_empty() {
            true => Vec::new(),
            false => self.store.articles_at(&addresses).await.unwrap_or_default(),
        };
        let known: HashMap<String, ArticleId> = known.into_iter().collect();
        let mut asking: FuturesUnordered<_> = tastes
            .into_iter()
            .zip(addresses)
            .map(|((held, it), address)| {
                // An entry that was edited has its article already: then its page is asked again.
                let same = known.get(&address).copied().filter(|_| it.entry.article.is_none());
                self.take_from_page(held, it, same, now)
            })
            .collect();
        while let Some(failed) = asking.next().await {
            again.extend(failed);
        }
        again
    }
}

impl Extract {
    fn needs_page(&self, it: &EntryToExtract) -> bool {
        let published = &it.entry.published;
        // A mail is whole, and nobody is told that it was read.
        self.fetch_pages
            && it.source.kind != SourceKind::Mail
            && published.url.is_some()
            && !::extract::feed_is_whole(published)
    }
}

/// The address under which its article is known: where it leads, else a name of our own for what leads nowhere.
fn address_of(published: &Published) -> String {
    let leads = published.url.as_deref().and_then(news::canonical);
    leads.unwrap_or_else(|| format!("tidings:entry:{}", published.guid))
}

/// What the source itself gave.
fn whole(it: &EntryToExtract) -> Extracted {
    let published = &it.entry.published;
    if it.source.kind != SourceKind::Mail {
        return from_feed(published);
    }
    let address = published.url.as_deref().and_then(news::canonical);
    let address = address.unwrap_or_else(|| address_of_mail(&it.source, &published.guid));
    let extracted = ::extract::from_feed(published, &address);
    // The summary of a mail is only its beginning.
    let outlet = Some(it.source.title.clone());
    Extracted { completeness: Completeness::Full, standfirst: None, outlet, ..extracted }
}

/// A mail that is nowhere on the web is known by its sender's host, which is the outlet, and its id.
fn address_of_mail(source: &Source, guid: &str) -> String {
    let sender = source.mailing.as_ref().map_or("", |it| it.sender.as_str());
    let host = sender.rsplit_once('@').map_or("unknown.invalid", |(_, host)| host);
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '+' | '=');
    let host: String = host.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect();
    let id: String = guid.chars().filter(is_plain).take(400).collect();
    format!("mail://{host}/{}/{id}", source.id)
}

fn from_feed(published: &Published) -> Extracted {
    ::extract::from_feed(published, &address_of(published))
}

/// An outlet that does not give its name on the page has one as a source; an aggregator's name is not the outlet's.
fn named(mut extracted: Extracted, source: &Source) -> Extracted {
    let home = source.site.as_deref().and_then(news::outlet_of).or_else(|| news::outlet_of(&source.address));
    if extracted.outlet.is_none() && home.is_some() && home == news::outlet_of(&extracted.address) {
        extracted.outlet = Some(source.title.clone());
    }
    extracted
}

/// And where it goes on, when the page's text is the better one.
fn article(page: Option<fetch::Document>, published: &Published) -> (Extracted, Option<String>) {
    let feed = from_feed(published);
    let Some(page) = page else { return (feed, None) };
    let html = ::extract::decode(&page.bytes, page.content_type.as_deref());
    let page = ::extract::Page { address: &page.address, html: &html, hint: Some(published) };
    let reading = ::extract::read(&page);
    let on_page = reading.article.as_ref().map(|it| it.text.len());
    let article = ::extract::better(reading.article, feed);
    let next = reading.next.filter(|_| on_page == Some(article.text.len()));
    (article, next)
}

fn read_part(page: &fetch::Document) -> ::extract::Reading {
    let html = ::extract::decode(&page.bytes, page.content_type.as_deref());
    ::extract::read_part(&::extract::Page { address: &page.address, html: &html, hint: None })
}

#[cfg(test)]
mod tests;
