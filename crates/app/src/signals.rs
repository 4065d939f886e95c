//! What a reader did. Kept when this answers; learning from it happens later, as work of its own.

use news::{
    ArticleId, EditionId, EntryId, ReaderId, ReaderSettings, Signal, SignalId, SignalKind, StoryId,
    Timestamp, UNLEARNT,
};

use crate::{App, Mark, Result};

/// Something that a reader did to a story, as an output reports it.
#[derive(Clone, Debug)]
pub struct Act {
    pub story: StoryId,
    pub article: Option<ArticleId>,
    pub edition: Option<EditionId>,
    pub kind: SignalKind,
}

impl App {
    /// `device`: which way it came (`web`, `cli`, `fever`, or as the reader calls it). While learning is paused, or
    /// when the device is left out of it, that is noted with it.
    pub async fn note(&self, reader: ReaderId, acts: &[Act], device: &str) -> Result<Vec<SignalId>> {
        let at = self.now();
        let settings = self.store.reader(reader).await?.settings;
        let left_out = settings.left_out.iter().any(|it| it.eq_ignore_ascii_case(device));
        match settings.learning_paused || left_out {
            true => self.note_at(reader, acts, &format!("{device}{UNLEARNT}"), at).await,
            false => self.note_at(reader, acts, device, at).await,
        }
    }

    /// For histories that are brought along: something done at another time than now.
    pub async fn note_at(
        &self,
        reader: ReaderId,
        acts: &[Act],
        device: &str,
        at: Timestamp,
    ) -> Result<Vec<SignalId>> {
        let own = self.store.own(reader).await?;
        // What is said of a story that only this reader has is said of the article from which it has its number:
        // everybody's stories are what is learnt from.
        let about =
            |act: &Act| act.article.or_else(|| own.is_new(act.story).then_some(ArticleId(act.story.0)));
        let signals: Vec<Signal> = acts
            .iter()
            .map(|act| Signal {
                id: SignalId(0),
                reader,
                story: act.story,
                article: about(act),
                edition: act.edition,
                at,
                kind: act.kind,
                device: device.to_string(),
            })
            .collect();
        Ok(self.store.record_signals(&signals).await?)
    }

    pub async fn mark(&self, reader: ReaderId, entries: &[EntryId], mark: Mark) -> Result<()> {
        Ok(self.store.mark(reader, entries, mark, self.now()).await?)
    }

    pub async fn mark_story(&self, reader: ReaderId, story: StoryId, mark: Mark) -> Result<()> {
        Ok(self.store.mark_story(reader, story, mark, self.now()).await?)
    }

    pub async fn pause_learning(&self, reader: ReaderId, paused: bool) -> Result<()> {
        let settings = self.store.reader(reader).await?.settings;
        let settings = ReaderSettings { learning_paused: paused, ..settings };
        Ok(self.store.save_settings(reader, &settings).await?)
    }

    /// Everything that the reader ever did, in the order in which it was recorded: to be kept, or brought elsewhere.
    pub async fn signals(&self, reader: ReaderId) -> Result<Vec<Signal>> {
        self.all_signals(reader).await
    }

    /// What is learnt from `device` from now on: nothing, or as from the others.
    pub async fn leave_out(&self, reader: ReaderId, device: &str, leave: bool) -> Result<()> {
        let mut settings = self.store.reader(reader).await?.settings;
        settings.left_out.retain(|it| !it.eq_ignore_ascii_case(device));
        if leave {
            settings.left_out.push(device.to_string());
        }
        Ok(self.store.save_settings(reader, &settings).await?)
    }

    /// The reader's right: whatever they did in that time is forgotten, and interests are made anew without it.
    pub async fn forget(&self, reader: ReaderId, from: Timestamp, to: Timestamp) -> Result<u64> {
        Ok(self.store.forget_signals(reader, from, to).await?)
    }
}
