//! One story and how it unfolded; one article; the plain lists.

use std::collections::{HashMap, HashSet};

use news::{
    Article, ArticleId, EntryId, Follow, KeyPoint, ReaderId, Repair, SourceId, Story, StoryId, StorySketch,
    Timestamp,
};
use store::{Parted, StoreError};
use understand::Told;

use crate::{
    App, AppError, Byline, EntryFilter, EntryHead, Found, Muting, Result, Said, Spot, StoryState, Telling,
    Version,
    muting::{Text, said},
};

/// Articles of a story of which quotes and key points are shown.
const SPEAKING: usize = 12;
/// Parts that it was split from, on a story's page.
const PARTED: usize = 5;

/// Whether mutes hold for what somebody opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looking {
    AsMuted,
    /// They were told that it is muted, and want to see it all the same.
    Anyway,
}

/// A story with all that its page shows.
#[derive(Debug)]
pub struct StoryPage {
    pub story: Story,
    pub state: Option<StoryState>,
    /// The newest of its articles, for quotes.
    pub articles: Vec<Article>,
    /// What says most of it, no two alike, and where each is said.
    pub key_points: Vec<(ArticleId, KeyPoint)>,
    /// Those of its names and topics that the reader follows or mutes.
    pub follows: Vec<Follow>,
    pub telling: Telling,
    /// What the reader said of which of its articles belong together.
    pub said: Vec<RepairSaid>,
    /// What it was one story with before it was split, as the reader has it.
    pub parted: Vec<PartedFrom>,
}

/// The other part of a story that was split.
#[derive(Debug)]
pub struct PartedFrom {
    pub parted: Parted,
    pub headline: String,
}

/// A repair, with the headlines of the articles that it names.
#[derive(Debug)]
pub struct RepairSaid {
    pub repair: Repair,
    pub titles: Vec<(ArticleId, String)>,
}

/// An article as the reader sees it.
#[derive(Debug)]
pub struct ArticlePage {
    pub article: Article,
    pub story: Option<Story>,
    pub state: Option<StoryState>,
    /// What it said before it was changed, the newest change first.
    pub versions: Vec<Version>,
}

/// A page of the plain list.
#[derive(Debug)]
pub struct Newest {
    pub entries: Vec<EntryHead>,
    /// The next page begins before this one; none when this is the last.
    pub next: Option<EntryId>,
}

impl App {
    /// A story as the reader has it; under its own number, when it was asked for by one that leads to it.
    pub async fn story(&self, reader: ReaderId, story: StoryId, looking: Looking) -> Result<StoryPage> {
        let story = self.their_story(reader, story).await?;
        let muting = self.muting_of(reader, looking).await?;
        let story = self.see(&muting, story, Spot::Anywhere).await?.map_err(AppError::Muted)?;
        let state = self.store.story_states(reader, &[story.id]).await?.into_iter().next();
        let mut newest: Vec<ArticleId> =
            story.members.iter().filter(|it| it.copy_of.is_none()).map(|it| it.article).collect();
        newest.sort_unstable_by(|a, b| b.cmp(a));
        let mut articles = Vec::new();
        for article in newest.into_iter().take(SPEAKING) {
            articles.push(without_muted_words(self.read(article).await?, &muting));
        }
        let mut key_points = key_points_of(&articles);
        key_points.retain(|(_, it)| muting.of_words(&it.says).is_none());
        let follows = self.store.follows(reader).await?;
        let mut telling = self.telling(reader, &story, &articles).await?;
        telling.fresh.retain(|it| muting.of_words(&it.says).is_none());
        let said = self.said_of(reader, &muting, &story).await?;
        let parted = self.parted_from(reader, &muting, story.id).await?;
        Ok(StoryPage { story, state, articles, key_points, follows, telling, said, parted })
    }

    async fn parted_from(
        &self,
        reader: ReaderId,
        muting: &Muting,
        story: StoryId,
    ) -> Result<Vec<PartedFrom>> {
        let mut all = self.store.parted_from(story).await?;
        all.truncate(PARTED);
        let mut parted = Vec::with_capacity(all.len());
        for it in all {
            let Ok(other) = self.their_story(reader, it.story).await else { continue };
            // The reader may have both as one.
            if other.id != story
                && let Ok(seen) = self.see(muting, other, Spot::Anywhere).await?
            {
                let parted_from = Parted { story: seen.id, ..it };
                parted.push(PartedFrom { parted: parted_from, headline: seen.face.headline });
            }
        }
        Ok(parted)
    }

    /// What the reader said of these articles, or of others beside them.
    async fn said_of(&self, reader: ReaderId, muting: &Muting, story: &Story) -> Result<Vec<RepairSaid>> {
        let mut repairs = self.store.repairs(reader).await?;
        let is_in = |article: &ArticleId| story.members.iter().any(|it| it.article == *article);
        repairs.retain(|it| it.says.articles().iter().any(is_in));
        let mut said = Vec::with_capacity(repairs.len());
        for repair in repairs {
            let sketches = self.store.article_sketches(&repair.says.articles()).await?;
            let mut titles: Vec<(ArticleId, String)> =
                sketches.into_iter().map(|it| (it.article, it.title)).collect();
            if !muting.is_empty() {
                let sayable = self.sayable(muting, titles.iter().map(|it| it.1.clone()).collect()).await?;
                titles.retain(|(_, title)| sayable.contains(title));
            }
            said.push(RepairSaid { repair, titles });
        }
        Ok(said)
    }

    /// An article with its key points and who said what in it, made now: some hundred microseconds of thinking.
    pub async fn read(&self, article: ArticleId) -> Result<Article> {
        let mut article = self.store.article(article).await?;
        let thinking = tokio::task::spawn_blocking(move || {
            let it = &article.extracted;
            let language = understand::language(&it.title, &it.text, it.language.as_ref());
            article.key_points = understand::key_points(&it.title, &it.text, &it.key_points, &language);
            article.quotes = understand::quotes(&it.text, &language);
            article
        });
        thinking.await.map_err(|error| AppError::Store(StoreError::Broken(Box::new(error))))
    }

    pub async fn article(
        &self,
        reader: ReaderId,
        article: ArticleId,
        looking: Looking,
    ) -> Result<ArticlePage> {
        let found = self.read(article).await?;
        let muting = self.muting_of(reader, looking).await?;
        let whole = match self.store.story_of(article).await? {
            Some(story) => {
                let own = self.store.own(reader).await?;
                Some(self.their_story(reader, own.story_of(article, story)).await?)
            }
            None => None,
        };
        let sources = match muting.is_empty() {
            true => Vec::new(),
            false => self.store.bylines(&[article]).await?.into_iter().flat_map(|it| it.sources).collect(),
        };
        if let Some(mute) = mute_of_article(&muting, &sources, &found) {
            return Err(AppError::Muted(Box::new(mute.clone())));
        }
        let story = match whole {
            Some(story) => Some(self.see(&muting, story, Spot::Anywhere).await?.map_err(AppError::Muted)?),
            None => None,
        };
        let state = match &story {
            Some(story) => self.store.story_states(reader, &[story.id]).await?.into_iter().next(),
            None => None,
        };
        let mut versions = self.versions(reader, &found).await?;
        let is_muted = |it: &Said| {
            let (words, says) = (it.title.clone(), &muting.said_in(&it.text)[..]);
            muting.of_article(&Text { sources: &sources, authors: &[], words, says }, None).is_some()
        };
        versions.retain(|it| !is_muted(&it.was) && !is_muted(&it.is));
        Ok(ArticlePage { article: found, story, state, versions })
    }

    pub(crate) async fn muting_of(&self, reader: ReaderId, looking: Looking) -> Result<Muting> {
        match looking {
            Looking::AsMuted => self.muting(reader).await,
            Looking::Anyway => Ok(Muting::default()),
        }
    }

    /// The story as the reader may see it there, or the mute that hides it.
    pub(crate) async fn see(
        &self,
        muting: &Muting,
        story: Story,
        spot: Spot<'_>,
    ) -> Result<std::result::Result<Story, Box<Follow>>> {
        let behind = self.behind_stories(muting, [&story]).await?;
        Ok(muting.see(story, &behind, spot))
    }

    /// These as the reader may see them among what is about something; each shows itself by what is not muted.
    pub(crate) async fn without_muted(
        &self,
        reader: ReaderId,
        muting: &Muting,
        sketches: Vec<StorySketch>,
        spot: Spot<'_>,
    ) -> Result<(Vec<StorySketch>, Vec<Story>)> {
        let sketches = self.sketches_as_theirs(reader, sketches).await?;
        let ids: Vec<StoryId> = sketches.iter().map(|it| it.story).collect();
        let stories = self.their_stories(reader, &ids).await?;
        let behind = self.behind_stories(muting, &stories).await?;
        let stories: Vec<Story> =
            stories.into_iter().filter_map(|it| muting.see(it, &behind, spot).ok()).collect();
        let mut seen: HashMap<StoryId, &Story> = stories.iter().map(|it| (it.id, it)).collect();
        let as_seen = |sketch: StorySketch| {
            let story = seen.remove(&sketch.story)?;
            Some(if muting.is_empty() { sketch } else { as_told_by(sketch, story) })
        };
        let sketches = sketches.into_iter().filter_map(as_seen).collect();
        Ok((sketches, stories))
    }

    /// How these stories show themselves, where they may be named.
    pub async fn headlines(
        &self,
        reader: ReaderId,
        muting: &Muting,
        stories: &[StoryId],
    ) -> Result<HashMap<StoryId, String>> {
        let mut sketches = self.store.story_sketches(stories).await?;
        if !muting.is_empty() {
            sketches = self.without_muted(reader, muting, sketches, Spot::Anywhere).await?.0;
        }
        Ok(sketches.into_iter().map(|it| (it.story, it.headline)).collect())
    }

    /// Newest first: everything that the reader's sources published, grouped or not.
    pub async fn newest(
        &self,
        reader: ReaderId,
        which: &EntryFilter,
        before: Option<EntryId>,
        at_most: usize,
    ) -> Result<Newest> {
        let at_most = at_most.clamp(1, 500);
        let muting = self.muting(reader).await?;
        let (mut shown, mut next) = (Vec::new(), before);
        for _ in 0..PAGES_LOOKED_AT {
            let entries = self.store.entries(reader, which, next, at_most).await?;
            let full = entries.len() == at_most;
            next = entries.last().map(|it| it.id).filter(|_| full);
            for entry in self.unmuted_entries(&muting, entries).await? {
                if shown.len() == at_most {
                    next = shown.last().map(|it: &EntryHead| it.id);
                    break;
                }
                shown.push(entry);
            }
            if next.is_none() || shown.len() == at_most {
                break;
            }
        }
        Ok(Newest { entries: shown, next })
    }

    pub(crate) async fn unmuted_entries(
        &self,
        muting: &Muting,
        entries: Vec<EntryHead>,
    ) -> Result<Vec<EntryHead>> {
        if muting.is_empty() {
            return Ok(entries);
        }
        let stories = self.sketches_of(entries.iter().filter_map(|it| it.story)).await?;
        let articles: Vec<ArticleId> = entries.iter().filter_map(|it| it.article).collect();
        let behind = self.behind(muting, &articles).await?;
        let mut by: HashMap<EntryId, Vec<String>> = HashMap::new();
        if muting.asks_for_authors() {
            let ids: Vec<EntryId> = entries.iter().map(|it| it.id).collect();
            by = self.store.entry_authors(&ids).await?.into_iter().collect();
        }
        let hidden = |it: &EntryHead| {
            let story = it.story.and_then(|story| stories.get(&story));
            let mut authors = by.get(&it.id).cloned().unwrap_or_default();
            authors.extend(it.article.iter().flat_map(|it| behind.authors(*it).iter().cloned()));
            let text = Text {
                sources: &[it.source],
                authors: &authors,
                words: said(&it.title, Some(&it.teaser)),
                says: it.article.map_or(&[], |it| behind.says(it)),
            };
            muting.of_article(&text, story).is_some()
        };
        Ok(entries.into_iter().filter(|it| !hidden(it)).collect())
    }

    async fn sketches_of(
        &self,
        stories: impl Iterator<Item = StoryId>,
    ) -> Result<HashMap<StoryId, StorySketch>> {
        let mut stories: Vec<StoryId> = stories.collect();
        stories.sort_unstable();
        stories.dedup();
        let sketches = self.store.story_sketches(&stories).await?;
        Ok(sketches.into_iter().map(|it| (it.story, it)).collect())
    }

    /// What was found, and where the next page begins when there may be one.
    pub async fn search(
        &self,
        reader: ReaderId,
        query: &str,
        before: Option<ArticleId>,
        at_most: usize,
    ) -> Result<(Vec<Found>, Option<ArticleId>)> {
        if query.trim().is_empty() {
            return Err(AppError::Refused(
                "Type a word or a \"phrase in quotation marks\" to search for.".into(),
            ));
        }
        let at_most = at_most.clamp(1, 100);
        let own = self.store.own(reader).await?;
        let muting = self.muting(reader).await?;
        let (mut shown, mut next) = (Vec::new(), before);
        for _ in 0..PAGES_LOOKED_AT {
            let mut found = self.store.search(query, next, at_most).await?;
            for it in found.iter_mut().filter(|_| !own.is_empty()) {
                it.story = it.story.map(|story| own.story_of(it.article, story));
            }
            let full = found.len() == at_most;
            next = found.iter().map(|it| it.article).min().filter(|_| full);
            for it in self.unmuted_found(&muting, found).await? {
                if shown.len() == at_most {
                    next = shown.iter().map(|it: &Found| it.article).min();
                    break;
                }
                shown.push(it);
            }
            if next.is_none() || shown.len() == at_most {
                break;
            }
        }
        Ok((shown, next))
    }

    /// Of these headlines of earlier articles those that may be said again. One of which nobody knows any more where it
    /// comes from may not, as long as it could be muted.
    pub async fn sayable(&self, muting: &Muting, headlines: Vec<String>) -> Result<HashSet<String>> {
        let mut sayable = HashSet::new();
        for headline in headlines {
            if sayable.contains(&headline) || muting.of_words(&headline).is_some() {
                continue;
            }
            if muting.looks_behind_headlines() {
                let words: String =
                    headline.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
                let mut found = self.store.search(&words, None, SAME_HEADLINE).await?;
                found.retain(|it| it.title == headline);
                let known = found.len();
                if known == 0 || self.unmuted_found(muting, found).await?.len() < known {
                    continue;
                }
            }
            sayable.insert(headline);
        }
        Ok(sayable)
    }

    async fn unmuted_found(&self, muting: &Muting, found: Vec<Found>) -> Result<Vec<Found>> {
        if muting.is_empty() {
            return Ok(found);
        }
        let stories = self.sketches_of(found.iter().filter_map(|it| it.story)).await?;
        let articles: Vec<ArticleId> = found.iter().map(|it| it.article).collect();
        let behind = self.behind(muting, &articles).await?;
        let bylines: HashMap<ArticleId, Byline> =
            self.store.bylines(&articles).await?.into_iter().map(|it| (it.article, it)).collect();
        let hidden = |it: &Found| {
            let story = it.story.and_then(|story| stories.get(&story));
            let byline = bylines.get(&it.article);
            let text = Text {
                sources: byline.map_or(&[], |it| &it.sources),
                authors: byline.map_or(&[], |it| &it.authors),
                words: said(&it.title, Some(&it.snippet)),
                says: behind.says(it.article),
            };
            muting.of_article(&text, story).is_some()
        };
        Ok(found.into_iter().filter(|it| !hidden(it)).collect())
    }
}

/// Articles that are looked at for one headline.
const SAME_HEADLINE: usize = 8;
/// A page that mutes leave nothing of is followed by the next, so many times.
const PAGES_LOOKED_AT: usize = 8;

/// Of all the articles together.
fn key_points_of(articles: &[Article]) -> Vec<(ArticleId, KeyPoint)> {
    let told: Vec<Told> = articles
        .iter()
        .map(|it| Told {
            title: &it.extracted.title,
            body: &it.extracted.text,
            own: &it.extracted.key_points,
        })
        .collect();
    let points = understand::story_key_points(&told);
    points.into_iter().filter_map(|(of, point)| Some((articles.get(of)?.id, point))).collect()
}

/// Quotations and key points that name what is muted are not passed on, wherever they were said.
pub(crate) fn without_muted_words(mut article: Article, muting: &Muting) -> Article {
    if muting.is_empty() {
        return article;
    }
    article.key_points.retain(|it| muting.of_words(&it.says).is_none());
    let text = &article.extracted.text;
    let says = |it: &news::Quote| text.get(it.content.0 as usize..it.content.1 as usize).unwrap_or_default();
    article.quotes.retain(|it| {
        let who = it.speaker.as_deref().unwrap_or_default();
        let role = it.role.as_deref().unwrap_or_default();
        muting.of_words(&format!("{who}\n{role}\n{}", says(it))).is_none()
    });
    article
}

fn mute_of_article<'a>(muting: &'a Muting, sources: &[SourceId], article: &Article) -> Option<&'a Follow> {
    let it = &article.extracted;
    let authors: Vec<String> = it.authors.iter().map(|it| it.name.clone()).collect();
    let text = Text {
        sources,
        authors: &authors,
        words: said(&it.title, it.standfirst.as_deref()),
        says: &muting.said_in(&it.text),
    };
    muting.of_article(&text, None)
}

fn as_told_by(sketch: StorySketch, story: &Story) -> StorySketch {
    let face = &story.face;
    let told = |source: &SourceId| story.members.iter().any(|it| it.sources.contains(source));
    let sources: Vec<(SourceId, Timestamp)> = sketch.sources.into_iter().filter(|(it, _)| told(it)).collect();
    StorySketch {
        headline: face.headline.clone(),
        language: face.language.clone(),
        names: face.names.clone(),
        articles: face.articles,
        outlets: face.outlets,
        began: face.began,
        last_grew: face.last_grew,
        sources,
        said: Default::default(),
        ..sketch
    }
}
