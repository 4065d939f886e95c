//! Which entries are the same: within one document, and between what arrived and what we have.

use std::collections::{HashMap, HashSet};

use news::{EntryId, Known, NewEntry, Published};

use crate::text;

/// Longer ids are kept by their hash.
const LONGEST_IDENTITY: usize = 512;

/// Gives each entry what tells it from the others: its id, else its canonical address, else its content. What stands
/// twice in one document becomes one; where entries share an id that plainly is not theirs, their addresses decide.
pub fn identify(entries: Vec<Published>) -> Vec<NewEntry> {
    let lies = lying_ids(&entries);
    let mut seen = HashSet::with_capacity(entries.len());
    let mut told_apart = Vec::with_capacity(entries.len());
    for published in entries {
        let identity = identity(&published, &lies);
        if seen.insert(identity.clone()) {
            let fingerprint = fingerprint(&published);
            told_apart.push(NewEntry { identity, fingerprint, published });
        }
    }
    told_apart
}

/// Ids under which one document has entries that differ in link and in title.
fn lying_ids(entries: &[Published]) -> HashSet<String> {
    let mut first: HashMap<&str, &Published> = HashMap::with_capacity(entries.len());
    let mut lies = HashSet::new();
    for entry in entries.iter().filter(|entry| !entry.guid.is_empty()) {
        match first.get(entry.guid.as_str()) {
            Some(other) if other.url != entry.url && other.title != entry.title => {
                lies.insert(entry.guid.clone());
            }
            Some(_) => {}
            None => {
                first.insert(&entry.guid, entry);
            }
        }
    }
    lies
}

fn identity(published: &Published, lies: &HashSet<String>) -> String {
    let guid = published.guid.trim();
    let lies = lies.contains(&published.guid);
    if !guid.is_empty() && !lies {
        // A site that moves to https has not written everything anew.
        return shortened(match guid.strip_prefix("http://") {
            Some(rest) => format!("https://{rest}"),
            None => guid.to_owned(),
        });
    }
    // With a lying id, the address alone may be the site's front page for all of them: then the content decides.
    match published.url.as_deref().and_then(news::canonical) {
        Some(address) if lies => shortened(format!("{address} {}", published.title)),
        Some(address) => shortened(address),
        None => format!("#{:016x}", fingerprint(published)),
    }
}

fn shortened(identity: String) -> String {
    if identity.len() <= LONGEST_IDENTITY {
        return identity;
    }
    let mut hash = Hash::default();
    identity.bytes().for_each(|b| hash.byte(b));
    let cut = identity.floor_char_boundary(LONGEST_IDENTITY - 20);
    format!("{}#{:016x}", &identity[..cut], hash.finish())
}

/// An id for what has none: by its content, its moment and its sender.
pub fn by_content(published: &Published) -> String {
    let at = published.at.map_or(0, |at| at.0);
    format!("#{:016x}.{at:x}", fingerprint(published))
}

/// Of what a reader would see: the words of headline and text, without markup, addresses and white space.
fn fingerprint(published: &Published) -> i64 {
    let mut hash = Hash::default();
    hash.words(&published.title);
    hash.byte(0);
    let text = if published.content.is_empty() { &published.summary } else { &published.content };
    hash.words(text);
    hash.finish() as i64
}

/// A multiplicative hash of eight bytes at a time (after FxHash): the same in every version and on every machine, which
/// the standard library's is not. It only has to tell versions of one entry apart.
#[derive(Default)]
struct Hash {
    state: u64,
    held: u64,
    count: u32,
}

impl Hash {
    fn byte(&mut self, b: u8) {
        self.held = self.held << 8 | u64::from(b);
        self.count += 1;
        if self.count == 8 {
            self.mix();
        }
    }

    fn mix(&mut self) {
        self.state = (self.state.rotate_left(5) ^ self.held).wrapping_mul(0x517c_c1b7_2722_0a95);
        (self.held, self.count) = (0, 0);
    }

    fn finish(mut self) -> u64 {
        self.held ^= u64::from(self.count) << 56;
        self.mix();
        self.state ^ self.state >> 32
    }

    /// The text of HTML: no tags, no white space, entities resolved.
    fn words(&mut self, html: &str) {
        let bytes = html.as_bytes();
        let mut at = 0;
        while let Some(&b) = bytes.get(at) {
            match b {
                b'<' => {
                    let length = text::tag_length(&html[at..]);
                    at += length.unwrap_or(1);
                    continue;
                }
                b'&' => {
                    let end = bytes[at..].iter().take(40).position(|&b| b == b';');
                    let meaning = end.and_then(|end| Some((end, text::reference(&html[at + 1..at + end])?)));
                    if let Some((end, meaning)) = meaning {
                        let mut resolved = String::new();
                        meaning.push_to(&mut resolved);
                        resolved.bytes().for_each(|b| self.byte(b));
                        at += end;
                    }
                }
                b' ' | b'\t' | b'\n' | b'\r' => {}
                b => self.byte(b),
            }
            at += 1;
        }
    }
}

/// What came of comparing a document with what we have of its source.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    pub added: Vec<NewEntry>,
    /// Entries that we have and whose headline or text is another now.
    pub changed: Vec<(EntryId, NewEntry)>,
    pub same: Vec<EntryId>,
}

/// Sorts what arrived into new, changed and known.
pub fn compare(arrived: Vec<NewEntry>, known: &[Known]) -> Compared {
    let known: HashMap<&str, &Known> = known.iter().map(|it| (it.identity.as_str(), it)).collect();
    let mut seen = HashSet::with_capacity(arrived.len());
    let mut compared = Compared::default();
    for entry in arrived {
        if !seen.insert(entry.identity.clone()) {
            continue;
        }
        match known.get(entry.identity.as_str()) {
            None => compared.added.push(entry),
            Some(known) if known.fingerprint == entry.fingerprint => compared.same.push(known.id),
            Some(known) => compared.changed.push((known.id, entry)),
        }
    }
    compared
}
