use std::time::Duration;

/// The numbers of learning that one may argue about.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Evidence this old counts half.
    pub half_life: Duration,
    /// What a story that was passed over says against each thing that it is about; an opened one says 1 for it.
    pub passed_over: f32,
    /// How far below a passed-over story the opened one may stand until it is half as certain that it was looked at.
    pub glance: f32,
    /// Beliefs with less evidence than this are forgotten.
    pub negligible: f32,
    /// Examples that are kept: liked, refused, and shown of which we wait to hear.
    pub liked: usize,
    pub refused: usize,
    pub waiting: usize,
    /// How stiff the taste is: the weight of "no taste at all" against one liked story.
    pub stiffness: f32,
    /// How much words may say of taste, against meanings (the embedding), which may say 1; and how many are kept.
    pub of_words: f32,
    pub words: usize,
    /// What an opened story still counts that fits with nothing else that was opened, and by how many spreads the
    /// others must speak for it until it counts half of the rest; asked from so many refused ones on.
    pub by_chance: f32,
    pub fits: f32,
    pub doubts_from: usize,
    /// Passes over the examples with each signal; the fit goes on where it stopped.
    pub passes: usize,
    /// How near a liked story must be to a centre to belong to it, and how many centres there are at most.
    pub centre_likeness: f32,
    pub centres: usize,
    /// How sure the ranker is of the weight that it begins with (precision: 1 / variance).
    pub sureness: f32,
    /// The same for the general readiness to open a story, which differs most from reader to reader: learnt first,
    /// so that no other weight has to make up for it.
    pub base_sureness: f32,
    /// The share of what was learnt about a weight that the ranker keeps over one half-life.
    pub ranker_keeps: f32,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            half_life: Duration::from_secs(90 * 86_400),
            passed_over: 0.15,
            glance: 20.0,
            negligible: 0.02,
            liked: 160,
            refused: 240,
            waiting: 96,
            stiffness: 4.0,
            of_words: 4.0,
            words: 1500,
            by_chance: 0.2,
            fits: 0.0,
            doubts_from: 5,
            passes: 2,
            centre_likeness: 0.5,
            centres: 12,
            sureness: 40.0,
            base_sureness: 1.0,
            ranker_keeps: 0.7,
        }
    }
}
