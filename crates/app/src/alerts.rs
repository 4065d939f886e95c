//! Something happened to what a reader follows, and they wish to be told at once: once for each story, again only when
//! it has new facts, never in their quiet hours, never of what they mute.
//!
//! An alert is recorded for the reader, together with a message for each of their channels; a channel sends what waits
//! for it. Another one is a name in [`channels`] and a sender.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use fetch::{Message, Method, Sender};
use news::{
    Alert, AlertId, Follow, FollowId, Member, ReaderId, ReaderSettings, Stance, Story, StoryId, Target,
    Timestamp,
};
use serde_json::json;

use crate::{App, Result, Spot, StoryState};

/// A story that has not grown for so long is no news.
const LATELY: Duration = Duration::from_secs(24 * 3600);
/// Stories of one follow that are looked at, the newest first.
const STORIES: usize = 60;
/// Alerts that the list goes back.
const LIST: usize = 100;
/// Messages that are sent at once.
const AT_ONCE: usize = 200;
/// A message that nobody takes is tried again, after so long at first, so many times.
const AGAIN: Duration = Duration::from_secs(60);
const ATTEMPTS: u32 = 8;

pub const WEBHOOK: &str = "webhook";

/// A story, as the reader may see it, of which to tell; `turns`: all that it took, muted or not.
struct Due {
    follow: FollowId,
    story: Story,
    turns: u32,
}

/// An alert with what is shown of it.
#[derive(Clone, Debug)]
pub struct AlertView {
    pub alert: Alert,
    pub story: Story,
    pub follow: Follow,
}

impl App {
    /// The newest first. What has been muted or is no longer followed is not among them.
    pub async fn alerts(&self, reader: ReaderId) -> Result<Vec<AlertView>> {
        let alerts = self.store.alerts(reader, LIST).await?;
        self.views(reader, alerts).await
    }

    /// How many they have not looked at.
    pub async fn unseen_alerts(&self, reader: ReaderId) -> Result<usize> {
        let unseen: Vec<Alert> =
            self.store.alerts(reader, LIST).await?.into_iter().filter(|it| !it.seen).collect();
        match unseen.is_empty() {
            true => Ok(0),
            false => Ok(self.views(reader, unseen).await?.len()),
        }
    }

    pub async fn alerts_seen(&self, reader: ReaderId, upto: AlertId) -> Result<()> {
        Ok(self.store.alerts_seen(reader, upto).await?)
    }

    /// Looks for what is to be told to every reader who wishes to be; answers how many alerts are new.
    pub async fn look_for_alerts(&self) -> Result<usize> {
        let mut new = 0;
        for reader in self.store.to_alert().await? {
            new += self.look_for_alerts_of(reader).await?.len();
        }
        Ok(new)
    }

    async fn look_for_alerts_of(&self, reader: ReaderId) -> Result<Vec<Alert>> {
        let now = self.now();
        let settings = self.store.reader(reader).await?.settings;
        // What happens in quiet hours is found when they end.
        if is_quiet(&settings, now) {
            return Ok(Vec::new());
        }
        let muting = self.muting(reader).await?;
        let mut met = HashSet::new();
        let mut due = Vec::new();
        for follow in self.follows(reader).await? {
            let (Stance::Follow(_), Some(wished)) = (follow.stance, follow.alerts) else { continue };
            let since = wished.max(now.before(LATELY));
            let found = match follow.target {
                Target::Story(story) => self.their_sketches(reader, &[story]).await?,
                _ => self.store.stories_about(&follow.target, &follow.aliases, since, STORIES).await?,
            };
            let about = found.into_iter().filter(|it| {
                matches!(follow.target, Target::Words(_))
                    || rank::is_about(it, &follow.target, &follow.aliases)
            });
            let (sketches, stories) =
                self.without_muted(reader, &muting, about.collect(), Spot::Of(&follow.target)).await?;
            let turns: HashMap<StoryId, u32> = sketches.into_iter().map(|it| (it.story, it.turns)).collect();
            let new = stories.into_iter().filter(|it| since <= it.face.last_grew && met.insert(it.id));
            due.extend(new.map(|story| Due { follow: follow.id, turns: turns[&story.id], story }));
        }
        let alerts = self.worth_telling(reader, due, now).await?;
        Ok(self.store.record_alerts(&alerts, &channels(&settings)).await?)
    }

    async fn worth_telling(&self, reader: ReaderId, due: Vec<Due>, now: Timestamp) -> Result<Vec<Alert>> {
        let ids: Vec<StoryId> = due.iter().map(|it| it.story.id).collect();
        let told: HashMap<StoryId, Alert> =
            self.store.alerts_of(reader, &ids).await?.into_iter().map(|it| (it.story, it)).collect();
        let states: HashMap<StoryId, StoryState> =
            self.store.story_states(reader, &ids).await?.into_iter().map(|it| (it.story, it)).collect();
        let worth = due
            .into_iter()
            .filter(|it| is_worth_telling(it, told.get(&it.story.id), states.get(&it.story.id)));
        let alert = |it: Due| Alert {
            id: AlertId(0),
            reader,
            follow: it.follow,
            story: it.story.id,
            at: now,
            turns: it.turns,
            seen: false,
        };
        Ok(worth.map(alert).collect())
    }

    async fn views(&self, reader: ReaderId, alerts: Vec<Alert>) -> Result<Vec<AlertView>> {
        let follows: HashMap<FollowId, Follow> =
            self.follows(reader).await?.into_iter().map(|it| (it.id, it)).collect();
        let muting = self.muting(reader).await?;
        let ids: Vec<StoryId> = alerts.iter().map(|it| it.story).collect();
        let stories = self.their_stories(reader, &ids).await?;
        let behind = self.behind_stories(&muting, &stories).await?;
        let stories: HashMap<StoryId, Story> = stories.into_iter().map(|it| (it.id, it)).collect();
        let view = |alert: Alert| {
            let follow = follows.get(&alert.follow)?.clone();
            let story = stories.get(&alert.story)?.clone();
            let story = muting.see(story, &behind, Spot::Of(&follow.target)).ok()?;
            Some(AlertView { alert, story, follow })
        };
        Ok(alerts.into_iter().filter_map(view).collect())
    }

    /// Sends what waits for the readers' webhooks, all of one reader in one message. Answers how many alerts went.
    pub async fn send_alerts(&self, sender: &dyn Sender) -> Result<usize> {
        let waiting = self.store.alerts_to_send(WEBHOOK, self.now(), AT_ONCE).await?;
        let mut by_reader: HashMap<ReaderId, (u32, Vec<Alert>)> = HashMap::new();
        for it in waiting {
            let (attempt, alerts) = by_reader.entry(it.alert.reader).or_default();
            *attempt = (*attempt).max(it.attempt);
            alerts.push(it.alert);
        }
        let mut sent = 0;
        for (reader, (attempt, alerts)) in by_reader {
            let settings = self.store.reader(reader).await?.settings;
            if is_quiet(&settings, self.now()) {
                continue;
            }
            let ids: Vec<AlertId> = alerts.iter().map(|it| it.id).collect();
            // Muted or unfollowed since it was recorded: it is not sent.
            let views = self.views(reader, alerts).await?;
            let done = settings.webhook.is_empty()
                || views.is_empty()
                || matches!(sender.send(&message(&settings.webhook, &views)).await, Ok(answer) if answer.is_yes());
            let again = (!done && attempt + 1 < ATTEMPTS)
                .then(|| self.now().after(AGAIN * 2_u32.saturating_pow(attempt)));
            if done {
                sent += views.len();
            } else if again.is_none() {
                tracing::warn!(reader = reader.0, alerts = ids.len(), "a webhook did not take alerts");
            }
            self.store.alerts_sent(WEBHOOK, &ids, again).await?;
        }
        Ok(sent)
    }
}

/// By which ways the reader wishes to be told, besides the pages.
fn channels(settings: &ReaderSettings) -> Vec<String> {
    if settings.webhook.is_empty() { Vec::new() } else { vec![WEBHOOK.to_string()] }
}

/// No address of this house is in it: whoever receives it need not know where it is.
fn message(address: &str, views: &[AlertView]) -> Message {
    let alert = |it: &AlertView| {
        let lead = it.story.members.iter().find(|member| member.article == it.story.face.lead);
        json!({
            "alert": it.alert.id.0,
            "story": it.story.id.0,
            "headline": it.story.face.headline,
            "outlets": it.story.face.outlets,
            "link": lead.and_then(|it| crate::feeds::link(&it.address)),
            "because": it.follow.label.clone().unwrap_or_else(|| crate::target_words(&it.follow.target)),
            "at": it.alert.at.0,
        })
    };
    Message {
        method: Method::Post,
        address: address.to_string(),
        content_type: "application/json".into(),
        headers: Vec::new(),
        body: json!({"alerts": views.iter().map(alert).collect::<Vec<_>>()}).to_string().into_bytes(),
    }
}

/// Once for each story, and again by the rule by which a story comes back to an edition: when it has turns that the
/// reader does not know. One that only a muted article brought is not told.
fn is_worth_telling(due: &Due, told: Option<&Alert>, state: Option<&StoryState>) -> bool {
    if state.is_some_and(|it| it.dismissed) {
        return false;
    }
    let met = state.filter(|it| it.read || it.opened.is_some());
    let Some(known) = told.map(|it| it.turns).max(met.map(|it| it.turns)) else { return true };
    let since = told.map(|it| it.at).max(met.and_then(|it| it.opened)).unwrap_or_default();
    let is_new = |it: &Member| 0 < it.facts && since < it.arrived;
    known < due.turns && due.story.members.iter().any(is_new)
}

/// Whether it is a quiet hour where the reader is.
pub fn is_quiet(settings: &ReaderSettings, now: Timestamp) -> bool {
    let Some((from, to)) = settings.quiet_hours else { return false };
    let zone = jiff::tz::TimeZone::get(&settings.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let Ok(at) = jiff::Timestamp::from_second(now.0) else { return false };
    let hour = at.to_zoned(zone).hour() as u8;
    match from <= to {
        true => (from..to).contains(&hour),
        false => from <= hour || hour < to,
    }
}

#[cfg(test)]
mod tests;
