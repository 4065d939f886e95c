//! WebSub (W3C Recommendation, 2018): what a subscriber says to a hub, what it believes, and when it does what. Pure: the
//! messages are sent by whoever keeps subscriptions, and the callback is answered by the pages.

use std::time::Duration;

use news::{Hub, Subscription, Timestamp, Trouble, Wish};
use ring::hmac;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::{Answer, Document, Guard, Message, Method};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long a subscription is asked for; renewed when half of it is over.
pub const LEASE: Duration = Duration::from_secs(7 * 24 * 3600);
/// A shorter lease is kept as if it were so long: nobody is asked every second.
const SHORTEST_LEASE: Duration = Duration::from_secs(300);
/// So often a hub is asked to leave us alone before we forget it; what it sends is refused anyway.
const GOODBYES: u32 = 3;

/// The hub of a document: what the header names goes before what the document names (WebSub, 4). `said`: the hub and
/// the own address that stand inside of it.
pub fn hub_of(document: &Document, said: (Option<String>, Option<String>)) -> Option<Hub> {
    let (hub, own) = match &document.hub {
        Some(hub) => (hub.clone(), document.topic.clone().or(said.1)),
        None => (said.0?, said.1.or_else(|| document.topic.clone())),
    };
    Some(Hub { address: hub, topic: own.unwrap_or_else(|| document.address.clone()) })
}

/// What is to be done about a source now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Nothing,
    /// A subscription that there was not, or at another hub: with a key and a secret of its own.
    Begin(Hub),
    /// Once more: to renew it, or because the hub has not come back.
    Ask(Wish),
    Forget,
}

/// `offered`: the hub that the source's last document named. `wanted`: somebody follows it.
pub fn plan(offered: Option<&Hub>, wanted: bool, standing: Option<&Subscription>, now: Timestamp) -> Step {
    match (offered.filter(|_| wanted), standing) {
        (None, None) => Step::Nothing,
        (Some(hub), None) => Step::Begin(hub.clone()),
        (Some(hub), Some(it)) if it.hub != *hub => Step::Begin(hub.clone()),
        (Some(_), Some(it)) if it.due <= now || it.pending == Some(Wish::Unsubscribe) => {
            Step::Ask(Wish::Subscribe)
        }
        (Some(_), Some(_)) => Step::Nothing,
        (None, Some(it)) => {
            let is_leaving = it.pending == Some(Wish::Unsubscribe);
            match it.until.is_some_and(|until| now < until) {
                true if is_leaving && now < it.due => Step::Nothing,
                true if !is_leaving || it.asked < GOODBYES => Step::Ask(Wish::Unsubscribe),
                _ => Step::Forget,
            }
        }
    }
}

/// The subscription as it stands when the hub is about to be asked. Recorded before it is asked: the hub may come back
/// to verify it before it has answered.
pub fn asked(standing: &Subscription, wish: Wish, now: Timestamp) -> Subscription {
    let is_same = standing.pending == Some(wish);
    let asked = if is_same { standing.asked.saturating_add(1) } else { 1 };
    let mut after = Subscription { pending: Some(wish), asked, trouble: None, ..standing.clone() };
    after.due = now.after(patience(asked));
    after
}

/// When to look after it once the hub has answered, and what went wrong.
pub fn answered(
    asked: &Subscription,
    answer: &Result<Answer, Trouble>,
    now: Timestamp,
) -> (Timestamp, Option<Trouble>) {
    match answer {
        Ok(answer) if answer.is_yes() => (asked.due, None),
        Ok(answer) => {
            let wait = answer.wait.unwrap_or_default().min(DAY);
            let says = format!(
                "The hub {} answered {} when it was asked to push; the source is polled as before.",
                asked.hub.address, answer.status
            );
            (asked.due.max(now.after(wait)), Some(Trouble::new("hub_refused", says)))
        }
        Err(trouble) => (asked.due, Some(trouble.clone())),
    }
}

/// Doubles with every time that a hub was asked in vain: an hour, two, up to a day.
fn patience(asked: u32) -> Duration {
    (HOUR * (1 << asked.saturating_sub(1).min(5))).min(DAY)
}

/// The form that a hub is sent. `callback`: where it reaches us.
pub fn message(it: &Subscription, callback: &str) -> Message {
    let mode = match it.pending {
        Some(Wish::Unsubscribe) => "unsubscribe",
        _ => "subscribe",
    };
    let mut form = Serializer::new(String::new());
    form.append_pair("hub.mode", mode)
        .append_pair("hub.topic", &it.hub.topic)
        .append_pair("hub.callback", callback);
    if mode == "subscribe" {
        form.append_pair("hub.lease_seconds", &LEASE.as_secs().to_string());
        form.append_pair("hub.secret", &it.secret);
    }
    Message {
        method: Method::Post,
        address: it.hub.address.clone(),
        content_type: "application/x-www-form-urlencoded".into(),
        headers: Vec::new(),
        body: form.finish().into_bytes(),
    }
}

/// Where a hub can be told a secret (5.1: over https only): hubs that are named with http answer https as well. The
/// owner's own networks need no cover.
pub fn in_private(hub: &str, guard: &Guard) -> Option<String> {
    let mut url = Url::parse(hub).ok().filter(Url::has_host)?;
    if url.scheme() == "http" && !guard.is_at_home(&url) {
        // A port that is spoken to in the clear speaks no TLS.
        url.port().is_none().then(|| url.set_scheme("https"))?.ok()?;
    }
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

/// A hub that cannot be told a secret; it is looked at again when its lease would have ended.
pub fn in_the_clear(it: Subscription, now: Timestamp) -> Subscription {
    let says = format!(
        "The hub {} does not take a secret under cover (https), so what it pushed could not be believed; the source is polled.",
        it.hub.address
    );
    let trouble = Some(Trouble::new("hub_in_the_clear", says));
    Subscription { pending: None, until: None, due: now.after(LEASE), trouble, ..it }
}

/// What to answer to the hub's question.
#[derive(Clone, Debug, PartialEq)]
pub enum Verification {
    /// 200, with the challenge as the body, once the subscription is recorded so; `None`: it is over.
    Yes { challenge: String, after: Option<Subscription> },
    /// The hub does not want us: 200, and back to polling.
    Denied(Subscription),
    /// 404.
    NotOurs,
}

/// The hub asks our callback whether we meant it (5.3); only what we asked for, and it has not verified yet, is meant.
pub fn verify(it: &Subscription, query: &str, now: Timestamp) -> Verification {
    let (mut mode, mut topic, mut challenge, mut lease, mut reason) = Default::default();
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match &*key {
            "hub.mode" => mode = value.into_owned(),
            "hub.topic" => topic = value.into_owned(),
            "hub.challenge" => challenge = value.into_owned(),
            "hub.lease_seconds" => lease = Some(value.parse::<u64>().unwrap_or(0)),
            "hub.reason" => reason = value.into_owned(),
            _ => {}
        }
    }
    if topic != it.hub.topic {
        return Verification::NotOurs;
    }
    if mode == "denied" {
        return Verification::Denied(denied(it, &reason, now));
    }
    // Echoed as text/plain and nothing else, so its content cannot hurt; its length can.
    let challenge: String = challenge;
    if challenge.is_empty() || 1024 < challenge.len() {
        return Verification::NotOurs;
    }
    match (mode.as_str(), it.pending) {
        ("subscribe", Some(Wish::Subscribe)) if lease != Some(0) => {
            let lease = lease.map_or(LEASE, Duration::from_secs).clamp(SHORTEST_LEASE, 4 * LEASE);
            let mut after = Subscription { pending: None, asked: 0, trouble: None, ..it.clone() };
            (after.until, after.due) = (Some(now.after(lease)), now.after(lease / 2));
            Verification::Yes { challenge, after: Some(after) }
        }
        ("unsubscribe", Some(Wish::Unsubscribe)) => Verification::Yes { challenge, after: None },
        _ => Verification::NotOurs,
    }
}

fn denied(it: &Subscription, reason: &str, now: Timestamp) -> Subscription {
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(200).collect();
    let because = if reason.is_empty() { String::new() } else { format!(" (“{reason}”)") };
    let says = format!(
        "The hub {} does not push this source to us{because}; it is polled as before.",
        it.hub.address
    );
    let trouble = Some(Trouble::new("hub_denied", says));
    Subscription { pending: None, until: None, due: now.after(LEASE), asked: 0, trouble, ..it.clone() }
}

/// Whether the body was signed with our secret (8). Without a signature, or with one that is wrong, what was sent is not
/// believed; the answer is 2xx all the same, so that nobody can try keys.
pub fn is_signed(secret: &str, signature: Option<&str>, body: &[u8]) -> bool {
    let Some((method, hex)) = signature.and_then(|it| it.trim().split_once('=')) else { return false };
    let algorithm = match method.to_ascii_lowercase().as_str() {
        "sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha256" => hmac::HMAC_SHA256,
        "sha384" => hmac::HMAC_SHA384,
        "sha512" => hmac::HMAC_SHA512,
        _ => return false,
    };
    let Some(tag) = from_hex(hex) else { return false };
    // Compares in constant time.
    hmac::verify(&hmac::Key::new(algorithm, secret.as_bytes()), body, &tag).is_ok()
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2) && digits.len() <= 128)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}
