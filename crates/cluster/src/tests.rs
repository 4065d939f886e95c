use news::{
    ArticleId, Embedding, Language, Name, NameKind, Sketch, SourceId, StoryId, Term, Timestamp, Understanding,
};

use super::*;
use crate::table::hash;

const NOON: i64 = 1_668_000_000;
const HOUR: i64 = 3_600;

/// An article: number, hours after noon, outlet, headline; capital letters begin names.
type Told<'a> = (i64, i64, &'a str, &'a str);

pub fn sketch((article, hours, outlet, title): Told) -> Sketch {
    let mut terms: Vec<Term> = words(title).map(|word| Term::new(hash(&word) as u32, 2.0, true)).collect();
    terms.sort_by_key(|term| term.hash);
    terms.dedup_by_key(|term| term.hash);
    let names = title.split(' ').filter(|word| word.starts_with(char::is_uppercase));
    Sketch {
        article: ArticleId(article),
        source: SourceId(1),
        outlet: outlet.into(),
        title: title.into(),
        standfirst: None,
        picture: None,
        at: Timestamp(NOON + hours * HOUR),
        address: hash(&format!("{outlet}/{article}")),
        links: Vec::new(),
        length: 0,
        understanding: Understanding {
            model: "none".into(),
            language: Language("en".into()),
            embedding: Embedding::default(),
            names: names.map(|word| Name { text: word.replace(',', ""), kind: NameKind::Other }).collect(),
            topics: Vec::new(),
            terms,
            numbers: Vec::new(),
            shingles: Vec::new(),
        },
    }
}

fn words(title: &str) -> impl Iterator<Item = String> + '_ {
    title.split(' ').map(str::to_lowercase).map(|word| word.replace(',', "")).filter(|word| 2 < word.len())
}

fn check(articles: &[Told], expected: &[i64]) {
    let mut index = Index::new(Policy::default());
    let stories: Vec<i64> = articles.iter().map(|&it| index.place(sketch(it)).story.0).collect();
    assert_eq!(stories, expected);
}

const DAM: &str = "Dam bursts above Aruba, village flooded";
const DAM_AGAIN: &str = "Village flooded as dam bursts near Aruba";
const VOTE: &str = "Parliament passes budget after night of argument";

#[test]
fn an_article_joins_the_story_it_is_most_like() {
    check(&[(1, 0, "a", DAM), (2, 1, "b", VOTE), (3, 2, "c", DAM_AGAIN)], &[1, 2, 1]);
}

#[test]
fn an_article_like_none_begins_a_story() {
    check(&[(1, 0, "a", DAM), (2, 1, "b", "Cup final goes to penalties in Lisbon")], &[1, 2]);
}

#[test]
fn a_story_that_has_been_quiet_for_long_attracts_nothing() {
    check(&[(1, 0, "a", DAM), (2, 24 * 31, "b", DAM_AGAIN)], &[1, 2]);
}

#[test]
fn a_story_that_has_grown_is_found_again_after_weeks_and_an_article_alone_is_not() {
    let policy = || Policy { late: 1, join_at: -2.0, ..Policy::default() };
    let again = |grew: i64, days: i64| {
        let mut index = Index::new(policy());
        (1..=grew).for_each(|article| index.insert(sketch((article, 0, "a", DAM)), StoryId(1)));
        index.insert(sketch((8, 24 * days, "b", VOTE)), StoryId(8));
        index.place(sketch((9, 24 * days, "c", DAM))).story.0
    };
    assert_eq!([again(2, 9), again(2, 11), again(3, 11), again(3, 20), again(3, 31)], [1, 9, 1, 1, 9]);
}

#[test]
fn what_another_language_tells_joins_by_meaning_where_the_model_knows_both() {
    let story = |model: news::Model, alike: f32| {
        let told = |article: i64, language: &str, title: &str, towards: [f32; 2]| {
            let mut sketch = sketch((article, article, language, title));
            sketch.understanding.language = Language(language.into());
            sketch.understanding.embedding = Embedding::of(&towards).by(model);
            sketch
        };
        let mut index = Index::new(Policy::default());
        index.place(told(1, "en", DAM, [1.0, 0.0]));
        let towards = [alike, (1.0 - alike * alike).sqrt()];
        index.place(told(2, "de", "Damm über Aruba gebrochen, Dorf unter Wasser", towards)).story.0
    };
    let (one, many) = (news::Model::named("one"), news::Model::named("many").of_many_languages());
    assert_eq!([story(many, 0.8), story(many, 0.4), story(one, 0.8)], [1, 2, 2]);
}

#[test]
fn an_article_that_was_placed_is_not_placed_elsewhere() {
    check(
        &[(1, 0, "a", DAM), (2, 1, "b", DAM_AGAIN), (2, 1, "b", DAM_AGAIN), (1, 0, "a", DAM)],
        &[1, 1, 1, 1],
    );
}

#[test]
fn nothing_to_go_by_is_no_reason_to_join() {
    check(&[(1, 0, "a", ""), (2, 0, "b", ""), (3, 0, "c", "…")], &[1, 2, 3]);
}

/// Some stories' worth of articles: of each, headlines that share most of their words.
fn days() -> Vec<Sketch> {
    let title = |story: i64, teller: i64| {
        let word = |i: i64| format!("{}word{}", ["", "other", "third"][(i % 3) as usize], story * 7 + i);
        (0..6).filter(|i| i % 5 != teller % 5).map(word).collect::<Vec<_>>().join(" ")
    };
    let tellers = (0..240_i64).map(|i| (i + 1, i * 2, i / 60 * 20 + (i * 7919) % 20, i % 4));
    let towards = |story: i64| {
        let parts: Vec<f32> =
            (0..16).map(|at| ((story * story * 31 + at * 17 * (story + 1)) % 101) as f32 - 50.0).collect();
        Embedding::of(&parts)
    };
    let told = |(id, hour, story, teller)| {
        let mut sketch = sketch((id, hour, "o", &title(story, teller)));
        sketch.understanding.embedding = towards(story);
        sketch
    };
    tellers.map(told).collect()
}

#[test]
fn who_replays_what_was_recorded_decides_like_who_decided_it() {
    let (before, after) = (days(), days().split_off(120));
    let mut decided = Index::new(Policy::default());
    let mut replayed = Index::new(Policy::default());
    for sketch in before.into_iter().take(120) {
        let placement = decided.place(sketch.clone());
        replayed.insert(sketch, placement.story);
    }
    assert_eq!(decided.stories(), replayed.stories());
    assert!(decided.stories() < 120);
    for sketch in after {
        let (one, other) = (decided.place(sketch.clone()), replayed.place(sketch));
        assert_eq!((one.story, one.likeness, one.face), (other.story, other.likeness, other.face));
    }
}

#[test]
fn when_quiet_stories_are_forgotten_changes_no_decision() {
    let day = |many: u64| std::time::Duration::from_secs(many * 86_400);
    let policy = Policy { late: 20, quiet: day(4), reach: day(9), grown: 8, ..Policy::default() };
    let mut keeps = Index::new(policy.clone());
    let mut forgets = Index::new(policy);
    let mut forgot = false;
    for sketch in days() {
        forgets.expire();
        let (one, other) = (keeps.place(sketch.clone()), forgets.place(sketch));
        assert_eq!((one.story, one.likeness, one.face), (other.story, other.likeness, other.face));
        forgot |= forgets.stories() < keeps.stories();
    }
    assert!(forgot);
}

/// The archive of a source that is new here: as old as can be, and all at once.
#[test]
fn what_is_old_when_it_comes_is_grouped_with_what_is_as_old_wherever_batches_end() {
    const YEAR: i64 = 365 * 24;
    let stories = |late: u32, batch: usize| {
        let mut index = Index::new(Policy { late, ..Policy::default() });
        let old = [(2, -YEAR, "a", DAM), (3, -YEAR + 1, "a", VOTE), (4, -YEAR + 2, "b", DAM_AGAIN)];
        let all = [(1, 0, "c", DAM)].into_iter().chain(old).chain([(5, 1, "d", DAM_AGAIN)]);
        let mut stories = Vec::new();
        for (at, told) in all.enumerate() {
            stories.push(index.place(sketch(told)).story.0);
            if (at + 1).is_multiple_of(batch) {
                index.expire();
            }
        }
        stories
    };
    for batch in 1..=5 {
        assert_eq!(stories(20_000, batch), [1, 2, 3, 2, 1], "{batch} at a time");
        // Two placements later it is past, forgotten or not.
        assert_eq!(stories(1, batch), [1, 2, 3, 4, 1], "{batch} at a time");
    }
}

#[test]
fn a_story_counts_outlets_once_and_grows_by_time() {
    let mut index = Index::new(Policy::default());
    for told in [(1, 0, "a", DAM), (2, 3, "b", DAM_AGAIN), (3, 2, "b", DAM)] {
        index.place(sketch(told));
    }
    let face = index.face(StoryId(1)).unwrap();
    assert_eq!((face.articles, face.outlets), (3, 2));
    assert_eq!((face.began, face.last_grew), (Timestamp(NOON), Timestamp(NOON + 3 * HOUR)));
    assert_eq!(face.names[0].text, "Aruba");
    assert_eq!(index.face(StoryId(9)), None);
}

#[test]
fn a_story_is_shown_under_the_headline_whose_words_the_others_say_too() {
    let odd = "Rain and levees: engineers warned council for years";
    let mut index = Index::new(Policy::default());
    for (article, title) in [(1, odd), (2, DAM), (3, DAM_AGAIN), (4, DAM)] {
        index.insert(sketch((article, article, "o", title)), StoryId(1));
    }
    assert_eq!(
        index.face(StoryId(1)).map(|it| (it.headline, it.lead)),
        Some((DAM_AGAIN.into(), ArticleId(3)))
    );
    // Two stories that are joined choose among their headlines.
    for (article, title) in [(5, odd), (6, odd), (7, odd), (8, odd), (9, odd)] {
        index.insert(sketch((article, article, "o", title)), StoryId(5));
    }
    let join = news::Mending::Join {
        story: StoryId(1),
        gone: StoryId(5),
        likeness: 1.0,
        evidence: Vec::new(),
        facts: 0,
        face: Box::default(),
    };
    index.apply(&join, &[]);
    assert_eq!(index.face(StoryId(1)).map(|it| it.headline), Some(odd.into()));
}

#[test]
fn two_articles_are_compared_in_words() {
    let policy = Policy::default();
    let together = compare(&sketch((1, 0, "a", DAM)), &sketch((2, 3, "b", DAM_AGAIN)), &policy);
    let apart = compare(&sketch((1, 0, "a", DAM)), &sketch((2, 3, "b", VOTE)), &policy);
    assert!(apart.likeness < 0.5 && 0.5 < together.likeness, "{} {}", apart.likeness, together.likeness);
    let says: Vec<&str> = together.evidence.iter().map(|it| it.says.as_str()).collect();
    assert!(says.contains(&"both name Aruba"), "{says:?}");
    assert!(says.contains(&"3 hours apart"), "{says:?}");
}

#[test]
fn weights_are_written_as_they_are_read() {
    let weights = Weights::default();
    assert_eq!(Weights::read(&weights.write()), weights);
}

fn check_fresh(known: &[&str], text: &str, expected: &[&str]) {
    let fresh: Vec<&str> =
        fresh_sentences(known, text).into_iter().map(|(from, to)| &text[from..to]).collect();
    assert_eq!(fresh, expected);
}

#[test]
fn a_sentence_is_fresh_when_most_of_it_was_not_said_before() {
    let known = "The dam above Aruba burst on Monday night. Police counted 43 dead.";
    check_fresh(&[known], "On Monday night the dam above Aruba burst.", &[]);
    check_fresh(
        &[known],
        "The dam above Aruba burst. Mr. Shin, its engineer, was arrested at the airport. Ok.",
        &["Mr. Shin, its engineer, was arrested at the airport."],
    );
    check_fresh(&[], "", &[]);
}
