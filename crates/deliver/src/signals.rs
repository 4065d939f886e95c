//! Signals as lines of JSON: to be kept, or brought elsewhere.

use news::{Signal, SignalKind};
use serde_json::{Value, json};

pub fn kind_word(kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::Shown { .. } => "shown",
        SignalKind::Opened => "opened",
        SignalKind::Read { .. } => "read",
        SignalKind::Saved => "saved",
        SignalKind::Unsaved => "unsaved",
        SignalKind::Shared => "shared",
        SignalKind::MoreLikeThis => "more",
        SignalKind::LessLikeThis => "less",
        SignalKind::NotInterested => "not_interested",
        SignalKind::AlreadyKnew => "already_knew",
        SignalKind::Undo => "undo",
    }
}

pub fn line(it: &Signal) -> Value {
    let mut line = json!({
        "signal": it.id.0, "at": it.at.0, "kind": kind_word(it.kind), "story": it.story.0, "device": it.device,
        "learnt_from": it.is_learnt_from(),
    });
    if let Some(article) = it.article {
        line["article"] = article.0.into();
    }
    if let Some(edition) = it.edition {
        line["edition"] = edition.0.into();
    }
    match it.kind {
        SignalKind::Shown { position } => line["position"] = position.into(),
        SignalKind::Read { seconds, depth } => {
            line["seconds"] = seconds.into();
            line["depth"] = depth.into();
        }
        _ => (),
    }
    line
}
