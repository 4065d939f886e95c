//! WebSub (W3C Recommendation, 2018): what a subscriber says to a hub, and what it believes. Pure: the message is sent
//! by whoever keeps subscriptions, and the callback is answered by the pages.

use std::time::Duration;

use ring::hmac;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::{Message, Method};

/// How long a subscription is asked for; renewed when half of it is over.
pub const LEASE: Duration = Duration::from_secs(7 * 24 * 3600);

/// One topic at one hub, as we asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub hub: String,
    pub topic: String,
    /// Where the hub calls: an address of ours that cannot be guessed.
    pub callback: String,
    /// Random, for this subscription only. It travels to the hub, so the hub has to be https.
    pub secret: String,
}

impl Subscription {
    pub fn subscribe(&self) -> Message {
        self.message("subscribe")
    }

    pub fn unsubscribe(&self) -> Message {
        self.message("unsubscribe")
    }

    fn message(&self, mode: &str) -> Message {
        let mut form = Serializer::new(String::new());
        form.append_pair("hub.mode", mode)
            .append_pair("hub.topic", &self.topic)
            .append_pair("hub.callback", &self.callback);
        if mode == "subscribe" {
            form.append_pair("hub.lease_seconds", &LEASE.as_secs().to_string());
            // Section 5.1: a secret may be sent over https only.
            if self.hub.starts_with("https:") {
                form.append_pair("hub.secret", &self.secret);
            }
        }
        Message {
            method: Method::Post,
            address: self.hub.clone(),
            content_type: "application/x-www-form-urlencoded".into(),
            headers: Vec::new(),
            body: form.finish().into_bytes(),
        }
    }

    /// The hub asks our callback whether we meant it (5.3). `wanted`: whether we want to be subscribed now.
    pub fn verify(&self, query: &str, wanted: bool) -> Verification {
        let (mut mode, mut topic, mut challenge, mut lease) = Default::default();
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*key {
                "hub.mode" => mode = value.into_owned(),
                "hub.topic" => topic = value.into_owned(),
                "hub.challenge" => challenge = value.into_owned(),
                "hub.lease_seconds" => lease = value.parse().ok(),
                _ => {}
            }
        }
        if topic != self.topic {
            return Verification::NotOurs;
        }
        // Echoed as text/plain and nothing else, so its content cannot hurt; its length can.
        let challenge: String =
            if challenge.len() <= 1024 { challenge } else { return Verification::NotOurs };
        match mode.as_str() {
            "subscribe" if wanted => {
                let lease = Duration::from_secs(lease.unwrap_or(LEASE.as_secs())).min(4 * LEASE);
                Verification::Yes { challenge, renew_after: lease / 2 }
            }
            "unsubscribe" if !wanted => Verification::Yes { challenge, renew_after: Duration::MAX },
            "denied" => Verification::Denied,
            _ => Verification::NotOurs,
        }
    }

    /// Whether the body was signed with our secret (8). Without a signature, or with one that is wrong, what was sent
    /// is not believed; the answer is 2xx all the same, so that nobody can try keys.
    pub fn is_signed(&self, signature: Option<&str>, body: &[u8]) -> bool {
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
        hmac::verify(&hmac::Key::new(algorithm, self.secret.as_bytes()), body, &tag).is_ok()
    }
}

/// What to answer to the hub's question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// 200, with the challenge as the body; ask again when so much time has gone by.
    Yes { challenge: String, renew_after: Duration },
    /// The hub does not want us: 200, and back to polling.
    Denied,
    /// 404.
    NotOurs,
}

/// Whether a hub is worth trying: a public one over https, since a secret has to be told to it.
pub fn is_usable(hub: &str) -> bool {
    Url::parse(hub).is_ok_and(|hub| hub.scheme() == "https" && hub.has_host())
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2) && digits.len() <= 128)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}
