//! The stories of the last days, in memory.

use news::{
    ArticleId, Embedding, Face, Language, Name, Picture, Placement, Sketch, StoryId, Term, Timestamp, Topic,
};

use crate::{
    Policy,
    centre::{Centre, Measured},
    evidence,
    face::plainness,
    likeness::{Asked, Asking, Features, measure, measure_all, measure_alone, most_alike, probability},
    near::Near,
    print::Print,
    rarity::{Kind, Rarity},
    table::{Table, hash},
};

/// Names in a story's face.
const NAMES: usize = 24;
const TOPICS: usize = 4;
/// Words in a story's face, and of how many of its articles they are taken.
const TERMS: usize = 24;
const HEARD: usize = 8;

/// A member's place in the order of placing. Never given out twice.
type Number = u32;

#[derive(Default)]
pub struct Index {
    policy: Policy,
    rarity: Rarity,
    stories: Table<u64, Told>,
    members: Members,
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

/// A story as the index keeps it.
struct Told {
    members: Vec<Number>,
    outlets: Vec<u64>,
    began: Timestamp,
    last_grew: Timestamp,
    headline: Box<str>,
    lead: ArticleId,
    /// How plain the lead's headline is.
    plain: f32,
    standfirst: Option<Box<str>>,
    picture: Option<Box<Picture>>,
    language: Box<str>,
    /// Its members taken together; none while there is one, whose own it is.
    centre: Option<Box<Centre>>,
    names: Vec<(u32, u32)>,
    topics: Vec<(u32, u32)>,
}

struct Kept {
    print: Print,
    story: StoryId,
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

impl Told {
    fn begun_by(print: &Print, sketch: &Sketch) -> Told {
        Told {
            members: Vec::new(),
            outlets: vec![print.outlet],
            began: sketch.at,
            last_grew: sketch.at,
            headline: sketch.title.as_str().into(),
            lead: sketch.article,
            plain: plainness(&sketch.title),
            standfirst: sketch.standfirst.as_deref().map(Into::into),
            picture: sketch.picture.clone().map(Box::new),
            language: sketch.understanding.language.0.as_str().into(),
            centre: None,
            names: Vec::new(),
            topics: Vec::new(),
        }
    }

    fn joined_by(
        &mut self,
        number: Number,
        print: &Print,
        sketch: &Sketch,
        alone: Option<&Print>,
        rarity: &Rarity,
    ) {
        self.members.push(number);
        if !self.outlets.contains(&print.outlet) {
            self.outlets.push(print.outlet);
        }
        self.began = self.began.min(sketch.at);
        self.last_grew = self.last_grew.max(sketch.at);
        let centre = self.centre.get_or_insert_with(|| {
            let mut centre = Box::<Centre>::default();
            alone.iter().for_each(|it| centre.add(it, rarity));
            centre
        });
        centre.add(print, rarity);
        self.consider_lead(sketch);
        if self.picture.is_none() {
            self.picture = sketch.picture.clone().map(Box::new);
        }
    }

    /// The first keeps its place unless another is clearly plainer: a story that changes its name is hard to follow.
    fn consider_lead(&mut self, sketch: &Sketch) {
        let plain = plainness(&sketch.title);
        if self.plain + 0.15 <= plain {
            self.plain = plain;
            self.lead = sketch.article;
            self.headline = sketch.title.as_str().into();
            self.standfirst = sketch.standfirst.as_deref().map(Into::into);
            self.language = sketch.understanding.language.0.as_str().into();
            self.picture = sketch.picture.clone().map(Box::new).or(self.picture.take());
        }
    }
}

/// Whether it was there before.
fn tally(counts: &mut Vec<(u32, u32)>, what: u32, by: u32) -> bool {
    match counts.iter_mut().find(|it| it.0 == what) {
        Some(known) => {
            known.1 = known.1.saturating_add(by);
            true
        }
        None => {
            counts.push((what, by));
            false
        }
    }
}

/// Those that count most; among equals those that came first.
fn most(counts: &[(u32, u32)], at_most: usize) -> impl Iterator<Item = u32> {
    let mut order: Vec<(u32, u32)> = counts.to_vec();
    order.sort_by_key(|it| std::cmp::Reverse(it.1));
    order.into_iter().take(at_most).map(|it| it.0)
}

/// Members by number; those that are gone leave a hole until all before them are gone too.
#[derive(Default)]
struct Members {
    first: Number,
    kept: std::collections::VecDeque<Option<Box<Kept>>>,
}

impl Members {
    fn end(&self) -> Number {
        self.first + self.kept.len() as Number
    }

    fn get(&self, number: Number) -> Option<&Kept> {
        self.kept.get(number.checked_sub(self.first)? as usize)?.as_deref()
    }

    fn push(&mut self, kept: Kept) {
        self.kept.push_back(Some(Box::new(kept)));
    }

    fn take(&mut self, number: Number) -> Option<Box<Kept>> {
        let taken = self.kept.get_mut(number.checked_sub(self.first)? as usize)?.take();
        while self.kept.front().is_some_and(Option::is_none) {
            self.kept.pop_front();
            self.first += 1;
        }
        taken
    }
}

/// Sums by member, without clearing a table of all of them each time.
#[derive(Default)]
struct Scratch {
    round: u32,
    first: Number,
    sums: Vec<(u32, f32)>,
    touched: Vec<Number>,
}

impl Scratch {
    fn begin(&mut self, first: Number, end: Number) {
        self.round += 1;
        self.touched.clear();
        if self.first != first || self.round == u32::MAX {
            self.sums.clear();
            self.first = first;
            self.round = 1;
        }
        self.sums.resize((end - first) as usize, (0, 0.0));
    }

    fn add(&mut self, number: Number, weight: f32) {
        let Some(place) = number.checked_sub(self.first).and_then(|it| self.sums.get_mut(it as usize)) else {
            return;
        };
        if place.0 != self.round {
            *place = (self.round, 0.0);
            self.touched.push(number);
        }
        place.1 += weight;
    }

    /// The largest sums first; among equals the latest.
    fn most(&mut self, at_most: usize) -> Vec<Number> {
        let sum = |number: Number| self.sums[(number - self.first) as usize].1;
        let mut found: Vec<(f32, Number)> = self.touched.iter().map(|&it| (sum(it), it)).collect();
        let order = |a: &(f32, Number), b: &(f32, Number)| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1));
        if at_most < found.len() {
            found.select_nth_unstable_by(at_most, order);
            found.truncate(at_most);
        }
        found.sort_unstable_by(order);
        found.into_iter().map(|it| it.1).collect()
    }
}

/// Names are long and come again: each is kept once.
struct Interned<T> {
    known: std::collections::HashMap<T, u32>,
    all: Vec<Option<(T, u32)>>,
    free: Vec<u32>,
}

impl<T> Default for Interned<T> {
    fn default() -> Interned<T> {
        Interned { known: Default::default(), all: Vec::new(), free: Vec::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Interned<T> {
    fn intern(&mut self, what: &T) -> u32 {
        if let Some(&number) = self.known.get(what) {
            if let Some(Some((_, uses))) = self.all.get_mut(number as usize) {
                *uses += 1;
            }
            return number;
        }
        let number = self.free.pop().unwrap_or_else(|| {
            self.all.push(None);
            self.all.len() as u32 - 1
        });
        self.all[number as usize] = Some((what.clone(), 1));
        self.known.insert(what.clone(), number);
        number
    }

    fn get(&self, number: u32) -> Option<&T> {
        self.all.get(number as usize)?.as_ref().map(|it| &it.0)
    }

    fn release(&mut self, number: u32) {
        let Some(place) = self.all.get_mut(number as usize) else { return };
        let Some((what, uses)) = place else { return };
        *uses -= 1;
        if *uses == 0 {
            self.known.remove(what);
            *place = None;
            self.free.push(number);
        }
    }
}
