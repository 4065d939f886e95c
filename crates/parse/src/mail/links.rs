//! What the links of a mail are for.

use url::Url;

use super::words;
use crate::LONGEST_ADDRESS;

/// A mail that asks for more than a click has more words than this.
const LONGEST_QUESTION: usize = 2_500;

/// A link as it stands in a mail.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// Counting redirectors undone, where they tell where they lead.
    pub address: String,
    pub text: String,
}

/// Where the mail asks us to confirm that we want the newsletter; `None` for all other mails.
pub fn confirmation(subject: &str, links: &[Link], text: &str) -> Option<String> {
    if LONGEST_QUESTION < text.len() {
        return None;
    }
    let leads = |it: &&Link| it.address.starts_with("http") && !words::is_unsubscribe(&it.text);
    let named = links.iter().filter(leads).find(|it| words::is_confirm(&it.text));
    let asks = words::is_confirm(subject) || words::is_confirm(text);
    let by_address = |it: &&Link| {
        let address = it.address.to_lowercase();
        ["confirm", "optin", "opt-in", "verify", "activate", "subscribe"]
            .iter()
            .any(|word| address.contains(word))
    };
    let found = named.or_else(|| links.iter().filter(leads).find(by_address).filter(|_| asks));
    // The subject says it all, and there is only one thing to click.
    let only = || links.iter().find(leads).filter(|_| words::is_confirm(subject));
    found.or_else(only).map(|it| it.address.clone())
}

/// The address of the mail's text on the web, as everybody may have it; `None` where it is only a counting redirector,
/// or the front page.
pub fn on_the_web(address: &str) -> Option<String> {
    if LONGEST_ADDRESS < address.len() {
        return None;
    }
    let mut url = Url::parse(address.trim()).ok().filter(|it| matches!(it.scheme(), "http" | "https"))?;
    let host = url.host_str()?.to_owned();
    if counts(&url, &host) {
        return None;
    }
    if let Some(story) = substack(&url, &host) {
        return Some(story);
    }
    // The number of whoever reads it.
    if host.ends_with("campaign-archive.com") || host.ends_with("list-manage.com") {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(key, _)| key != "e")
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect();
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    let is_front = url.path().trim_matches('/').is_empty() && url.query().is_none();
    if is_front { None } else { news::canonical(url.as_str()) }
}

/// Whether the address is one of whoever sends the mail, or of a host that shows mails to everybody. No other is believed:
/// what is known under another outlet's address would be shown as that outlet's article.
pub fn is_theirs(address: &str, sender: &str, list: Option<&(String, Option<String>)>) -> bool {
    let Some(outlet) = news::outlet_of(address) else { return false };
    let of = |host: &str| news::outlet_of(&format!("https://{host}/"));
    let sender = sender.rsplit_once('@').and_then(|(_, host)| of(host));
    let list = list.and_then(|(id, _)| of(id));
    let host = news::host_of(address).unwrap_or_default();
    let shows = |it: &str| host.strip_suffix(it).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    sender.as_ref() == Some(&outlet)
        || list.as_ref() == Some(&outlet)
        || SHOW_MAILS.iter().any(|it| shows(it))
}

const SHOW_MAILS: &[&str] = &[
    "mailchi.mp",
    "campaign-archive.com",
    "substack.com",
    "beehiiv.com",
    "buttondown.com",
    "buttondown.email",
    "ghost.io",
    "kit.com",
    "convertkit.com",
    "ck.page",
    "createsend.com",
    "mailerlite.com",
    "emailoctopus.com",
    "sendinblue.com",
    "rapidmail.com",
    "tinyletter.com",
    "getrevue.co",
];

/// Substack's links carry a token of the reader's; the story's own address is in their path.
fn substack(url: &Url, host: &str) -> Option<String> {
    let mut path = url.path_segments()?.map(str::to_owned);
    match host {
        "open.substack.com" => {
            match (path.next()?.as_str(), path.next()?, path.next()?.as_str(), path.next()?) {
                ("pub", name, "p", story) => Some(format!("https://{name}.substack.com/p/{story}")),
                _ => None,
            }
        }
        _ if host.ends_with(".substack.com") => {
            let mut plain = url.clone();
            plain.set_query(None);
            plain.set_fragment(None);
            Some(plain.into())
        }
        _ => None,
    }
}

/// A redirector that counts clicks and does not tell where it leads: nobody else's address.
fn counts(url: &Url, host: &str) -> bool {
    let path = url.path().to_ascii_lowercase();
    let first = host.split('.').next().unwrap_or_default();
    let is_mailers = matches!(
        first,
        "click"
            | "clicks"
            | "link"
            | "links"
            | "track"
            | "tracking"
            | "trk"
            | "email"
            | "mail"
            | "e"
            | "t"
            | "ct"
            | "url"
            | "lnks"
            | "mg"
    );
    let leads_on = [
        "/track/click",
        "/ls/click",
        "/wf/click",
        "/click",
        "/ss/c/",
        "/c/ej",
        "/cl0/",
        "/lt.php",
        "/redirect/",
        "/app-link/",
    ]
    .iter()
    .any(|it| path.contains(it));
    let is_blob = path.split('/').chain(url.query()).any(|it| 60 < it.len() && !it.contains(['-', '.', '&']));
    leads_on || is_mailers && is_blob
}
