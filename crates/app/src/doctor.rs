//! How tidings itself is doing, in words.

use news::Timestamp;

use crate::{App, Counts, Result, StageLoad};

/// What the doctor found.
#[derive(Debug)]
pub struct Report {
    pub counts: Counts,
    pub load: Vec<StageLoad>,
    pub complaints: Vec<Complaint>,
}

/// Something that is not well, where, and what can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// `store`, `work` or the address of a source.
    pub about: String,
    /// A short, stable word for scripts.
    pub word: String,
    pub says: String,
    pub since: Option<Timestamp>,
}

impl App {
    pub async fn doctor(&self) -> Result<Report> {
        let mut complaints = Vec::new();
        for says in self.keeping.check().await? {
            complaints.push(Complaint { about: "store".into(), word: "damaged".into(), says, since: None });
        }
        for it in self.queue.set_aside(100).await? {
            let says = format!(
                "{} of {} {} was tried {} times and set aside: {}. `tidings doctor --retry` tries again.",
                it.task.stage.word(),
                about_word(it.task.stage),
                it.task.about,
                it.task.attempt,
                it.why,
            );
            complaints.push(Complaint {
                about: "work".into(),
                word: "set_aside".into(),
                says,
                since: Some(it.at),
            });
        }
        for view in self.store.all_sources().await? {
            let source = view.source;
            if let Some(trouble) = source.health.trouble {
                let since = source.health.last_good;
                complaints.push(Complaint {
                    about: source.address,
                    word: trouble.word,
                    says: trouble.says,
                    since,
                });
            }
        }
        let counts = self.keeping.counts().await?;
        let load = self.queue.load(self.now()).await?;
        Ok(Report { counts, load, complaints })
    }
}

fn about_word(stage: store::Stage) -> &'static str {
    match stage {
        store::Stage::Refresh => "source",
        store::Stage::Extract => "entry",
        store::Stage::Understand | store::Stage::Cluster => "article",
        store::Stage::Learn | store::Stage::Send => "reader",
    }
}
