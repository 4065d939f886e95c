//! One story and how it unfolded; one article; the plain lists.

use news::{Article, ArticleId, Follow, ReaderId, Story, StoryId, StorySketch, Target};
use store::StoreError;

use crate::{App, AppError, EntryFilter, EntryHead, Found, Result, StoryState};

/// Articles of a story of which quotes and key points are shown.
const SPEAKING: usize = 12;

/// A story with all that its page shows.
#[derive(Debug)]
pub struct StoryPage {
    pub story: Story,
    pub state: Option<StoryState>,
    /// The newest of its articles, for quotes and key points.
    pub articles: Vec<Article>,
    /// Those of its names and topics that the reader follows or mutes.
    pub follows: Vec<Follow>,
}

/// An article as the reader sees it.
#[derive(Debug)]
pub struct ArticlePage {
    pub article: Article,
    pub story: Option<Story>,
    pub state: Option<StoryState>,
}

impl App {
    pub async fn story(&self, reader: ReaderId, story: StoryId) -> Result<StoryPage> {
        let story = self.store.story(story).await?;
        let state = self.store.story_states(reader, &[story.id]).await?.into_iter().next();
        let mut newest: Vec<ArticleId> =
            story.members.iter().filter(|it| it.copy_of.is_none()).map(|it| it.article).collect();
        newest.sort_unstable_by(|a, b| b.cmp(a));
        let mut articles = Vec::new();
        for article in newest.into_iter().take(SPEAKING) {
            articles.push(self.read(article).await?);
        }
        let follows = self.store.follows(reader).await?;
        Ok(StoryPage { story, state, articles, follows })
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

    pub async fn article(&self, reader: ReaderId, article: ArticleId) -> Result<ArticlePage> {
        let found = self.read(article).await?;
        let story = match self.store.story_of(article).await? {
            Some(story) => Some(self.store.story(story).await?),
            None => None,
        };
        let state = match &story {
            Some(story) => self.store.story_states(reader, &[story.id]).await?.into_iter().next(),
            None => None,
        };
        Ok(ArticlePage { article: found, story, state })
    }

    /// Whoever opens the page of a muted thing sees it; everywhere else a mute holds.
    pub(crate) async fn without_muted(
        &self,
        reader: ReaderId,
        stories: Vec<StorySketch>,
        asked_for: Option<&Follow>,
    ) -> Result<Vec<StorySketch>> {
        let mutes: Vec<Follow> = self.mutes(reader).await?;
        let hides = |story: &StorySketch| {
            mutes
                .iter()
                .filter(|mute| asked_for.is_none_or(|it| it.id != mute.id))
                .any(|mute| rank::is_about(story, &mute.target, &mute.aliases))
        };
        Ok(stories.into_iter().filter(|it| !hides(it)).collect())
    }

    /// Newest first: everything that the reader's sources published, grouped or not.
    pub async fn newest(
        &self,
        reader: ReaderId,
        which: &EntryFilter,
        before: Option<news::EntryId>,
        at_most: usize,
    ) -> Result<Vec<EntryHead>> {
        let entries = self.store.entries(reader, which, before, at_most.clamp(1, 500)).await?;
        let mutes = self.mutes(reader).await?;
        if mutes.is_empty() {
            return Ok(entries);
        }
        let mut stories: Vec<StoryId> = entries.iter().filter_map(|it| it.story).collect();
        stories.sort_unstable();
        stories.dedup();
        let sketches = self.store.story_sketches(&stories).await?;
        let muted: std::collections::HashSet<StoryId> = sketches
            .iter()
            .filter(|it| mutes.iter().any(|mute| rank::is_about(it, &mute.target, &mute.aliases)))
            .map(|it| it.story)
            .collect();
        let words: Vec<String> = mutes.iter().filter_map(muted_words).collect();
        let hidden = |it: &EntryHead| {
            it.story.is_some_and(|story| muted.contains(&story))
                || words.iter().any(|words| it.title.to_lowercase().contains(words))
        };
        Ok(entries.into_iter().filter(|it| !hidden(it)).collect())
    }

    pub async fn search(
        &self,
        reader: ReaderId,
        query: &str,
        before: Option<ArticleId>,
        at_most: usize,
    ) -> Result<Vec<Found>> {
        if query.trim().is_empty() {
            return Err(AppError::Refused(
                "Type a word or a \"phrase in quotation marks\" to search for.".into(),
            ));
        }
        let found = self.store.search(query, before, at_most.clamp(1, 100)).await?;
        let mutes = self.mutes(reader).await?;
        if mutes.is_empty() {
            return Ok(found);
        }
        let stories: Vec<StoryId> = found.iter().filter_map(|it| it.story).collect();
        let sketches = self.store.story_sketches(&stories).await?;
        let muted: Vec<StoryId> = sketches
            .iter()
            .filter(|it| mutes.iter().any(|mute| rank::is_about(it, &mute.target, &mute.aliases)))
            .map(|it| it.story)
            .collect();
        Ok(found.into_iter().filter(|it| it.story.is_none_or(|story| !muted.contains(&story))).collect())
    }
}

fn muted_words(mute: &Follow) -> Option<String> {
    match &mute.target {
        Target::Words(words) => Some(words.to_lowercase()),
        _ => None,
    }
}
