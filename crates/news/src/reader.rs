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
    /// Minutes that an edition may take to read; when not 0 they say how many stories it has.
    pub edition_minutes: u16,
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
    /// No alert between these hours of the reader's day (22 to 7 goes over midnight).
    pub quiet_hours: Option<(u8, u8)>,
    /// An address to which alerts are sent as well; none when empty.
    pub webhook: String,
    /// Devices whose signals are kept, and not learnt from.
    pub left_out: Vec<String>,
}

impl Default for ReaderSettings {
    fn default() -> Self {
        ReaderSettings {
            edition_length: 30,
            edition_minutes: 0,
            explore: 0.1,
            learning_paused: false,
            read_whole_story: true,
            theme: "auto".into(),
            time_zone: String::new(),
            quiet_hours: None,
            webhook: String::new(),
            left_out: Vec::new(),
        }
    }
}
