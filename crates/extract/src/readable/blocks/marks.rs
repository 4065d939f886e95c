//! What elements say of themselves by their tag, class names, ids and the like: pages have few kinds of elements many
//! times, so each kind is read once.

use super::called::{called, named};
use crate::dom::{Dom, Id, Kind};
use crate::hashes::{ByName, mix};

/// What one kind of element says.
#[derive(Clone)]
pub struct Mark {
    /// Which of the page's tokens are its own.
    pub tokens: (u32, u32),
    pub flags: u32,
    /// Of its tag and whole class attribute.
    pub signature: u32,
}

/// All that a page has.
#[derive(Default)]
pub struct Marks {
    marks: Vec<Mark>,
    tokens: Vec<u32>,
    by_kind: ByName<u32>,
}

impl Marks {
    pub fn of(&mut self, dom: &Dom, id: Id) -> u32 {
        let Kind::Element { attrs, name, .. } = &dom.nodes[id as usize].kind else {
            return crate::dom::NONE;
        };
        let mut kind = mix(0, name.as_bytes());
        for attr in attrs {
            if let Some(which) = speaks(&attr.name.local) {
                kind = mix(kind ^ u64::from(which), attr.value.as_bytes());
            }
        }
        if let Some(&known) = self.by_kind.get(&kind) {
            return known;
        }
        let mark = self.read(dom, id);
        self.by_kind.insert(kind, mark);
        mark
    }

    /// The body's names are the whole site's: only its class counts, as a signature.
    pub fn of_body(&mut self, dom: &Dom, id: Id) -> u32 {
        let mark = self.read(dom, id);
        let it = &mut self.marks[mark as usize];
        it.tokens.1 = it.tokens.0;
        it.flags = named("body", dom.attr(id, "role"), dom.attr(id, "itemprop"));
        mark
    }

    pub fn flags(&self, mark: u32) -> u32 {
        self.marks[mark as usize].flags
    }

    pub fn into_lists(self) -> (Vec<Mark>, Vec<u32>) {
        (self.marks, self.tokens)
    }

    fn read(&mut self, dom: &Dom, id: Id) -> u32 {
        let from = self.tokens.len() as u32;
        let (mut class, mut own_id, mut role, mut property) = ("", "", None, None);
        let Kind::Element { attrs, name, .. } = &dom.nodes[id as usize].kind else {
            return crate::dom::NONE;
        };
        self.tokens.push(hash(name.as_bytes(), SEED ^ 7));
        for attr in attrs {
            let Some(which) = speaks(&attr.name.local) else { continue };
            let value: &str = &attr.value;
            match &*attr.name.local {
                "class" => class = value,
                "id" => own_id = value,
                "role" => role = Some(value),
                "itemprop" => property = Some(value),
                _ => {}
            }
            let seed = if which <= ID { SEED } else { SEED ^ 1 };
            for word in value.split_ascii_whitespace().take(12) {
                word_tokens(word.as_bytes(), seed, &mut self.tokens);
            }
        }
        let mut signature = hash(name.as_bytes(), SEED);
        for part in class.split_ascii_whitespace().filter(|it| !it.bytes().any(|b| b.is_ascii_digit())) {
            signature = hash(part.as_bytes(), signature);
        }
        self.marks.push(Mark {
            tokens: (from, self.tokens.len() as u32),
            flags: named(name, role, property) | called(class) | called(own_id),
            signature,
        });
        (self.marks.len() - 1) as u32
    }
}

/// Attributes by which pages name their components, told apart by a number.
fn speaks(attribute: &str) -> Option<u8> {
    Some(match attribute {
        "class" => 1,
        "id" => ID,
        "role" => 3,
        "itemprop" => 4,
        "aria-label" => 5,
        _ if !attribute.starts_with("data-") => return None,
        "data-testid" | "data-component" | "data-qa" | "data-type" | "data-module" | "data-block"
        | "data-gu-name" | "data-element" | "data-name" => 6,
        _ => return None,
    })
}

const ID: u8 = 2;

fn word_tokens(word: &[u8], seed: u32, out: &mut Vec<u32>) {
    if 64 < word.len() {
        return;
    }
    let (mut whole, mut part, mut length, mut parts) = (seed ^ 2, seed, 0, 0);
    let mut was_lower = false;
    for &b in word {
        let lower = b.to_ascii_lowercase();
        let breaks = !b.is_ascii_alphabetic() || was_lower && b.is_ascii_uppercase();
        if breaks && length > 1 {
            out.push(part);
            parts += 1;
        }
        if breaks {
            (part, length) = (seed, 0);
        }
        if b.is_ascii_alphabetic() {
            part = step(part, lower);
            length += 1;
        }
        if !b.is_ascii_digit() {
            whole = step(whole, lower);
        }
        was_lower = b.is_ascii_lowercase();
    }
    if length > 1 {
        out.push(part);
        parts += 1;
    }
    if parts > 1 {
        out.push(whole);
    }
}

pub const SEED: u32 = 0x811c_9dc5;

pub fn step(hash: u32, b: u8) -> u32 {
    (hash ^ u32::from(b)).wrapping_mul(0x0100_0193)
}

/// FNV-1a: the same in every run, and fast on short words.
pub fn hash(bytes: &[u8], seed: u32) -> u32 {
    bytes.iter().fold(seed, |hash, &b| step(hash, b))
}
