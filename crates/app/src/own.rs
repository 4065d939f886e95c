//! Stories as one reader has them: what they split or merged holds for them at once, wherever a story is shown.
//!
//! An overlay, made when somebody asks: nearly every reader has none, and then each of these asks the store one short
//! question and passes on what everybody has.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use cluster::Index;
use news::{
    ArticleId, Edition, Own, ReaderId, Repair, RepairId, Retrieval, Says, Story, StoryId, StorySketch,
};
use store::StoreError;

use crate::{App, AppError, Looking, Result, Spot};

/// Two articles, and whether they are together.
#[derive(Debug)]
pub struct Pair {
    pub articles: [PairOf; 2],
    /// Both stand in one story, as the reader has it.
    pub together: bool,
    /// How likely they tell of the same, by what is known of the two alone; and on what grounds.
    pub comparison: cluster::Comparison,
    /// Log-odds before any ground is looked at: two articles seldom tell of the same. With the grounds it makes up the
    /// likelihood.
    pub to_begin_with: f32,
}

/// One of two.
#[derive(Debug)]
pub struct PairOf {
    pub article: ArticleId,
    pub title: String,
    pub outlet: String,
    pub story: Option<StoryId>,
}

/// What a repair made of the stories, for whoever said it.
#[derive(Debug)]
pub struct Repaired {
    pub repair: Repair,
    /// The story that it is about, and the one that left it (or came to it).
    pub story: StoryId,
    pub other: StoryId,
}

impl App {
    /// One story as the reader has it.
    pub async fn their_story(&self, reader: ReaderId, story: StoryId) -> Result<Story> {
        let own = self.store.own(reader).await?;
        if own.differs(story) {
            return self.made(&own, own.stands_at(story)).await?.ok_or(AppError::NotFound);
        }
        match self.store.story(story).await {
            Err(StoreError::NotFound) => {
                let leads = self.store.leads_to(story).await?.ok_or(AppError::NotFound)?;
                match own.differs(leads) {
                    true => self.made(&own, own.stands_at(leads)).await?.ok_or(AppError::NotFound),
                    false => Ok(self.store.story(leads).await?),
                }
            }
            found => Ok(found?),
        }
    }

    /// In the order asked, those that are gone left out; members without their evidence, for lists.
    pub async fn their_stories(&self, reader: ReaderId, stories: &[StoryId]) -> Result<Vec<Story>> {
        let own = self.store.own(reader).await?;
        if own.is_empty() {
            return Ok(self.store.stories(stories).await?);
        }
        let plain: Vec<StoryId> = stories.iter().copied().filter(|it| !own.differs(*it)).collect();
        let mut found: HashMap<StoryId, Story> =
            self.store.stories(&plain).await?.into_iter().map(|it| (it.id, it)).collect();
        for &story in stories.iter().filter(|it| own.differs(**it)) {
            if let Some(made) = self.made(&own, story).await? {
                found.insert(story, made);
            }
        }
        Ok(stories.iter().filter_map(|it| found.remove(it)).collect())
    }

    /// The same, as much of each as ranking needs.
    pub async fn their_sketches(&self, reader: ReaderId, stories: &[StoryId]) -> Result<Vec<StorySketch>> {
        let own = self.store.own(reader).await?;
        if own.is_empty() {
            return Ok(self.store.story_sketches(stories).await?);
        }
        let plain: Vec<StoryId> = stories.iter().copied().filter(|it| !own.differs(*it)).collect();
        let mut found: HashMap<StoryId, StorySketch> =
            self.store.story_sketches(&plain).await?.into_iter().map(|it| (it.story, it)).collect();
        for &story in stories.iter().filter(|it| own.differs(**it)) {
            if let Some(made) = self.made_sketch(&own, story).await? {
                found.insert(story, made);
            }
        }
        Ok(stories.iter().filter_map(|it| found.remove(it)).collect())
    }

    /// An edition stands for a while; what the reader merged since is one, where the first of both stood.
    pub(crate) async fn as_merged_now(&self, edition: &mut Edition) -> Result<()> {
        let own = self.store.own(edition.reader).await?;
        if !own.is_empty() {
            let mut seen = HashSet::new();
            edition.slots.iter_mut().for_each(|slot| slot.story = own.stands_at(slot.story));
            edition.slots.retain(|slot| seen.insert(slot.story));
        }
        Ok(())
    }

    /// The same for a list of stories.
    pub(crate) async fn sketches_as_theirs(
        &self,
        reader: ReaderId,
        sketches: Vec<StorySketch>,
    ) -> Result<Vec<StorySketch>> {
        let own = self.store.own(reader).await?;
        if own.is_empty() {
            return Ok(sketches);
        }
        let mut ids: Vec<StoryId> = Vec::with_capacity(sketches.len());
        for story in sketches.iter().flat_map(|it| own.made_of(it.story)) {
            if !ids.contains(&story) {
                ids.push(story);
            }
        }
        self.their_sketches(reader, &ids).await
    }

    /// What was found for an edition, as the reader has it: what they split is two, what they merged is one.
    pub(crate) async fn found_as_theirs(
        &self,
        reader: ReaderId,
        found: Vec<(Retrieval, Vec<Arc<StorySketch>>)>,
    ) -> Result<Vec<(Retrieval, Vec<Arc<StorySketch>>)>> {
        let own = self.store.own(reader).await?;
        if own.is_empty() {
            return Ok(found);
        }
        let mut made: HashMap<StoryId, Option<Arc<StorySketch>>> = HashMap::new();
        let mut theirs = Vec::with_capacity(found.len());
        for (how, stories) in found {
            let mut list: Vec<Arc<StorySketch>> = Vec::with_capacity(stories.len());
            for sketch in stories {
                if !own.differs(sketch.story) {
                    list.push(sketch);
                    continue;
                }
                for story in own.made_of(sketch.story) {
                    if let std::collections::hash_map::Entry::Vacant(place) = made.entry(story) {
                        place.insert(self.made_sketch(&own, story).await?.map(Arc::new));
                    }
                    let new = made[&story].clone().filter(|_| list.iter().all(|it| it.story != story));
                    list.extend(new);
                }
            }
            theirs.push((how, list));
        }
        Ok(theirs)
    }

    /// A story put together from everybody's stories and what the reader said. None when nothing of it is left.
    async fn made(&self, own: &Own, story: StoryId) -> Result<Option<Story>> {
        let mut members = Vec::new();
        for everyones in own.sources_of(story) {
            match self.store.story(everyones).await {
                Ok(it) => members
                    .extend(it.members.into_iter().filter(|it| own.story_of(it.article, everyones) == story)),
                Err(StoreError::NotFound) => (),
                Err(error) => return Err(error.into()),
            }
        }
        members.sort_by_key(|it| (it.published, it.article));
        let mut ids: Vec<ArticleId> = members.iter().map(|it| it.article).collect();
        for member in &mut members {
            member.copy_of = member.copy_of.filter(|it| ids.contains(it));
        }
        ids.sort_unstable();
        let mut index = Index::new(cluster::Policy::default());
        for sketch in self.store.article_sketches(&ids).await? {
            index.insert(sketch, story);
        }
        Ok(index.face(story).map(|face| Story { id: story, face, members }))
    }

    async fn made_sketch(&self, own: &Own, story: StoryId) -> Result<Option<StorySketch>> {
        let parts = self.store.story_sketches(&own.sources_of(story)).await?;
        let Some(Story { face, members, .. }) = self.made(own, story).await? else { return Ok(None) };
        let mut authors: Vec<String> = parts.iter().flat_map(|it| it.authors.iter().cloned()).collect();
        authors.sort_unstable();
        authors.dedup();
        let mut sources = Vec::new();
        for member in &members {
            for source in &member.sources {
                if sources.iter().all(|(known, _)| known != source) {
                    sources.push((*source, member.published));
                }
            }
        }
        Ok(Some(StorySketch {
            story,
            headline: face.headline,
            language: face.language,
            centre: face.centre,
            names: face.names,
            topics: face.topics,
            terms: face.terms,
            authors,
            articles: face.articles,
            outlets: face.outlets,
            sources,
            began: face.began,
            last_grew: face.last_grew,
            words: parts.iter().map(|it| it.words).max().unwrap_or(0),
            turns: members.iter().filter(|it| 0 < it.facts).count() as u32,
            said: Default::default(),
        }))
    }

    // ── what a reader says ──

    /// These articles of the story do not belong in it. Answers the new story's number with it.
    pub async fn split(
        &self,
        reader: ReaderId,
        story: StoryId,
        articles: &[ArticleId],
        for_all: bool,
    ) -> Result<Repaired> {
        let it = self.their_story(reader, story).await?;
        let mut members: Vec<ArticleId> = it.members.iter().map(|it| it.article).collect();
        members.sort_unstable();
        let (mut leave, mut stay): (Vec<ArticleId>, Vec<ArticleId>) =
            members.into_iter().partition(|it| articles.contains(it));
        if leave.len() < articles.len() {
            return Err(AppError::Refused("Not all of these articles are in that story.".into()));
        }
        // The story keeps its number with the article that it has it from.
        if leave.contains(&ArticleId(it.id.0)) {
            std::mem::swap(&mut leave, &mut stay);
        }
        let (Some(first), Some(&from)) = (leave.first().copied(), stay.first()) else {
            return Err(AppError::Refused("Choose some of its articles, and leave some of them.".into()));
        };
        let says = Says::Apart { articles: leave, from };
        let repair = self.store.add_repair(reader, &says, for_all, self.now()).await?;
        Ok(Repaired { repair, story: it.id, other: StoryId(first.0) })
    }

    /// Both stories are one. Answers the number by which it goes.
    pub async fn merge(
        &self,
        reader: ReaderId,
        story: StoryId,
        other: StoryId,
        for_all: bool,
    ) -> Result<Repaired> {
        let (one, other) = (self.their_story(reader, story).await?, self.their_story(reader, other).await?);
        if one.id == other.id {
            return Err(AppError::Refused("That is one story already.".into()));
        }
        let says = Says::Together { one: one.face.lead, other: other.face.lead };
        let repair = self.store.add_repair(reader, &says, for_all, self.now()).await?;
        Ok(Repaired { repair, story: one.id.min(other.id), other: one.id.max(other.id) })
    }

    /// In the order in which they were said.
    pub async fn repairs(&self, reader: ReaderId) -> Result<Vec<Repair>> {
        Ok(self.store.repairs(reader).await?)
    }

    /// Answers what it was.
    pub async fn undo_repair(&self, reader: ReaderId, repair: RepairId) -> Result<Repair> {
        Ok(self.store.undo_repair(reader, repair, self.now()).await?)
    }

    /// Why two articles are together, or why not.
    pub async fn pair(&self, reader: ReaderId, one: ArticleId, other: ArticleId) -> Result<Pair> {
        let sketches = self.store.article_sketches(&[one, other]).await?;
        let [a, b] = &sketches[..] else { return Err(AppError::NotFound) };
        // Neither may be muted.
        for article in [one, other] {
            self.article(reader, article, Looking::AsMuted).await?;
        }
        let own = self.store.own(reader).await?;
        let mut articles = Vec::with_capacity(2);
        for sketch in [a, b] {
            let story = self.store.story_of(sketch.article).await?;
            let outlet = self.store.article(sketch.article).await?.extracted.outlet;
            articles.push(PairOf {
                article: sketch.article,
                title: sketch.title.clone(),
                outlet: outlet.unwrap_or_else(|| sketch.outlet.clone()),
                story: story.map(|it| own.story_of(sketch.article, it)),
            });
        }
        let comparison = cluster::compare(a, b, &cluster::Policy::default());
        let articles: [PairOf; 2] = articles.try_into().expect("two of them");
        let together = articles[0].story.is_some() && articles[0].story == articles[1].story;
        let likeness = comparison.likeness.clamp(1e-6, 1.0 - 1e-6);
        let odds = (likeness / (1.0 - likeness)).ln();
        let to_begin_with = odds - comparison.evidence.iter().map(|it| it.part).sum::<f32>();
        Ok(Pair { articles, together, comparison, to_begin_with })
    }

    /// Stories that may be the same as this one, the most alike first: what a reader may want to merge it with.
    pub async fn alike(&self, reader: ReaderId, story: &Story) -> Result<Vec<StorySketch>> {
        const AT_MOST: usize = 4;
        const NAMES: usize = 2;
        const LOOK_BACK: std::time::Duration = std::time::Duration::from_secs(4 * 86_400);
        let since = story.face.began.before(LOOK_BACK);
        let mut found: Vec<StoryId> = Vec::new();
        for name in story.face.names.iter().take(NAMES) {
            let target = news::Target::Name(name.clone());
            let about = self.store.stories_about(&target, &[], since, 24).await?;
            found.extend(about.iter().map(|it| it.story));
        }
        let own = self.store.own(reader).await?;
        found.iter_mut().for_each(|it| *it = own.stands_at(*it));
        found.sort_unstable();
        found.dedup();
        found.retain(|it| *it != story.id);
        let sketches = self.store.story_sketches(&found).await?;
        let muting = self.muting(reader).await?;
        let (mut alike, _) = self.without_muted(reader, &muting, sketches, Spot::Anywhere).await?;
        let likeness = |it: &StorySketch| it.centre.likeness(&story.face.centre);
        alike.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)).then(a.story.cmp(&b.story)));
        alike.truncate(AT_MOST);
        Ok(alike)
    }

    /// All that readers said, as pairs of articles: what grouping can be taught by.
    pub async fn taught(&self) -> Result<Vec<Taught>> {
        let mut taught = Vec::new();
        for repair in self.store.all_repairs().await? {
            for (one, other, together) in repair.says.pairs() {
                let (Ok(one), Ok(other)) = (self.store.article(one).await, self.store.article(other).await)
                else {
                    // Dropped in time.
                    continue;
                };
                taught.push(Taught { articles: [one.extracted, other.extracted], together, at: repair.at });
            }
        }
        Ok(taught)
    }
}

/// Two articles of which somebody said whether they belong together.
#[derive(Debug)]
pub struct Taught {
    pub articles: [news::Extracted; 2],
    pub together: bool,
    pub at: news::Timestamp,
}
