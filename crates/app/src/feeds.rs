//! Output feeds: what a reader follows, or their edition, for other programs to read. Each has a secret address, which
//! the reader can change or take away.

use std::time::Duration;

use news::{Follow, FollowId, Language, ReaderId, Stance, Story, StoryId, Target, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};

use crate::{App, AppError, Result, Spot};

/// So far back does a feed go, and so many stories at most.
const BACK: Duration = Duration::from_secs(14 * 24 * 3600);
const STORIES: usize = 50;

/// A feed as it goes out; nothing in it is muted.
#[derive(Debug)]
pub struct OutFeed {
    pub reader: ReaderId,
    /// None for the edition.
    pub follow: Option<Follow>,
    /// Newest (or most wanted) first.
    pub items: Vec<OutItem>,
    /// When the newest of them last told something new.
    pub updated: Timestamp,
}

#[derive(Debug)]
pub struct OutItem {
    pub story: StoryId,
    pub headline: String,
    pub standfirst: Option<String>,
    pub language: Option<Language>,
    /// Of the article that the story shows itself by.
    pub link: Option<String>,
    pub began: Timestamp,
    /// When it last told something new: until then, other programs need not show it again.
    pub last_turn: Timestamp,
    /// Who tells it: outlet, headline, address.
    pub tellers: Vec<(String, String, Option<String>)>,
}

impl App {
    /// The secret part of the address; a new one, so that an old one leads nowhere from now on.
    pub async fn open_feed(&self, reader: ReaderId, follow: Option<FollowId>) -> Result<String> {
        let key = new_key()?;
        self.store.open_feed(reader, follow, &key, self.now()).await?;
        Ok(key)
    }

    pub async fn close_feed(&self, reader: ReaderId, follow: Option<FollowId>) -> Result<()> {
        Ok(self.store.close_feed(reader, follow).await?)
    }

    /// What the secret address leads to. Nothing is recorded: programs ask again and again, and nobody has looked.
    pub async fn feed(&self, key: &str) -> Result<OutFeed> {
        let (reader, follow) = self.store.feed_of(key).await?.ok_or(AppError::NotFound)?;
        let Some(follow) = follow else { return self.feed_of_edition(reader).await };
        let follows = self.follows(reader).await?;
        let follow = follows.into_iter().find(|it| it.id == follow && matches!(it.stance, Stance::Follow(_)));
        self.feed_of_follow(reader, follow.ok_or(AppError::NotFound)?).await
    }

    async fn feed_of_follow(&self, reader: ReaderId, follow: Follow) -> Result<OutFeed> {
        let since = self.now().before(BACK);
        let found = self.store.stories_about(&follow.target, &follow.aliases, since, STORIES).await?;
        let muting = self.muting(reader).await?;
        let (_, mut stories) = self.without_muted(reader, &muting, found, Spot::Of(&follow.target)).await?;
        stories.sort_by_key(|it| std::cmp::Reverse((last_turn(it), it.id)));
        let items: Vec<OutItem> = stories.into_iter().map(item).collect();
        let updated = items.iter().map(|it| it.last_turn).max().unwrap_or(follow.since);
        Ok(OutFeed { reader, follow: Some(follow), items, updated })
    }

    async fn feed_of_edition(&self, reader: ReaderId) -> Result<OutFeed> {
        let mut page = self.edition_to_pass_on(reader).await?;
        let items =
            page.edition.slots.iter().filter_map(|it| page.stories.remove(&it.story)).map(item).collect();
        Ok(OutFeed { reader, follow: None, items, updated: page.edition.at })
    }
}

fn item(story: Story) -> OutItem {
    let lead = story.members.iter().find(|it| it.article == story.face.lead).or(story.members.first());
    OutItem {
        story: story.id,
        link: lead.and_then(|it| link(&it.address)),
        tellers: story
            .members
            .iter()
            .filter(|it| it.copy_of.is_none())
            .map(|it| (it.outlet.clone(), it.title.clone(), link(&it.address)))
            .collect(),
        began: story.face.began,
        last_turn: last_turn(&story),
        headline: story.face.headline,
        standfirst: story.face.standfirst,
        language: story.face.language,
    }
}

fn last_turn(story: &Story) -> Timestamp {
    let turns = story.members.iter().filter(|it| 0 < it.facts);
    turns.map(|it| it.published).max().unwrap_or(story.face.began)
}

/// An address that may go out of the house: of the public web, without a login in it.
pub(crate) fn link(address: &str) -> Option<String> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let host = news::host_of(address)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let inside = ["local", "localhost", "internal", "lan", "home", "intranet", "corp", "arpa"];
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let is_public = match name.parse::<std::net::IpAddr>() {
        Ok(address) => fetch::network::is_public(address),
        Err(_) => {
            name.rsplit_once('.').is_some_and(|(_, last)| !inside.contains(&last.to_lowercase().as_str()))
        }
    };
    (is_public && !authority.contains('@')).then(|| address.to_string())
}

/// 160 bits of the system's own dice: it cannot be guessed.
fn new_key() -> Result<String> {
    let mut bytes = [0; 20];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| AppError::Refused("This machine has no dice to make a secret address with.".into()))?;
    Ok(bytes.iter().map(|it| format!("{it:02x}")).collect())
}

/// What a feed is about, for words.
impl OutFeed {
    pub fn target(&self) -> Option<&Target> {
        self.follow.as_ref().map(|it| &it.target)
    }
}

#[cfg(test)]
mod tests;
