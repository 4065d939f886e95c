//! Documents to read: out of a folder, an archive, or one by one.

use std::{io::Read, path::Path};

use anyhow::{Context, Result};

/// Parts of a set's name that say nothing about a document.
const NO_DOCUMENT: [&str; 8] = [".py", ".md", ".tsv", "LICENSE", ".jsonl", ".css", ".xsl", ".dict"];
/// No document of any set is larger; what is, is cut by the reader anyway.
const LARGEST: u64 = 64 << 20;

pub struct Document {
    pub name: String,
    pub bytes: Vec<u8>,
    /// What a manifest beside it says of it: the header that it is served with, and the title to be found.
    content_type: Option<String>,
    pub expected_title: Option<String>,
    /// `must-report` or `must-not-report`: whether a strict validator has something to say about it.
    pub kind: Option<String>,
}

impl Document {
    fn of(name: String, bytes: Vec<u8>) -> Document {
        Document { name, bytes, content_type: None, expected_title: None, kind: None }
    }

    /// The folder it lies in: feedparser's folders are formats.
    pub fn group(&self) -> String {
        let folder = self.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let parts: Vec<&str> = folder.rsplit('/').take(2).collect();
        parts.into_iter().rev().collect::<Vec<_>>().join("/")
    }

    /// The document as text, for looking at: whatever its charset, its ASCII shows.
    pub fn ascii(&self) -> String {
        self.bytes.iter().filter(|b| **b != 0).map(|&b| char::from(b)).collect()
    }

    /// A header that the document says, in a comment, that it would be served with.
    pub fn header(&self, name: &str) -> Option<String> {
        if name == "content-type" && self.content_type.is_some() {
            return self.content_type.clone();
        }
        let text = self.ascii();
        let start = &text[..text.floor_char_boundary(2_000)];
        let lines = start.lines().filter_map(|line| line.trim().strip_prefix("Header:"));
        let mut headers = lines.filter_map(|line| line.split_once(':'));
        headers
            .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
    }
}

/// The documents of a folder, of a `.tar.zst`, or the one document that this is.
pub fn of(path: &Path) -> Result<Vec<Document>> {
    let mut documents = Vec::new();
    if path.is_dir() {
        folder(path, path, &mut documents)?;
        documents.sort_by(|a, b| a.name.cmp(&b.name));
        note_manifest(path, &mut documents);
        return Ok(documents);
    }
    let name = path.to_string_lossy().into_owned();
    let file = std::fs::File::open(path).with_context(|| format!("no documents at {}", path.display()))?;
    let mut bytes = Vec::new();
    if name.ends_with(".zst") {
        zstd::Decoder::new(file)?.read_to_end(&mut bytes)?;
    } else {
        file.take(LARGEST).read_to_end(&mut bytes)?;
    }
    if name.ends_with(".tar.zst") || name.ends_with(".tar") {
        return Ok(archive(&bytes));
    }
    // One JSON object a line, each with a document in it, is a set of documents too.
    if name.ends_with(".jsonl") || name.ends_with(".jsonl.zst") {
        return Ok(lines(&bytes));
    }
    Ok(vec![Document::of(name, bytes)])
}

/// Whatever bytes a file or folder has to begin fuzzing with; of JSON Lines, the text in each line.
pub fn seeds(path: &Path) -> Result<Vec<Vec<u8>>> {
    let mut seeds: Vec<Vec<u8>> = of(path)?.into_iter().map(|it| it.bytes).collect();
    let files = std::fs::read_dir(path).into_iter().flatten().filter_map(|it| Some(it.ok()?.path()));
    for file in files.filter(|it| it.extension().is_some_and(|it| it == "jsonl")) {
        seeds.extend(lines(&std::fs::read(file)?).into_iter().map(|it| it.bytes));
    }
    Ok(seeds)
}

fn folder(root: &Path, path: &Path, documents: &mut Vec<Document>) -> Result<()> {
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        let name = format!("{}/{name}", root.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            folder(root, &path, documents)?;
        } else if is_document(&name) {
            let mut bytes = Vec::new();
            std::fs::File::open(&path)?.take(LARGEST).read_to_end(&mut bytes)?;
            documents.push(Document::of(name, bytes));
        }
    }
    Ok(())
}

/// `manifest.jsonl`: {file, http_content_type, expect_title, kind}, a line each.
fn note_manifest(root: &Path, documents: &mut [Document]) {
    let manifest = std::fs::read_to_string(root.join("manifest.jsonl")).unwrap_or_default();
    for line in manifest.split('\n') {
        let Ok(said) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let Some(file) = said["file"].as_str() else { continue };
        for document in documents.iter_mut().filter(|it| it.name.ends_with(&format!("/{file}"))) {
            document.content_type = said["http_content_type"].as_str().map(str::to_owned);
            document.expected_title = said["expect_title"].as_str().map(str::to_owned);
            document.kind = said["kind"].as_str().map(str::to_owned);
        }
    }
}

fn is_document(name: &str) -> bool {
    !NO_DOCUMENT.iter().any(|part| name.contains(part))
}

fn lines(bytes: &[u8]) -> Vec<Document> {
    let text = String::from_utf8_lossy(bytes);
    let documents = text.split('\n').enumerate().filter_map(|(at, line)| {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        let text = ["document", "body", "text", "html", "payload", "url", "value"]
            .iter()
            .find_map(|key| value[*key].as_str())?;
        Some(Document::of(format!("line {}", at + 1), text.as_bytes().to_vec()))
    });
    documents.collect()
}

/// Reads a tar archive: ustar, with the long names of GNU and of pax.
fn archive(mut bytes: &[u8]) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut long_name: Option<String> = None;
    while 512 <= bytes.len() && bytes[0] != 0 {
        let (header, rest) = bytes.split_at(512);
        let text = |range: std::ops::Range<usize>| {
            let field = &header[range];
            let end = field.iter().position(|&b| b == 0).unwrap_or(field.len());
            String::from_utf8_lossy(&field[..end]).into_owned()
        };
        let size = usize::from_str_radix(text(124..136).trim(), 8).unwrap_or(0).min(rest.len());
        let content = &rest[..size];
        bytes = &rest[size.next_multiple_of(512).min(rest.len())..];
        match header[156] {
            b'L' => long_name = Some(String::from_utf8_lossy(content).trim_end_matches('\0').to_owned()),
            b'x' => {
                let records = String::from_utf8_lossy(content).into_owned();
                let path = records
                    .lines()
                    .find_map(|line| line.split_once("path=").map(|(_, path)| path.to_owned()));
                long_name = path.or(long_name);
            }
            b'0' | 0 => {
                let prefix = if &header[257..262] == b"ustar" { text(345..500) } else { String::new() };
                let short =
                    if prefix.is_empty() { text(0..100) } else { format!("{prefix}/{}", text(0..100)) };
                let name = long_name.take().unwrap_or(short);
                if is_document(&name) {
                    documents.push(Document::of(name, content.to_vec()));
                }
            }
            _ => long_name = None,
        }
    }
    documents
}

/// What a document seems to be, by a look at its text that knows nothing of the reader under test.
pub struct Looks {
    pub is_feed: bool,
    pub has_entries: bool,
}

pub fn looks(document: &Document) -> Looks {
    let text = without_comments(&document.ascii());
    let lower = text.to_ascii_lowercase();
    let has_tag = |name: &str| {
        lower.match_indices(name).any(|(at, _)| {
            let behind = lower.as_bytes().get(at + name.len());
            behind.is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
        })
    };
    if lower.trim_start().starts_with('{') {
        let is_feed = lower.contains("jsonfeed.org/version/") && lower.contains("\"items\"");
        let has_entries = lower.split_once("\"items\"").is_some_and(|(_, items)| {
            let list = items.trim_start_matches([' ', ':', '\n', '\r', '\t']);
            list.strip_prefix('[').is_some_and(|it| it.trim_start().starts_with('{'))
        });
        return Looks { is_feed, has_entries };
    }
    let is_feed = ["<rss", "<feed", "<rdf:rdf", "<channel", "<urlset", "<sitemapindex"]
        .iter()
        .any(|root| has_tag(root));
    let is_feed = is_feed && !has_tag("<html") && !has_tag("<opml");
    let first = ["<item", "<entry", "<url>", "<sitemap>"]
        .iter()
        .filter(|it| has_tag(it))
        .filter_map(|it| lower.find(it))
        .min();
    let has_entries = is_feed && first.is_some_and(|first| says_something(&lower[first..]));
    Looks { is_feed, has_entries }
}

/// Whether, from its first entry on, there is a headline, a link or a text: fixtures have entries with nothing but a
/// licence or a place.
fn says_something(text: &str) -> bool {
    const PARTS: [&str; 13] = [
        "<title",
        "<link",
        "<description",
        "<summary",
        "<content",
        "<guid",
        "<id",
        "<body",
        "<enclosure",
        "<abstract",
        "<loc",
        "<fullitem",
        "<xhtml:body",
    ];
    PARTS.iter().any(|part| {
        text.match_indices(part).any(|(at, _)| {
            let Some((tag, inside)) = text[at..].split_once('>') else { return false };
            let inside = inside.trim_start();
            let inside = inside.strip_prefix("<![cdata[").unwrap_or(inside).trim_start();
            let is_other = tag.contains("rel=") && !tag.contains("alternate") && !tag.contains("enclosure");
            let linked = ["href=", "url=", "src="].iter().any(|it| tag.contains(it)) && !is_other;
            linked || inside.starts_with(|c: char| c != '<') && !tag.ends_with('/')
        })
    })
}

fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<!--") {
        kept.push_str(&rest[..at]);
        rest = rest[at..].find("-->").map_or("", |end| &rest[at + end + 3..]);
    }
    kept.push_str(rest);
    kept
}
