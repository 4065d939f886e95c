//! Stories that are two after all.
//!
//! An article is placed by what its story tells when it comes, and stories are joined by what they tell then; what was
//! chained together so may turn out to be two. The index keeps no members, only their centre: so when a story has grown
//! by a third or more, whoever keeps the articles is asked for them. They are put together anew from each alone, the likeliest
//! first ("average link": Sokal, Michener, 1958), down to two; and these are parted when they would be far from joined.
//!
//! What is bound is never parted: copies, what links to one another, and stories that somebody joined.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use news::{ArticleId, Mending, Placement, Sketch, StoryId};

use crate::{
    Index, Policy,
    centre::Centre,
    evidence,
    likeness::{Asking, COPY, Features, odds, same_text, texts},
    rarity::Rarity,
};

/// A story of fewer is not looked at, nor one of more: that takes too long.
const FEWEST: usize = 3;
const MOST: usize = 2_048;
/// So many members are put together anew; of more so many are drawn, and the others go to the part that they are more like.
const DRAWN: usize = 64;
/// Of more than so many, one alone does not leave: a great story says so many things that nobody says them all.
const ALONE: usize = 8;
/// Nor does less than such a part of them.
const LEAST: usize = 16;

impl Index {
    /// The story in which a placement and its mendings ended, when it has grown so much by them that it is to be asked
    /// whether it is two; with its members, whose sketches [`Index::part`] wants.
    pub fn doubted(&self, placed: &Placement, mended: &[Mending]) -> Option<(StoryId, Vec<ArticleId>)> {
        let (mut story, mut many) = (placed.story, placed.face.articles);
        // Of the stories that this one was before, the greatest.
        let mut greatest = many.saturating_sub(1);
        for join in mended {
            let Mending::Join { story: kept, face, .. } = join else { continue };
            greatest = greatest.max(face.articles.saturating_sub(many));
            (story, many) = (*kept, face.articles);
        }
        let told = self.told(story)?;
        let asked = has_grown(greatest, many) && !told.said && (FEWEST..=MOST).contains(&told.members.len());
        asked.then(|| (story, told.members.to_vec()))
    }

    /// Its members, for whoever is to hand their sketches to [`Index::apply`].
    pub fn members(&self, story: StoryId) -> &[ArticleId] {
        self.told(story).map_or(&[], |it| &it.members)
    }

    /// Parts a story that is two: done, and told for the record. The sketches are those of all its members.
    pub fn part(&mut self, story: StoryId, sketches: &[Sketch]) -> Option<Mending> {
        let mut order: Vec<&Sketch> = sketches.iter().collect();
        order.sort_unstable_by_key(|it| it.article);
        let centres = order.iter().map(|it| Centre::of(it, &self.rarity)).collect();
        let parts = Parts { centres, rarity: &self.rarity, policy: &self.policy };
        let cut = parts.cut(bound(&order))?;
        if self.policy.split_at <= odds(&cut.features, &self.policy.weights) {
            return None;
        }
        let leave: Vec<ArticleId> = cut.leaves.iter().map(|&at| order[at].article).collect();
        let evidence = evidence::little(&cut.features, &self.policy);
        self.split(story, sketches, evidence, |it| leave.contains(&it.article))
    }
}

/// By a third or a half: past 3, 4, 6, 8, 12, 16, 24…
fn has_grown(from: u32, to: u32) -> bool {
    let steps = |many: u32| many.checked_ilog2().filter(|it| 1 <= *it).map(|it| (it, many >> (it - 1) & 1));
    steps(from) < steps(to)
}

/// What a story is put together from anew.
struct Parts<'a> {
    centres: Vec<Centre>,
    rarity: &'a Rarity,
    policy: &'a Policy,
}

/// Some of its members, as a story.
struct Part {
    asking: Asking,
    places: Vec<usize>,
    /// The two parts that it was put together from, of all that there were.
    of: Option<(usize, usize)>,
}

struct Cut {
    leaves: Vec<usize>,
    features: Features,
}

impl Parts<'_> {
    /// From the top down, the first cut of which the lesser part is large enough.
    fn cut(&self, mut bound: Vec<Vec<usize>>) -> Option<Cut> {
        let rest = if bound.len() <= DRAWN { Vec::new() } else { undrawn(&mut bound) };
        let parts = self.put_together(bound);
        let all = parts.last()?;
        let least = if self.centres.len() <= ALONE { 1 } else { (all.places.len() / LEAST).max(2) };
        let mut whole = all;
        while let Some((one, other)) = whole.of {
            let (one, other) = (&parts[one], &parts[other]);
            let (less, more) =
                if one.places.len() <= other.places.len() { (one, other) } else { (other, one) };
            if least <= less.places.len() {
                let stays = all.places.iter().filter(|it| !less.places.contains(it)).copied();
                let stays = self.part(stays.collect())?;
                let mut leaves = less.places.clone();
                for part in rest.into_iter().filter_map(|it| self.part(it)) {
                    let (stay, leave) = (measured(&part, &stays), measured(&part, less));
                    if odds(&stay, &self.policy.weights) < odds(&leave, &self.policy.weights) {
                        leaves.extend(part.places);
                    }
                }
                return Some(Cut { leaves, features: measured(&stays, less) });
            }
            whole = more;
        }
        None
    }

    fn part(&self, places: Vec<usize>) -> Option<Part> {
        let (first, others) = places.split_first()?;
        let mut centre = self.centres[*first].clone();
        others.iter().for_each(|&it| centre.take_in(&self.centres[it]));
        Some(Part { asking: Asking::of(centre, self.rarity), places, of: None })
    }

    /// The likeliest two first, until all are one: that one is the last.
    fn put_together(&self, bound: Vec<Vec<usize>>) -> Vec<Part> {
        let mut parts: Vec<Part> = bound.into_iter().filter_map(|it| self.part(it)).collect();
        let mut left: Vec<usize> = (0..parts.len()).collect();
        let between = |one: &Part, other: &Part| odds(&measured(one, other), &self.policy.weights);
        // Of each with those before it.
        let mut known: Vec<Vec<f32>> = Vec::with_capacity(2 * parts.len());
        for at in 0..parts.len() {
            known.push((0..at).map(|before| between(&parts[at], &parts[before])).collect());
        }
        while 1 < left.len() {
            let pairs =
                left.iter().enumerate().flat_map(|(at, &one)| left[..at].iter().map(move |&it| (one, it)));
            // Of equals the first.
            let best =
                pairs.reduce(|best, it| if known[best.0][best.1] < known[it.0][it.1] { it } else { best });
            let Some((one, other)) = best else { break };
            let mut centre = parts[other].asking.centre.clone();
            centre.take_in(&parts[one].asking.centre);
            let places = parts[other].places.iter().chain(&parts[one].places).copied().collect();
            let both = Part { asking: Asking::of(centre, self.rarity), places, of: Some((other, one)) };
            left.retain(|it| *it != one && *it != other);
            let mut its = vec![f32::MIN; parts.len()];
            left.iter().for_each(|&it| its[it] = between(&both, &parts[it]));
            known.push(its);
            left.push(parts.len());
            parts.push(both);
        }
        parts
    }
}

/// As mending measures two stories: the greater asks.
fn measured(one: &Part, other: &Part) -> Features {
    let fewer = one.asking.centre.members < other.asking.centre.members;
    let (asks, asked) = if fewer { (other, one) } else { (one, other) };
    asks.asking.measure(&asked.asking.centre, false, 0.0)
}

/// Leaves so many as are to be put together, evenly over all, and takes the others.
fn undrawn(bound: &mut Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let many = bound.len();
    let mut places = (0..many).collect::<Vec<_>>();
    let drawn: Vec<usize> = (0..DRAWN).map(|it| it * many / DRAWN).collect();
    places.retain(|it| drawn.binary_search(it).is_err());
    let rest = places.into_iter().map(|it| std::mem::take(&mut bound[it])).collect();
    bound.retain(|it| !it.is_empty());
    rest
}

/// The members, those together that nothing parts: copies, and what links to one another.
fn bound(sketches: &[&Sketch]) -> Vec<Vec<usize>> {
    let texts: Vec<Box<[u16]>> = sketches.iter().map(|it| texts(it)).collect();
    let places: HashMap<u64, usize> =
        sketches.iter().enumerate().rev().map(|(at, it)| (it.address, at)).collect();
    // Of each the first that it is bound to.
    let mut first: Vec<usize> = (0..sketches.len()).collect();
    let mut bind = |one: usize, other: usize| {
        let (kept, gone) = (first[one].min(first[other]), first[one].max(first[other]));
        if kept != gone {
            first.iter_mut().filter(|it| **it == gone).for_each(|it| *it = kept);
        }
    };
    for (at, sketch) in sketches.iter().enumerate() {
        sketch.links.iter().filter_map(|it| places.get(it)).for_each(|&other| bind(at, other));
        (0..at).filter(|&it| COPY <= same_text(&texts[at], &texts[it])).for_each(|other| bind(at, other));
    }
    let mut bound: Vec<Vec<usize>> = vec![Vec::new(); sketches.len()];
    first.into_iter().enumerate().for_each(|(at, first)| bound[first].push(at));
    bound.retain(|it| !it.is_empty());
    bound
}
