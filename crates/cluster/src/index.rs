//! The stories of the last days, in memory.

mod moving;

use news::{ArticleId, Face, Language, Name, Placement, Sketch, StoryId, Term, Timestamp, Topic};

use crate::{
    Policy,
    centre::Centre,
    evidence, facts,
    keep::{Interned, Number, Scratch, Stories},
    likeness::{Asking, Features, odds, probability},
    near::Near,
    rarity::{Kind, Rarity},
    said::Said,
    table::{Table, hash},
    told::{NAMES, TOPICS, Told, most, tally},
};

/// Words in a story's face, and what they weigh beside words as articles have them.
const TERMS: usize = 40;
const TERM: f32 = 50.0;

#[derive(Default)]
pub struct Index {
    pub(crate) policy: Policy,
    pub(crate) rarity: Rarity,
    pub(crate) stories: Stories,
    /// Stories that were one and were split: never joined again.
    pub(crate) apart: Vec<(StoryId, StoryId)>,
    by_story: Table<u64, Number>,
    by_article: Table<u64, Number>,
    by_address: Table<u32, Number>,
    /// Who links to an address that we do not have yet.
    linking: Table<u32, Vec<Number>>,
    by_word: Table<u32, Vec<Number>>,
    /// Of `by_word`, when the forgotten were last taken out.
    swept: usize,
    near: Near,
    names: Interned<Name>,
    topics: Interned<Topic>,
    scratch: Scratch,
    /// The number of the last placement, and the time of the latest article.
    placed: u32,
    latest: Timestamp,
}

/// A story that may be the one.
#[derive(Clone, Copy)]
pub(crate) struct Candidate {
    pub number: Number,
    pub linked: bool,
}

/// The likeliest of them.
struct Found {
    number: Number,
    odds: f32,
    features: Features,
}

impl Index {
    pub fn new(policy: Policy) -> Index {
        Index { policy, ..Index::default() }
    }

    /// Stories that still attract.
    pub fn stories(&self) -> usize {
        self.by_story.len()
    }

    /// What was placed so far has these numbers: for who is not told all that was placed.
    pub fn counted(&mut self, placed: i64) {
        self.placed = u32::try_from(placed).unwrap_or(u32::MAX);
    }

    /// Replays what was recorded.
    pub fn insert(&mut self, sketch: Sketch, story: StoryId) {
        if self.story_of(sketch.article).is_none() {
            let centre = Centre::of(&sketch, &self.rarity);
            self.add(centre, &sketch, story);
        }
    }

    /// Decides where an article belongs, and keeps it there. Asked again for an article that it has, it says the same
    /// story again.
    pub fn place(&mut self, sketch: Sketch) -> Placement {
        if let Some(story) = self.story_of(sketch.article) {
            return self.placement(sketch.article, story, None, 0);
        }
        let asking = self.alone(&sketch);
        let found = self.best(&asking, &sketch).filter(|it| self.policy.join_at <= it.odds);
        let story = found.as_ref().and_then(|it| self.stories.get(it.number)).map(|it| it.id);
        let grounds = found.map(|it| (probability(it.odds), self.grounds(&it, &sketch)));
        let story = story.unwrap_or(StoryId(sketch.article.0));
        let facts = facts::brought(self.told(story), &asking.centre, &sketch);
        self.add(asking.centre, &sketch, story);
        self.placement(sketch.article, story, grounds, facts)
    }

    /// Forgets stories that attract nothing any more: when this is called changes no decision.
    pub fn expire(&mut self) {
        let past = |it: &Told| self.is_past(it);
        let gone: Vec<Number> =
            self.by_story.values().copied().filter(|it| self.stories.get(*it).is_some_and(past)).collect();
        for number in gone {
            let Some(told) = self.stories.take(number) else { continue };
            self.by_story.remove(&(told.id.0 as u64));
            told.names.iter().for_each(|&(name, _)| self.names.release(name));
            told.topics.iter().for_each(|&(topic, _)| self.topics.release(topic));
            for article in &told.members {
                self.by_article.remove(&(article.0 as u64));
            }
        }
        let known = &self.by_story;
        self.apart.retain(|it| [it.0, it.1].iter().all(|it| known.contains_key(&(it.0 as u64))));
        self.sweep();
    }

    /// Takes the forgotten out of the lists, when many words have come since the last time: those off their fronts, so
    /// that what stands behind is found as before.
    fn sweep(&mut self) {
        if self.by_word.len() < self.swept + self.swept / 4 + 1_000 {
            return;
        }
        let stories = &self.stories;
        let alive = |list: &mut Vec<Number>| {
            let gone = list.iter().take_while(|&&it| stories.get(it).is_none()).count();
            list.drain(..gone);
            list.shrink_to(list.len() + list.len() / 4);
            !list.is_empty()
        };
        self.by_word.retain(|_, list| alive(list));
        self.linking.retain(|_, list| alive(list));
        self.by_address.retain(|_, it| stories.get(*it).is_some());
        self.swept = self.by_word.len();
    }

    pub fn face(&self, story: StoryId) -> Option<Face> {
        let told = self.told(story)?;
        Some(Face {
            headline: told.headline.to_string(),
            lead: told.lead,
            standfirst: told.standfirst.as_deref().map(str::to_owned),
            picture: told.picture.as_deref().cloned(),
            language: Some(Language(told.language.to_string())),
            began: told.centre.began,
            last_grew: told.centre.last_grew,
            articles: told.members.len() as u32,
            outlets: told.outlets.len() as u32,
            centre: told.centre.direction().clone(),
            names: most(&told.names, NAMES).filter_map(|it| self.names.get(it).cloned()).collect(),
            topics: most(&told.topics, TOPICS).filter_map(|it| self.topics.get(it).cloned()).collect(),
            terms: self.telling(told),
        })
    }

    /// The words that say what a story is about; they weigh as much more as they are rarer elsewhere.
    fn telling(&self, told: &Told) -> Vec<Term> {
        let mut words: Vec<&Said> = told.centre.words.iter().collect();
        // Chosen by how many say them before how rare they are: the rarest word of a story is in no other.
        let said = |it: &Said| it.weight() * it.share();
        words.sort_unstable_by(|a, b| said(b).total_cmp(&said(a)).then(a.hash.cmp(&b.hash)));
        words.truncate(TERMS);
        let term = |it: &Said| Term { hash: it.hash, weight: TERM * it.weight(), headline: 0.0 < it.told() };
        words.into_iter().map(term).collect()
    }

    pub(crate) fn told(&self, story: StoryId) -> Option<&Told> {
        self.stories.get(*self.by_story.get(&(story.0 as u64))?)
    }

    fn story_of(&self, article: ArticleId) -> Option<StoryId> {
        let number = self.by_article.get(&(article.0 as u64))?;
        Some(self.stories.get(*number)?.id)
    }

    fn placement(
        &self,
        article: ArticleId,
        story: StoryId,
        grounds: Option<(f32, Vec<news::Evidence>)>,
        facts: u32,
    ) -> Placement {
        let (likeness, evidence) = grounds.unwrap_or((1.0, Vec::new()));
        Placement { article, story, likeness, evidence, facts, face: self.face(story).unwrap_or_default() }
    }

    // ── which story ──

    /// An article as a story of its own, as rare as what it says is now.
    pub(crate) fn alone(&self, sketch: &Sketch) -> Asking {
        Asking::of(Centre::of(sketch, &self.rarity), &self.rarity)
    }

    fn best(&mut self, asking: &Asking, sketch: &Sketch) -> Option<Found> {
        let found = self.weighed(asking, sketch).into_iter();
        let found = found.map(|(number, features)| Found {
            number,
            odds: odds(&features, &self.policy.weights),
            features,
        });
        // Ties go to the story that began first.
        found.max_by(|a, b| a.odds.total_cmp(&b.odds).then(b.number.cmp(&a.number)))
    }

    /// Stories that it links to, or that link to it.
    pub(crate) fn linked(&self, sketch: &Sketch) -> Vec<Number> {
        let to = sketch.links.iter().filter_map(|it| self.by_address.get(&short(*it)));
        let from = self.linking.get(&short(sketch.address)).into_iter().flatten();
        to.chain(from).filter_map(|&it| self.stories.stands_at(it)).collect()
    }

    /// Stories that share telling words, those that share most first; linked ones; and those nearest by meaning.
    pub(crate) fn candidates(
        &mut self,
        of: &Centre,
        not: Option<Number>,
        linked: &[Number],
    ) -> Vec<Candidate> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.begin(&self.stories);
        for (weight, hash) in telling(of, self.policy.looked_up) {
            scratch.next_word();
            for &number in self.by_word.get(&hash).into_iter().flatten().rev().take(self.policy.postings) {
                if let Some(number) = self.stories.stands_at(number) {
                    scratch.add(number, weight);
                }
            }
        }
        scratch.next_word();
        linked.iter().for_each(|&number| scratch.add(number, 1e6));
        let mut found = scratch.most(self.policy.candidates * 4);
        self.scratch = scratch;
        let may = |number: &Number| Some(*number) != not && self.attracts(*number, of);
        found.retain(may);
        found.truncate(self.policy.candidates);
        let nearest =
            self.near.nearest(of.last_grew, self.policy.reach, of.direction(), self.policy.near * 4);
        let mut by_meaning = 0;
        for number in nearest.into_iter().filter_map(|it| self.stories.stands_at(it)) {
            if by_meaning < self.policy.near && !found.contains(&number) && may(&number) {
                by_meaning += 1;
                found.push(number);
            }
        }
        found.into_iter().map(|number| Candidate { number, linked: linked.contains(&number) }).collect()
    }

    /// It is not so quiet (or, for an article that comes late, so new) that it has nothing to do with that time.
    fn attracts(&self, number: Number, of: &Centre) -> bool {
        let Some(told) = self.stories.get(number) else { return false };
        let (its, reach) = (&told.centre, self.policy.reach);
        let near = !of.is_dated()
            || !its.is_dated()
            || of.began.before(reach) <= its.last_grew && its.began <= of.last_grew.after(reach);
        near && !self.is_past(told)
    }

    /// Quiet for so long that it attracts nothing of now, and nothing was placed in it lately that was as old. Said by what
    /// was placed and by nothing else: who replays comes to the same, whenever that is.
    fn is_past(&self, told: &Told) -> bool {
        told.centre.is_dated()
            && told.centre.last_grew < self.latest.before(self.policy.rests(told.centre.members))
            && told.placed.saturating_add(self.policy.late) <= self.placed
    }

    fn grounds(&self, found: &Found, sketch: &Sketch) -> Vec<news::Evidence> {
        let Some(told) = self.stories.get(found.number) else { return Vec::new() };
        let says = |word: &str| {
            let names = &told.centre.names;
            let at = names.binary_search_by_key(&(hash(word) as u32), |it| it.hash);
            at.is_ok_and(|at| 0.3 <= names[at].share())
        };
        let named = |name: &&Name| name.key().split(' ').any(says);
        let names: Vec<&Name> = sketch.understanding.names.iter().filter(named).collect();
        evidence::told(&found.features, &self.policy, &names, sketch.at.apart(told.centre.last_grew))
    }

    // ── keeping it ──

    fn add(&mut self, centre: Centre, sketch: &Sketch, story: StoryId) {
        self.placed = self.placed.saturating_add(1);
        self.latest = self.latest.max(sketch.at);
        let day =
            if sketch.at.0 == 0 { self.rarity.today().unwrap_or(0) } else { sketch.at.0.div_euclid(86_400) };
        let of = |kind, all: &[Said]| all.iter().map(move |it| (kind, it.hash)).collect::<Vec<_>>();
        let things =
            [of(Kind::Word, &centre.words), of(Kind::Name, &centre.names), of(Kind::Number, &centre.numbers)];
        self.rarity.count(day, centre.language, things.into_iter().flatten());
        let telling = telling(&centre, self.policy.looked_up);
        let number = self.grow(centre, sketch, story);
        self.found_under(number, sketch);
        for (_, word) in telling {
            self.found_by(number, word);
        }
        self.found_by_meaning(number);
    }

    fn found_under(&mut self, number: Number, sketch: &Sketch) {
        self.by_article.insert(sketch.article.0 as u64, number);
        if sketch.address != 0 {
            self.by_address.entry(short(sketch.address)).or_insert(number);
        }
        for &link in sketch.links.iter().take(LINKS) {
            let linking = self.linking.entry(short(link)).or_default();
            if linking.len() < 8 {
                linking.push(number);
            }
        }
    }

    fn found_by(&mut self, number: Number, word: u32) {
        let postings = self.by_word.entry(word).or_default();
        if postings.last() == Some(&number) {
            return;
        }
        let room = self.policy.postings / 4;
        if self.policy.postings + room <= postings.len() {
            postings.drain(..room);
        }
        grown_by_one(postings, number);
    }

    fn grow(&mut self, centre: Centre, sketch: &Sketch, story: StoryId) -> Number {
        let known = self.by_story.get(&(story.0 as u64)).copied();
        let number = known.unwrap_or_else(|| {
            let number = self.stories.push(Told::begun_by(centre.clone(), sketch, story));
            self.by_story.insert(story.0 as u64, number);
            number
        });
        if let Some(told) = self.stories.get_mut(number) {
            if known.is_some() {
                told.joined_by(&centre, sketch);
            }
            told.placed = self.placed;
        }
        self.count(number, sketch);
        number
    }

    /// Whom and what it names, in its story.
    fn count(&mut self, number: Number, sketch: &Sketch) {
        let understanding = &sketch.understanding;
        let names: Vec<u32> =
            understanding.names.iter().take(NAMES).map(|it| self.names.intern(it)).collect();
        let topics: Vec<u32> =
            understanding.topics.iter().take(TOPICS).map(|it| self.topics.intern(it)).collect();
        let Some(told) = self.stories.get_mut(number) else { return };
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

    fn found_by_meaning(&mut self, number: Number) {
        if let Some(told) = self.stories.get(number) {
            self.near.keep(number, told.centre.last_grew, told.centre.direction());
        }
    }
}

/// By a quarter and not to the double: there are very many such lists.
fn grown_by_one(list: &mut Vec<Number>, with: Number) {
    if list.len() == list.capacity() {
        list.reserve_exact((list.len() / 4).max(1));
    }
    list.push(with);
}

const LINKS: usize = 16;

/// Half of an address's hash: two that share it are thought linked, which is one ground of many.
fn short(address: u64) -> u32 {
    (address ^ (address >> 32)) as u32
}

/// The words by which it finds others, and they it: those that weigh most, in the headline above all.
fn telling(of: &Centre, most: usize) -> Vec<(f32, u32)> {
    let weight = |it: &Said| it.weight() + 1.4 * it.told();
    let mut words: Vec<(f32, u32)> = of.words.iter().map(|it| (weight(it), it.hash)).collect();
    let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if most < words.len() {
        words.select_nth_unstable_by(most, order);
        words.truncate(most);
    }
    words.sort_unstable_by(order);
    words
}
