//! What comes to us by itself: hubs that ask and push, mails; and the addresses under which newsletters reach us.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use fetch::websub::{self, Verification};
use news::{Arrival, ArrivalKind, ReaderId, SourceId, SourceKind, Timestamp};

use crate::{App, AppError, NewSource, Result};

/// A hub may push a source so often in a minute, and a newsletter so many mails in an hour.
const PUSHES_A_MINUTE: u32 = 60;
const MAILS_AN_HOUR: u32 = 100;

/// Which ways in the owner has opened; for pages that say so.
#[derive(Debug, Default)]
pub struct WaysIn {
    /// What comes behind the `@` of receiving addresses; `None` while no mail is taken in.
    pub mail_domain: Option<String>,
    /// Hubs can reach us.
    pub hubs: bool,
    /// The folder of mail that is read: `user@host/folder`.
    pub mailbox: Option<String>,
    /// What has come in lately; for whoever comes too often.
    pub counts: Mutex<HashMap<SourceId, (i64, u32)>>,
}

impl WaysIn {
    /// Whether one more may come in this span of time, counted from the full one.
    fn may(&self, source: SourceId, now: Timestamp, span: i64, most: u32) -> bool {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let window = now.0.div_euclid(span);
        let count = counts.entry(source).or_default();
        if count.0 != window {
            *count = (window, 0);
        }
        count.1 = count.1.saturating_add(1);
        count.1 <= most
    }
}

/// What became of something that a hub pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is kept; or it was not signed as it should be, and was dropped: who sent it is not told which.
    Taken,
    /// We know of no such subscription (any more).
    Gone,
    TooOften,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addressed {
    Newsletter(SourceId),
    Unknown,
    TooOften,
}

impl App {
    /// A hub asks whether we meant what we asked it for. The challenge that it is to be answered; `None`: we did not.
    pub async fn hub_asks(&self, key: &str, query: &str) -> Result<Option<String>> {
        let Some(standing) = self.receiving.subscription(key).await? else { return Ok(None) };
        let now = self.now();
        Ok(match websub::verify(&standing, query, now) {
            Verification::Yes { challenge, after: Some(after) } => {
                self.receiving.record_subscription(&after).await?;
                Some(challenge)
            }
            Verification::Yes { challenge, after: None } => {
                self.receiving.end_subscription(standing.source, now).await?;
                Some(challenge)
            }
            Verification::Denied(after) => {
                self.receiving.record_refusal(&after, now).await?;
                Some(String::new())
            }
            Verification::NotOurs => None,
        })
    }

    /// A hub pushed a document. When this answers, it is kept for good.
    pub async fn pushed(
        &self,
        key: &str,
        signature: Option<&str>,
        content_type: Option<String>,
        bytes: Vec<u8>,
    ) -> Result<Pushed> {
        let Some(standing) = self.receiving.subscription(key).await? else { return Ok(Pushed::Gone) };
        let now = self.now();
        if !self.ways_in.may(standing.source, now, 60, PUSHES_A_MINUTE) {
            return Ok(Pushed::TooOften);
        }
        if !websub::is_signed(&standing.secret, signature, &bytes) {
            tracing::info!(source = standing.source.0, "something was pushed without the right signature");
            return Ok(Pushed::Taken);
        }
        let kind = ArrivalKind::Document { content_type };
        let arrival = Arrival { source: standing.source, kind, at: now, bytes };
        self.receiving.keep_arrivals(vec![arrival]).await?;
        Ok(Pushed::Taken)
    }

    /// Whose mail it is that comes for this address.
    pub async fn addressed(&self, address: &str) -> Result<Addressed> {
        let address = format!("mailto:{}", address.to_lowercase());
        Ok(match self.receiving.letterbox(&address).await? {
            Some(source) if self.ways_in.may(source, self.now(), 3600, MAILS_AN_HOUR) => {
                Addressed::Newsletter(source)
            }
            Some(_) => Addressed::TooOften,
            None => Addressed::Unknown,
        })
    }

    /// A mail for these newsletters. When this answers, it is kept for good.
    pub async fn mailed(&self, to: &[SourceId], bytes: &[u8]) -> Result<()> {
        let now = self.now();
        let arrival =
            |&source: &SourceId| Arrival { source, kind: ArrivalKind::Mail, at: now, bytes: bytes.to_vec() };
        Ok(self.receiving.keep_arrivals(to.iter().map(arrival).collect()).await?)
    }

    /// An address of its own for a newsletter, which nobody can guess; the reader follows what comes there.
    pub async fn add_letterbox(
        &self,
        reader: ReaderId,
        name: &str,
        folder: Option<&str>,
    ) -> Result<(SourceId, String)> {
        let Some(domain) = &self.ways_in.mail_domain else {
            return Err(AppError::Refused(
                "No mail is taken in. Set mail.listen (and mail.domain) in the configuration; the guide says how."
                    .into(),
            ));
        };
        let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect();
        if name.is_empty() {
            return Err(AppError::Refused("Give the newsletter a name.".into()));
        }
        let address = format!("{}-{}@{domain}", slug(&name), random_letters()?);
        let new = NewSource {
            address: format!("mailto:{address}"),
            kind: SourceKind::Mail,
            title: Some(name),
            site: None,
            language: None,
        };
        let source = self.store.add_source(&new, self.now()).await?;
        self.subscribe(reader, source, folder, None).await?;
        Ok((source, address))
    }
}

/// As much of a name as an address can have: "The Harbour Post" → `the-harbour-post`.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            _ if slug.is_empty() || slug.ends_with('-') => (),
            _ => slug.push('-'),
        }
        if slug.len() == 24 {
            break;
        }
    }
    match slug.trim_end_matches('-') {
        "" => "news".into(),
        slug => slug.into(),
    }
}

/// Ten letters and digits that are not mistaken for each other: 50 bits.
fn random_letters() -> Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes)
        .map_err(|_| AppError::Refused("The system gives no random numbers.".into()))?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}
