//! How a story tells itself: chapters, the original report, who told it where, what is new since one last looked.

use std::{collections::BTreeMap, time::Duration};

use cluster::Chapter;
use news::{Article, ArticleId, AuthorKind, Member, ReaderId, Story, Timestamp};

use crate::{App, Result};

/// Texts that are read to find out what is new, and sentences of it that are shown.
const KNOWN: usize = 24;
const FRESH_TEXTS: usize = 8;
const FRESH_OF_EACH: usize = 3;
const FRESH: usize = 8;

/// One look at a story lasts as long as its acts follow each other so closely: coming back from an article, what was
/// new is new still.
const ONE_LOOK: Duration = Duration::from_secs(30 * 60);

/// What a story's page says besides its articles.
#[derive(Debug, Default)]
pub struct Telling {
    /// When the reader looked before, if they did.
    pub looked: Option<Timestamp>,
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
    /// `[start, end)` in the article's text.
    pub at: (u32, u32),
    pub arrived: Timestamp,
}

impl App {
    /// `articles`: those of its articles that were read already, for their texts.
    pub(crate) async fn telling(
        &self,
        reader: ReaderId,
        story: &Story,
        articles: &[Article],
    ) -> Result<Telling> {
        let looks = self.store.looks(reader, story.id).await?;
        let looked = looked_before(&looks, self.now());
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
            looked,
            fresh: match looked {
                Some(looked) => self.fresh(story, looked, &looks, articles).await?,
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
        story: &Story,
        looked: Timestamp,
        looks: &[(Timestamp, Option<ArticleId>)],
        articles: &[Article],
    ) -> Result<Vec<Fresh>> {
        let mut new: Vec<&Member> =
            story.members.iter().filter(|it| looked < it.arrived && it.copy_of.is_none()).collect();
        if new.is_empty() {
            return Ok(Vec::new());
        }
        new.sort_by_key(|it| (it.arrived, it.article));
        let mut opened: Vec<ArticleId> = Vec::new();
        for article in looks.iter().filter_map(|it| it.1) {
            if !opened.contains(&article) {
                opened.push(article);
            }
        }
        new.retain(|it| !opened.contains(&it.article));
        let new = &new[new.len().saturating_sub(FRESH_TEXTS)..];
        let mut known: Vec<String> = Vec::new();
        for member in story.members.iter().filter(|it| it.arrived <= looked) {
            known.push(format!("{}\n{}", member.title, member.standfirst.as_deref().unwrap_or_default()));
        }
        for article in opened.into_iter().take(KNOWN) {
            known.extend(self.text(article, articles).await?);
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
                at: (begin as u32, end as u32),
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

/// The last look before this one.
fn looked_before(looks: &[(Timestamp, Option<ArticleId>)], now: Timestamp) -> Option<Timestamp> {
    let mut after = now;
    for &(at, _) in looks {
        if ONE_LOOK <= at.age(after) {
            return Some(at);
        }
        after = after.min(at);
    }
    None
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_all_that_was_done_in_one_go() {
        const NOW: i64 = 1_700_000_000;
        // Minutes ago, the last first; when they looked before.
        for (looks, before) in [
            (&[][..], None),
            (&[0], None),
            (&[0, 5, 20], None),
            (&[0, 5, 300, 310], Some(300)),
            (&[40, 50], Some(40)),
            (&[20, 40, 60, 100], Some(100)),
        ] {
            let at = |minutes: &i64| Timestamp(NOW - minutes * 60);
            let looks: Vec<(Timestamp, Option<ArticleId>)> = looks.iter().map(|it| (at(it), None)).collect();
            assert_eq!(looked_before(&looks, Timestamp(NOW)), before.map(|it| at(&it)), "{looks:?}");
        }
    }

    fn member(article: i64, address: &str, copy_of: Option<i64>, free: Option<bool>) -> Member {
        Member {
            article: ArticleId(article),
            sources: Vec::new(),
            outlet: "An outlet".into(),
            address: address.into(),
            title: "A title".into(),
            standfirst: None,
            language: None,
            published: Timestamp(article),
            arrived: Timestamp(article),
            likeness: 1.0,
            evidence: Vec::new(),
            copy_of: copy_of.map(ArticleId),
            facts: 1,
            free,
        }
    }

    #[test]
    fn an_outlet_counts_once_for_its_country_and_is_unknown_where_nothing_says() {
        let members = [
            ("https://www.bbc.co.uk/1", 1),
            ("https://news.bbc.co.uk/2", 2),
            ("https://www.cnn.com/1", 3),
            ("https://somewhere.example/1", 4),
            ("https://www.spiegel.de/1", 5),
            ("https://www.zeit.de/1", 6),
        ]
        .map(|(address, article)| member(article, address, None, None));
        let told = countries(&members);
        assert_eq!(told, (vec![("Germany", 2), ("United Kingdom", 1), ("United States", 1)], 1));
    }

    #[test]
    fn a_copy_that_can_be_read_freely_stands_in_for_what_is_paid() {
        let story = |lead_is_free, members: Vec<Member>| {
            let lead = member(1, "https://a.example/1", None, lead_is_free);
            let face = news::Face { lead: ArticleId(1), ..news::Face::default() };
            Story { id: news::StoryId(1), face, members: [lead].into_iter().chain(members).collect() }
        };
        let other = || member(2, "https://b.example/1", None, None);
        let copy = || member(3, "https://c.example/1", Some(1), Some(true));
        let paid = || member(4, "https://d.example/1", Some(1), Some(false));
        for (lead_is_free, members, expected) in [
            (None, vec![copy()], None),
            (Some(false), vec![paid(), other(), copy()], Some(3)),
            (Some(false), vec![paid(), other()], Some(2)),
            (Some(false), vec![paid()], None),
        ] {
            assert_eq!(free(&story(lead_is_free, members)), expected.map(ArticleId));
        }
    }
}
