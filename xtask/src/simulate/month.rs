//! The archive's month as stories: understood and placed as the pipeline does it, and looked at once a day.

use std::{
    collections::{BTreeMap, HashMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    path::Path,
};

use anyhow::Result;
use news::{ArticleId, Sketch, SourceId, StoryId, StorySketch, Timestamp};
use understand::{BuiltIn, Text};

/// Interests are words: easily known of a story, and nothing that ranking is told.
pub const SUBJECTS: [&[&str]; 12] = [
    &["ukraine", "kyiv", "kherson", "zelensky", "putin"],
    &["world cup", "qatar", "fifa"],
    &["twitter", "musk"],
    &["midterm", "senate", "republican", "democrat"],
    &["climate", "cop27", "emissions"],
    &["nasa", "spacecraft", "telescope", "artemis", "moon"],
    &["crypto", "bitcoin", "ftx", "bankman"],
    &["covid", "vaccine", "virus"],
    &["nfl", "quarterback", "touchdown"],
    &["netflix", "season", "trailer", "box office"],
    &["iphone", "android", "samsung", "pixel"],
    &["inflation", "interest rate", "recession"],
];

pub struct Month {
    pub days: Vec<Morning>,
    pub items: usize,
    pub stories: usize,
    pub sources: Vec<SourceId>,
    /// How many entries a week each source publishes.
    pub a_week: HashMap<SourceId, f32>,
    /// Of how many of its entries each subject is the subject.
    pub about: HashMap<SourceId, [u32; SUBJECTS.len()]>,
}

impl Month {
    /// The share of a source's entries that are of a subject.
    pub fn share(&self, source: SourceId, subject: usize) -> f32 {
        let weeks = self.days.len().max(7) as f32 / 7.0;
        let all = self.a_week.get(&source).map_or(0.0, |it| it * weeks);
        self.about.get(&source).map_or(0.0, |it| it[subject] as f32 / all.max(1.0))
    }
}

/// What there is at seven in the morning: stories that grew in the last two days, and what each is of.
pub struct Morning {
    pub day: usize,
    pub at: Timestamp,
    pub stories: Vec<(StorySketch, u32)>,
}

struct Item {
    at: Timestamp,
    feed: String,
    title: String,
    description: String,
    link: String,
}

impl Month {
    pub fn read(file: &Path, one_in: u64) -> Result<Month> {
        let items = items(file, one_in)?;
        // Four days are enough for mornings that look back two.
        let quiet = std::time::Duration::from_secs(4 * 86_400);
        let policy = cluster::Policy { quiet, late: 0, ..cluster::Policy::default() };
        let (embedder, mut index) = (BuiltIn::new(), cluster::Index::new(policy));
        let mut sources: HashMap<String, SourceId> = HashMap::new();
        let mut told: BTreeMap<StoryId, (StorySketch, u32)> = BTreeMap::new();
        let (mut days, mut all, mut counts) = (Vec::new(), 0, HashMap::<SourceId, f32>::new());
        let mut about: HashMap<SourceId, [u32; SUBJECTS.len()]> = HashMap::new();
        let first = items.first().map_or(Timestamp(0), |it| Timestamp(it.at.0 - it.at.0 % 86_400));
        let mut next = Timestamp(first.0 + (24 + 7) * 3600);
        for items in items.chunks(64) {
            let texts: Vec<Text> = items.iter().map(text).collect();
            for (item, understanding) in items.iter().zip(understand::understand(&texts, &embedder)?) {
                while next < item.at {
                    days.push(morning(days.len() + 1, next, &mut told));
                    index.expire();
                    next = Timestamp(next.0 + 86_400);
                }
                let fresh = SourceId(sources.len() as i64 + 1);
                let source = *sources.entry(item.feed.clone()).or_insert(fresh);
                *counts.entry(source).or_default() += 1.0;
                let subjects = subjects_of(item);
                for (number, times) in about.entry(source).or_default().iter_mut().enumerate() {
                    *times += subjects >> number & 1;
                }
                all += 1;
                let placed = index.place(sketch(all, item, source, understanding));
                enter(&mut told, item, source, placed);
            }
        }
        let weeks = days.len().max(7) as f32 / 7.0;
        let mut sources: Vec<SourceId> = sources.into_values().collect();
        sources.sort();
        let a_week = counts.into_iter().map(|(source, n)| (source, n / weeks)).collect();
        Ok(Month { stories: told.len(), days, items: all as usize, sources, a_week, about })
    }
}

fn items(file: &Path, one_in: u64) -> Result<Vec<Item>> {
    let rows = crate::evaluate::json_lines(file)?;
    let items = rows.into_iter().enumerate().filter(|(n, row)| {
        // Whole feeds are left out or in by day, so that a source's rate stays in proportion.
        (*n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).is_multiple_of(one_in.max(1))
            && row["lang"].as_str().is_some_and(|it| it.starts_with("en"))
    });
    let text = |row: &serde_json::Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    Ok(items
        .filter_map(|(_, row)| {
            let at = crate::evaluate::ranking::corpus::moment(row["t"].as_str()?)?;
            let description = plain(&text(&row, "description"));
            Some(Item {
                at,
                feed: text(&row, "feed"),
                title: text(&row, "title"),
                description,
                link: text(&row, "link"),
            })
        })
        .collect())
}

/// A description without its markup; at most so much.
fn plain(html: &str) -> String {
    let mut inside = false;
    let letters = html.chars().filter(|c| {
        inside = (inside || *c == '<') && *c != '>';
        !inside && *c != '>'
    });
    letters.take(800).collect()
}

fn text(item: &Item) -> Text<'_> {
    Text {
        title: &item.title,
        standfirst: None,
        body: &item.description,
        address: &item.link,
        language: None,
        labels: &[],
    }
}

fn sketch(number: i64, item: &Item, source: SourceId, understanding: news::Understanding) -> Sketch {
    let mut hasher = DefaultHasher::new();
    item.link.hash(&mut hasher);
    Sketch {
        article: ArticleId(number),
        source,
        outlet: news::outlet_of(&item.link).unwrap_or_default(),
        title: item.title.clone(),
        standfirst: None,
        picture: None,
        at: item.at,
        address: hasher.finish(),
        links: vec![],
        length: item.description.len() as u32,
        understanding,
    }
}

fn enter(
    told: &mut BTreeMap<StoryId, (StorySketch, u32)>,
    item: &Item,
    source: SourceId,
    placed: news::Placement,
) {
    let face = placed.face;
    let (sources, turns, subjects) =
        told.remove(&placed.story).map_or((vec![], 0, 0), |(it, subjects)| (it.sources, it.turns, subjects));
    let mut story = StorySketch {
        story: placed.story,
        headline: face.headline,
        language: face.language,
        centre: face.centre,
        names: face.names,
        topics: face.topics,
        terms: face.terms,
        authors: vec![],
        articles: face.articles,
        outlets: face.outlets,
        sources,
        began: face.began,
        last_grew: face.last_grew,
        words: 400,
        turns: turns + u32::from(0 < placed.facts),
        said: Default::default(),
    };
    if story.sources.iter().all(|(it, _)| *it != source) {
        story.sources.push((source, item.at));
    }
    told.insert(placed.story, (story, subjects | subjects_of(item)));
}

fn subjects_of(item: &Item) -> u32 {
    let text = format!("{} {}", item.title, item.description).to_lowercase();
    let about = |words: &[&str]| words.iter().any(|word| text.contains(word));
    SUBJECTS.iter().enumerate().filter(|(_, words)| about(words)).map(|(number, _)| 1 << number).sum()
}

fn morning(day: usize, at: Timestamp, told: &mut BTreeMap<StoryId, (StorySketch, u32)>) -> Morning {
    let since = Timestamp(at.0 - 2 * 86_400);
    let stories = told.values().filter(|(it, _)| since < it.last_grew).cloned().collect();
    Morning { day, at, stories }
}
