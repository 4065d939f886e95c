//! Whether an article that says nothing new is held back, and one that does is not: nobody has labelled that, so it is
//! measured where it is known. An editor's roundup of a story, and the beginning of one of its articles under another
//! headline, say what was said. The second half of an article says what the first did not.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use cluster::{Index, Policy};
use news::{ArticleId, Sketch, StoryId};
use serde_json::json;
use understand::BuiltIn;

use super::{
    Args,
    stories::told::{self, Told},
};

/// Sentences of an excerpt, as feeds give them.
const EXCERPT: usize = 3;
/// Articles that can be cut in two have so many sentences.
const LONG: usize = 12;

const STORY: StoryId = StoryId(1);

#[derive(Default)]
struct Counts {
    all: usize,
    bring: usize,
    facts: u64,
}

pub fn run(args: &Args) -> Result<()> {
    let is_whole = |name: &str| name.starts_with("allsides") || name.starts_with("g5w");
    for file in super::files(args, "stories", is_whole)? {
        let mut stories: BTreeMap<String, Vec<Told>> = BTreeMap::new();
        for article in told::read(&file)? {
            stories.entry(article.story.clone()).or_default().push(article);
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let roundups = roundups(args, &name)?;
        let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
        for (story, articles) in &stories {
            for (what, known, new) in cases(articles, roundups.get(story)) {
                let facts = brings(known, new)?;
                let count = counts.entry(what).or_default();
                count.all += 1;
                count.bring += usize::from(0 < facts);
                count.facts += u64::from(facts);
            }
        }
        for (what, it) in counts {
            let share = it.bring as f64 / it.all.max(1) as f64;
            let facts = it.facts as f64 / it.all.max(1) as f64;
            match args.json {
                true => println!(
                    "{}",
                    json!({"what": "turns", "file": name, "case": what, "n": it.all, "bring": share, "facts": facts})
                ),
                false => println!(
                    "{name}: {what:<44} {:>5}  bring something new {share:.3}, {facts:.1} things each",
                    it.all
                ),
            }
        }
    }
    Ok(())
}

/// What a story says, what comes, and what that is.
fn cases<'a>(articles: &[Told], roundup: Option<&Told>) -> Vec<(&'a str, Vec<Told>, Told)> {
    let mut cases = Vec::new();
    if let Some(roundup) = roundup {
        cases.push(("old: an editor's roundup of it", articles.to_vec(), roundup.clone()));
    }
    if let [first, .., last] = articles {
        let sentences: Vec<&str> = understand::sentences_of(&last.body).take(EXCERPT).collect();
        let excerpt = Told { title: first.title.clone(), body: sentences.join(" "), ..last.clone() };
        cases.push(("old: the beginning of one under another's headline", articles.to_vec(), excerpt));
        let (last, known) = (last.clone(), articles[..articles.len() - 1].to_vec());
        cases.push(("another outlet's article", known, last));
    }
    for article in articles {
        let sentences: Vec<&str> = understand::sentences_of(&article.body).collect();
        if LONG <= sentences.len() {
            let (first, second) = sentences.split_at(sentences.len() / 2);
            let part = |of: &[&str], title: &str| Told {
                title: title.into(),
                body: of.join(" "),
                ..article.clone()
            };
            cases.push((
                "new: the second half of an article",
                vec![part(first, &article.title)],
                part(&second[1..], second[0]),
            ));
        }
    }
    cases
}

fn brings(known: Vec<Told>, new: Told) -> Result<u32> {
    let all: Vec<Told> = known.into_iter().chain([new]).collect();
    let mut sketches: Vec<Sketch> = told::sketches(&all, &BuiltIn::new())?;
    let Some(mut new) = sketches.pop() else { return Ok(0) };
    new.article = ArticleId(1_000);
    let mut index = Index::new(Policy::default());
    sketches.into_iter().for_each(|it| index.insert(it, STORY));
    Ok(index.facts(STORY, &new))
}

/// By story.
fn roundups(args: &Args, stories: &str) -> Result<HashMap<String, Told>> {
    let file = args.data.join("keypoints").join(stories.replace("allsides-", "allsides-roundups-"));
    if !stories.starts_with("allsides-") || !file.exists() {
        return Ok(HashMap::new());
    }
    let read = |line: &serde_json::Value| {
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let it = Told {
            story: text("story"),
            title: text("roundup_title"),
            body: text("roundup"),
            at: told::moment(&text("date")).unwrap_or(0),
            outlet: "roundup.example".into(),
            url: String::new(),
        };
        (it.story.clone(), it)
    };
    Ok(super::json_lines(&file)?.iter().map(read).collect())
}
