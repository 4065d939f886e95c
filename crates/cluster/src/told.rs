//! A story as the index keeps it.

use news::{ArticleId, Face, Picture, Sketch, Timestamp};

use crate::{
    centre::Centre,
    face::{plainness, shows_more},
    keep::Number,
    print::Print,
    rarity::Rarity,
};

/// Names in a story's face.
pub const NAMES: usize = 24;
pub const TOPICS: usize = 4;

/// A story as the index keeps it.
pub struct Told {
    pub members: Vec<Number>,
    pub outlets: Vec<u64>,
    pub began: Timestamp,
    pub last_grew: Timestamp,
    pub headline: Box<str>,
    pub lead: ArticleId,
    /// How plain the lead's headline is.
    pub plain: f32,
    pub standfirst: Option<Box<str>>,
    pub picture: Option<Box<Picture>>,
    pub language: Box<str>,
    /// Its members taken together; none while there is one, whose own it is.
    pub centre: Option<Box<Centre>>,
    pub names: Vec<(u32, u32)>,
    pub topics: Vec<(u32, u32)>,
}

impl Told {
    pub fn begun_by(print: &Print, sketch: &Sketch) -> Told {
        Told {
            members: Vec::new(),
            outlets: vec![print.outlet],
            began: sketch.at,
            last_grew: sketch.at,
            headline: sketch.title.as_str().into(),
            lead: sketch.article,
            plain: plainness(&sketch.title),
            standfirst: sketch.standfirst.as_deref().map(Into::into),
            picture: sketch.picture.clone().map(Box::new),
            language: sketch.understanding.language.0.as_str().into(),
            centre: None,
            names: Vec::new(),
            topics: Vec::new(),
        }
    }

    pub fn joined_by(
        &mut self,
        number: Number,
        print: &Print,
        sketch: &Sketch,
        alone: Option<&Print>,
        rarity: &Rarity,
    ) {
        self.members.push(number);
        if !self.outlets.contains(&print.outlet) {
            self.outlets.push(print.outlet);
        }
        self.began = self.began.min(sketch.at);
        self.last_grew = self.last_grew.max(sketch.at);
        let centre = self.centre.get_or_insert_with(|| {
            let mut centre = Box::<Centre>::default();
            alone.iter().for_each(|it| centre.add(it, rarity));
            centre
        });
        centre.add(print, rarity);
        self.consider_lead(sketch);
        if let Some(new) = &sketch.picture
            && self.picture.as_ref().is_none_or(|old| shows_more(new, old))
        {
            self.picture = Some(Box::new(new.clone()));
        }
    }

    /// As a record shows it; members, outlets and what they say are for whoever knows them.
    pub fn shown_as(face: &Face) -> Told {
        Told {
            members: Vec::new(),
            outlets: Vec::new(),
            began: face.began,
            last_grew: face.last_grew,
            headline: face.headline.as_str().into(),
            lead: face.lead,
            plain: plainness(&face.headline),
            standfirst: face.standfirst.as_deref().map(Into::into),
            picture: face.picture.clone().map(Box::new),
            language: face.language.as_ref().map_or("", |it| &it.0).into(),
            centre: None,
            names: Vec::new(),
            topics: Vec::new(),
        }
    }

    /// All of another; what both had counted is handed back.
    pub fn take_in(&mut self, other: Told) -> CountedTwice {
        self.members.extend(other.members);
        self.members.sort_unstable();
        for outlet in other.outlets {
            if !self.outlets.contains(&outlet) {
                self.outlets.push(outlet);
            }
        }
        self.began = self.began.min(other.began);
        self.last_grew = self.last_grew.max(other.last_grew);
        if let (Some(centre), Some(other)) = (&mut self.centre, &other.centre) {
            centre.take_in(other);
        }
        if self.plain + PLAINER <= other.plain {
            self.plain = other.plain;
            self.lead = other.lead;
            self.headline = other.headline;
            self.standfirst = other.standfirst;
            self.language = other.language;
            self.picture = other.picture.or(self.picture.take());
        } else if self.picture.is_none() {
            self.picture = other.picture;
        }
        let twice = |counts: &mut Vec<(u32, u32)>, more: Vec<(u32, u32)>| {
            more.into_iter().filter(|it| tally(counts, it.0, it.1)).map(|it| it.0).collect()
        };
        CountedTwice {
            names: twice(&mut self.names, other.names),
            topics: twice(&mut self.topics, other.topics),
        }
    }

    /// The first keeps its place unless another is clearly plainer: a story that changes its name is hard to follow.
    pub fn consider_lead(&mut self, sketch: &Sketch) {
        let plain = plainness(&sketch.title);
        if self.plain + PLAINER <= plain {
            self.plain = plain;
            self.lead = sketch.article;
            self.headline = sketch.title.as_str().into();
            self.standfirst = sketch.standfirst.as_deref().map(Into::into);
            self.language = sketch.understanding.language.0.as_str().into();
            self.picture = sketch.picture.clone().map(Box::new).or(self.picture.take());
        }
    }
}

/// So much plainer a headline must be to take the place of another.
const PLAINER: f32 = 0.15;

/// Names and topics that two stories had both.
pub struct CountedTwice {
    pub names: Vec<u32>,
    pub topics: Vec<u32>,
}

/// Whether it was there before.
pub fn tally(counts: &mut Vec<(u32, u32)>, what: u32, by: u32) -> bool {
    match counts.iter_mut().find(|it| it.0 == what) {
        Some(known) => {
            known.1 = known.1.saturating_add(by);
            true
        }
        None => {
            counts.push((what, by));
            false
        }
    }
}

/// Those that count most; among equals those that came first.
pub fn most(counts: &[(u32, u32)], at_most: usize) -> impl Iterator<Item = u32> {
    let mut order: Vec<(u32, u32)> = counts.to_vec();
    order.sort_by_key(|it| std::cmp::Reverse(it.1));
    order.into_iter().take(at_most).map(|it| it.0)
}
