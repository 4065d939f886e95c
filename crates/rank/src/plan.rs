use news::{Retrieval, Stance, Target};

use crate::{Policy, Profile};

/// Which ways of finding stories are worth trying for this reader, and how many stories each may find.
pub fn plan(profile: &Profile, policy: &Policy) -> Vec<(Retrieval, usize)> {
    let follows_more_than_sources = (profile.follows.iter())
        .any(|it| matches!(it.stance, Stance::Follow(_)) && !matches!(it.target, Target::Source(_)));
    let has_sources = !profile.sources.is_empty();
    let has_read = !profile.interests.centres.is_empty() || !profile.interests.taste.is_empty();
    let ways = [
        (Retrieval::Followed, policy.followed, follows_more_than_sources),
        (Retrieval::Similar, policy.similar, has_read),
        (Retrieval::WidelyCovered, policy.widely_covered, true),
        (Retrieval::FromSources, policy.from_sources, has_sources),
        (Retrieval::RareSources, policy.rare_sources, has_sources),
        (Retrieval::Unfamiliar, policy.unfamiliar, 0.0 < profile.settings.explore || !has_sources),
    ];
    ways.into_iter().filter(|(_, _, worth)| *worth).map(|(how, at_most, _)| (how, at_most)).collect()
}
