//! The stories of the last days, in memory.

use std::time::Duration;

use news::{ArticleId, Embedding, Face, Language, Name, Placement, Sketch, StoryId, Term, Timestamp, Topic};

use crate::{
    Policy,
    centre::{Centre, Measured},
    evidence,
    keep::{Interned, Kept, Members, Number, Scratch},
    likeness::{Asked, Asking, Features, measure, measure_all, measure_alone, most_alike, probability},
    mend::in_order,
    near::Near,
    print::Print,
    rarity::{Kind, Rarity},
    table::{Table, hash},
    told::{NAMES, TOPICS, Told, most, tally},
};

/// Words in a story's face, and of how many of its articles they are taken.
const TERMS: usize = 40;
const HEARD: usize = 8;

#[derive(Default)]
pub struct Index {
    pub(crate) policy: Policy,
    rarity: Rarity,
    stories: Table<u64, Told>,
    members: Members,
    /// Stories that were one and were split: never joined again.
    pub(crate) apart: Vec<(StoryId, StoryId)>,
    by_article: Table<u64, Number>,
    by_address: Table<u64, Number>,
    /// Who links to an address that we do not have yet.
    linking: Table<u64, Vec<Number>>,
    by_word: Table<u32, Vec<Number>>,
    near: Near,
    names: Interned<Name>,
    topics: Interned<Topic>,
    scratch: Scratch,
}

impl Index {
    pub fn new(policy: Policy) -> Index {
        Index { policy, ..Index::default() }
    }

    /// Stories that still attract.
    pub fn stories(&self) -> usize {
        self.stories.len()
    }

    /// Replays what was recorded.
    pub fn insert(&mut self, sketch: Sketch, story: StoryId) {
        if self.by_article.contains_key(&(sketch.article.0 as u64)) {
            return;
        }
        let asking = self.asking(&sketch);
        self.add(asking, &sketch, story);
    }

    /// Decides where an article belongs, and keeps it there. Asked again for an article that it has, it says the same
    /// story again.
    pub fn place(&mut self, sketch: Sketch) -> Placement {
        if let Some(story) = self.story_of(sketch.article) {
            return self.placement(sketch.article, story, None);
        }
        let asking = self.asking(&sketch);
        let found = self.best(&asking).filter(|it| self.policy.join_at <= it.odds);
        let story = found.as_ref().map_or(StoryId(sketch.article.0), |it| it.story);
        let grounds = found.map(|it| (probability(it.odds), self.grounds(&it, &sketch)));
        self.add(asking, &sketch, story);
        self.placement(sketch.article, story, grounds)
    }

    /// Forgets stories that have been quiet since then. They attract nothing any more, so that when this is called
    /// changes no decision.
    pub fn expire(&mut self, before: Timestamp) {
        let gone: Vec<u64> = self
            .stories
            .iter()
            .filter(|(_, it)| it.last_grew.0 != 0 && it.last_grew < before)
            .map(|(&id, _)| id)
            .collect();
        for id in gone {
            let Some(story) = self.stories.remove(&id) else { continue };
            story.names.iter().for_each(|&(name, _)| self.names.release(name));
            story.topics.iter().for_each(|&(topic, _)| self.topics.release(topic));
            for number in story.members {
                self.forget(number);
            }
        }
    }

    pub fn face(&self, story: StoryId) -> Option<Face> {
        let told = self.stories.get(&(story.0 as u64))?;
        Some(Face {
            headline: told.headline.to_string(),
            lead: told.lead,
            standfirst: told.standfirst.as_deref().map(str::to_owned),
            picture: told.picture.as_deref().cloned(),
            language: Some(Language(told.language.to_string())),
            began: told.began,
            last_grew: told.last_grew,
            articles: told.members.len() as u32,
            outlets: told.outlets.len() as u32,
            centre: self.centre(told),
            names: most(&told.names, NAMES).filter_map(|it| self.names.get(it).cloned()).collect(),
            topics: most(&told.topics, TOPICS).filter_map(|it| self.topics.get(it).cloned()).collect(),
            terms: self.telling(told),
        })
    }

    /// The words that say what a story is about; they weigh as much more as they are rarer elsewhere.
    fn telling(&self, told: &Told) -> Vec<Term> {
        let language = hash(&told.language);
        let mut said: Table<u32, (f32, bool)> = Table::default();
        for member in told.members.iter().take(HEARD).filter_map(|number| self.members.get(*number)) {
            for word in member.print.words() {
                let (weight, headline) = said.entry(word.hash).or_default();
                *weight += word.weight;
                *headline |= word.headline;
            }
        }
        let mut terms: Vec<Term> =
            said.into_iter().map(|(hash, (weight, headline))| Term { hash, weight, headline }).collect();
        // Chosen by how often they are said, not by how rare they are: the rarest word of a story is in no other.
        terms.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then(a.hash.cmp(&b.hash)));
        terms.truncate(TERMS);
        for term in &mut terms {
            term.weight *= self.rarity.of(Kind::Word, term.hash, language);
        }
        terms
    }

    fn story_of(&self, article: ArticleId) -> Option<StoryId> {
        let number = self.by_article.get(&(article.0 as u64))?;
        Some(self.members.get(*number)?.story)
    }

    fn placement(
        &self,
        article: ArticleId,
        story: StoryId,
        grounds: Option<(f32, Vec<news::Evidence>)>,
    ) -> Placement {
        let (likeness, evidence) = grounds.unwrap_or((1.0, Vec::new()));
        Placement { article, story, likeness, evidence, face: self.face(story).unwrap_or_default() }
    }

    // ── which story ──

    fn asking(&self, sketch: &Sketch) -> Asking {
        let print = Print::of(sketch, &self.rarity);
        Asking::of(print, &self.rarity, self.rarity.busy())
    }

    fn best(&mut self, asking: &Asking) -> Option<Found> {
        let mut stories: Vec<(StoryId, Vec<Number>, Vec<Features>)> = Vec::new();
        for held in self.held_against(asking) {
            let at = stories.iter().position(|it| it.0 == held.story).unwrap_or_else(|| {
                stories.push((held.story, Vec::new(), Vec::new()));
                stories.len() - 1
            });
            stories[at].1.push(held.member);
            stories[at].2.push(held.features);
        }
        let found = stories.into_iter().map(|(story, members, features)| {
            let (best, features, odds) = most_alike(&features, &self.policy.weights);
            Found { story, member: members[best], odds, features }
        });
        // Ties go to the story that began first.
        found.max_by(|a, b| a.odds.total_cmp(&b.odds).then(b.story.cmp(&a.story)))
    }

    /// The article beside every member that may matter, and that member's story.
    fn held_against(&mut self, asking: &Asking) -> Vec<Held> {
        let candidates = self.candidates(asking);
        let mut of_story: Vec<(StoryId, Measured)> = Vec::new();
        let held = candidates.into_iter().filter_map(|number| {
            let kept = self.members.get(number)?;
            let centre = self.stories.get(&(kept.story.0 as u64)).and_then(|it| it.centre.as_deref());
            let mut features = measure(asking, &kept.print);
            match (centre, of_story.iter().find(|it| it.0 == kept.story)) {
                (None, _) => measure_alone(&mut features, asking, &kept.print),
                (Some(_), Some((_, known))) => measure_all(&mut features, known),
                (Some(centre), None) => {
                    let measured = centre.measure(asking);
                    measure_all(&mut features, &measured);
                    of_story.push((kept.story, measured));
                }
            }
            Some(Held { story: kept.story, member: number, features })
        });
        held.collect()
    }

    /// What `place` would compare, without placing: for fitting the weights.
    pub fn consider(&mut self, sketch: &Sketch) -> Vec<Considered> {
        let asking = self.asking(sketch);
        let held = self.held_against(&asking);
        let article = |number| self.members.get(number).map_or(ArticleId(0), |it| it.print.article);
        held.into_iter()
            .map(|it| Considered { story: it.story, article: article(it.member), features: it.features })
            .collect()
    }

    /// Members that share rare words with it, those that share most first; whoever it links to, or that link to it; and
    /// members of the stories nearest by meaning.
    fn candidates(&mut self, asking: &Asking) -> Vec<Number> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.begin(self.members.first, self.members.end());
        for (weight, hash) in telling(asking, self.policy.looked_up) {
            for &number in self.by_word.get(&hash).into_iter().flatten().rev().take(self.policy.postings) {
                scratch.add(number, weight);
            }
        }
        let linked = asking.print.links.iter().filter_map(|it| self.by_address.get(it));
        let linking = self.linking.get(&asking.print.address).into_iter().flatten();
        linked.chain(linking).for_each(|&number| scratch.add(number, 1e6));
        let mut found = scratch.most(self.policy.candidates * 4);
        self.scratch = scratch;
        self.few_of_each_story(&mut found, asking.print.at, self.policy.of_each_story);
        found.truncate(self.policy.candidates);
        let (print, near) = (&asking.print, self.policy.near);
        let mut nearest =
            self.near.nearest(print.model, print.at, self.policy.quiet, &print.embedding, near * 4);
        self.few_of_each_story(&mut nearest, asking.print.at, 2);
        nearest.truncate(near);
        nearest.retain(|it| !found.contains(it));
        found.extend(nearest);
        found
    }

    /// A great one would leave no place for others.
    fn few_of_each_story(&self, members: &mut Vec<Number>, at: Timestamp, few: usize) {
        let mut of_story: Table<u64, usize> = Table::default();
        members.retain(|&number| {
            let story = self.members.get(number).map_or(0, |it| it.story.0 as u64);
            let before = of_story.entry(story).or_default();
            *before += 1;
            *before <= few && self.attracts(number, at)
        });
    }

    /// Its story is not so quiet (or, for an article that comes late, so new) that it has nothing to do with that time.
    fn attracts(&self, number: Number, at: Timestamp) -> bool {
        let Some(story) = self.members.get(number).and_then(|it| self.stories.get(&(it.story.0 as u64)))
        else {
            return false;
        };
        at.0 == 0
            || story.last_grew.0 == 0
            || at.before(self.policy.quiet) <= story.last_grew && story.began <= at.after(self.policy.quiet)
    }

    fn grounds(&self, found: &Found, sketch: &Sketch) -> Vec<news::Evidence> {
        let Some(kept) = self.members.get(found.member) else { return Vec::new() };
        let named = |name: &&Name| {
            name.key().split(' ').any(|word| kept.print.names.binary_search(&(hash(word) as u32)).is_ok())
        };
        let names: Vec<&Name> = sketch.understanding.names.iter().filter(named).collect();
        evidence::told(&found.features, &self.policy, &names, sketch.at.apart(kept.print.at))
    }

    // ── keeping it ──

    fn add(&mut self, asking: Asking, sketch: &Sketch, story: StoryId) {
        let telling = telling(&asking, self.policy.looked_up);
        let print = asking.print;
        let day =
            if print.at.0 == 0 { self.rarity.today().unwrap_or(0) } else { print.at.0.div_euclid(86_400) };
        let begins = story.0 == sketch.article.0;
        self.rarity.count(day, begins, print.language, print.things());
        let number = self.members.end();
        self.by_article.insert(sketch.article.0 as u64, number);
        self.by_address.entry(sketch.address).or_insert(number);
        for &link in &print.links {
            let linking = self.linking.entry(link).or_default();
            if linking.len() < 8 {
                linking.push(number);
            }
        }
        for (_, word) in telling {
            let postings = self.by_word.entry(word).or_default();
            if 2 * self.policy.postings <= postings.len() {
                postings.drain(..self.policy.postings);
            }
            postings.push(number);
        }
        self.grow(number, &print, sketch, story);
        let model = print.model;
        self.members.push(Kept { print, story });
        if let Some(told) = self.stories.get(&(story.0 as u64)) {
            self.near.keep(model, number, told.last_grew, &self.centre(told));
        }
    }

    fn grow(&mut self, number: Number, print: &Print, sketch: &Sketch, story: StoryId) {
        let names: Vec<u32> =
            sketch.understanding.names.iter().take(NAMES).map(|it| self.names.intern(it)).collect();
        let topics: Vec<u32> =
            sketch.understanding.topics.iter().take(TOPICS).map(|it| self.topics.intern(it)).collect();
        let first = self.stories.get(&(story.0 as u64)).and_then(|it| it.members.first()).copied();
        let alone = first.and_then(|it| self.members.get(it)).map(|it| &it.print);
        let told = self.stories.entry(story.0 as u64).or_insert_with(|| Told::begun_by(print, sketch));
        if told.members.is_empty() {
            told.members.push(number);
        } else {
            told.joined_by(number, print, sketch, alone, &self.rarity);
        }
        for (place, name) in names.into_iter().enumerate() {
            // Prominent names first: the first of an article counts for more than its last.
            if tally(&mut told.names, name, (NAMES - place) as u32) {
                self.names.release(name);
            }
        }
        for topic in topics {
            if tally(&mut told.topics, topic, 1) {
                self.topics.release(topic);
            }
        }
    }

    // ── mending ──

    /// Stories of members that are candidates for the one that came last, the likeliest first.
    pub(crate) fn nearby(&mut self, story: StoryId, most: usize) -> Vec<StoryId> {
        let last = self.stories.get(&(story.0 as u64)).and_then(|it| it.members.last()).copied();
        let Some(asking) = last.and_then(|it| self.asking_again(it)) else { return Vec::new() };
        let mut near = Vec::new();
        for number in self.candidates(&asking) {
            let Some(its) = self.members.get(number).map(|it| it.story) else { continue };
            if its != story && !near.contains(&its) && near.len() < most {
                near.push(its);
            }
        }
        near
    }

    /// A member as if it came now.
    pub(crate) fn asking_again(&self, number: Number) -> Option<Asking> {
        let print = self.members.get(number)?.print.clone();
        Some(Asking::of(print, &self.rarity, self.rarity.busy()))
    }

    /// Members of a story, spread evenly over the order in which they came.
    pub(crate) fn some_members(&self, story: StoryId, most: usize) -> Vec<Number> {
        let Some(told) = self.stories.get(&(story.0 as u64)) else { return Vec::new() };
        let all = told.members.len();
        let some = all.min(most);
        (0..some).map(|at| told.members[at * all / some]).collect()
    }

    pub(crate) fn print(&self, number: Number) -> Option<&Print> {
        self.members.get(number).map(|it| &it.print)
    }

    /// Between the last article of the one and the first of the other.
    pub(crate) fn gap(&self, one: StoryId, other: StoryId) -> Duration {
        let its = |story: StoryId| self.stories.get(&(story.0 as u64));
        let (Some(one), Some(other)) = (its(one), its(other)) else { return Duration::ZERO };
        let (first, second) = if one.began <= other.began { (one, other) } else { (other, one) };
        if second.began <= first.last_grew { Duration::ZERO } else { first.last_grew.apart(second.began) }
    }

    /// The greater of both, so that most readers find theirs where it was; of equals the older.
    pub(crate) fn keeps_its_number(&self, one: StoryId, other: StoryId) -> (StoryId, StoryId) {
        let members = |story: StoryId| self.stories.get(&(story.0 as u64)).map_or(0, |it| it.members.len());
        let order = |story: StoryId| (std::cmp::Reverse(members(story)), story);
        if order(one) <= order(other) { (one, other) } else { (other, one) }
    }

    pub(crate) fn join(&mut self, story: StoryId, gone: StoryId) {
        if story == gone || !self.stories.contains_key(&(story.0 as u64)) {
            return;
        }
        let Some(mut left) = self.stories.remove(&(gone.0 as u64)) else { return };
        for &number in &left.members {
            self.members.move_to(number, story);
        }
        let Some(told) = self.stories.get_mut(&(story.0 as u64)) else { return };
        for told in [&mut *told, &mut left] {
            if told.centre.is_none() {
                told.centre = Some(centre_of(&told.members, &self.members, &self.rarity));
            }
        }
        let counted = told.take_in(left);
        counted.names.into_iter().for_each(|it| self.names.release(it));
        counted.topics.into_iter().for_each(|it| self.topics.release(it));
        for pair in self.apart.iter_mut().filter(|it| it.0 == gone || it.1 == gone) {
            let other = if pair.0 == gone { pair.1 } else { pair.0 };
            *pair = in_order(other, story);
        }
        self.found_by_meaning(story);
    }

    pub(crate) fn split_off(
        &mut self,
        story: StoryId,
        into: StoryId,
        articles: &[ArticleId],
        face: &Face,
        new_face: &Face,
    ) {
        let Some(told) = self.stories.remove(&(story.0 as u64)) else { return };
        told.names.iter().for_each(|&(name, _)| self.names.release(name));
        told.topics.iter().for_each(|&(topic, _)| self.topics.release(topic));
        let leaves = |number: &Number| self.print(*number).is_some_and(|it| articles.contains(&it.article));
        let (left, stays): (Vec<Number>, Vec<Number>) = told.members.iter().partition(|it| leaves(it));
        for (story, members, face) in [(story, stays, face), (into, left, new_face)] {
            if members.is_empty() {
                continue;
            }
            members.iter().for_each(|&it| self.members.move_to(it, story));
            let mut told = Told::shown_as(face);
            told.outlets =
                members.iter().filter_map(|&it| Some(self.members.get(it)?.print.outlet)).collect();
            told.outlets.sort_unstable();
            told.outlets.dedup();
            if 1 < members.len() {
                told.centre = Some(centre_of(&members, &self.members, &self.rarity));
            }
            let names = face
                .names
                .iter()
                .enumerate()
                .map(|(at, it)| (self.names.intern(it), NAMES - at.min(NAMES - 1)));
            told.names = names.map(|(name, weight)| (name, weight as u32)).collect();
            told.topics = face.topics.iter().map(|it| (self.topics.intern(it), 1)).collect();
            told.members = members;
            self.stories.insert(story.0 as u64, told);
            self.found_by_meaning(story);
        }
        self.apart.push(in_order(story, into));
    }

    fn found_by_meaning(&mut self, story: StoryId) {
        let Some(told) = self.stories.get(&(story.0 as u64)) else { return };
        let Some((&last, kept)) = told.members.last().and_then(|it| Some((it, self.members.get(*it)?)))
        else {
            return;
        };
        self.near.keep(kept.print.model, last, told.last_grew, &self.centre(told));
    }

    /// How these would show themselves as a story of their own.
    pub(crate) fn face_of(&self, sketches: &[&Sketch]) -> Option<Face> {
        let mut index = Index::new(self.policy.clone());
        let story = StoryId(sketches.first()?.article.0);
        sketches.iter().for_each(|it| index.insert((*it).clone(), story));
        index.face(story)
    }

    fn centre(&self, told: &Told) -> Embedding {
        if let Some(centre) = &told.centre {
            return centre.direction();
        }
        let only = told.members.first().and_then(|&it| self.members.get(it));
        only.map(|it| it.print.embedding.clone()).unwrap_or_default()
    }

    fn forget(&mut self, number: Number) {
        let Some(kept) = self.members.take(number) else { return };
        self.by_article.remove(&(kept.print.article.0 as u64));
        if self.by_address.get(&kept.print.address) == Some(&number) {
            self.by_address.remove(&kept.print.address);
        }
        for link in &kept.print.links {
            drop_from(&mut self.linking, link, &self.members);
        }
        for word in kept.print.words() {
            drop_from(&mut self.by_word, &word.hash, &self.members);
        }
    }
}

/// Takes the forgotten off the front of a list: those behind them are all that was ever going to be asked for.
fn drop_from<K: std::hash::Hash + Eq>(lists: &mut Table<K, Vec<Number>>, key: &K, members: &Members) {
    let Some(list) = lists.get_mut(key) else { return };
    let gone = list.iter().take_while(|&&it| members.get(it).is_none()).count();
    list.drain(..gone);
    if list.is_empty() {
        lists.remove(key);
    }
}

fn centre_of(members: &[Number], all: &Members, rarity: &Rarity) -> Box<Centre> {
    let mut centre = Box::<Centre>::default();
    members.iter().filter_map(|&it| all.get(it)).for_each(|it| centre.add(&it.print, rarity));
    centre
}

/// The words by which it finds others, and they it: rare ones that weigh much.
fn telling(asking: &Asking, most: usize) -> Vec<(f32, u32)> {
    let weight = |it: &Asked| it.rare * it.weight * if it.headline { 1.5 } else { 1.0 };
    let mut words: Vec<(f32, u32)> = asking.words.iter().map(|it| (weight(it), it.hash)).collect();
    words.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    words.truncate(most);
    words
}

/// One member beside an article that is not placed yet.
pub struct Considered {
    pub story: StoryId,
    pub article: ArticleId,
    pub features: Features,
}

struct Held {
    story: StoryId,
    member: Number,
    features: Features,
}

struct Found {
    story: StoryId,
    member: Number,
    odds: f32,
    features: Features,
}
