//! The first run: paste addresses, drop a list, or pick from lists to begin with.

use std::sync::Arc;

use app::{NewSource, Starter, starters};
use askama::Template;
use axum::{
    extract::{Query, RawForm, State},
    response::{Html, Redirect},
};
use news::SourceKind;

use super::{
    door::{Failure, House, Who},
    render::{Frame, page},
    story::{Told, returning, said, told},
};

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomeTemplate {
    frame: Frame,
    lists: Vec<(&'static str, Vec<(usize, Starter)>)>,
}

pub async fn welcome(
    State(house): State<Arc<House>>,
    who: Who,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let mut lists: Vec<(&'static str, Vec<(usize, Starter)>)> = Vec::new();
    for (n, starter) in starters().enumerate() {
        match lists.last_mut() {
            Some((list, members)) if *list == starter.list => members.push((n, starter)),
            _ => lists.push((starter.list, vec![(n, starter)])),
        }
    }
    let frame = Frame::new(&house, who, "welcome", "Welcome").await?.with(told(&done));
    page(WelcomeTemplate { frame, lists })
}

/// Ticked boxes all have one name, which the ordinary form reader does not take.
pub async fn pick(
    State(house): State<Arc<House>>,
    who: Who,
    RawForm(form): RawForm,
) -> Result<Redirect, Failure> {
    let form = String::from_utf8_lossy(&form).into_owned();
    let picked: Vec<usize> =
        form.split('&').filter_map(|it| it.strip_prefix("pick=")).filter_map(|it| it.parse().ok()).collect();
    let mut added = 0;
    for (_, starter) in starters().enumerate().filter(|(n, _)| picked.contains(n)) {
        let source = NewSource {
            address: starter.address.into(),
            kind: SourceKind::Feed,
            title: Some(starter.title.into()),
            site: None,
            language: Some(news::Language(starter.language.into())),
        };
        let source = house.app.store.add_source(&source, house.app.now()).await?;
        house.app.subscribe(who.id(), source, Some(starter.list), None).await?;
        added += 1;
    }
    match added {
        0 => Ok(returning(Some("/welcome"), &said("Tick some boxes first."))),
        _ => Ok(returning(
            Some("/"),
            &said(&format!("{added} sources added. Their articles come within a minute.")),
        )),
    }
}
