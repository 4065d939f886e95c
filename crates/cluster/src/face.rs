//! How a story shows itself.

/// How plainly a headline tells what happened, 0 to 1. Not how well: that is for the centre to say.
pub fn plainness(headline: &str) -> f32 {
    let words: Vec<&str> = headline.split_whitespace().collect();
    let mut score = 1.0_f32;
    score -= match headline.chars().count() {
        0..=14 => 0.8,
        15..=29 => 0.25,
        30..=100 => 0.0,
        101..=140 => 0.2,
        _ => 0.5,
    };
    let shouted = words
        .iter()
        .filter(|it| 3 < it.len() && it.chars().all(|c| !c.is_lowercase() && c.is_alphabetic()))
        .count();
    if 1 < shouted {
        score -= 0.4;
    }
    if headline.contains(['?', '!', '…']) || headline.ends_with("...") {
        score -= 0.3;
    }
    let lower = headline.to_lowercase();
    if LOUD.iter().any(|it| lower.contains(it)) {
        score -= 0.35;
    }
    // "Opinion: ", "Watch | ": what kind of piece it is, not what happened.
    if headline.split([':', '|']).next().is_some_and(|label| {
        label.len() < headline.len() && LABELS.contains(&label.trim().to_lowercase().as_str())
    }) {
        score -= 0.4;
    }
    if words.first().is_some_and(|it| {
        matches!(
            it.to_lowercase().as_str(),
            "this" | "these" | "why" | "how" | "what" | "here's" | "here’s" | "i" | "my" | "we"
        )
    }) {
        score -= 0.25;
    }
    score.max(0.0)
}

/// What is said to be clicked at rather than to tell.
const LOUD: &[&str] = &[
    "you won't",
    "you won’t",
    "shocking",
    "slams",
    "slammed",
    "blasts",
    "destroys",
    "epic",
    "jaw-dropping",
    "this is why",
    "what you need to know",
    "everything you need",
    "here's what",
    "here’s what",
    "need to know",
    "mind-blowing",
    "goes viral",
    "breaking",
    "must see",
    "must-see",
    "things to know",
    "explained",
    "eviscerates",
    "meltdown",
    "bombshell",
];

const LABELS: &[&str] = &[
    "opinion",
    "analysis",
    "watch",
    "video",
    "live",
    "live updates",
    "photos",
    "in pictures",
    "column",
    "editorial",
    "exclusive",
    "podcast",
    "fact check",
    "explainer",
    "quiz",
    "review",
    "letters",
    "comment",
    "perspective",
];
