//! How long an edition takes to compose, from made-up stories: `cargo run --release -p rank --example edition_speed`.

use std::time::Instant;

use news::{
    Belief, Centre, Embedding, Follow, FollowId, Interests, Name, NameKind, Place, ReaderId, ReaderSettings,
    Retrieval, SourceId, Stance, StoryId, StorySketch, Target, Term, Timestamp, Topic, Weight,
};
use rank::{Policy, Profile, compose, pool};

const NOW: Timestamp = Timestamp(1_700_000_000);
const PLACES: usize = 384;

fn main() {
    let count: usize = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(2000);
    let mut dice = Dice(7);
    let profile = profile(&mut dice);
    let stories: Vec<_> = (0..count).map(|id| story(id, &mut dice).into()).collect();
    let mut took = Vec::new();
    let mut slots = 0;
    for seed in 0..200 {
        let found = vec![(Retrieval::FromSources, stories.clone())];
        let begun = Instant::now();
        let edition = compose(&profile, pool(found, vec![]), &Policy::default(), seed, NOW);
        took.push(begun.elapsed());
        slots += edition.slots.len();
    }
    took.sort();
    println!(
        "{count} candidates, {slots} slots: median {:?}, p99 {:?}",
        took[took.len() / 2],
        took[took.len() * 99 / 100]
    );
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }

    fn direction(&mut self) -> Embedding {
        Embedding::of(&(0..PLACES).map(|_| self.below(2001) as f32 - 1000.0).collect::<Vec<_>>())
    }

    fn word(&mut self) -> String {
        const PARTS: [&str; 12] =
            ["ka", "mor", "sel", "ti", "ran", "dov", "lu", "ben", "ost", "pi", "gra", "nem"];
        let parts: String = (0..2 + self.below(2)).map(|_| PARTS[self.below(12)]).collect();
        parts[..1].to_uppercase() + &parts[1..]
    }

    fn name(&mut self) -> Name {
        Name { text: format!("{} {}", self.word(), self.word()), kind: NameKind::Person }
    }

    fn topic(&mut self) -> Topic {
        Topic(format!("{}/{}", ["sport", "economy", "world", "science"][self.below(4)], self.below(9)))
    }
}

fn story(id: usize, dice: &mut Dice) -> StorySketch {
    let grew = Timestamp(NOW.0 - dice.below(200_000) as i64);
    StorySketch {
        story: StoryId(id as i64 + 1),
        headline: (0..10).map(|_| dice.word()).collect::<Vec<_>>().join(" "),
        language: None,
        centre: dice.direction(),
        names: (0..16).map(|_| dice.name()).collect(),
        topics: (0..2).map(|_| dice.topic()).collect(),
        terms: (0..24)
            .map(|_| Term::new(dice.below(5000) as u32, 1.0 + dice.below(5) as f32, false))
            .collect(),
        authors: vec![dice.name().text],
        articles: 3,
        turns: 3,
        outlets: 1 + dice.below(4) as u32,
        sources: (0..2).map(|_| (SourceId(dice.below(1000) as i64), grew)).collect(),
        began: grew,
        last_grew: grew,
        words: 400,
        said: Default::default(),
    }
}

fn profile(dice: &mut Dice) -> Profile {
    let follow = |number: i64, target| Follow {
        id: FollowId(number),
        reader: ReaderId(1),
        target,
        stance: if number % 8 == 0 {
            Stance::Mute { except_big: true, in_text: false }
        } else {
            Stance::Follow(Weight::More)
        },
        label: None,
        folder: None,
        aliases: vec![],
        since: Timestamp(0),
        until: None,
        place: Place::Everywhere,
        alerts: None,
        seen: None,
    };
    let mut interests = Interests { taste: vec![0.1; PLACES], ..Interests::default() };
    interests.words = (0..800).map(|_| (dice.below(5000) as u32, 0.1)).collect();
    interests.centres = (0..12)
        .map(|_| Centre { direction: dice.direction(), weight: 3.0, example: "An older story".into() })
        .collect();
    for _ in 0..300 {
        let belief = Belief { liked: 3.0, disliked: 1.0, corrected: None };
        interests.beliefs.insert(Target::Name(dice.name()), belief);
        interests.beliefs.insert(Target::Source(SourceId(dice.below(1000) as i64)), belief);
        interests.beliefs.insert(Target::Topic(dice.topic()), belief);
    }
    Profile {
        reader: ReaderId(1),
        follows: (0..41)
            .map(|number| {
                let target = match number % 4 {
                    0 => Target::Words(dice.word()),
                    1 => Target::Topic(dice.topic()),
                    _ => Target::Name(dice.name()),
                };
                follow(number, target)
            })
            .collect(),
        interests,
        settings: ReaderSettings::default(),
        sources: (0..200).map(|id| (SourceId(id), id as f32 / 4.0)).collect(),
    }
}
