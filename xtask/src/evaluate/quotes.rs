//! Quotations: which words of a text are told as said or thought by someone (token overlap; the figures p, r, f1), how many
//! contents are found exactly, and whether the source is right.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use understand::quotes::Attribution;

use super::Args;

type Range = (usize, usize);

/// One attribution as people marked it.
pub struct Marked {
    pub source: Vec<Range>,
    pub cue: Vec<Range>,
    pub content: Vec<Range>,
}

pub struct Document {
    pub text: String,
    pub marked: Vec<Marked>,
}

pub fn run(args: &Args) -> Result<()> {
    let files = super::files(args, "quotes", |name| name.contains("polnear"))?;
    for file in files {
        let documents = documents(&file)?;
        print(args, &file, &documents);
    }
    Ok(())
}

#[derive(Default)]
struct Count {
    right: f64,
    said: f64,
    there: f64,
}

impl Count {
    fn json(&self) -> Value {
        let p = self.right / self.said.max(1.0);
        let r = self.right / self.there.max(1.0);
        json!({"p": p, "r": r, "f1": if self.right == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }})
    }
}

fn print(args: &Args, file: &Path, documents: &[Document]) {
    let mut figures = Figures::default();
    for document in documents {
        figures.count(document, &understand::quotes::of_repository(&document.text));
    }
    let marked: usize = documents.iter().map(|it| it.marked.len()).sum();
    if !args.json {
        println!("{}: {marked} attributions", file.file_name().unwrap_or_default().to_string_lossy());
        return figures.print();
    }
    let mut line = json!({"what": "quotes", "file": file.display().to_string(), "n": marked});
    for (name, value) in figures.words.json().as_object().into_iter().flatten() {
        line[name] = value.clone();
    }
    line["exact"] = figures.exact.json();
    line["source_exact"] = figures.source.json();
    line["source_overlap"] = figures.source_overlap.json();
    println!("{line}");
}

/// Over some documents: words of contents, whole contents, and sources.
#[derive(Default)]
pub struct Figures {
    words: Count,
    exact: Count,
    source: Count,
    source_overlap: Count,
}

impl Figures {
    pub fn count(&mut self, document: &Document, found: &[Attribution]) {
        count_tokens(document, found, &mut self.words);
        count_exact(document, found, &mut self.exact, &mut self.source, &mut self.source_overlap);
    }

    pub fn print(&self) {
        for (what, count) in [
            ("content, words", &self.words),
            ("content, exact", &self.exact),
            ("source, exact", &self.source),
            ("source, overlap", &self.source_overlap),
        ] {
            let count = count.json();
            let figure = |name: &str| count[name].as_f64().unwrap_or(0.0);
            println!("  {what:<16} p {:.3}  r {:.3}  F1 {:.3}", figure("p"), figure("r"), figure("f1"));
        }
    }
}

fn count_tokens(document: &Document, found: &[Attribution], count: &mut Count) {
    let cover = |ranges: Vec<Range>| -> Vec<bool> {
        let mut covered = vec![false; document.text.len()];
        ranges.iter().for_each(|&(from, to)| covered[from..to].fill(true));
        covered
    };
    let said = cover(found.iter().flat_map(|it| it.content.clone()).collect());
    let there = cover(document.marked.iter().flat_map(|it| it.content.clone()).collect());
    let mut inside = false;
    for (at, c) in document.text.char_indices() {
        let word = c.is_alphanumeric();
        if word && !inside {
            count.said += f64::from(u8::from(said[at]));
            count.there += f64::from(u8::from(there[at]));
            count.right += f64::from(u8::from(said[at] && there[at]));
        }
        inside = word || inside && matches!(c, '\'' | '’');
    }
}

fn count_exact(
    document: &Document,
    found: &[Attribution],
    exact: &mut Count,
    source: &mut Count,
    overlap: &mut Count,
) {
    let bare = |(from, to): Range| -> Range {
        let text = &document.text[from..to];
        let marks = |c: char| !c.is_alphanumeric();
        let begin = text.len() - text.trim_start_matches(marks).len();
        (from + begin, from + text.trim_end_matches(marks).len().max(begin))
    };
    let all = |spans: &[Range]| -> Vec<Range> { spans.iter().map(|&span| bare(span)).collect() };
    exact.said += found.len() as f64;
    exact.there += document.marked.len() as f64;
    let sources = |it: &&Marked| !it.source.is_empty();
    let there = document.marked.iter().filter(sources).count() as f64;
    let said = found.iter().filter(|it| it.source.is_some()).count() as f64;
    for count in [&mut *source, &mut *overlap] {
        count.said += said;
        count.there += there;
    }
    for marked in &document.marked {
        let same = found.iter().find(|it| all(&it.content) == all(&marked.content));
        exact.right += f64::from(u8::from(same.is_some()));
        let meets = |a: Range, b: Range| a.0 < b.1 && b.0 < a.1;
        let near = found.iter().find(|it| marked.cue.iter().any(|&cue| meets(cue, it.cue)));
        let (Some(near), Some(&mine)) = (near, marked.source.first()) else { continue };
        if let Some(said) = near.source {
            source.right += f64::from(u8::from(bare(said) == bare(mine)));
            overlap.right += f64::from(u8::from(meets(said, mine)));
        }
    }
}

/// The first annotator's marks; character offsets become bytes.
pub fn documents(file: &Path) -> Result<Vec<Document>> {
    super::json_lines(file)?.iter().map(document).collect()
}

fn document(line: &Value) -> Result<Document> {
    let text = line["text"].as_str().context("no text")?.to_owned();
    let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    bytes.push(text.len());
    let range = |value: &Value| -> Option<Range> {
        let at = |place: usize| bytes.get(value[place].as_u64()? as usize).copied();
        Some((at(0)?, at(1)?)).filter(|(from, to)| from < to)
    };
    let ranges =
        |value: &Value| -> Vec<Range> { value.as_array().into_iter().flatten().filter_map(range).collect() };
    let marked = line["annotations"][0]["attributions"].as_array().into_iter().flatten().map(|it| Marked {
        source: ranges(&it["source"]),
        cue: ranges(&it["cue"]),
        content: ranges(&it["content"]),
    });
    let marked = marked.filter(|it| !it.content.is_empty()).collect();
    Ok(Document { text, marked })
}
