//! Adding sources, with whatever address people have at hand; lists of sources in and out.

use std::collections::{BTreeMap, HashMap};

use fetch::{Outcome, Private, Request};
use news::{
    Access, Follow, ReaderId, SourceId, SourceKind, Stance, Subscription, Target, Timestamp, Trouble, Weight,
};
use parse::{Body, Offer, opml};

use crate::{
    App, AppError, EntryFilter, EntryHead, NewFollow, NewSource, Result, SourceView,
    stale::{self, Stale},
};

/// At most so many sources in one import: a list is read politely, but it is still a list of other people's servers.
const IMPORT_AT_MOST: usize = 5_000;
/// Nor is it longer than so many bytes.
pub const LIST_AT_MOST: usize = 5 * 1024 * 1024;
/// More sources of one host are asked about first: somebody else's list may be there to have that host asked.
const OF_ONE_HOST: usize = 50;

/// So many of the feeds that a page offers are asked what they have.
const SAMPLED: usize = 6;
/// Nobody waits longer for one of them.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(8);
/// Headlines that a preview shows.
const PREVIEWED: usize = 10;

/// What came of an address that somebody wants to follow.
#[derive(Debug)]
pub enum Added {
    /// It is a source, and the reader follows it now.
    Source(SourceId, String),
    /// It leads to several; the reader chooses.
    Offers(Vec<Offer>),
}

/// What is known of a source besides its address.
#[derive(Default)]
struct Named {
    title: Option<String>,
    kind: Option<SourceKind>,
}

impl Named {
    fn of(offer: Offer) -> Named {
        Named { title: Some(offer.title), kind: Some(offer.kind) }
    }
}

/// What came of a list of sources.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Import {
    pub added: usize,
    pub already: usize,
    /// Lines that are no address of a source, and why.
    pub refused: Vec<(String, String)>,
    /// Hosts of which the list has very many, and how many: none of those was added.
    pub held: Vec<(String, usize)>,
    /// Those, as a list that can be imported.
    pub held_list: String,
}

/// A source with what its page shows.
#[derive(Debug)]
pub struct SourcePage {
    pub view: SourceView,
    /// What was agreed with its hub.
    pub subscription: Option<Subscription>,
    pub newest: Vec<EntryHead>,
}

impl App {
    /// Follows whatever is at the address: a feed, the feed of a page, or of a well-known kind of address.
    /// A feed that cannot be reached now is an error that says why; `unchecked` adds it all the same.
    pub async fn add(
        &self,
        reader: ReaderId,
        address: &str,
        folder: Option<&str>,
        unchecked: bool,
    ) -> Result<Added> {
        let address = complete(address)?;
        if unchecked {
            return self.follow_address(reader, &address, Named::default(), folder, None).await;
        }
        match self.look(&address).await {
            Ok(offers) => self.choose(reader, offers, &address, folder).await,
            Err(trouble) => {
                for guess in parse::guesses(&address).into_iter().take(6) {
                    if let Ok(offers) = self.look(&guess).await {
                        return self.choose(reader, offers, &guess, folder).await;
                    }
                }
                Err(AppError::Refused(trouble.says))
            }
        }
    }

    /// Follows what was offered.
    pub async fn take(&self, reader: ReaderId, offer: Offer, folder: Option<&str>) -> Result<Added> {
        let address = complete(&offer.address)?;
        self.follow_address(reader, &address, Named::of(offer), folder, None).await
    }

    /// What a page without a feed would give, as a list of its links: by its shape, or by a CSS selector.
    pub async fn preview(&self, address: &str, selector: Option<&str>) -> Result<Offer> {
        let address = complete(address)?;
        let shown = shown_address(&address);
        let selector = selector.map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
        let document = match self.fetcher.fetch(&Request::visit(&address)).await {
            Outcome::Fresh(document) => document,
            Outcome::NotModified { .. } => return Err(AppError::Refused(format!("{shown} sent no page."))),
            Outcome::Gone(trouble) | Outcome::Busy { trouble, .. } | Outcome::Failed(trouble) => {
                return Err(AppError::Refused(trouble.says));
            }
        };
        let now = self.now();
        let by = selector.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let body = Body {
                address: &document.address,
                content_type: document.content_type.as_deref(),
                bytes: &document.bytes,
            };
            parse::parse_page(&body, by.as_deref(), now)
        });
        let parsed = reading.await.map_err(|_| AppError::Refused("The page could not be read.".into()))?;
        let Some(parsed) = parsed else {
            return Err(AppError::Refused(match &selector {
                Some(selector) => format!(
                    "“{selector}” picks nothing with a link on {shown}. A selector is written as in CSS: the class of \
                     the headlines, like .headline a, or of what stands around each, like article."
                ),
                None => format!(
                    "No list of articles was made out on {shown}. Say with a CSS selector where they are, like \
                     .headline a."
                ),
            }));
        };
        let samples = parsed.entries.iter().map(|it| it.title.clone()).filter(|it| !it.is_empty());
        Ok(Offer {
            title: parsed.title.unwrap_or_else(|| host(&address)),
            kind: SourceKind::Page { selector },
            samples: samples.take(PREVIEWED).collect(),
            address,
        })
    }

    /// The titles that feeds give themselves, and some headlines of each, so that one can choose; those that cannot be
    /// read are left out. Only the first few are asked: somebody is waiting.
    async fn sampled(&self, offers: Vec<Offer>) -> Vec<Offer> {
        let rest: Vec<Offer> = offers.iter().skip(SAMPLED).cloned().collect();
        let asking = offers.into_iter().take(SAMPLED).map(async |offer| {
            if !offer.samples.is_empty() {
                return Some(offer);
            }
            match tokio::time::timeout(PATIENCE, self.look(&offer.address)).await {
                Ok(Ok(mut found)) if found.len() == 1 => {
                    Some(Offer { address: offer.address, ..found.remove(0) })
                }
                // It answered, and it is no feed.
                Ok(Ok(_)) => None,
                Ok(Err(trouble)) if trouble.word == "http" || trouble.word == "gone" => None,
                // Perhaps it can be read later.
                _ => Some(offer),
            }
        });
        let mut sampled: Vec<Offer> = futures::future::join_all(asking).await.into_iter().flatten().collect();
        sampled.extend(rest);
        sampled
    }

    async fn choose(
        &self,
        reader: ReaderId,
        mut offers: Vec<Offer>,
        looked_at: &str,
        folder: Option<&str>,
    ) -> Result<Added> {
        if 1 < offers.len() {
            offers = self.sampled(offers).await;
        }
        let (looked_at, login) = fetch::without_login(looked_at);
        // The page itself, as a list of links, is for whoever has no feed.
        let is_page = |it: &Offer| matches!(it.kind, SourceKind::Page { .. });
        if offers.iter().filter(|it| !is_page(it)).count() == 1 {
            offers.retain(|it| !is_page(it));
        }
        match offers.len() {
            0 => Err(AppError::Refused(format!(
                "No feed was found at {looked_at}. If the site has one, give its own address."
            ))),
            1 => {
                let offer = offers.remove(0);
                let address = offer.address.clone();
                let login = login.filter(|_| news::may_be_told(&looked_at, &address));
                self.follow_address(reader, &address, Named::of(offer), folder, login).await
            }
            _ => Ok(Added::Offers(offers)),
        }
    }

    /// What could be followed at an address, without following it.
    pub async fn look(&self, address: &str) -> std::result::Result<Vec<Offer>, Trouble> {
        let document = match self.fetcher.fetch(&Request::feed(address, None, None)).await {
            Outcome::Fresh(document) => document,
            Outcome::NotModified { .. } => return Ok(Vec::new()),
            Outcome::Gone(trouble) | Outcome::Busy { trouble, .. } | Outcome::Failed(trouble) => {
                return Err(trouble);
            }
        };
        let now = self.now();
        let address = address.to_string();
        let looking = tokio::task::spawn_blocking(move || {
            let body = Body {
                address: &document.address,
                content_type: document.content_type.as_deref(),
                bytes: &document.bytes,
            };
            match parse::parse(&body, now) {
                Some(parsed) => {
                    let title = parsed.title.unwrap_or_else(|| host(&address));
                    let samples = parsed.entries.iter().map(|it| it.title.clone()).take(3).collect();
                    let kind = match parsed.format.contains("sitemap") {
                        true => SourceKind::Sitemap,
                        false => SourceKind::Feed,
                    };
                    vec![Offer { address, title, kind, samples }]
                }
                None => parse::discover(&body),
            }
        });
        looking.await.map_err(|_| Trouble::new("unreadable", "The page could not be read."))
    }

    async fn follow_address(
        &self,
        reader: ReaderId,
        address: &str,
        named: Named,
        folder: Option<&str>,
        login: Option<(String, String)>,
    ) -> Result<Added> {
        let (address, own) = fetch::without_login(address);
        let title = named.title.filter(|it| !it.is_empty());
        let name = title.clone().unwrap_or_else(|| host(&address));
        let kind = named.kind.unwrap_or(SourceKind::Feed);
        let new = NewSource { address, kind, title, site: None, language: None };
        let source = self.follow_new(reader, &new, folder, own.or(login)).await?;
        Ok(Added::Source(source, name))
    }

    /// A login that stood in the address is kept for this reader alone and shown nowhere.
    async fn follow_new(
        &self,
        reader: ReaderId,
        new: &NewSource,
        folder: Option<&str>,
        login: Option<(String, String)>,
    ) -> Result<SourceId> {
        let source = self.store.add_source(new, self.now()).await?;
        self.subscribe(reader, source, folder, None).await?;
        match login {
            Some(_) => self.set_access(reader, source, Access { login, ..Access::default() }).await,
            None => Ok(source),
        }
    }

    /// The reader follows the source, in that folder.
    pub async fn subscribe(
        &self,
        reader: ReaderId,
        source: SourceId,
        folder: Option<&str>,
        label: Option<String>,
    ) -> Result<Follow> {
        let follow = NewFollow {
            label,
            folder: folder.map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned),
            ..NewFollow::new(Target::Source(source), Stance::Follow(Weight::More))
        };
        Ok(self.store.add_follow(reader, &follow, self.now()).await?)
    }

    /// An OPML document, or plain lines of addresses. Nothing is fetched now: each source is asked in its turn.
    /// `many`: also very many of one host, which are held back otherwise. `progress` is told after each source how many
    /// are done, of how many.
    pub async fn import(
        &self,
        reader: ReaderId,
        document: &[u8],
        many: bool,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Import> {
        if LIST_AT_MOST < document.len() {
            return Err(AppError::Refused("The list is too large: 5 MB are taken at most.".into()));
        }
        let mut outlines = read_list(document)?;
        if IMPORT_AT_MOST < outlines.len() {
            return Err(AppError::Refused(format!(
                "The list has {} sources; at most {IMPORT_AT_MOST} are taken at once. Split it into parts.",
                outlines.len()
            )));
        }
        let mut followed: HashMap<SourceId, ()> =
            self.store.sources_of(reader).await?.into_iter().map(|it| (it.source.id, ())).collect();
        let mut import = Import::default();
        if !many {
            hold_back(&mut outlines, &mut import);
        }
        for (n, outline) in outlines.iter().enumerate() {
            match complete(&outline.address) {
                Err(why) => import.refused.push((shown_address(&outline.address), why.to_string())),
                Ok(address) => {
                    let (address, login) = fetch::without_login(&address);
                    let new = NewSource {
                        address,
                        kind: SourceKind::Feed,
                        title: outline.title.clone().filter(|it| !it.is_empty()),
                        site: outline.site.clone(),
                        language: None,
                    };
                    let source = self.follow_new(reader, &new, outline.folder.as_deref(), login).await?;
                    match followed.insert(source, ()) {
                        Some(()) => import.already += 1,
                        None => import.added += 1,
                    }
                }
            }
            progress(n + 1, outlines.len());
        }
        Ok(import)
    }

    /// All that the reader follows, as OPML.
    pub async fn export(&self, reader: ReaderId) -> Result<String> {
        let sources = self.store.sources_of(reader).await?;
        let outlines: Vec<opml::Outline> = sources
            .into_iter()
            // Nobody else can read a newsletter at its address; they could only fill it.
            .filter(|it| it.source.kind != SourceKind::Mail)
            .map(|it| opml::Outline {
                address: it.source.shown_address().to_owned(),
                title: it.follow.as_ref().and_then(|it| it.label.clone()).or(Some(it.source.title)),
                site: it.source.site,
                folder: it.follow.and_then(|it| it.folder),
            })
            .collect();
        Ok(opml::write("tidings", &outlines))
    }

    /// What the reader follows, for whoever shows no counts: muted entries are among the unread ones.
    pub async fn sources(&self, reader: ReaderId) -> Result<Vec<SourceView>> {
        Ok(self.store.sources_of(reader).await?)
    }

    /// The same with counts that can be shown.
    pub async fn sources_counted(&self, reader: ReaderId) -> Result<Vec<SourceView>> {
        self.unread_without_muted(reader, self.store.sources_of(reader).await?).await
    }

    pub async fn source(&self, reader: ReaderId, source: SourceId) -> Result<SourcePage> {
        let mine = self.store.sources_of(reader).await?;
        let view = mine.into_iter().find(|it| it.source.id == source).ok_or(AppError::NotFound)?;
        let view = self.unread_without_muted(reader, vec![view]).await?.remove(0);
        let which = EntryFilter { source: Some(source), ..EntryFilter::default() };
        let newest = self.newest(reader, &which, None, 50).await?.entries;
        let mut subscriptions = self.receiving.subscriptions().await?.into_iter();
        let subscription = subscriptions.find(|it| it.source == source);
        Ok(SourcePage { view, subscription, newest })
    }

    /// What the reader gives for this source alone: a password, a token, a cookie, headers, a proxy. Nothing given takes it
    /// back. Answers the source that they follow from then on.
    pub async fn set_access(&self, reader: ReaderId, source: SourceId, access: Access) -> Result<SourceId> {
        let access = Some(access).filter(|it| *it != Access::default());
        if let Some(access) = &access {
            Private::of(access).map_err(|why| AppError::Refused(format!("That cannot be sent: {why}.")))?;
            let all = [&access.token, &access.cookie, &access.proxy];
            let mut parts = all.into_iter().flatten().chain(access.login.iter().flat_map(|(a, b)| [a, b]));
            if parts.any(|it| it.contains(['\n', '\r'])) {
                return Err(AppError::Refused("A password or a cookie stands on one line.".into()));
            }
        }
        Ok(self.store.set_access(reader, source, access.as_ref(), self.now()).await?)
    }

    /// The reader's sources that may no longer be worth asking, each with the reason; the plainest cases first.
    pub async fn stale(&self, reader: ReaderId) -> Result<Vec<(SourceView, Stale)>> {
        Ok(stale::among(self.store.sources_of(reader).await?, self.now()))
    }

    /// It is asked again at once (well: as soon as its host may be asked).
    pub async fn refresh(&self, reader: ReaderId, source: Option<SourceId>) -> Result<usize> {
        let now = self.now();
        let mine = self.store.sources_of(reader).await?;
        let mut asked = 0;
        // Newsletters come by themselves.
        let is_asked = |it: &&SourceView| it.source.kind != SourceKind::Mail;
        let wanted = mine.iter().filter(|it| source.is_none_or(|source| it.source.id == source));
        for it in wanted.filter(is_asked) {
            self.store.refresh_now(it.source.id, now).await?;
            asked += 1;
        }
        match asked {
            0 if source.is_some() => Err(AppError::NotFound),
            _ => Ok(asked),
        }
    }

    /// The reader no longer follows the source; what they read of it stays.
    pub async fn unsubscribe(&self, reader: ReaderId, source: SourceId) -> Result<Follow> {
        let follow = self
            .store
            .follows(reader)
            .await?
            .into_iter()
            .find(|it| it.target == Target::Source(source) && matches!(it.stance, Stance::Follow(_)))
            .ok_or(AppError::NotFound)?;
        Ok(self.store.remove_follow(reader, follow.id).await?)
    }

    /// When a source will be asked next, for lists.
    pub fn due_in(&self, view: &SourceView) -> std::time::Duration {
        let now: Timestamp = self.now();
        now.age(view.source.health.next_due)
    }
}

/// `example.org` is meant as `https://example.org`; `feed://` is an old way to write http.
/// An address as somebody typed it, without the login that may stand in it: that is for its server alone.
pub fn shown_address(typed: &str) -> String {
    match fetch::without_login(&with_scheme(typed)) {
        (shown, Some(_)) => shown,
        (_, None) => typed.to_owned(),
    }
}

fn with_scheme(typed: &str) -> String {
    let address = typed.trim();
    let address = address.strip_prefix("feed:").map_or(address, |rest| rest.trim_start_matches("//"));
    match address.contains("://") {
        true => address.to_string(),
        false => format!("https://{address}"),
    }
}

fn complete(address: &str) -> Result<String> {
    let completed = with_scheme(address);
    match news::host_of(&completed) {
        Some(host) if completed.starts_with("http") && !host.is_empty() => Ok(completed),
        _ => Err(AppError::Refused(format!(
            "“{}” is not an address that can be fetched: it should look like https://example.org/feed.xml",
            shown_address(address.trim())
        ))),
    }
}

/// Takes those out of which there are very many of one host.
fn hold_back(outlines: &mut Vec<opml::Outline>, import: &mut Import) {
    let host_of = |it: &opml::Outline| news::host_of(&with_scheme(&it.address)).unwrap_or_default();
    let mut hosts: BTreeMap<String, usize> = BTreeMap::new();
    for outline in outlines.iter() {
        *hosts.entry(host_of(outline)).or_default() += 1;
    }
    hosts.retain(|host, count| !host.is_empty() && OF_ONE_HOST < *count);
    let held: Vec<opml::Outline> = outlines.extract_if(.., |it| hosts.contains_key(&host_of(it))).collect();
    if !held.is_empty() {
        import.held_list = opml::write("held back", &held);
        import.held = hosts.into_iter().collect();
    }
}

fn read_list(document: &[u8]) -> Result<Vec<opml::Outline>> {
    let looks_like_xml = document.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
        || document.starts_with(&[0xEF, 0xBB, 0xBF])
        || document.starts_with(&[0xFF, 0xFE])
        || document.starts_with(&[0xFE, 0xFF]);
    if looks_like_xml {
        return opml::read(document).map_err(|trouble| AppError::Refused(trouble.says));
    }
    let text = String::from_utf8_lossy(document);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let outline =
        |line: &str| opml::Outline { address: line.to_string(), title: None, site: None, folder: None };
    Ok(lines.map(outline).collect())
}

fn host(address: &str) -> String {
    news::host_of(address).unwrap_or_else(|| address.to_string())
}
