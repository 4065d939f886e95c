//! CSS selectors, as far as readers need them to point at a list: types, classes, ids, attributes, descendants,
//! children, `:first-child`-free.

use crate::html::{Node, Page};

/// `article.card > h2 a, li[data-id]`
#[derive(Clone, Debug, PartialEq)]
pub struct Selector {
    /// Any of these; each from the last step to the first.
    paths: Vec<Vec<Step>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Step {
    tag: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
    attributes: Vec<(String, Test)>,
    /// The step before it is the parent, and not just any ancestor.
    is_child: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Exists,
    Is(String),
    Begins(String),
    Ends(String),
    Contains(String),
    HasWord(String),
}

impl Selector {
    /// `None` when it is no selector that we understand.
    pub fn of(text: &str) -> Option<Selector> {
        if 1_000 < text.len() {
            return None;
        }
        let paths: Option<Vec<_>> = split_outside_brackets(text, ',').into_iter().map(path).collect();
        paths.filter(|paths| !paths.is_empty()).map(|paths| Selector { paths })
    }

    pub fn matches(&self, page: &Page, node: usize) -> bool {
        self.paths.iter().any(|path| path_matches(path, page, node))
    }
}

/// The last step has to match the node itself; the others, outwards, an ancestor each. Greedy outward search is exact
/// for descendants; a child step that fails makes the descendant before it look further out.
fn path_matches(path: &[Step], page: &Page, node: usize) -> bool {
    let Some((last, others)) = path.split_first() else { return false };
    if !last.matches(&page.nodes[node]) {
        return false;
    }
    // All nodes at which the steps matched so far can stand.
    let mut standing = vec![node];
    let mut is_child = last.is_child;
    for step in others {
        let mut next = Vec::new();
        for &at in &standing {
            let reach = if is_child { 1 } else { usize::MAX };
            next.extend(page.ancestors(at).take(reach).filter(|&it| step.matches(&page.nodes[it])));
        }
        next.sort_unstable();
        next.dedup();
        if next.is_empty() {
            return false;
        }
        (standing, is_child) = (next, step.is_child);
    }
    true
}

fn path(text: &str) -> Option<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    let mut is_child = false;
    for word in split_outside_brackets(&text.replace('>', " > "), ' ') {
        if word == ">" {
            is_child = true;
            continue;
        }
        let mut step = step(word)?;
        step.is_child = std::mem::take(&mut is_child);
        steps.push(step);
    }
    steps.reverse();
    (!steps.is_empty() && steps.len() <= 16).then_some(steps)
}

fn step(text: &str) -> Option<Step> {
    let mut step = Step::default();
    let cut = text.find(['.', '#', '[', ':']).unwrap_or(text.len());
    let (tag, mut rest) = text.split_at(cut);
    if !tag.is_empty() && tag != "*" {
        step.tag = Some(tag.to_ascii_lowercase());
    }
    while let Some(kind) = rest.chars().next() {
        rest = &rest[1..];
        if kind == '[' {
            let (inside, behind) = rest.split_once(']')?;
            step.attributes.push(test(inside)?);
            rest = behind;
            continue;
        }
        let cut = rest.find(['.', '#', '[', ':']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(cut);
        match kind {
            _ if name.is_empty() => return None,
            '.' => step.classes.push(name.to_owned()),
            '#' => step.id = Some(name.to_owned()),
            _ => return None,
        }
        rest = behind;
    }
    Some(step)
}

fn test(inside: &str) -> Option<(String, Test)> {
    let Some((name, value)) = inside.split_once('=') else {
        return Some((inside.trim().to_ascii_lowercase(), Test::Exists));
    };
    let value = value.trim().trim_matches(['"', '\'']).to_owned();
    let (name, how) = match name.chars().last()? {
        last @ ('^' | '$' | '*' | '~') => (&name[..name.len() - 1], last),
        _ => (name, '='),
    };
    let test = match how {
        '^' => Test::Begins(value),
        '$' => Test::Ends(value),
        '*' => Test::Contains(value),
        '~' => Test::HasWord(value),
        _ => Test::Is(value),
    };
    Some((name.trim().to_ascii_lowercase(), test))
}

fn split_outside_brackets(text: &str, separator: char) -> Vec<&str> {
    let mut depth = 0_i32;
    let parts = text.split(|c: char| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        depth <= 0 && (c == separator || separator == ' ' && c.is_whitespace())
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

impl Step {
    fn matches(&self, node: &Node) -> bool {
        !node.tag.is_empty()
            && self.tag.as_ref().is_none_or(|tag| *tag == node.tag)
            && self.id.as_deref().is_none_or(|id| node.attribute("id") == Some(id))
            && self.classes.iter().all(|class| node.has_class(class))
            && self
                .attributes
                .iter()
                .all(|(name, test)| node.attribute(name).is_some_and(|value| test.passes(value)))
    }
}

impl Test {
    fn passes(&self, value: &str) -> bool {
        match self {
            Test::Exists => true,
            Test::Is(it) => value == it,
            Test::Begins(it) => value.starts_with(it.as_str()),
            Test::Ends(it) => value.ends_with(it.as_str()),
            Test::Contains(it) => value.contains(it.as_str()),
            Test::HasWord(it) => value.split_ascii_whitespace().any(|word| word == it),
        }
    }
}
