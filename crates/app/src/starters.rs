//! Lists to begin with, for somebody who has no addresses at hand.

/// A source that somebody may begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Starter {
    /// The list that it is in; becomes its folder.
    pub list: &'static str,
    pub title: &'static str,
    pub language: &'static str,
    pub address: &'static str,
}

/// In the order in which they are offered; the lists stand together.
pub fn starters() -> impl Iterator<Item = Starter> {
    include_str!("starters.tsv").lines().filter_map(|line| {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        Some(Starter { list: next()?, title: next()?, language: next()?, address: next()? })
    })
}
