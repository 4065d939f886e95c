use crate::{Because, EditionId, ReaderId, StoryId, Target, Timestamp};

/// A finite, ordered choice of stories for one reader at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Edition {
    /// 0 before it is recorded.
    pub id: EditionId,
    pub reader: ReaderId,
    pub at: Timestamp,
    pub slots: Vec<Slot>,
    /// What was left out because of a mute, and which: the drawer "hidden today".
    pub hidden: Vec<(StoryId, Target)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    ForYou,
    Situations,
    EveryoneCovers,
    SomethingDifferent,
}

/// One story in an edition. It cannot be made without a reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    pub story: StoryId,
    pub section: Section,
    /// Log-odds that the reader opens it; the sum of the reasons' shares.
    pub score: f32,
    /// Placed to find out whether the reader cares.
    pub exploring: bool,
    because: Vec<Because>,
}

impl Slot {
    /// `None` without a reason. The reasons are put in order, the strongest first.
    pub fn new(story: StoryId, section: Section, exploring: bool, mut because: Vec<Because>) -> Option<Slot> {
        because.sort_by(|a, b| b.share().total_cmp(&a.share()));
        let score = because.iter().map(Because::share).sum();
        (!because.is_empty()).then_some(Slot { story, section, score, exploring, because })
    }

    /// The strongest reason comes first; there is always one.
    pub fn because(&self) -> &[Because] {
        &self.because
    }
}
