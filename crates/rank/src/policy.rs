use std::time::Duration;

/// The numbers of ranking that one may argue about.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// What each feature weighs for a reader of whom nothing is known yet, and how sure that is (precision).
    pub weights: Vec<(&'static str, f32)>,
    pub sureness: f32,
    /// Features that are not asked, to see what they are worth.
    pub left_out: Vec<&'static str>,
    /// How many stories each retrieval may find.
    pub followed: usize,
    pub similar: usize,
    pub widely_covered: usize,
    pub from_sources: usize,
    pub rare_sources: usize,
    pub unfamiliar: usize,
    /// A story that last grew this long ago is half as fresh.
    pub fresh: Duration,
    /// What has not grown for so long is too old for an edition; what a rare source tells keeps longer.
    pub too_old: Duration,
    pub rare_keeps: Duration,
    /// A source that publishes so many entries a week is half rare.
    pub rare: f32,
    /// From so many outlets on, a story is big news: mutes may let it through.
    pub big: u32,
    /// From so many outlets on, a story may stand under what everyone is covering.
    pub many: u32,
    /// After it was shown so often without being opened, a story is not shown again until it grows.
    pub shown_enough: u32,
    /// Shares of an edition: followed situations at most, what everyone is covering at least.
    pub situations: f32,
    pub everyone_covers: f32,
    /// Stories more alike than this are not put together while there are others.
    pub alike: f32,
    /// Score that a story loses when one like it stands above it, and when its only source does.
    pub alike_costs: f32,
    pub same_source_costs: f32,
    /// After so many signals half of what a reader lets explore still explores, but never less than this part.
    pub explores_after: f32,
    pub explores_always: f32,
    /// Spread of the score of a story that is like nothing the reader ever met.
    pub unknown: f32,
}

impl Default for Policy {
    fn default() -> Policy {
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        Policy {
            weights: vec![
                ("base", -3.0),
                ("follow", 3.0),
                ("your_sources", 0.6),
                ("taste", 9.0),
                ("names", 1.0),
                ("topics", 0.8),
                ("source", 0.3),
                ("authors", 0.4),
                ("coverage", 1.0),
                ("fresh", 0.8),
                ("rare_source", 1.5),
                ("grown", 0.8),
                ("shown", -0.8),
            ],
            sureness: 20.0,
            left_out: Vec::new(),
            followed: 300,
            similar: 300,
            widely_covered: 100,
            from_sources: 600,
            rare_sources: 100,
            unfamiliar: 60,
            fresh: hours(12),
            too_old: hours(72),
            rare_keeps: hours(14 * 24),
            rare: 3.0,
            big: 8,
            many: 3,
            shown_enough: 3,
            situations: 0.3,
            everyone_covers: 0.2,
            alike: 0.8,
            alike_costs: 1.0,
            same_source_costs: 0.15,
            explores_after: 60.0,
            explores_always: 0.34,
            unknown: 0.8,
        }
    }
}
