/// Who said what, in one article. Offsets are bytes into `Extracted::text`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// As named in the text: "Shin Won-sik", "the minister".
    pub speaker: Option<String>,
    /// What the text says the speaker is: "South Korea's defence minister".
    pub role: Option<String>,
    /// The verb: "said", "warned".
    pub cue: String,
    /// Said in so many words, between quotation marks.
    pub direct: bool,
    /// `[start, end)` of what was said.
    pub content: (u32, u32),
}

/// A sentence that says much of its article, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyPoint {
    pub says: String,
    /// `[start, end)` in `Extracted::text`; `None` for a publisher's own bullet.
    pub at: Option<(u32, u32)>,
}
