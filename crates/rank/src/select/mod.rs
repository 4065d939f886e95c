//! Rules of the page: each drops or reorders scored stories, none scores. A new one is a file, and a line here.

mod best_first;
mod exploring;
mod not_muted;
mod one_per_story;
mod sections;
mod unseen;
mod up_to_length;
mod varied;

pub use unseen::over;

use news::{Section, StoryId, Target};

use crate::{Candidate, features::MOST, view::View};

/// The order means something: what is dropped first is never looked at again.
pub static SELECTORS: &[&dyn Selector] = &[
    &not_muted::NotMuted,
    &one_per_story::OnePerStory,
    &unseen::Unseen,
    &best_first::BestFirst,
    &sections::Sections,
    &exploring::Exploring,
    &varied::Varied,
    &up_to_length::UpToLength,
];

pub trait Selector: Sync {
    fn select(&self, table: &mut Table<'_, '_>);
}

/// What the selectors work on.
pub struct Table<'t, 'a> {
    pub view: &'t View<'a>,
    pub seed: u64,
    pub stories: Vec<Scored<'a>>,
    pub hidden: Vec<(StoryId, Target)>,
}

#[derive(Clone)]
pub struct Scored<'a> {
    pub candidate: &'a Candidate,
    pub values: [f32; MOST],
    pub score: f32,
    pub muted: Option<&'a Target>,
    pub situation: bool,
    pub followed: bool,
    pub section: Section,
    pub exploring: bool,
}

impl Table<'_, '_> {
    /// Stories that the edition may have.
    pub fn length(&self) -> usize {
        usize::from(self.view.profile.settings.edition_length).max(1)
    }

    pub fn share(&self, of_length: f32) -> usize {
        (self.length() as f32 * of_length).round() as usize
    }
}
