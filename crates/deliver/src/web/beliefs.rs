//! What is believed of the reader, how they correct it, and how they stop it.

use std::{sync::Arc, time::Duration};

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::header,
    response::{Html, IntoResponse, Redirect},
};
use learn::BeliefView;
use news::Timestamp;
use serde::Deserialize;

use super::{
    door::{Device, Failure, House, Who},
    render::{Frame, encoded, page},
    story::{Told, returning, said, told},
};
use crate::words::Words;

#[derive(Template)]
#[template(path = "beliefs.html")]
struct BeliefsTemplate {
    frame: Frame,
    paused: bool,
    text: String,
    signals: u32,
    beliefs: Vec<Belief>,
    centres: Vec<(String, f32)>,
    device: String,
    /// Nothing is learnt from this browser.
    left_out: bool,
    weights: Vec<(String, f32, u32)>,
}

struct Belief {
    text: String,
    word: String,
    view: BeliefView,
    /// −100 to 100.
    percent: i32,
}

/// Beliefs of one page: the strongest.
const BELIEFS: usize = 120;

pub async fn beliefs(
    State(house): State<Arc<House>>,
    who: Who,
    device: Device,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let reader = who.id();
    let left_out = who.0.settings.left_out.contains(&device.0);
    let it = house.app.beliefs(reader).await?;
    let mut words = Words::load(&house.app, reader).await?;
    words.may_name(&house.app, it.centres.iter().map(|it| it.example.clone()).collect()).await?;
    let beliefs = it.beliefs.into_iter().take(BELIEFS).map(|view| Belief {
        text: words.target(&view.target),
        word: app::target_word(&view.target),
        percent: (view.strength * 100.0) as i32,
        view,
    });
    let frame = Frame::new(&house, who, "beliefs", "What tidings believes of you").await?.with(told(&done));
    let text = house.app.beliefs_text(reader).await?;
    page(BeliefsTemplate {
        paused: frame.reader.settings.learning_paused,
        text,
        frame,
        signals: it.signals,
        beliefs: beliefs.collect(),
        centres: it
            .centres
            .into_iter()
            .filter(|it| words.named(&it.example).is_some())
            .map(|it| (it.example, it.weight))
            .collect(),
        device: device.0,
        left_out,
        weights: it
            .weights
            .into_iter()
            .map(|(name, mean, sure)| (name, mean, (sure * 100.0) as u32))
            .collect(),
    })
}

#[derive(Debug, Deserialize)]
pub struct Correction {
    target: String,
    value: String,
    #[serde(default, rename = "return")]
    returns: Option<String>,
}

pub async fn correct(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Correction>,
) -> Result<Redirect, Failure> {
    let target =
        app::parse_target(&form.target).ok_or_else(|| Failure::refused("There is nothing of that name."))?;
    let value = match form.value.as_str() {
        "guess" => None,
        value => Some(value.parse::<f32>().map_err(|_| Failure::refused("A number from −1 to 1, please."))?),
    };
    let was = house.app.beliefs(who.id()).await?.beliefs.into_iter().find(|it| it.target == target);
    let was = was.and_then(|it| it.corrected).map_or_else(|| "guess".to_string(), |it| it.to_string());
    house.app.correct(who.id(), &target, value).await?;
    let words = Words::load(&house.app, who.id()).await?;
    let query = format!(
        "told=corrected&said={}&word={}&stance={was}",
        encoded(&words.target(&target)),
        encoded(&app::target_word(&target))
    );
    Ok(returning(form.returns.as_deref().or(Some("/beliefs")), &query))
}

/// To keep, to edit, to bring to another house.
pub async fn text(State(house): State<Arc<House>>, who: Who) -> Result<impl IntoResponse, Failure> {
    let text = house.app.beliefs_text(who.id()).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"beliefs.txt\""),
    ];
    Ok((headers, text))
}

/// Everything that the reader ever did, a line for each.
pub async fn signals(State(house): State<Arc<House>>, who: Who) -> Result<impl IntoResponse, Failure> {
    let lines = house.app.signals(who.id()).await?;
    let lines: String = lines.iter().map(|it| format!("{}\n", crate::signals::line(it))).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"signals.jsonl\""),
    ];
    Ok((headers, lines))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    text: String,
}

pub async fn take(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Text>,
) -> Result<Redirect, Failure> {
    let set = house.app.take_beliefs(who.id(), &form.text).await?;
    let says =
        format!("Taken over: {set} set by you, all else is guessed. It holds from the next edition on.");
    Ok(returning(Some("/beliefs"), &said(&says)))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learning {
    what: String,
}

pub async fn learning(
    State(house): State<Arc<House>>,
    who: Who,
    device: Device,
    Form(form): Form<Learning>,
) -> Result<Redirect, Failure> {
    let says = match form.what.as_str() {
        "pause" => {
            house.app.pause_learning(who.id(), true).await?;
            "Paused: what you do is kept, and not learnt from.".to_string()
        }
        "resume" => {
            house.app.pause_learning(who.id(), false).await?;
            "Learning again.".to_string()
        }
        "leave_out" => {
            house.app.leave_out(who.id(), &device.0, true).await?;
            "What you do with this browser is kept, and not learnt from.".to_string()
        }
        "take_in" => {
            house.app.leave_out(who.id(), &device.0, false).await?;
            "What you do with this browser is learnt from again.".to_string()
        }
        "forget_all" => {
            let gone = house.app.forget(who.id(), Timestamp(0), Timestamp(i64::MAX)).await?;
            format!(
                "Forgotten: {gone} things that you did. What you set by hand, follow, mute and saved stays."
            )
        }
        "forget_hour" => {
            let now = house.app.now();
            let (from, to) = (now.before(Duration::from_secs(3600)), now.after(Duration::from_secs(1)));
            let gone = house.app.forget(who.id(), from, to).await?;
            format!(
                "Forgotten: {gone} things that you did in the last hour. What rested on them is being made anew."
            )
        }
        _ => return Err(Failure::refused("Pause, resume, or forget the last hour?")),
    };
    Ok(returning(Some("/beliefs"), &said(&says)))
}
