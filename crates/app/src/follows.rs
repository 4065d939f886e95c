//! What a reader asked for, and what they asked not to see.

use news::{ArticleId, Follow, FollowId, Name, NameKind, ReaderId, SourceId, Stance, StoryId, Target, Topic};

use crate::{App, AppError, NewFollow, Result};

impl App {
    /// Those that are in force now, mutes among them.
    pub async fn follows(&self, reader: ReaderId) -> Result<Vec<Follow>> {
        let now = self.now();
        let all = self.store.follows(reader).await?;
        Ok(all.into_iter().filter(|it| it.until.is_none_or(|until| now < until)).collect())
    }

    pub async fn mutes(&self, reader: ReaderId) -> Result<Vec<Follow>> {
        let follows = self.follows(reader).await?;
        Ok(follows.into_iter().filter(|it| matches!(it.stance, Stance::Mute { .. })).collect())
    }

    pub async fn follow(&self, reader: ReaderId, follow: &NewFollow) -> Result<Follow> {
        check(&follow.target)?;
        Ok(self.store.add_follow(reader, follow, self.now()).await?)
    }

    /// Answers what it was: following it again is the undo.
    pub async fn unfollow(&self, reader: ReaderId, follow: FollowId) -> Result<Follow> {
        Ok(self.store.remove_follow(reader, follow).await?)
    }
}

fn check(target: &Target) -> Result<()> {
    let empty = match target {
        Target::Words(text) | Target::Author(text) | Target::Topic(Topic(text)) => text.trim().is_empty(),
        Target::Name(name) => name.key().is_empty(),
        Target::Situation(names) => names.len() < 2,
        Target::Source(_) | Target::Story(_) => false,
    };
    match empty {
        true => {
            Err(AppError::Refused("There is nothing to follow in that: give it a name or a word.".into()))
        }
        false => Ok(()),
    }
}

/// Names are the same when they read the same, whatever kind was guessed.
pub fn same_target(a: &Target, b: &Target) -> bool {
    match (a, b) {
        (Target::Name(a), Target::Name(b)) => a.key() == b.key(),
        _ => a == b,
    }
}

/// A target as one word of an address or a command line: `name:Ukraine`, `topic:sport/football`, `source:12`,
/// `words:interest rate`, `situation:South Korea+Russia`. [`parse_target`] reads it back.
pub fn target_word(target: &Target) -> String {
    match target {
        Target::Source(SourceId(id)) => format!("source:{id}"),
        Target::Story(StoryId(id)) => format!("story:{id}"),
        Target::Topic(Topic(path)) => format!("topic:{path}"),
        Target::Author(name) => format!("author:{name}"),
        Target::Words(words) => format!("words:{words}"),
        Target::Name(name) => format!("{}:{}", kind_word(name.kind), name.text),
        Target::Situation(names) => {
            let names: Vec<&str> = names.iter().map(|it| it.text.as_str()).collect();
            format!("situation:{}", names.join("+"))
        }
    }
}

/// How a target is called in a sentence.
pub fn target_words(target: &Target) -> String {
    match target {
        Target::Source(SourceId(id)) => format!("source {id}"),
        Target::Story(StoryId(id)) => format!("story {id}"),
        Target::Topic(Topic(path)) => path.rsplit('/').next().unwrap_or(path).to_string(),
        Target::Author(name) => name.clone(),
        Target::Words(words) => format!("“{words}”"),
        Target::Name(name) => name.text.clone(),
        Target::Situation(names) => names.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" + "),
    }
}

/// Reads what [`target_word`] writes; a bare word is a name.
pub fn parse_target(word: &str) -> Option<Target> {
    let (kind, rest) = word.split_once(':').unwrap_or(("name", word));
    let rest = rest.trim();
    if rest.is_empty() {
        return None;
    }
    let name = |kind| Target::Name(Name { text: rest.to_string(), kind });
    Some(match kind {
        "source" => Target::Source(SourceId(rest.parse().ok()?)),
        "story" => Target::Story(StoryId(rest.parse().ok()?)),
        "topic" => Target::Topic(Topic(rest.to_string())),
        "author" => Target::Author(rest.to_string()),
        "words" => Target::Words(rest.to_string()),
        "person" => name(NameKind::Person),
        "organisation" => name(NameKind::Organisation),
        "place" => name(NameKind::Place),
        "name" => name(NameKind::Other),
        "situation" => {
            let names = rest.split('+').map(str::trim).filter(|it| !it.is_empty());
            let names: Vec<Name> =
                names.map(|text| Name { text: text.to_string(), kind: NameKind::Other }).collect();
            (1 < names.len()).then_some(Target::Situation(names))?
        }
        _ => return None,
    })
}

fn kind_word(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Person => "person",
        NameKind::Organisation => "organisation",
        NameKind::Place => "place",
        NameKind::Other => "name",
    }
}

/// For signals: an article names its story.
impl App {
    pub async fn story_of(&self, article: ArticleId) -> Result<Option<StoryId>> {
        Ok(self.store.story_of(article).await?)
    }
}
