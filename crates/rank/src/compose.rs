use news::{Because, Edition, EditionId, Reason, Section, Slot, Timestamp};

use crate::{
    Candidate, Policy, Profile,
    about::Page,
    features,
    features::FEATURES,
    select::{SELECTORS, Scored, Table},
    view::{Look, View},
};

/// The edition of one reader at one moment. `seed` decides what is explored, and nothing else.
pub fn compose(
    profile: &Profile,
    candidates: Vec<Candidate>,
    policy: &Policy,
    seed: u64,
    now: Timestamp,
) -> Edition {
    let view = View::new(profile, policy, now);
    let stories = score(&view, &candidates);
    let mut table = Table { view: &view, seed, stories, hidden: Vec::new() };
    for selector in SELECTORS {
        selector.select(&mut table);
    }
    let mut page = Page::default();
    let slots = table.stories.iter().filter_map(|it| slot(&view, it, &mut page)).collect();
    let mut hidden = table.hidden;
    hidden.sort();
    hidden.dedup_by_key(|(story, _)| *story);
    Edition { id: EditionId(0), reader: profile.reader, at: now, slots, hidden }
}

fn score<'a>(view: &View<'a>, candidates: &'a [Candidate]) -> Vec<Scored<'a>> {
    let weights: Vec<f32> = FEATURES.iter().map(|it| view.weight(it.name()).0).collect();
    let follow = FEATURES.iter().position(|it| it.name() == "follow").unwrap_or(0);
    let mut page = Page::default();
    let mut scored = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        page.read(&candidate.story, &view.book);
        let look = Look { candidate, story: &candidate.story, page: &page };
        let values = features::measure(view, &look);
        scored.push(Scored {
            candidate,
            values,
            score: values.iter().zip(&weights).map(|(value, weight)| value * weight).sum(),
            muted: view.muted(&look),
            situation: view.situation(&look),
            followed: values[follow] != 0.0,
            section: Section::ForYou,
            exploring: false,
        });
    }
    scored
}

fn slot(view: &View<'_>, it: &Scored<'_>, page: &mut Page) -> Option<Slot> {
    page.read(&it.candidate.story, &view.book);
    let look = Look { candidate: it.candidate, story: &it.candidate.story, page };
    let mut because = features::because(view, &look, &it.values);
    if it.exploring {
        let odds = 1.0 / (1.0 + (-it.score).exp());
        let reason = Reason::Exploring { odds };
        because.push(Because { feature: "exploring".to_owned(), reason, value: 1.0, weight: 0.0 });
    }
    Slot::new(it.candidate.story.story, it.section, it.exploring, because)
}
