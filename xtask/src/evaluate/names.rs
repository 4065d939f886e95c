//! Names: whole names with their kinds, right or wrong, over all names of a file (micro F1). Kinds are folded to person,
//! organisation, place and other; dates and sums are not names to us.

use std::{collections::HashMap, path::Path};

use anyhow::{Context, Result};
use news::NameKind;
use understand::names::training::{KINDS, Memory, Room, Span};

use super::Args;

pub struct Sentence {
    pub tokens: Vec<String>,
    pub spans: Vec<Span>,
}

pub fn run(args: &Args) -> Result<()> {
    let files = super::files(args, "names", |name| name.contains("fit") || name.contains("report"))?;
    for file in files {
        let documents = documents(&file)?;
        let counts = measure(&documents);
        print(args, &file, &counts);
    }
    Ok(())
}

/// Of each kind, then of all: how many are right, how many we said, how many there are.
type Counts = [(u32, u32, u32); 5];

fn measure(documents: &[Vec<Sentence>]) -> Counts {
    let tagger = understand::names::tagger();
    let mut counts = Counts::default();
    let mut room = Room::default();
    for document in documents {
        let mut memory = Memory::default();
        for sentence in document {
            let tokens: Vec<&str> = sentence.tokens.iter().map(String::as_str).collect();
            let found = tagger.names(&tokens, &mut memory, &mut room);
            for at in 0..KINDS.len() + 1 {
                let of_kind = |span: &&Span| at == KINDS.len() || span.kind == KINDS[at];
                counts[at].0 +=
                    found.iter().filter(of_kind).filter(|it| sentence.spans.contains(it)).count() as u32;
                counts[at].1 += found.iter().filter(of_kind).count() as u32;
                counts[at].2 += sentence.spans.iter().filter(of_kind).count() as u32;
            }
        }
    }
    counts
}

fn print(args: &Args, file: &Path, counts: &Counts) {
    let f1 = |(right, said, there): (u32, u32, u32)| {
        let p = f64::from(right) / f64::from(said.max(1));
        let r = f64::from(right) / f64::from(there.max(1));
        (p, r, if right == 0 { 0.0 } else { 2.0 * p * r / (p + r) })
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let (p, r, f) = f1(counts[4]);
    if args.json {
        let file = file.display().to_string();
        println!(
            "{}",
            serde_json::json!({"what": "names", "file": file, "n": counts[4].2, "p": p, "r": r, "f1": f})
        );
        return;
    }
    println!("{name}: {} names, precision {p:.4}, recall {r:.4}, F1 {f:.4}", counts[4].2);
    for (kind, counts) in KINDS.iter().zip(counts) {
        let (p, r, f) = f1(*counts);
        println!("  {:<13} {:>6}  {p:.4}  {r:.4}  {f:.4}", format!("{kind:?}"), counts.2);
    }
}

/// The documents of a file: CoNLL columns, or one JSON object a line.
pub fn documents(file: &Path) -> Result<Vec<Vec<Sentence>>> {
    let is_json = file.to_string_lossy().contains(".json");
    if is_json { worldwide(file) } else { Ok(conll(&super::read(file)?)) }
}

fn conll(text: &str) -> Vec<Vec<Sentence>> {
    let mut documents: Vec<Vec<Sentence>> = vec![Vec::new()];
    let (mut tokens, mut tags) = (Vec::new(), Vec::new());
    for line in text.lines().chain(std::iter::once("")) {
        let mut columns = line.split_whitespace();
        match (columns.next(), columns.last()) {
            (Some("-DOCSTART-"), _) => documents.push(Vec::new()),
            (Some(token), Some(tag)) => {
                tokens.push(token.to_owned());
                tags.push(tag.to_owned());
            }
            _ if tokens.is_empty() => {}
            _ => {
                let spans = spans(&tags);
                documents
                    .last_mut()
                    .expect("never empty")
                    .push(Sentence { tokens: std::mem::take(&mut tokens), spans });
                tags.clear();
            }
        }
    }
    documents.retain(|document| !document.is_empty());
    documents
}

fn worldwide(file: &Path) -> Result<Vec<Vec<Sentence>>> {
    let strings = |value: &serde_json::Value| -> Vec<String> {
        value.as_array().into_iter().flatten().map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
    };
    let document = |line: &serde_json::Value| -> Result<Vec<Sentence>> {
        let sentences = line["sentences"].as_array().context("no sentences")?;
        let sentences = sentences
            .iter()
            .map(|it| Sentence { tokens: strings(&it["tokens"]), spans: spans(&strings(&it["tags"])) });
        Ok(sentences.collect())
    };
    super::json_lines(file)?.iter().map(document).collect()
}

/// Names in BIO or BIOES tags.
fn spans(tags: &[String]) -> Vec<Span> {
    let kinds: HashMap<&str, NameKind> = HashMap::from([
        ("PER", NameKind::Person),
        ("PERSON", NameKind::Person),
        ("ORG", NameKind::Organisation),
        ("ORGANIZATION", NameKind::Organisation),
        ("LOC", NameKind::Place),
        ("GPE", NameKind::Place),
        ("FAC", NameKind::Place),
        ("LOCATION", NameKind::Place),
        ("FACILITY", NameKind::Place),
        ("MISC", NameKind::Other),
        ("NORP", NameKind::Other),
        ("PRODUCT", NameKind::Other),
        ("EVENT", NameKind::Other),
        ("WORK_OF_ART", NameKind::Other),
        ("LAW", NameKind::Other),
    ]);
    let mut spans: Vec<Span> = Vec::new();
    let mut open = "";
    for (at, tag) in tags.iter().enumerate() {
        let (place, class) = tag.split_once('-').unwrap_or(("O", ""));
        let continues = matches!(place, "I" | "E") && class == open;
        open = class;
        let Some(&kind) = kinds.get(class.to_uppercase().as_str()) else { continue };
        match spans.last_mut() {
            Some(span) if continues && span.tokens.end == at => span.tokens.end = at + 1,
            _ => spans.push(Span { tokens: at..at + 1, kind }),
        }
    }
    spans
}
