//! Made-up news and readers: subjects with words, names and directions of their own, told by sources of very different
//! rates; enough alike that every way of finding finds something.

use std::{collections::VecDeque, sync::Arc};

use anyhow::Result;
use news::{
    Belief, Centre, Embedding, Example, Extracted, Face, Health, Interests, Language, Name, NameKind,
    NewEntry, Placement, Published, ReaderId, Refreshed, SafeHtml, SignalId, SourceId, SourceKind, Stance,
    StoryId, Target, Term, Timestamp, Topic, Understanding, Weight,
};
use store::{ArticleDecision, NewFollow, NewSource, Stage, Store, Task};

use super::Args;

const BEGAN: Timestamp = Timestamp(1_700_000_000);
/// About what a thousand busy sources bring.
const A_DAY: f64 = 33_000.0;
const SUBJECTS: u64 = 60;
const PLACES: usize = 256;
/// Words of a text, and how many there are.
const SAID: usize = 240;
const WORDS: u64 = 60_000;
/// Articles that go through the store together.
const TOGETHER: usize = 1_000;

pub fn now(articles: usize) -> Timestamp {
    Timestamp(BEGAN.0 + (articles as f64 / A_DAY * 86_400.0) as i64)
}

pub async fn fill(store: &Arc<dyn Store>, args: &Args) -> Result<(Vec<ReaderId>, Timestamp)> {
    let mut sources = Vec::new();
    for number in 0..args.sources {
        let address = format!("https://s{number}.example/feed");
        let new = NewSource { address, kind: SourceKind::Feed, title: None, site: None, language: None };
        sources.push(store.add_source(&new, BEGAN).await?);
    }
    let mut world = World { dice: Dice(7), sources, recent: VecDeque::new() };
    for done in (0..args.articles).step_by(TOGETHER) {
        world.bring(&**store, TOGETHER.min(args.articles - done), now(done)).await?;
        if done % 20_000 == 0 {
            eprintln!("{done} articles");
        }
    }
    let mut readers = Vec::new();
    for number in 0..args.readers {
        readers.push(world.reader(store, number, args.follows).await?);
    }
    Ok((readers, now(args.articles)))
}

pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn even(&mut self) -> f32 {
        self.below(1 << 20) as f32 / (1 << 20) as f32
    }
}

fn word(number: u64) -> String {
    const PARTS: [&str; 16] = [
        "ka", "mor", "sel", "ti", "ran", "dov", "lu", "ben", "ost", "pi", "gra", "nem", "vi", "tor", "hal",
        "ser",
    ];
    let part = |place: u32| PARTS[(number >> (4 * place) & 15) as usize];
    let first = part(0);
    format!("{}{}{}{}", first[..1].to_uppercase(), &first[1..], part(1), part(2))
}

/// A word of texts by how often it is said: the n-th is in about 1 - e^(-22/n) of them, as words of a language are.
pub fn said(rank: u64) -> String {
    format!("w{rank}ed")
}

fn rank(dice: &mut Dice) -> u64 {
    (dice.even() * (WORDS as f32).ln()).exp() as u64
}

fn name(subject: u64, number: u64) -> Name {
    let of = subject * 64 + number;
    Name { text: format!("{} {}", word(of * 7), word(of * 13 + 5)), kind: NameKind::Person }
}

/// A subject's own direction, and a story's way from it.
fn direction(subject: u64, own: u64, apart: f32) -> Embedding {
    let (mut base, mut other) = (Dice(subject * 1_000_003 + 1), Dice(own * 7_919 + 3));
    let values: Vec<f32> = (0..PLACES).map(|_| base.even() - 0.5 + apart * (other.even() - 0.5)).collect();
    Embedding::of(&values)
}

fn terms(subject: u64, own: u64) -> Vec<Term> {
    let mut dice = Dice(own * 31 + 11);
    let hash = |it: u64| (it.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32;
    let mut terms: Vec<Term> = (0..40)
        .map(|_| {
            let word = if dice.below(10) < 6 {
                subject * 500 + dice.below(300)
            } else {
                1 << 20 | dice.below(20_000)
            };
            Term::new(hash(word), 1.0 + 3.0 * dice.even(), false)
        })
        .collect();
    terms.sort_by_key(|it| it.hash);
    terms.dedup_by_key(|it| it.hash);
    terms
}

fn topic(subject: u64) -> Topic {
    Topic(format!(
        "{}/{subject}",
        ["sport", "economy", "world", "science", "culture"][(subject % 5) as usize]
    ))
}

struct World {
    dice: Dice,
    sources: Vec<SourceId>,
    /// Stories that may still grow: each with its subject and its face.
    recent: VecDeque<(StoryId, u64, Face)>,
}

impl World {
    /// So many articles, through every stage.
    async fn bring(&mut self, store: &dyn Store, count: usize, at: Timestamp) -> Result<()> {
        let mut by_source: Vec<(SourceId, Vec<NewEntry>)> = Vec::new();
        for _ in 0..count {
            // A few sources tell most, many tell little.
            let share = self.dice.even();
            let source = self.sources[((share * share * share) * self.sources.len() as f32) as usize];
            let entry = self.entry(source, at);
            match by_source.iter_mut().find(|(it, _)| *it == source) {
                Some((_, entries)) => entries.push(entry),
                None => by_source.push((source, vec![entry])),
            }
        }
        for (source, _) in &by_source {
            store.refresh_now(*source, at).await?;
        }
        let tasks = store.claim(Stage::Refresh, self.sources.len(), 1, at).await?;
        let mut batch = Vec::new();
        let mut others = Vec::new();
        for task in tasks {
            match by_source.iter_mut().find(|(source, _)| source.0 == task.about) {
                Some((source, entries)) => {
                    batch.push((task, refreshed(*source, std::mem::take(entries), at)))
                }
                None => others.push(task),
            }
        }
        store.give_back(others).await?;
        store.record_refreshed(batch, at).await?;
        let tasks = store.claim(Stage::Extract, 2 * count, count, at).await?;
        let found = store.entries_to_extract(&tasks).await?;
        let articles = found.into_iter().map(|(task, it)| {
            let published = &it.entry.published;
            let mut dice = Dice(it.entry.id.0 as u64);
            let words: Vec<String> = (0..SAID).map(|_| said(rank(&mut dice))).collect();
            let text = format!("{}. It was so. {}.", published.title, words.join(" "));
            let article = Extracted {
                address: published.url.clone().unwrap_or_default(),
                title: published.title.clone(),
                body: SafeHtml::vouched_for(format!("<p>{text}</p>")),
                text,
                ..Extracted::default()
            };
            (task, it.entry.id, ArticleDecision::Article(Box::new(article)))
        });
        store.record_articles(articles.collect(), at).await?;
        let tasks = store.claim(Stage::Understand, 2 * count, count, at).await?;
        let found = store.articles_to_understand(&tasks).await?;
        let understood =
            found.into_iter().map(|(task, it)| (task, it.id, self.understanding(it.id.0 as u64)));
        let understood = understood.collect();
        store.record_understandings(understood, at).await?;
        let tasks = store.claim(Stage::Cluster, 2 * count, 2 * count, at).await?;
        let found = store.sketches_to_place(&tasks).await?;
        let placed: Vec<(Task, Placement, Vec<news::Mending>)> =
            found.into_iter().map(|(task, sketch)| (task, self.place(&sketch, at), Vec::new())).collect();
        store.record_placements(placed, at).await?;
        Ok(())
    }

    fn entry(&mut self, source: SourceId, at: Timestamp) -> NewEntry {
        let number = self.dice.below(1 << 40);
        let title = (0..9).map(|_| word(self.dice.below(4096))).collect::<Vec<_>>().join(" ");
        let url = format!("https://s{}.example/{number}", source.0);
        NewEntry {
            identity: url.clone(),
            fingerprint: number as i64,
            published: Published {
                guid: url.clone(),
                url: Some(url),
                title,
                at: Some(at),
                ..Published::default()
            },
        }
    }

    fn understanding(&mut self, own: u64) -> Understanding {
        let subject = own % SUBJECTS;
        Understanding {
            model: "made up".into(),
            language: Language("en".into()),
            embedding: direction(subject, own, 1.2),
            names: (0..10).map(|_| name(subject, self.dice.below(64))).collect(),
            topics: vec![topic(subject)],
            terms: terms(subject, own),
            numbers: Vec::new(),
            shingles: Vec::new(),
        }
    }

    /// Three in ten are about something that is told already.
    fn place(&mut self, sketch: &news::Sketch, at: Timestamp) -> Placement {
        let understanding = &sketch.understanding;
        let subject = sketch.article.0 as u64 % SUBJECTS;
        let grown = (self.dice.below(10) < 3)
            .then(|| self.recent.iter_mut().rev().find(|(_, of, face)| *of == subject && face.articles < 12))
            .flatten();
        let (story, face) = match grown {
            Some((story, _, face)) => {
                face.articles += 1;
                face.outlets += 1;
                face.last_grew = at;
                (*story, face.clone())
            }
            None => {
                let face = Face {
                    headline: sketch.title.clone(),
                    lead: sketch.article,
                    language: Some(understanding.language.clone()),
                    began: at,
                    last_grew: at,
                    articles: 1,
                    outlets: 1,
                    centre: understanding.embedding.clone(),
                    names: understanding.names.clone(),
                    topics: understanding.topics.clone(),
                    terms: understanding.terms.clone(),
                    ..Face::default()
                };
                let story = StoryId(sketch.article.0);
                self.recent.push_back((story, subject, face.clone()));
                if 2_000 < self.recent.len() {
                    self.recent.pop_front();
                }
                (story, face)
            }
        };
        Placement { article: sketch.article, story, likeness: 1.0, evidence: Vec::new(), facts: 1, face }
    }

    async fn reader(&mut self, store: &Arc<dyn Store>, number: usize, follows: usize) -> Result<ReaderId> {
        let reader = store.add_reader(&format!("Reader {number}"), BEGAN).await?.id;
        let sides: Vec<u64> = (0..4).map(|_| self.dice.below(SUBJECTS)).collect();
        let mut targets: Vec<Target> = (0..follows)
            .map(|_| Target::Source(self.sources[self.dice.below(self.sources.len() as u64) as usize]))
            .collect();
        targets.extend((0..8).map(|n| Target::Name(name(sides[n as usize % 4], self.dice.below(64)))));
        targets.push(Target::Topic(topic(sides[0])));
        let mut at_work = tokio::task::JoinSet::new();
        for target in targets {
            let (store, follow) = (store.clone(), NewFollow::new(target, Stance::Follow(Weight::More)));
            at_work.spawn(async move { store.add_follow(reader, &follow, BEGAN).await.map(|_| ()) });
        }
        let muted = Target::Name(name(self.dice.below(SUBJECTS), 3));
        store
            .add_follow(
                reader,
                &NewFollow::new(muted, Stance::Mute { except_big: false, in_text: false }),
                BEGAN,
            )
            .await?;
        while let Some(done) = at_work.join_next().await {
            done??;
        }
        store.record_interests(None, reader, &self.interests(&sides), SignalId(1)).await?;
        Ok(reader)
    }

    fn interests(&mut self, sides: &[u64]) -> Interests {
        let mut interests = Interests { signals: 300, as_of: BEGAN, ..Interests::default() };
        let mut taste = vec![0.0; PLACES];
        for (side, weight) in sides.iter().zip([1.0, 0.7, 0.5, 0.3]) {
            let towards = direction(*side, 0, 0.0);
            taste.iter_mut().zip(towards.direction()).for_each(|(to, value)| *to += 0.5 * weight * value);
            interests.centres.push(Centre {
                direction: towards,
                weight: 9.0 * weight,
                example: "One".into(),
            });
            interests.words.extend(terms(*side, *side).into_iter().map(|it| (it.hash, 0.05 * weight)));
        }
        interests.words.extend((0..1200_u32).map(|it| (it.wrapping_mul(2_654_435_761), 0.01)));
        interests.words.sort_unstable_by_key(|it| it.0);
        interests.taste = taste;
        for n in 0..300 {
            let (subject, own) =
                (if n % 2 == 0 { sides[n as usize % 4] } else { self.dice.below(SUBJECTS) }, n + 1);
            let liking: f32 = if n % 2 == 0 { 1.0 } else { -1.0 };
            let belief = Belief { liked: liking.max(0.0), disliked: (-liking).max(0.0), corrected: None };
            interests.beliefs.insert(Target::Name(name(subject, self.dice.below(64))), belief);
            interests.examples.push(Example {
                story: StoryId(own as i64),
                at: BEGAN,
                headline: "An older story of that kind, with a headline".into(),
                direction: direction(subject, own, 1.2),
                words: terms(subject, own).into_iter().map(|it| (it.hash, 0.16)).collect(),
                liking,
                pull: 0.1 * liking,
                by_hand: 0.0,
                position: None,
                about: Vec::new(),
                shown_with: Vec::new(),
            });
        }
        interests
    }
}

fn refreshed(source: SourceId, added: Vec<NewEntry>, at: Timestamp) -> Refreshed {
    let (next_due, due_because) = (Timestamp(at.0 + 3600), "every hour".into());
    let health = Health { next_due, due_because, ..Health::default() };
    Refreshed { language: Some(Language("en".into())), added, ..Refreshed::nothing(source, health) }
}
