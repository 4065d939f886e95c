//! What a reader asked for, and what they asked not to see.

use news::{
    ArticleId, Follow, FollowId, Name, NameKind, Place, ReaderId, Section, SourceId, Stance, StoryId, Target,
    Timestamp, Topic,
};

use crate::{App, AppError, FollowMark, Muting, NewFollow, Result};

impl App {
    /// Those that are in force now, mutes among them.
    pub async fn follows(&self, reader: ReaderId) -> Result<Vec<Follow>> {
        Ok(self.in_force(self.store.follows(reader).await?))
    }

    pub(crate) fn in_force(&self, mut follows: Vec<Follow>) -> Vec<Follow> {
        let now = self.now();
        follows.retain(|it| it.until.is_none_or(|until| now < until));
        follows
    }

    pub async fn mutes(&self, reader: ReaderId) -> Result<Vec<Follow>> {
        let follows = self.follows(reader).await?;
        Ok(follows.into_iter().filter(|it| matches!(it.stance, Stance::Mute { .. })).collect())
    }

    /// All that the reader does not want to see, made ready for asking.
    pub async fn muting(&self, reader: ReaderId) -> Result<Muting> {
        Ok(Muting::new(self.follows(reader).await?, self.rank.big))
    }

    /// What is followed is no longer muted (everywhere); what is muted stays followed, for when the mute ends.
    pub async fn follow(&self, reader: ReaderId, follow: &NewFollow) -> Result<Follow> {
        check(follow)?;
        let all = self.store.follows(reader).await?;
        let same = |it: &&Follow| same_target(&it.target, &follow.target);
        let is_mute = |stance| matches!(stance, Stance::Mute { .. });
        if !is_mute(follow.stance) {
            for mute in
                all.iter().filter(same).filter(|it| is_mute(it.stance) && it.place == Place::Everywhere)
            {
                self.store.remove_follow(reader, mute.id).await?;
            }
        }
        // The same name, of whatever kind it was thought to be, is followed once.
        let known = all.iter().filter(same).find(|it| is_mute(it.stance) == is_mute(follow.stance));
        let target = known.map_or(&follow.target, |it| &it.target).clone();
        // Who follows a name means whatever it is called; who said what it is called is believed.
        let aliases = match (follow.aliases.is_empty(), known) {
            (false, _) => follow.aliases.clone(),
            (true, Some(known)) if !known.aliases.is_empty() => known.aliases.clone(),
            (true, _) => self.also_called(&target).await?,
        };
        Ok(self
            .store
            .add_follow(reader, &NewFollow { target, aliases, ..follow.clone() }, self.now())
            .await?)
    }

    /// What the reader changed of it; all else stays.
    pub async fn change_follow(
        &self,
        reader: ReaderId,
        follow: FollowId,
        change: impl FnOnce(&mut NewFollow) + Send,
    ) -> Result<Follow> {
        let all = self.store.follows(reader).await?;
        let was = all.iter().find(|it| it.id == follow).ok_or(AppError::NotFound)?;
        let mut new = NewFollow::from(was);
        change(&mut new);
        new.aliases.retain(|it| !it.trim().is_empty());
        new.label = new.label.map(|it| it.trim().to_string()).filter(|it| !it.is_empty());
        let taken = |label: &String| {
            all.iter().any(|it| {
                it.id != follow && it.label.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(label))
            })
        };
        if let Some(label) = new.label.as_ref().filter(|it| taken(it)) {
            return Err(AppError::Refused(format!(
                "Something else that you follow is called “{label}” already."
            )));
        }
        check(&new)?;
        Ok(self.store.add_follow(reader, &new, self.now()).await?)
    }

    /// From now on it alerts, or no longer does.
    pub async fn alert_of(&self, reader: ReaderId, follow: FollowId, on: bool) -> Result<Follow> {
        let is_mute = |it: &Follow| it.id == follow && matches!(it.stance, Stance::Mute { .. });
        if self.store.follows(reader).await?.iter().any(is_mute) {
            return Err(AppError::Refused("That is muted: nothing of it is told.".into()));
        }
        let mark = FollowMark::Alerts(on.then(|| self.now()));
        Ok(self.store.mark_follow(reader, follow, mark).await?)
    }

    /// The reader has seen all that there is of it now; `at`: what they had seen before, to take that back.
    pub async fn seen(&self, reader: ReaderId, follow: FollowId, at: Option<Timestamp>) -> Result<Follow> {
        Ok(self.store.mark_follow(reader, follow, FollowMark::Seen(at)).await?)
    }

    /// Answers what it was; [`App::refollow`] is the undo.
    pub async fn unfollow(&self, reader: ReaderId, follow: FollowId) -> Result<Follow> {
        Ok(self.store.remove_follow(reader, follow).await?)
    }

    /// Brings back what was just taken away, with its other names, alerts and feed.
    pub async fn refollow(&self, reader: ReaderId, follow: FollowId) -> Result<Follow> {
        Ok(self.store.restore_follow(reader, follow).await?)
    }
}

fn check(follow: &NewFollow) -> Result<()> {
    if let (Stance::Follow(_), Place::Within(_) | Place::Section(_)) = (follow.stance, &follow.place) {
        return Err(AppError::Refused(
            "A follow holds everywhere; only a mute can hold in one place.".into(),
        ));
    }
    check_target(&follow.target)
}

fn check_target(target: &Target) -> Result<()> {
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

/// Whether a mute of it looks into texts when nobody said whether it shall: who mutes words does not want to read them; a
/// name is in many texts that are about something else.
pub fn looks_into_texts(target: &Target) -> bool {
    matches!(target, Target::Words(_))
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

/// Where a mute holds, as one word: empty for everywhere, `section:for_you`, else a target's word.
pub fn place_word(place: &Place) -> String {
    match place {
        Place::Everywhere => String::new(),
        Place::Within(target) => target_word(target),
        Place::Section(section) => {
            let word = SECTIONS.iter().find(|(_, it)| it == section).map_or("", |(word, _)| word);
            format!("section:{word}")
        }
    }
}

/// Reads what [`place_word`] writes.
pub fn parse_place(word: &str) -> Option<Place> {
    match word.trim() {
        "" => Some(Place::Everywhere),
        word => match word.strip_prefix("section:") {
            Some(word) => SECTIONS.iter().find(|(it, _)| *it == word).map(|(_, it)| Place::Section(*it)),
            None => parse_target(word).map(Place::Within),
        },
    }
}

/// The sections of an edition as words of addresses and scripts.
pub const SECTIONS: [(&str, Section); 4] = [
    ("for_you", Section::ForYou),
    ("situations", Section::Situations),
    ("everyone_covers", Section::EveryoneCovers),
    ("something_different", Section::SomethingDifferent),
];

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
