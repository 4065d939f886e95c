use crate::{ReaderId, Timestamp};

/// A person whom we serve.
#[derive(Clone, Debug, PartialEq)]
pub struct Reader {
    pub id: ReaderId,
    pub name: String,
    pub since: Timestamp,
    pub settings: ReaderSettings,
}

/// What a reader has set for themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct ReaderSettings {
    /// Stories in an edition.
    pub edition_length: u16,
    /// Share of slots that explore, 0 to 0.5.
    pub explore: f32,
    /// Nothing new is learnt from signals while this is so.
    pub learning_paused: bool,
    /// Reading one article marks the whole story read, not only exact copies.
    pub read_whole_story: bool,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// IANA time zone name; UTC when empty.
    pub time_zone: String,
}

impl Default for ReaderSettings {
    fn default() -> Self {
        ReaderSettings {
            edition_length: 30,
            explore: 0.1,
            learning_paused: false,
            read_whole_story: true,
            theme: "auto".into(),
            time_zone: String::new(),
        }
    }
}
