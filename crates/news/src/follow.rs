use crate::{FollowId, Name, ReaderId, Section, SourceId, StoryId, Timestamp, Topic};

/// What a reader asked for, in so many words, or asked not to see. Asking outranks guessing.
#[derive(Clone, Debug, PartialEq)]
pub struct Follow {
    pub id: FollowId,
    pub reader: ReaderId,
    pub target: Target,
    pub stance: Stance,
    /// The reader's own name for it; the target's own otherwise.
    pub label: Option<String>,
    /// The folder that it lies in; mostly for sources.
    pub folder: Option<String>,
    /// Other names by which the target goes.
    pub aliases: Vec<String>,
    pub since: Timestamp,
    /// It ends then; for mutes "until Friday".
    pub until: Option<Timestamp>,
    /// Where a mute holds; a follow holds everywhere.
    pub place: Place,
    /// What happens from then on alerts the reader; nothing does without.
    pub alerts: Option<Timestamp>,
    /// When the reader last said that they have seen what there is of it.
    pub seen: Option<Timestamp>,
}

/// Where a mute holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Place {
    #[default]
    Everywhere,
    /// In what this source tells; or on the page, in the alerts and in the output feed of what is followed, and in an
    /// edition for stories about that.
    Within(Target),
    /// In one section of the edition.
    Section(Section),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stance {
    Follow(Weight),
    /// Never shown; except when it is big news (told by very many outlets), if the reader wishes so.
    Mute {
        except_big: bool,
        /// Also an article that says it anywhere in its text; otherwise headlines and summaries are looked at.
        in_text: bool,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Weight {
    /// Every story about it is in the edition.
    Always,
    #[default]
    More,
    ALittle,
}

/// Anything that can be followed, muted or cared about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    Source(SourceId),
    Topic(Topic),
    Name(Name),
    Author(String),
    Story(StoryId),
    /// Several names together: "South Korea and Russia".
    Situation(Vec<Name>),
    /// A word or phrase in headline or text: a saved search, a muted word.
    Words(String),
}
