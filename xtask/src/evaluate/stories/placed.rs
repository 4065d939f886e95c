//! A set as the product groups it.

use std::collections::HashMap;

use cluster::{Index, Policy};
use news::{Mending, Sketch};

/// The story of each article.
pub struct Placed {
    /// When it came.
    pub first: Vec<i64>,
    /// In the end, after stories were joined.
    pub mended: Vec<i64>,
}

/// As the product does it: placed in order, and mended after each.
pub fn place(sketches: &[Sketch], policy: &Policy) -> Placed {
    let mut index = Index::new(policy.clone());
    let mut joined: HashMap<i64, i64> = HashMap::new();
    let mut first = Vec::with_capacity(sketches.len());
    for sketch in sketches {
        let story = index.place(sketch.clone()).story;
        first.push(story.0);
        for mending in index.mend(story) {
            if let Mending::Join { story, gone, .. } = mending {
                joined.insert(gone.0, story.0);
            }
        }
    }
    let now = |mut story: i64| {
        while let Some(to) = joined.get(&story) {
            story = *to;
        }
        story
    };
    let mended = first.iter().map(|&it| now(it)).collect();
    Placed { first, mended }
}
