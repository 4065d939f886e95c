//! How tidings itself is doing, in words.

use news::Timestamp;

use store::{ChangeOfModel, ModelStep};

use crate::{App, Counts, Result, StageLoad};

/// What the doctor found.
#[derive(Debug)]
pub struct Report {
    pub counts: Counts,
    pub load: Vec<StageLoad>,
    pub complaints: Vec<Complaint>,
    /// What could be better, and how.
    pub notes: Vec<String>,
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
        for mailbox in self.receiving.mailboxes().await? {
            // One that is no longer read has no trouble.
            let is_read = self.ways_in.mailbox.as_ref() == Some(&mailbox.name);
            if let Some(trouble) = mailbox.trouble.filter(|_| is_read) {
                let (about, since) = (mailbox.name, mailbox.asked);
                complaints.push(Complaint { about, word: trouble.word, says: trouble.says, since });
            }
        }
        let mut with_hub = 0;
        for view in self.store.all_sources().await? {
            let source = view.source;
            with_hub += usize::from(source.health.hub.is_some());
            let about = source.shown_address().to_owned();
            if let Some(trouble) = source.health.trouble {
                let since = source.health.last_good;
                complaints.push(Complaint { about, word: trouble.word, says: trouble.says, since });
            }
        }
        let counts = self.keeping.counts().await?;
        let load = self.queue.load(self.now()).await?;
        let mut notes = self.notes(with_hub);
        notes.extend(change_of_model(&self.store.change_of_model().await?));
        Ok(Report { counts, load, complaints, notes })
    }
}

impl App {
    fn notes(&self, with_hub: usize) -> Vec<String> {
        let mut notes = Vec::new();
        if 0 < with_hub && !self.ways_in.hubs {
            notes.push(format!(
                "{with_hub} sources would be pushed to you within seconds by their hubs (WebSub), if those could reach \
                 tidings: set server.public to an address at which the internet finds it. Until then they are polled."
            ));
        }
        notes
    }
}

fn change_of_model(change: &ChangeOfModel) -> Option<String> {
    let ChangeOfModel { name, step, left } = change;
    match step {
        ModelStep::Done => None,
        ModelStep::Articles => Some(format!(
            "The model {name} is new: {left} articles are still to be embedded by it, in the background. Until then \
             stories are told apart by the vectors from before."
        )),
        ModelStep::Stories => Some(format!(
            "The model {name} is in use since shortly: {left} stories are still to follow, and what is learnt of readers."
        )),
    }
}

fn about_word(stage: store::Stage) -> &'static str {
    match stage {
        store::Stage::Refresh | store::Stage::Subscribe => "source",
        store::Stage::Receive => "arrival",
        store::Stage::Extract => "entry",
        store::Stage::Understand | store::Stage::Cluster => "article",
        store::Stage::Learn | store::Stage::Send => "reader",
        store::Stage::Embed => "change of model",
    }
}
