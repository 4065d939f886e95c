//! Sources: adding, removing, folders, health; and how the house itself is doing.

use std::sync::Arc;

use app::{Added, EntryHead, Report, SourceView};
use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, Query, RawForm, State},
    http::StatusCode,
    http::header,
    response::{Html, IntoResponse, Redirect, Response},
};
use news::{Access, SourceId, SourceKind, Subscription, Target};
use parse::Offer;
use serde::Deserialize;

use super::{
    door::{Failure, House, Who},
    follows::{Panel, panel},
    render::{Frame, encoded, page},
    story::{Told, returning, said, told},
};
use crate::words::{self, Words};

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesTemplate {
    frame: Frame,
    /// By folder; those without one come last.
    folders: Vec<(String, Vec<SourceView>)>,
    names: Vec<String>,
    sources: usize,
    troubled: usize,
    /// Not asked yet: a list was imported a moment ago.
    unasked: usize,
    /// Those that may go, and why.
    stale: Vec<(SourceView, String)>,
    /// Newsletters can be given an address here.
    takes_mail: bool,
    mailbox: Option<String>,
}

pub async fn sources(
    State(house): State<Arc<House>>,
    who: Who,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let all = house.app.sources_counted(who.id()).await?;
    let stale = house.app.stale(who.id()).await?;
    let sources = all.len();
    let unasked = all.iter().filter(|it| it.source.health.last_asked.is_none()).count();
    let troubled = all.iter().filter(|it| it.source.health.trouble.is_some()).count();
    let mut folders: Vec<(String, Vec<SourceView>)> = Vec::new();
    for it in all {
        let folder = folder_of(&it);
        match folders.iter_mut().find(|(name, _)| *name == folder) {
            Some((_, members)) => members.push(it),
            None => folders.push((folder, vec![it])),
        }
    }
    folders.sort_by_key(|(name, _)| (name.is_empty(), name.to_lowercase()));
    for (_, members) in &mut folders {
        members.sort_by_key(|it| it.source.title.to_lowercase());
    }
    let names = folders.iter().map(|(name, _)| name.clone()).filter(|it| !it.is_empty()).collect();
    let frame = Frame::new(&house, who, "sources", "Sources").await?.with(told(&done));
    let stale = stale.into_iter().map(|(it, why)| (it, words::stale(&why, frame.now))).collect();
    let takes_mail = house.app.ways_in.mail_domain.is_some();
    let mailbox = house.app.ways_in.mailbox.clone();
    page(SourcesTemplate { frame, folders, names, sources, troubled, unasked, stale, takes_mail, mailbox })
}

fn folder_of(it: &SourceView) -> String {
    it.follow.as_ref().and_then(|it| it.folder.clone()).unwrap_or_default()
}

#[derive(Debug, Deserialize)]
pub struct Adding {
    address: String,
    #[serde(default)]
    folder: String,
    #[serde(default)]
    unchecked: Option<String>,
    /// Chosen from what was offered: what it is, and what it calls itself.
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    selector: String,
}

impl Adding {
    fn offer(&self) -> Option<Offer> {
        let selector = Some(self.selector.trim().to_owned()).filter(|it| !it.is_empty());
        let kind = match self.kind.as_deref()? {
            "feed" => SourceKind::Feed,
            "sitemap" => SourceKind::Sitemap,
            "page" => SourceKind::Page { selector },
            _ => return None,
        };
        Some(Offer { address: self.address.clone(), title: self.title.clone(), kind, samples: Vec::new() })
    }
}

/// An offer as its form names it: the kind, and the selector of a page.
fn kind_words(kind: &SourceKind) -> (&'static str, &str) {
    match kind {
        SourceKind::Sitemap => ("sitemap", ""),
        SourceKind::Page { selector } => ("page", selector.as_deref().unwrap_or("")),
        SourceKind::Feed | SourceKind::Mail => ("feed", ""),
    }
}

#[derive(Template)]
#[template(path = "offers.html")]
struct OffersTemplate {
    frame: Frame,
    title: &'static str,
    address: String,
    folder: String,
    offers: Vec<Offer>,
    /// Why it could not be added, when it could not; it can be added all the same.
    refused: Option<String>,
}

pub async fn add(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Adding>,
) -> Result<Response, Failure> {
    let folder = Some(form.folder.as_str()).filter(|it| !it.trim().is_empty());
    let addresses: Vec<&str> = form.address.split_whitespace().collect();
    if 1 < addresses.len() {
        return imported(&house, who, addresses.join("\n").as_bytes(), false).await;
    }
    let added = match form.offer() {
        Some(offer) => house.app.take(who.id(), offer, folder).await,
        None => house.app.add(who.id(), &form.address, folder, form.unchecked.is_some()).await,
    };
    let (offers, refused) = match added {
        Ok(Added::Source(_, title)) => {
            let says = format!("Following {title}. Its articles come within a minute.");
            return Ok(returning(Some("/sources"), &said(&says)).into_response());
        }
        Ok(Added::Offers(offers)) => (offers, None),
        Err(app::AppError::Refused(says)) => (Vec::new(), Some(says)),
        Err(error) => return Err(error.into()),
    };
    let title = "Which one?";
    let frame = Frame::new(&house, who, "sources", title).await?;
    Ok(page(OffersTemplate { frame, title, address: form.address, folder: form.folder, offers, refused })?
        .into_response())
}

#[derive(Debug, Deserialize)]
pub struct Preview {
    address: String,
    #[serde(default)]
    selector: String,
    #[serde(default)]
    folder: String,
}

/// What a page without a feed would give, before one follows it.
pub async fn preview(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Preview>,
) -> Result<Response, Failure> {
    let (status, offers, refused) = match house.app.preview(&form.address, Some(&form.selector)).await {
        Ok(offer) => (StatusCode::OK, vec![offer], None),
        // With the form again: another selector may do.
        Err(app::AppError::Refused(says)) => (StatusCode::BAD_REQUEST, Vec::new(), Some(says)),
        Err(error) => return Err(error.into()),
    };
    let title = "What would come";
    let frame = Frame::new(&house, who, "sources", title).await?;
    let (address, folder) = (form.address, form.folder);
    let shown = page(OffersTemplate { frame, title, address, folder, offers, refused })?;
    Ok((status, shown).into_response())
}

/// Those with a tick are no longer followed; all of it can be taken back at once.
pub async fn prune(
    State(house): State<Arc<House>>,
    who: Who,
    RawForm(form): RawForm,
) -> Result<Redirect, Failure> {
    let form = String::from_utf8_lossy(&form).into_owned();
    let ticked = form.split('&').filter_map(|it| it.strip_prefix("source=")).filter_map(|it| it.parse().ok());
    let mut gone = Vec::new();
    for source in ticked {
        let was = house.app.unsubscribe(who.id(), SourceId(source)).await?;
        gone.push(Gone(source, was.folder, was.label));
    }
    if gone.is_empty() {
        return Ok(returning(Some("/sources"), &said("Tick some sources first.")));
    }
    let word = serde_json::to_string(&gone).unwrap_or_default();
    let query = format!("told=pruned&said={}&word={}", gone.len(), encoded(&word));
    Ok(returning(Some("/sources"), &query))
}

/// What it takes to follow a source again as it was: its number, folder and label.
#[derive(serde::Serialize, Deserialize)]
struct Gone(i64, Option<String>, Option<String>);

#[derive(Debug, Deserialize)]
pub struct Again {
    sources: String,
}

pub async fn again(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Again>,
) -> Result<Redirect, Failure> {
    let gone: Vec<Gone> = serde_json::from_str(&form.sources)
        .map_err(|_| Failure::refused("Which sources is not said in a way that can be read."))?;
    for Gone(source, folder, label) in &gone {
        house.app.store.source(SourceId(*source)).await?;
        house.app.subscribe(who.id(), SourceId(*source), folder.as_deref(), label.clone()).await?;
    }
    Ok(returning(Some("/sources"), &said(&format!("{} sources are followed again.", gone.len()))))
}

#[derive(Debug, Deserialize)]
pub struct Giving {
    #[serde(default)]
    user: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    cookie: String,
    /// `Name: value`, a line each.
    #[serde(default)]
    headers: String,
    #[serde(default)]
    proxy: String,
}

/// What the reader gives for this source alone. It is never shown again; nothing given takes it back.
pub async fn access(
    State(house): State<Arc<House>>,
    who: Who,
    Path(source): Path<i64>,
    Form(form): Form<Giving>,
) -> Result<Redirect, Failure> {
    let filled = |it: &str| Some(it.trim().to_owned()).filter(|it| !it.is_empty());
    let header = |line: &str| match line.split_once(':') {
        Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
        None => Err(Failure::refused(format!("“{line}” is no header: they are written like Name: value."))),
    };
    let lines = form.headers.lines().map(str::trim).filter(|it| !it.is_empty());
    let access = Access {
        login: filled(&form.user).map(|user| (user, form.password.clone())),
        token: filled(&form.token),
        cookie: filled(&form.cookie),
        headers: lines.map(header).collect::<Result<_, _>>()?,
        proxy: filled(&form.proxy),
    };
    let says = match access == Access::default() {
        true => "What was given for this source is forgotten. It is asked again now.",
        false => "Kept, and used for this source alone. It is asked again now.",
    };
    let source = house.app.set_access(who.id(), SourceId(source), access).await?;
    Ok(returning(Some(&format!("/source/{source}")), &said(says)))
}

#[derive(Debug, Deserialize)]
pub struct Newsletter {
    name: String,
    #[serde(default)]
    folder: String,
}

/// An address for a newsletter; its page says what to do with it.
pub async fn newsletter(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Newsletter>,
) -> Result<Redirect, Failure> {
    let (source, address) = house.app.add_letterbox(who.id(), &form.name, Some(&form.folder)).await?;
    let says = format!("Give {address} to the newsletter. What it sends there comes in here.");
    Ok(returning(Some(&format!("/source/{source}")), &said(&says)))
}

pub async fn import(
    State(house): State<Arc<House>>,
    who: Who,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let unreadable = |_| Failure::refused("The file could not be read; it may be at most 5 MB large.");
    let mut many = false;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("many") => many = true,
            Some("file" | "list") => {
                let document = field.bytes().await.map_err(unreadable)?;
                return imported(&house, who, &document, many).await;
            }
            _ => (),
        }
    }
    Err(Failure::refused("Choose an OPML file first."))
}

#[derive(Template)]
#[template(path = "held.html")]
struct HeldTemplate {
    frame: Frame,
    says: String,
    held: Vec<(String, usize)>,
    list: String,
}

/// Takes the list in; where it has very many of one host, that is asked about.
async fn imported(house: &Arc<House>, who: Who, list: &[u8], many: bool) -> Result<Response, Failure> {
    let import = house.app.import(who.id(), list, many, &|_, _| ()).await?;
    let mut says = format!("{} sources added, {} were there already.", import.added, import.already);
    if !import.refused.is_empty() {
        let first: Vec<&str> = import.refused.iter().take(5).map(|(address, _)| address.as_str()).collect();
        says.push_str(&format!(" {} left out: {}", import.refused.len(), first.join(", ")));
    }
    if import.held.is_empty() {
        return Ok(returning(Some("/sources"), &said(&says)).into_response());
    }
    let frame = Frame::new(house, who, "sources", "Very many of one host").await?;
    let held = HeldTemplate { frame, says, held: import.held, list: import.held_list };
    Ok(page(held)?.into_response())
}

pub async fn export(State(house): State<Arc<House>>, who: Who) -> Result<Response, Failure> {
    let document = house.app.export(who.id()).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/x-opml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"tidings.opml\""),
    ];
    Ok((headers, document).into_response())
}

#[derive(Template)]
#[template(path = "source.html")]
struct SourceTemplate {
    frame: Frame,
    panel: Panel,
    it: SourceView,
    subscription: Option<Subscription>,
    /// Of a newsletter: where it comes in.
    letterbox: Option<String>,
    newest: Vec<EntryHead>,
    gap: Option<String>,
    folder: String,
}

pub async fn source(
    State(house): State<Arc<House>>,
    who: Who,
    Path(source): Path<i64>,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let reader = who.id();
    let it = house.app.source(reader, SourceId(source)).await?;
    let words = Words::load(&house.app, reader).await?;
    let returns = format!("/source/{source}");
    let panel = panel(&house, reader, &Target::Source(SourceId(source)), &words, &returns).await?;
    let frame = Frame::new(&house, who, "sources", &it.view.source.title).await?.with(told(&done));
    let gap = it.view.source.health.usual_gap.map(|gap| match gap.as_secs() / 60 {
        0..120 => format!("every {} minutes", (gap.as_secs() / 60).max(1)),
        minutes @ 120..2880 => format!("every {} hours", minutes / 60),
        minutes => format!("every {} days", minutes / 1440),
    });
    let subscription = it.subscription;
    let letterbox = it.view.source.address.strip_prefix("mailto:").map(str::to_owned);
    let (folder, it, newest) = (folder_of(&it.view), it.view, it.newest);
    page(SourceTemplate { frame, panel, folder, it, newest, gap, subscription, letterbox })
}

pub async fn remove(
    State(house): State<Arc<House>>,
    who: Who,
    Path(source): Path<i64>,
) -> Result<Redirect, Failure> {
    let was = house.app.unsubscribe(who.id(), SourceId(source)).await?;
    let query = format!(
        "told=unfollowed&of={}&said={}",
        was.id,
        encoded(was.label.as_deref().unwrap_or("the source"))
    );
    Ok(returning(Some("/sources"), &query))
}

pub async fn refresh(
    State(house): State<Arc<House>>,
    who: Who,
    Path(source): Path<i64>,
) -> Result<Redirect, Failure> {
    house.app.refresh(who.id(), Some(SourceId(source))).await?;
    Ok(returning(Some(&format!("/source/{source}")), &said("It is asked again now.")))
}

#[derive(Debug, Deserialize)]
pub struct Filing {
    folder: String,
}

pub async fn folder(
    State(house): State<Arc<House>>,
    who: Who,
    Path(source): Path<i64>,
    Form(form): Form<Filing>,
) -> Result<Redirect, Failure> {
    let reader = who.id();
    // Only what the reader follows already has a folder.
    let it = house.app.source(reader, SourceId(source)).await?;
    let label = it.view.follow.and_then(|it| it.label);
    house.app.subscribe(reader, SourceId(source), Some(&form.folder), label).await?;
    Ok(returning(Some(&format!("/source/{source}")), &said("Moved.")))
}

#[derive(Template)]
#[template(path = "doctor.html")]
struct DoctorTemplate {
    frame: Frame,
    report: Report,
    megabytes: u64,
}

pub async fn doctor(State(house): State<Arc<House>>, who: Who) -> Result<Html<String>, Failure> {
    let report = house.app.doctor().await?;
    let frame = Frame::new(&house, who, "doctor", "How tidings is doing").await?;
    page(DoctorTemplate { frame, megabytes: report.counts.bytes / 1_000_000, report })
}
