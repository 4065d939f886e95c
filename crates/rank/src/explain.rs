use news::{Because, Edition, Target, Timestamp};

use crate::{
    Candidate, Policy, Profile,
    about::Page,
    features,
    select::over,
    view::{Look, View},
};

/// Why a story is, or is not, in an edition.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The strongest first; together they are the score.
    pub because: Vec<Because>,
    pub score: f32,
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// In the edition, at this place (0 is the first).
    Shown {
        at: usize,
        exploring: bool,
    },
    Muted {
        by: Target,
    },
    Read {
        at: Option<Timestamp>,
    },
    /// The reader waved it away.
    Dismissed,
    /// It was shown so often without being opened.
    ShownEnough {
        times: u32,
    },
    TooOld {
        since: Timestamp,
    },
    /// Nothing that we search for this reader finds it: of none of their sources, follows or interests.
    NotFound,
    /// Others scored higher. `needed` is the lowest score of the edition's own choice.
    BelowTheCut {
        needed: f32,
        has: f32,
    },
    /// Its score would do, but stories like it, or of the same source, stand there already.
    MadeWay {
        needed: f32,
        has: f32,
    },
    /// There is no edition to compare with; nothing speaks against it.
    NoEdition,
}

/// Answers "why is X here?" and "why is X not here?" for any story.
pub fn explain(
    profile: &Profile,
    candidate: &Candidate,
    edition: Option<&Edition>,
    policy: &Policy,
    now: Timestamp,
) -> Explanation {
    let view = View::new(profile, policy, now);
    let mut page = Page::default();
    page.read(&candidate.story, &view.book);
    let look = Look { candidate, story: &candidate.story, page: &page };
    let mut because = features::because(&view, &look, &features::measure(&view, &look));
    because.sort_by(|a, b| b.share().total_cmp(&a.share()));
    let score = because.iter().map(Because::share).sum();
    let place =
        edition.and_then(|it| Some((it.slots.iter().position(|it| it.story == candidate.story.story)?, it)));
    if let Some((at, edition)) = place {
        // What it was shown with is what is told, whatever has been learnt since.
        let slot = &edition.slots[at];
        let verdict = Verdict::Shown { at, exploring: slot.exploring };
        return Explanation { because: slot.because().to_vec(), score: slot.score, verdict };
    }
    let verdict = (view.muted(&look).map(|by| Verdict::Muted { by: by.clone() }))
        .or_else(|| over(&view, candidate))
        .unwrap_or_else(|| below(candidate, edition, score));
    Explanation { because, score, verdict }
}

/// What every feature says of each candidate, in their order; nothing is dropped. The shares add up to the score.
pub fn judge(
    profile: &Profile,
    candidates: &[Candidate],
    policy: &Policy,
    now: Timestamp,
) -> Vec<Vec<Because>> {
    let view = View::new(profile, policy, now);
    let mut page = Page::default();
    let mut judged = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        page.read(&candidate.story, &view.book);
        let look = Look { candidate, story: &candidate.story, page: &page };
        judged.push(features::because(&view, &look, &features::measure(&view, &look)));
    }
    judged
}

fn below(candidate: &Candidate, edition: Option<&Edition>, has: f32) -> Verdict {
    if candidate.found_by.is_empty() {
        return Verdict::NotFound;
    }
    let chosen =
        edition.into_iter().flat_map(|it| &it.slots).filter(|it| it.section == news::Section::ForYou);
    match chosen.map(|it| it.score).min_by(f32::total_cmp) {
        None => Verdict::NoEdition,
        Some(needed) if has < needed => Verdict::BelowTheCut { needed, has },
        Some(needed) => Verdict::MadeWay { needed, has },
    }
}
