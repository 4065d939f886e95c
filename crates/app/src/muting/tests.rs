use news::{Embedding, FollowId, Name, NameKind, ReaderId, StoryId, Timestamp};

use super::*;

const BIG: u32 = 8;

fn name(text: &str) -> Target {
    Target::Name(Name { text: text.into(), kind: NameKind::Other })
}

fn follow(target: Target, stance: Stance, place: Place, aliases: &[&str]) -> Follow {
    Follow {
        id: FollowId(1),
        reader: ReaderId(1),
        target,
        stance,
        label: None,
        folder: None,
        aliases: aliases.iter().map(|it| (*it).to_owned()).collect(),
        since: Timestamp(0),
        until: None,
        place,
        alerts: None,
        seen: None,
    }
}

fn story(headline: &str, outlets: u32) -> StorySketch {
    StorySketch {
        story: StoryId(1),
        headline: headline.into(),
        language: None,
        centre: Embedding::default(),
        names: vec![],
        topics: vec![],
        terms: vec![],
        authors: vec![],
        articles: outlets,
        turns: outlets,
        outlets,
        sources: vec![],
        began: Timestamp(0),
        last_grew: Timestamp(0),
        words: 0,
        said: Default::default(),
    }
}

/// The harbour is followed, also as "the docks"; ferries are muted within it.
fn muting(except_big: bool) -> Muting {
    let harbour = || name("Harbour");
    let stance = Stance::Mute { except_big, in_text: false };
    Muting::new(
        vec![
            follow(harbour(), Stance::Follow(news::Weight::More), Place::Everywhere, &["docks"]),
            follow(name("Ferry"), stance, Place::Within(harbour()), &[]),
        ],
        BIG,
    )
}

#[track_caller]
fn check(headline: &str, spot: Spot<'_>, hidden: bool) {
    assert_eq!(muting(false).of_story(&story(headline, 1), spot).is_some(), hidden, "{headline}");
}

#[test]
fn a_mute_within_what_is_followed_holds_in_the_edition_for_stories_about_that() {
    let edition = || Spot::Section(Section::ForYou);
    check("A ferry runs into the harbour", edition(), true);
    check("A ferry runs into the docks", edition(), true);
    check("A ferry runs across the lake", edition(), false);
    check("A crane falls in the harbour", edition(), false);
}

#[test]
fn it_holds_on_the_page_of_that_and_nowhere_else() {
    check("A ferry runs into the harbour", Spot::Of(&name("Harbour")), true);
    check("A ferry runs into the harbour", Spot::Of(&name("Lake")), false);
    check("A ferry runs into the harbour", Spot::Anywhere, false);
}

#[test]
fn big_news_comes_through_where_the_reader_wishes_so() {
    for (except_big, outlets, hidden) in [(true, BIG, false), (true, BIG - 1, true), (false, BIG, true)] {
        let told = story("A ferry runs into the harbour", outlets);
        let found = muting(except_big);
        assert_eq!(found.of_story(&told, Spot::Section(Section::ForYou)).is_some(), hidden, "{outlets}");
    }
}
