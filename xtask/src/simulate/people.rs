//! Readers with three interests: a stated one, one that shows in what they do and gives way to another after day 15,
//! and one that nobody stated and that their own sources (nearly) never tell of.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use news::{
    Because, Centre, Embedding, Follow, FollowId, Interests, Name, NameKind, Place, ReaderId, ReaderSettings,
    Retrieval, Signal, SignalId, SignalKind, SourceId, Stance, StoryId, StorySketch, Target, Timestamp,
    Weight,
};
use rank::{Profile, State};

use super::month::{Month, Morning, SUBJECTS};
use crate::evaluate::ranking::readers::dice;

const DRIFT: usize = 15;
/// The chance to open a wanted story that is looked at, any other one, and to look further down by one place.
const OPENS: f64 = 0.8;
const STRAYS: f64 = 0.03;
const GOES_ON: f64 = 0.97;
/// Entries a week of a source that is rare.
const RARE: f32 = 1.0;

#[derive(Clone, Copy, PartialEq)]
pub enum Part {
    All,
    Without(&'static str),
    NoExploring,
    /// What is set explores, however much is known.
    AlwaysExploring,
    /// Several sides of a reader are not told apart.
    NoCentres,
    NoLearning,
    Newest,
    Oracle,
}

impl Part {
    pub const ALL: [Part; 12] = [
        Part::Oracle,
        Part::All,
        Part::NoExploring,
        Part::AlwaysExploring,
        Part::NoCentres,
        Part::Without("taste"),
        Part::Without("names"),
        Part::Without("follow"),
        Part::Without("source"),
        Part::Without("rare_source"),
        Part::NoLearning,
        Part::Newest,
    ];

    pub fn name(self) -> String {
        match self {
            Part::All => "tidings".into(),
            Part::Without(feature) => format!("  without {feature}"),
            Part::NoExploring => "  without exploring".into(),
            Part::AlwaysExploring => "  exploring always".into(),
            Part::NoCentres => "  without centres".into(),
            Part::NoLearning => "  without learning".into(),
            Part::Newest => "newest first".into(),
            Part::Oracle => "oracle".into(),
        }
    }
}

/// What one day brought one reader.
pub struct Day {
    pub day: usize,
    pub ndcg: f64,
    pub regret: f64,
    /// Stories of the unstated interest that were opened.
    pub unstated: usize,
    /// Stories of the interest that was given up, and of nothing else that is wanted, among the first ten.
    pub old: usize,
    /// Stories of the new interest in the edition, and how many there were that a reader had not opened (of an
    /// edition's length at most).
    pub of_new: (usize, usize),
    /// What their own sources told that publish less than once a week, up to this day: so many stories, and so many of
    /// them were in an edition.
    pub rare: (usize, usize),
}

/// From which share of its entries on a source is one of a subject.
const TELLS_OF: f32 = 0.005;

struct Person {
    seed: u64,
    stated: usize,
    old: usize,
    new: usize,
    unstated: usize,
    sources: Vec<(SourceId, f32)>,
}

impl Person {
    fn of(number: u64, month: &Month) -> Person {
        let subject = |n: u64| ((number * 5 + n * 3) % SUBJECTS.len() as u64) as usize;
        let own = |source: &&SourceId| {
            month.share(**source, subject(3)) < TELLS_OF && dice(number * 1000 + source.0 as u64) < 0.35
        };
        let sources = month.sources.iter().filter(own).map(|it| (*it, month.a_week[it])).collect();
        Person {
            seed: number << 32,
            stated: subject(0),
            old: subject(1),
            new: subject(2),
            unstated: subject(3),
            sources,
        }
    }

    fn wants(&self, subjects: u32, day: usize) -> bool {
        let second = if day <= DRIFT { self.old } else { self.new };
        [self.stated, second, self.unstated].iter().any(|it| subjects & 1 << it != 0)
    }

    /// Only the first interest is stated, by one of its words.
    fn follow(&self) -> Follow {
        let text = SUBJECTS[self.stated][0].to_owned();
        Follow {
            id: FollowId(1),
            reader: ReaderId(1),
            target: Target::Name(Name { text, kind: NameKind::Other }),
            stance: Stance::Follow(Weight::More),
            label: None,
            folder: None,
            aliases: vec![],
            since: Timestamp(0),
            until: None,
            place: Place::Everywhere,
            alerts: None,
            seen: None,
        }
    }
}

/// Each reader's days.
pub fn live(month: &Month, part: Part, readers: u64) -> Vec<Vec<Day>> {
    (0..readers).map(|number| life(&Person::of(number, month), month, part)).collect()
}

#[derive(Default)]
struct Memory {
    interests: Interests,
    states: HashMap<StoryId, State>,
    rare: HashSet<StoryId>,
    rare_shown: HashSet<StoryId>,
}

fn life(person: &Person, month: &Month, part: Part) -> Vec<Day> {
    let mut memory = Memory::default();
    month.days.iter().map(|morning| day(person, morning, part, &mut memory)).collect()
}

fn day(person: &Person, morning: &Morning, part: Part, memory: &mut Memory) -> Day {
    let policy = match part {
        Part::Without(feature) => rank::Policy { left_out: vec![feature], ..rank::Policy::default() },
        Part::AlwaysExploring => rank::Policy { explores_always: 1.0, ..rank::Policy::default() },
        _ => rank::Policy::default(),
    };
    if part == Part::NoCentres {
        memory.interests.centres.clear();
    }
    let explore = if part == Part::NoExploring { 0.0 } else { 0.1 };
    let profile = Profile {
        reader: ReaderId(1),
        follows: vec![person.follow()],
        interests: memory.interests.clone(),
        settings: ReaderSettings { explore, ..ReaderSettings::default() },
        sources: person.sources.clone(),
    };
    let subjects: HashMap<StoryId, u32> = morning.stories.iter().map(|(it, of)| (it.story, *of)).collect();
    let wants = |story: StoryId| person.wants(subjects[&story], morning.day);
    let candidates =
        rank::pool(retrieve(person, morning, &memory.interests), memory.states.values().cloned().collect());
    let sketches: HashMap<StoryId, StorySketch> =
        candidates.iter().map(|it| (it.story.story, StorySketch::clone(&it.story))).collect();
    let fresh = |id: &StoryId| memory.states.get(id).is_none_or(|it| it.opened.is_none());
    let best = sketches.keys().filter(|id| fresh(id) && wants(**id)).count();
    let shown: Vec<(StoryId, Vec<Because>)> = match part {
        Part::Newest => by(&sketches, fresh, |it| it.last_grew.0),
        Part::Oracle => by(&sketches, fresh, |it| i64::from(wants(it.story))),
        _ => {
            let edition =
                rank::compose(&profile, candidates, &policy, person.seed ^ morning.day as u64, morning.at);
            edition.slots.iter().map(|it| (it.story, it.because().to_vec())).collect()
        }
    };
    let rare: HashSet<SourceId> =
        person.sources.iter().filter(|(_, a_week)| *a_week < RARE).map(|(it, _)| *it).collect();
    for sketch in sketches.values().filter(|it| it.sources.iter().any(|(source, _)| rare.contains(source))) {
        memory.rare.insert(sketch.story);
        if shown.iter().any(|(story, _)| *story == sketch.story) {
            memory.rare_shown.insert(sketch.story);
        }
    }
    let of_new = |id: StoryId| subjects[&id] & 1 << person.new != 0;
    let new_there = sketches.keys().filter(|id| fresh(id) && of_new(**id)).count();
    let unstated = look(person, morning, part, memory, &shown, &sketches, &subjects);
    let hits: Vec<bool> = shown.iter().map(|(id, _)| wants(*id)).collect();
    Day {
        day: morning.day,
        ndcg: ndcg(&hits, best),
        regret: 1.0 - hits.iter().filter(|it| **it).count() as f64 / best.clamp(1, 30) as f64,
        unstated,
        old: shown
            .iter()
            .take(10)
            .filter(|(id, _)| !wants(*id) && subjects[id] & 1 << person.old != 0)
            .count(),
        of_new: (shown.iter().filter(|(id, _)| of_new(*id)).count(), new_there.min(shown.len())),
        rare: (memory.rare.len(), memory.rare_shown.len()),
    }
}

/// As the store would: of their sources, what is like what they read, what many tell, and sixty of the rest.
fn retrieve(
    person: &Person,
    morning: &Morning,
    interests: &Interests,
) -> Vec<(Retrieval, Vec<Arc<StorySketch>>)> {
    let own = |it: &StorySketch| {
        it.sources.iter().any(|(source, _)| person.sources.iter().any(|(own, _)| own == source))
    };
    let shared = |of: &mut dyn Iterator<Item = &StorySketch>| of.cloned().map(Arc::new).collect();
    let stories = || morning.stories.iter().map(|(it, _)| it);
    let mut covered: Vec<&StorySketch> = stories().collect();
    covered.sort_by_key(|it| (std::cmp::Reverse(it.outlets), it.story));
    let mut strong: Vec<&Centre> = interests.centres.iter().collect();
    strong.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let directions: Vec<Embedding> = (strong.iter().take(2).map(|it| it.direction.clone()))
        .chain([interests.taste()])
        .filter(|it| !it.is_empty())
        .collect();
    let near = |it: &StorySketch| directions.iter().map(|to| to.likeness(&it.centre)).fold(0.0, f32::max);
    let mut similar: Vec<(f32, &StorySketch)> =
        stories().map(|it| (near(it), it)).filter(|(near, _)| 0.0 < *near).collect();
    similar.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.story.cmp(&b.1.story)));
    let mut others: Vec<&StorySketch> = stories().filter(|it| !own(it) && near(it) < FAR).collect();
    others.sort_by_key(|it| (dice(person.seed ^ it.story.0 as u64) * 1e9) as i64);
    vec![
        (Retrieval::FromSources, shared(&mut stories().filter(|it| own(it)).take(1500))),
        (Retrieval::Similar, shared(&mut similar.into_iter().take(300).map(|(_, it)| it))),
        (Retrieval::WidelyCovered, shared(&mut covered.into_iter().take(100))),
        (Retrieval::Unfamiliar, shared(&mut others.into_iter().take(60))),
    ]
}

/// Less like what they read than this is unfamiliar.
const FAR: f32 = 0.2;

fn by(
    sketches: &HashMap<StoryId, StorySketch>,
    fresh: impl Fn(&StoryId) -> bool,
    key: impl Fn(&StorySketch) -> i64,
) -> Vec<(StoryId, Vec<Because>)> {
    let mut all: Vec<&StorySketch> = sketches.values().filter(|it| fresh(&it.story)).collect();
    all.sort_by_key(|it| (-key(it), it.story));
    all.into_iter().take(30).map(|it| (it.story, vec![])).collect()
}

/// The reader goes down the edition and opens what they want. Answers how many were of the unstated interest.
fn look(
    person: &Person,
    morning: &Morning,
    part: Part,
    memory: &mut Memory,
    shown: &[(StoryId, Vec<Because>)],
    sketches: &HashMap<StoryId, StorySketch>,
    subjects: &HashMap<StoryId, u32>,
) -> usize {
    let (policy, learns) = (learn::Policy::default(), part != Part::NoLearning);
    let tell = |story: StoryId, because: &[Because], kind, later: i64, memory: &mut Memory| {
        let signal = Signal {
            id: SignalId(0),
            reader: ReaderId(1),
            story,
            article: None,
            edition: None,
            at: Timestamp(morning.at.0 + later),
            kind,
            device: "web".into(),
        };
        if learns {
            let believed = std::mem::take(&mut memory.interests);
            memory.interests = learn::absorb(believed, &signal, &sketches[&story], Some(because), &policy);
        }
    };
    for (position, (story, because)) in shown.iter().enumerate() {
        tell(*story, because, SignalKind::Shown { position: position as u16 }, 0, memory);
        let state =
            memory.states.entry(*story).or_insert_with(|| State { story: *story, ..State::default() });
        state.shown += 1;
    }
    let mut unstated = 0;
    for (position, (story, because)) in shown.iter().enumerate() {
        let throw = |of: u64| dice(person.seed ^ (morning.day as u64) << 16 ^ (position as u64) << 8 ^ of);
        if GOES_ON < throw(1) {
            break;
        }
        let chance = if person.wants(subjects[story], morning.day) { OPENS } else { STRAYS };
        if throw(2) < chance {
            tell(*story, because, SignalKind::Opened, 30 + position as i64, memory);
            let turns = sketches[story].turns;
            let state =
                memory.states.entry(*story).or_insert_with(|| State { story: *story, ..State::default() });
            (state.opened, state.turns, state.read) = (Some(morning.at), turns, true);
            unstated += usize::from(subjects[story] & 1 << person.unstated != 0);
        }
    }
    unstated
}

fn ndcg(hits: &[bool], best: usize) -> f64 {
    let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let ideal: f64 = (0..best.min(10)).map(gain).sum();
    let got: f64 =
        hits.iter().take(10).enumerate().filter(|(_, hit)| **hit).map(|(place, _)| gain(place)).sum();
    if ideal == 0.0 { 1.0 } else { got / ideal }
}

/// The day on which the third story of the unstated interest was opened; 31 for never.
pub fn unstated_found(days: &[Day]) -> usize {
    let mut opened = 0;
    let found = days.iter().find(|it| {
        opened += it.unstated;
        3 <= opened
    });
    found.map_or(31, |it| it.day)
}

/// Days after the drift until, of the new interest's stories of three days, half as large a share is shown as in the
/// last week.
pub fn drift_followed(days: &[Day]) -> usize {
    let share = |from: usize, to: usize| {
        let all = || days.iter().filter(|it| (from..=to).contains(&it.day)).map(|it| it.of_new);
        all().map(|(shown, _)| shown).sum::<usize>() as f64
            / all().map(|(_, there)| there).sum::<usize>().max(1) as f64
    };
    let later = share(24, 30);
    let followed = |day: &usize| 0.0 < later && later / 2.0 <= share((DRIFT + 1).max(day - 2), *day);
    (DRIFT + 1..=30).find(followed).unwrap_or(30) - DRIFT
}
