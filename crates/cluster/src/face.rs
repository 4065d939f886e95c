//! How a story shows itself.

use news::Picture;

/// How plainly a headline tells what happened, 0 to 1: it is long enough to say something, and does not shout, ask,
/// tease, praise or judge. Not how well it tells it: that is for the centre to say.
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
    // Superlatives and judgements are the outlet's; two are louder than one.
    let judging = lower.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'' && c != '’');
    let judging = judging.filter(|word| JUDGING.contains(word)).count();
    score -= 0.15 * judging.min(2) as f32;
    // What a headline talks the reader into is not what happened.
    if lower
        .split_whitespace()
        .any(|it| matches!(it, "you" | "your" | "you're" | "you’re" | "you'll" | "you’ll"))
    {
        score -= 0.2;
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

/// Whether a picture is worth taking another's place: it is known to be of some size, and clearly larger.
pub fn shows_more(new: &Picture, old: &Picture) -> bool {
    const WIDE: u64 = 600;
    let area = |it: &Picture| u64::from(it.width.unwrap_or(0)) * u64::from(it.height.unwrap_or(0));
    let large = WIDE <= u64::from(new.width.unwrap_or(0)) && new.height.is_some_and(|it| 300 <= it);
    // Of what is not known to be small, a second look is not worth a change.
    let small = old.width.is_some_and(|it| u64::from(it) < WIDE) && 2 * area(old) <= area(new);
    large && small
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

/// Words that weigh instead of telling.
const JUDGING: &[&str] = &[
    "best",
    "worst",
    "biggest",
    "greatest",
    "ultimate",
    "amazing",
    "incredible",
    "unbelievable",
    "stunning",
    "astonishing",
    "insane",
    "crazy",
    "outrageous",
    "disgusting",
    "disgraceful",
    "shameful",
    "pathetic",
    "horrifying",
    "terrifying",
    "heartbreaking",
    "hilarious",
    "brilliant",
    "genius",
    "perfect",
    "massive",
    "explosive",
    "furious",
    "fury",
    "outrage",
    "chaos",
    "humiliating",
    "savage",
    "brutally",
    "literally",
    "finally",
    "surely",
    "obviously",
    "hypocrisy",
    "hypocrite",
    "radical",
    "woke",
    "propaganda",
    "witch-hunt",
    "should",
    "must",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_picture_takes_the_place_of_one_that_is_known_to_be_small() {
        let picture = |size: Option<(u32, u32)>| Picture {
            width: size.map(|it| it.0),
            height: size.map(|it| it.1),
            ..Picture::default()
        };
        for (new, old, better) in [
            (Some((1200, 800)), Some((120, 80)), true),
            (Some((1200, 800)), Some((800, 600)), false),
            (Some((1200, 800)), None, false),
            (Some((1200, 60)), Some((120, 80)), false),
            (Some((300, 200)), Some((120, 80)), false),
            (None, Some((120, 80)), false),
        ] {
            assert_eq!(shows_more(&picture(new), &picture(old)), better, "{new:?} for {old:?}");
        }
    }

    #[test]
    fn of_two_headlines_the_one_that_tells_is_plainer_than_the_one_that_calls() {
        for (plain, loud) in [
            (
                "Parliament passes budget after night of argument",
                "You won't believe how parliament got its budget",
            ),
            (
                "Dam above Varnholt bursts, lower town flooded",
                "Chaos as massive dam bursts in stunning disaster",
            ),
            ("Central bank raises rate to 3.5 per cent", "Is this the worst rate decision ever?"),
            ("Minister resigns over travel expenses", "MINISTER RESIGNS IN DISGRACE"),
            ("Court rules against city in water case", "Opinion: The court's ruling is a disgrace"),
            ("Court rules against city in water case", "Why the court must be stopped"),
            ("Harland recalls 80,000 cars over brakes", "Your car could be next: what you need to know"),
            ("Strike ends at Torvik port after nine days", "Finally!"),
        ] {
            assert!(plainness(loud) + 0.1 < plainness(plain), "{plain} | {loud}");
        }
    }
}
