//! How a story tells itself: chapters, the original report, who told it where, what is new since one last looked.

use std::collections::{BTreeMap, HashMap};

use cluster::Chapter;
use news::{Article, ArticleId, AuthorKind, Member, ReaderId, Story, Timestamp};

use crate::{App, Result};

/// Texts that are read to find out what is new, and sentences of it that are shown.
const KNOWN: usize = 24;
const FRESH_TEXTS: usize = 8;
const FRESH_OF_EACH: usize = 3;
const FRESH: usize = 8;

/// What a story's page says besides its articles.
#[derive(Debug, Default)]
pub struct Telling {
    /// In the order in which it unfolded; one for most.
    pub chapters: Vec<Chapter>,
    /// The first to publish.
    pub original: Option<ArticleId>,
    /// The agency to which the original report is credited.
    pub agency: Option<String>,
    /// A text of it that can be read without paying, when what leads cannot.
    pub free: Option<ArticleId>,
    /// Different texts; a text that many publish counts once.
    pub texts: usize,
    /// Countries in which its outlets have their seats, with how many; and how many outlets' are unknown.
    pub countries: Vec<(&'static str, usize)>,
    pub unknown: usize,
    /// Sentences that say something that the reader had not read, the newest article's first.
    pub fresh: Vec<Fresh>,
}

/// Something new, where it stands.
#[derive(Debug)]
pub struct Fresh {
    pub article: ArticleId,
    pub outlet: String,
    pub says: String,
    pub arrived: Timestamp,
}

impl App {
    /// `articles`: those of its articles that were read already, for their texts.
    pub(crate) async fn telling(
        &self,
        reader: ReaderId,
        story: &Story,
        looked: Option<Timestamp>,
        articles: &[Article],
    ) -> Result<Telling> {
        let ids: Vec<ArticleId> = story.members.iter().map(|it| it.article).collect();
        let sketches = self.store.article_sketches(&ids).await?;
        let first = story.members.iter().min_by_key(|it| (it.published, it.article));
        let agency = match first {
            Some(first) => self.agency(first.article, articles).await?,
            None => None,
        };
        let (countries, unknown) = countries(&story.members);
        Ok(Telling {
            chapters: cluster::chapters(&sketches),
            original: first.map(|it| it.article),
            agency,
            free: free(story),
            texts: story.members.iter().filter(|it| it.copy_of.is_none()).count(),
            countries,
            unknown,
            fresh: match looked {
                Some(looked) => self.fresh(reader, story, looked, articles).await?,
                None => Vec::new(),
            },
        })
    }

    async fn agency(&self, article: ArticleId, articles: &[Article]) -> Result<Option<String>> {
        let agency = |it: &Article| {
            let authors = it.extracted.authors.iter();
            authors.clone().find(|it| it.kind == AuthorKind::Agency).map(|it| it.name.clone())
        };
        match articles.iter().find(|it| it.id == article) {
            Some(it) => Ok(agency(it)),
            None => Ok(agency(&self.store.article(article).await?)),
        }
    }

    /// Known is what was in the articles that the reader opened, and the headlines of those that stood there when they
    /// looked. New is what came since and says something else.
    async fn fresh(
        &self,
        reader: ReaderId,
        story: &Story,
        looked: Timestamp,
        articles: &[Article],
    ) -> Result<Vec<Fresh>> {
        let mut new: Vec<&Member> =
            story.members.iter().filter(|it| looked < it.arrived && it.copy_of.is_none()).collect();
        if new.is_empty() {
            return Ok(Vec::new());
        }
        new.sort_by_key(|it| (it.arrived, it.article));
        let opened: HashMap<ArticleId, Timestamp> =
            self.store.opened_articles(reader, story.id).await?.into_iter().collect();
        new.retain(|it| !opened.contains_key(&it.article));
        let new = &new[new.len().saturating_sub(FRESH_TEXTS)..];
        let mut known: Vec<String> = Vec::new();
        for member in story.members.iter().filter(|it| it.arrived <= looked) {
            known.push(format!("{}\n{}", member.title, member.standfirst.as_deref().unwrap_or_default()));
        }
        let mut read: Vec<(&ArticleId, &Timestamp)> = opened.iter().collect();
        read.sort_unstable_by_key(|it| std::cmp::Reverse((it.1, it.0)));
        for (article, _) in read.into_iter().take(KNOWN) {
            known.extend(self.text(*article, articles).await?);
        }
        let mut fresh = Vec::new();
        for member in new {
            let Some(text) = self.text(member.article, articles).await? else { continue };
            let heard: Vec<&str> = known.iter().map(String::as_str).collect();
            let found = cluster::fresh_sentences(&heard, &text);
            fresh.extend(found.into_iter().take(FRESH_OF_EACH).map(|(begin, end)| Fresh {
                article: member.article,
                outlet: member.outlet.clone(),
                says: text[begin..end].to_string(),
                arrived: member.arrived,
            }));
            known.push(text);
        }
        fresh.sort_by_key(|it| std::cmp::Reverse((it.arrived, it.article)));
        fresh.truncate(FRESH);
        Ok(fresh)
    }

    async fn text(&self, article: ArticleId, articles: &[Article]) -> Result<Option<String>> {
        if let Some(it) = articles.iter().find(|it| it.id == article) {
            return Ok(Some(it.extracted.text.clone()));
        }
        match self.store.article(article).await {
            Ok(it) => Ok(Some(it.extracted.text)),
            Err(store::StoreError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// What leads, or a copy of it, or the first of the others that can be read freely.
fn free(story: &Story) -> Option<ArticleId> {
    let lead = story.members.iter().find(|it| it.article == story.face.lead)?;
    if lead.free != Some(false) {
        return None;
    }
    let text = |it: &Member| it.copy_of.unwrap_or(it.article);
    let open = |it: &&Member| it.free != Some(false);
    let copy = story.members.iter().filter(open).find(|it| text(it) == text(lead));
    copy.or_else(|| story.members.iter().find(open)).map(|it| it.article)
}

/// By how many of its outlets; then by name. Each outlet counts once.
fn countries(members: &[Member]) -> (Vec<(&'static str, usize)>, usize) {
    let mut seen = std::collections::BTreeSet::new();
    let (mut countries, mut unknown) = (BTreeMap::new(), 0);
    for member in members {
        let outlet = news::outlet_of(&member.address).unwrap_or_else(|| member.outlet.clone());
        if !seen.insert(outlet.clone()) {
            continue;
        }
        match cluster::country_of(&outlet) {
            Some(country) => *countries.entry(country).or_insert(0) += 1,
            None => unknown += 1,
        }
    }
    let mut countries: Vec<(&str, usize)> = countries.into_iter().collect();
    countries.sort_by_key(|it| (std::cmp::Reverse(it.1), it.0));
    (countries, unknown)
}
