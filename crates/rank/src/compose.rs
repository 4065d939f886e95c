use news::{Because, Edition, EditionId, Reason, Section, Slot, StoryId, Target, Timestamp};

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
    Composer::new(profile, &candidates, policy, seed, now).edition(&[])
}

/// Candidates that are scored, ready to be made an edition of; again, when some of them turn out to be muted by what
/// only their articles tell.
pub struct Composer<'a> {
    view: View<'a>,
    stories: Vec<Scored<'a>>,
    seed: u64,
}

impl<'a> Composer<'a> {
    pub fn new(
        profile: &'a Profile,
        candidates: &'a [Candidate],
        policy: &'a Policy,
        seed: u64,
        now: Timestamp,
    ) -> Composer<'a> {
        let view = View::new(profile, policy, now);
        let stories = score(&view, candidates);
        Composer { view, stories, seed }
    }

    /// Without the stories that are hidden; what hides each is told in the edition.
    pub fn edition(&self, hidden: &[(StoryId, Target)]) -> Edition {
        let is_hidden = |it: &&Scored<'_>| hidden.iter().any(|(story, _)| *story == it.candidate.story.story);
        let stories = self.stories.iter().filter(|it| !is_hidden(it)).cloned().collect();
        let mut table = Table { view: &self.view, seed: self.seed, stories, hidden: hidden.to_vec() };
        for selector in SELECTORS {
            selector.select(&mut table);
        }
        let mut page = Page::default();
        let slots = table.stories.iter().filter_map(|it| slot(&self.view, it, &mut page)).collect();
        let mut hidden = table.hidden;
        hidden.sort();
        hidden.dedup_by_key(|(story, _)| *story);
        let (reader, at) = (self.view.profile.reader, self.view.now);
        Edition { id: EditionId(0), reader, at, slots, hidden }
    }
}

pub(crate) fn score<'a>(view: &View<'a>, candidates: &'a [Candidate]) -> Vec<Scored<'a>> {
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
