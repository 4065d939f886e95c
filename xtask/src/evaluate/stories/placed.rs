//! A set as the product groups it.

use std::collections::HashMap;

use cluster::{Index, Policy};
use news::{ArticleId, Mending, Placement, Sketch, StoryId};

/// The story of each article.
pub struct Placed {
    /// When it came.
    pub first: Vec<i64>,
    /// In the end, after stories were joined and parted.
    pub mended: Vec<i64>,
}

/// As the product does it: placed in order, and mended after each.
pub fn place(sketches: &[Sketch], policy: &Policy) -> Placed {
    let mut placing = Placing::new(sketches, policy.clone());
    let mut first = Vec::with_capacity(sketches.len());
    while let Some((placement, _)) = placing.step() {
        first.push(placement.story.0);
    }
    Placed { first, mended: placing.of.iter().map(|it| it.0).collect() }
}

/// The product's placing of one article after the other.
pub struct Placing<'a> {
    pub index: Index,
    sketches: &'a [Sketch],
    at: HashMap<ArticleId, usize>,
    /// The story of each that was placed, as it stands now.
    pub of: Vec<StoryId>,
}

impl<'a> Placing<'a> {
    pub fn new(sketches: &'a [Sketch], policy: Policy) -> Placing<'a> {
        let at = sketches.iter().enumerate().map(|(at, it)| (it.article, at)).collect();
        Placing { index: Index::new(policy), sketches, at, of: Vec::with_capacity(sketches.len()) }
    }

    /// The next one, and what was mended right after it.
    pub fn step(&mut self) -> Option<(Placement, Vec<Mending>)> {
        let sketch = self.sketches.get(self.of.len())?;
        let placement = self.index.place(sketch.clone());
        self.of.push(placement.story);
        let mut mended = self.index.mend(placement.story);
        if let Some((story, members)) = self.index.doubted(&placement, &mended) {
            let members: Vec<Sketch> = members.iter().map(|it| self.sketches[self.at[it]].clone()).collect();
            mended.extend(self.index.part(story, &members));
        }
        for mending in &mended {
            match mending {
                Mending::Join { story, gone, .. } => {
                    self.of.iter_mut().filter(|it| *it == gone).for_each(|it| *it = *story);
                }
                Mending::Split { into, articles, .. } => {
                    articles.iter().for_each(|it| self.of[self.at[it]] = *into);
                }
            }
        }
        Some((placement, mended))
    }
}
