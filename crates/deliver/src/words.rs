//! Reasons, moments and things that can be followed, in words. The only place that makes sentences of them.

mod changed;
mod stories;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use app::{App, Muting, Result, SourceView, Spot, Stale};
use news::{
    Because, Edition, Follow, Place, ReaderId, Reason, Retrieval, Section, SourceId, Story, StoryId, Target,
    Timestamp,
};
use rank::Verdict;

pub use changed::{Kind, Run, changed, marked};
pub use stories::{TO_BEGIN_WITH, here_because, pair, parted, seats, told_by_so_many};

/// What sentences for one reader need to name: sources by their titles, stories by their headlines; and what they
/// must not name.
#[derive(Default)]
pub struct Words {
    sources: HashMap<SourceId, String>,
    stories: HashMap<StoryId, String>,
    muting: Muting,
    /// Headlines of what was read before that may be named.
    sayable: HashSet<String>,
}

impl Words {
    pub async fn load(app: &App, reader: ReaderId) -> Result<Words> {
        let sources = app.store.source_titles().await?.into_iter().collect();
        Ok(Words {
            sources,
            stories: HashMap::new(),
            muting: app.muting(reader).await?,
            sayable: HashSet::new(),
        })
    }

    /// With the headlines of all stories that these reasons speak of.
    pub async fn of(app: &App, reader: ReaderId, because: impl Iterator<Item = &Because>) -> Result<Words> {
        let mut words = Words::load(app, reader).await?;
        let (mut stories, mut examples) = (Vec::new(), Vec::new());
        for because in because {
            stories.extend(spoken_of(&because.reason));
            if let Reason::LikeWhatYouRead { example, .. } = &because.reason {
                examples.push(example.clone());
            }
        }
        words.may_name(app, examples).await?;
        stories.sort_unstable();
        stories.dedup();
        if !stories.is_empty() {
            words.stories = app.headlines(reader, &words.muting, &stories).await?;
        }
        Ok(words)
    }

    /// With those of a whole edition.
    pub async fn of_edition(app: &App, edition: &Edition) -> Result<Words> {
        Words::of(app, edition.reader, edition.slots.iter().flat_map(|slot| slot.because())).await
    }

    pub fn target(&self, target: &Target) -> String {
        match target {
            Target::Source(source) => self.title(*source),
            Target::Story(story) => self.story(*story),
            other => app::target_words(other),
        }
    }

    /// What the reader calls it: also its label in reader apps.
    pub fn label(&self, follow: &Follow) -> String {
        follow.label.clone().unwrap_or_else(|| self.target(&follow.target))
    }

    /// In a sentence about a story; what is muted is not named there.
    fn source(&self, source: SourceId) -> String {
        match self.muting.of_source(source, Spot::Anywhere, 0) {
            Some(_) => "a source that you mute".into(),
            None => self.title(source),
        }
    }

    fn title(&self, source: SourceId) -> String {
        self.sources.get(&source).cloned().unwrap_or_else(|| "a source that is gone".into())
    }

    fn story(&self, story: StoryId) -> String {
        self.stories.get(&story).map_or_else(|| "an earlier story".into(), |it| format!("“{it}”"))
    }

    /// Looks up which of these headlines of earlier may be named.
    pub async fn may_name(&mut self, app: &App, headlines: Vec<String>) -> Result<()> {
        self.sayable.extend(app.sayable(&self.muting, headlines).await?);
        Ok(())
    }

    /// A headline of earlier, if it may be named.
    pub fn named<'a>(&self, headline: &'a str) -> Option<&'a str> {
        Some(headline).filter(|it| self.sayable.contains(*it))
    }

    /// One true line.
    pub fn reason(&self, reason: &Reason) -> String {
        match reason {
            Reason::YouFollow(Target::Source(source)) => format!("You follow {}", self.source(*source)),
            Reason::YouFollow(target) => format!("You follow {}", self.target(target)),
            Reason::YouOftenRead { target, liked, disliked } if liked < disliked => {
                format!("You seldom care for {}", self.target(target))
            }
            Reason::YouOftenRead { target, .. } => format!("You often read about {}", self.target(target)),
            Reason::LikeWhatYouRead { example, .. } => match self.named(example) {
                Some(example) => format!("Like what you read: “{example}”"),
                None => "Like what you read".into(),
            },
            Reason::LikeOneYouRead(story) => format!("Like one that you read: {}", self.story(*story)),
            Reason::LikeOneYouPassedOver(story) => {
                format!("Like one that you passed over: {}", self.story(*story))
            }
            Reason::WidelyCovered { outlets: 1 } => "One outlet tells it".into(),
            Reason::WidelyCovered { outlets } => format!("{outlets} outlets tell it"),
            Reason::YourSources { sources: 1 } => "One of your sources tells it".into(),
            Reason::YourSources { sources } => format!("{sources} of your sources tell it"),
            Reason::JustHappened { hours: 0 } => "It came within the hour".into(),
            Reason::JustHappened { hours: 1 } => "It came an hour ago".into(),
            Reason::JustHappened { hours } if *hours < 48 => format!("It came {hours} hours ago"),
            Reason::JustHappened { hours } => format!("It came {} days ago", hours / 24),
            Reason::NewSince { articles: 1 } => "One article since you looked says something new".into(),
            Reason::NewSince { articles } => {
                format!("{articles} articles since you looked say something new")
            }
            Reason::SeldomPublishes { source, a_week } if *a_week < 1.0 => {
                format!("{} seldom publishes", self.source(*source))
            }
            Reason::SeldomPublishes { source, a_week } => {
                format!("{} publishes only about {} a week", self.source(*source), a_week.round())
            }
            Reason::Exploring { odds } => {
                format!("Something different, to find out whether you care (we guess {:.0} %)", odds * 100.0)
            }
            Reason::From(source) => format!("From {}", self.source(*source)),
            Reason::YourLanguage => "In a language that you read".into(),
            Reason::NotYourLanguage => "In a language of none of your sources".into(),
            Reason::ShownBefore { times: 1 } => "It was shown once already, and not opened".into(),
            Reason::ShownBefore { times } => format!("It was shown {times} times already, and not opened"),
            Reason::FoundBy(how) => retrieval(*how).into(),
            Reason::Base => "How readily you open a story at all".into(),
        }
    }

    pub fn verdict(&self, verdict: &Verdict) -> String {
        match verdict {
            Verdict::Shown { at, exploring: false } => format!("It is number {} of your edition.", at + 1),
            Verdict::Shown { at, exploring: true } => {
                format!("It is number {} of your edition, to find out whether you care.", at + 1)
            }
            Verdict::Muted { by } => format!("It is hidden because you mute {}.", self.target(by)),
            Verdict::Read { .. } => "You have read it, and nothing new has come since.".into(),
            Verdict::Dismissed => "You waved it away.".into(),
            Verdict::ShownEnough { times } => format!("It was shown {times} times and you did not open it."),
            Verdict::TooOld { .. } => {
                "It is too old for an edition; newest-first and search still have it.".into()
            }
            Verdict::NotFound => "It is of none of your sources, follows or interests.".into(),
            Verdict::BelowTheCut { needed, has } => {
                format!("Others mattered more: the last one in has {needed:+.2}, this one {has:+.2}.")
            }
            Verdict::MadeWay { .. } => "It made way, because stories like it are there already.".into(),
            Verdict::NoEdition => "There is no edition yet; nothing speaks against it.".into(),
        }
    }
}

fn spoken_of(reason: &Reason) -> Option<StoryId> {
    match reason {
        Reason::LikeOneYouRead(story) | Reason::LikeOneYouPassedOver(story) => Some(*story),
        Reason::YouFollow(Target::Story(story)) => Some(*story),
        Reason::YouOftenRead { target: Target::Story(story), .. } => Some(*story),
        _ => None,
    }
}

fn retrieval(how: Retrieval) -> &'static str {
    match how {
        Retrieval::Followed => "It is about something that you follow",
        Retrieval::Similar => "It is near what you read",
        Retrieval::WidelyCovered => "Many outlets tell it",
        Retrieval::FromSources => "It is from your sources",
        Retrieval::RareSources => "It is from a source that seldom publishes",
        Retrieval::Unfamiliar => "It is outside of what you usually see",
    }
}

pub fn section(section: Section) -> &'static str {
    match section {
        Section::ForYou => "For you",
        Section::Situations => "Your situations",
        Section::EveryoneCovers => "What everyone is covering",
        Section::SomethingDifferent => "Something different",
    }
}

/// For scripts and addresses.
pub fn section_word(section: Section) -> &'static str {
    app::SECTIONS.iter().find(|(_, it)| *it == section).map_or("for_you", |(word, _)| word)
}

/// Where a mute holds: "in South Korea", "under For you"; nothing for everywhere.
pub fn place(place: &Place, words: &Words) -> Option<String> {
    match place {
        Place::Everywhere => None,
        Place::Within(target) => Some(format!("in {}", words.target(target))),
        Place::Section(it) => Some(format!("under “{}”", section(*it))),
    }
}

/// "The Daily Example", "3 outlets".
pub fn told_by(story: &Story) -> String {
    match story.face.outlets {
        0 | 1 => story.members.first().map_or_else(|| "one outlet".into(), |it| it.outlet.clone()),
        outlets => format!("{outlets} outlets"),
    }
}

/// "5 min ago"; for what is long past the day says more: "2 Jan 2023".
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    const LONG: u64 = 60 * 86_400;
    match at.age(now).as_secs() {
        0..60 => "just now".into(),
        seconds @ 60..LONG => format!("{} ago", span(seconds)),
        _ => jiff::Timestamp::from_second(at.0)
            .map_or_else(|_| "at an unknown time".into(), |at| at.strftime("%-d %b %Y").to_string()),
    }
}

pub fn until(at: Timestamp, now: Timestamp) -> String {
    match now.age(at).as_secs() {
        0..60 => "now".into(),
        seconds => format!("in {}", span(seconds)),
    }
}

/// `2022-11-07 14:05 CET` in that IANA time zone; UTC when it is empty or not known.
pub fn moment(at: Timestamp, zone: &str) -> String {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    match jiff::Timestamp::from_second(at.0) {
        Ok(at) => at.to_zoned(zone).strftime("%Y-%m-%d %H:%M %Z").to_string(),
        Err(_) => "at an unknown time".into(),
    }
}

fn span(seconds: u64) -> String {
    match seconds {
        0..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// Why a source may no longer be worth following.
/// "12 unread", or the least that it can be where not all were looked at.
pub fn unread(it: &SourceView) -> String {
    match it.more_unread {
        true => format!("at least {} unread", it.unread),
        false => format!("{} unread", it.unread),
    }
}

pub fn stale(why: &Stale, now: Timestamp) -> String {
    let days = |it: &Duration| match it.as_secs() / 86_400 {
        days @ 0..60 => format!("{days} days"),
        days => format!("{} months", days / 30),
    };
    match why {
        Stale::Ended => "It has ended.".into(),
        Stale::Failing(it) => format!("It could not be read for {}.", days(it)),
        Stale::Silent(it) => format!("It has published nothing for {}.", days(it)),
        Stale::NeverOpened { entries, since } => {
            format!("You follow it since {}, and opened none of its {entries} entries.", ago(*since, now))
        }
    }
}
