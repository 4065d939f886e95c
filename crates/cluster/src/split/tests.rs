use news::{ArticleId, Evidence, Face, Mending, Placement, Sketch, StoryId};

use crate::{Index, Policy, tests::sketch};

const DAM: &str = "Dam bursts above Aruba, village flooded";
const DAM_AGAIN: &str = "Village flooded as dam bursts near Aruba";
const VOTE: &str = "Parliament passes budget after night of argument";
const VOTE_AGAIN: &str = "Budget passes parliament after argument all night";

fn told(titles: &[&str]) -> Vec<Sketch> {
    let told = (1..).zip(titles).map(|(number, title)| sketch((number, number % 20, "o", title)));
    told.collect()
}

/// All in one story, placed there by hand.
fn in_one(sketches: &[Sketch]) -> Index {
    let mut index = Index::new(Policy::default());
    sketches.iter().for_each(|it| index.insert(it.clone(), StoryId(1)));
    index
}

/// The articles that leave, if the story is parted.
fn check(sketches: &[Sketch], leave: Option<&[i64]>) {
    let parted = in_one(sketches).part(StoryId(1), sketches);
    let left = parted.map(|it| match it {
        Mending::Split { articles, .. } => articles.iter().map(|it| it.0).collect::<Vec<_>>(),
        Mending::Join { .. } => panic!("{it:?}"),
    });
    assert_eq!(left.as_deref(), leave);
}

#[test]
fn a_story_of_two_happenings_is_parted_and_says_how_little_they_have_in_common() {
    let sketches = told(&[DAM, VOTE, DAM_AGAIN, VOTE_AGAIN]);
    check(&sketches, Some(&[2, 4]));
    let mut index = in_one(&sketches);
    let Some(Mending::Split { into, evidence, face, new_face, .. }) = index.part(StoryId(1), &sketches)
    else {
        panic!("not parted")
    };
    assert_eq!((face.articles, new_face.articles, into), (2, 2, StoryId(2)));
    assert_eq!((face.headline.as_str(), new_face.headline.as_str()), (DAM, VOTE));
    let says: Vec<&str> = evidence.iter().map(|it| it.says.as_str()).collect();
    assert!(says.contains(&"neither names whom the other names"), "{says:?}");
}

#[test]
fn a_story_of_one_happening_stays_and_one_stranger_leaves() {
    check(&told(&[DAM, DAM_AGAIN, DAM]), None);
    check(&told(&[DAM, DAM_AGAIN, DAM, VOTE]), Some(&[4]));
    // The story keeps its number with the article that it has it from.
    check(&told(&[VOTE, DAM, DAM_AGAIN, DAM]), Some(&[2, 3, 4]));
}

#[test]
fn what_links_or_is_copied_is_not_parted() {
    let mut linked = told(&[DAM, DAM_AGAIN, VOTE]);
    linked[2].links = vec![linked[0].address];
    check(&linked, None);
    let mut copied = told(&[DAM, DAM_AGAIN, VOTE]);
    copied[0].understanding.shingles = vec![7; 32];
    copied[2].understanding.shingles = vec![7; 32];
    check(&copied, None);
}

#[test]
fn what_somebody_joined_is_not_doubted() {
    let joined = |evidence| {
        let sketches = told(&[DAM, DAM_AGAIN, VOTE]);
        let mut index = Index::new(Policy::default());
        for (sketch, story) in sketches.iter().zip([1, 1, 3]) {
            index.insert(sketch.clone(), StoryId(story));
        }
        let placed = placed(&index, 3);
        let (story, gone) = (StoryId(1), StoryId(3));
        let face = Box::new(Face { articles: 3, ..Face::default() });
        let join = Mending::Join { story, gone, likeness: 1.0, evidence, facts: 0, face };
        index.apply(&join, &[]);
        index.doubted(&placed, &[join]).map(|it| (it.0, it.1.len()))
    };
    let ground = Evidence { ground: "words".into(), says: "alike".into(), part: 1.0 };
    assert_eq!(joined(vec![ground]), Some((StoryId(1), 3)));
    assert_eq!(joined(Vec::new()), None);
}

#[test]
fn a_story_is_looked_at_when_it_has_grown_much() {
    let mut index = Index::new(Policy::default());
    let looked = told(&[DAM; 25]).into_iter().filter_map(|sketch| {
        index.insert(sketch, StoryId(1));
        index.doubted(&placed(&index, 1), &[]).map(|it| it.1.len())
    });
    assert_eq!(looked.collect::<Vec<_>>(), [3, 4, 6, 8, 12, 16, 24]);
}

/// As it was placed in this story just now.
fn placed(index: &Index, story: i64) -> Placement {
    Placement {
        article: ArticleId(story),
        story: StoryId(story),
        likeness: 1.0,
        evidence: Vec::new(),
        facts: 0,
        face: index.face(StoryId(story)).expect("a story"),
    }
}

#[test]
fn a_story_is_looked_at_when_what_joins_it_is_no_trifle() {
    for (greater, with, looked) in [(20, 1, false), (20, 3, false), (20, 4, true), (7, 1, true), (2, 2, true)]
    {
        let mut index = Index::new(Policy::default());
        for (at, sketch) in told(&vec![DAM; greater + with]).into_iter().enumerate() {
            index.insert(sketch, StoryId(if at < greater { 1 } else { 2 }));
        }
        let placed = placed(&index, 2);
        let face = Box::new(Face { articles: (greater + with) as u32, ..Face::default() });
        let (story, gone) = (StoryId(1), StoryId(2));
        let evidence = vec![Evidence { ground: "words".into(), says: "alike".into(), part: 1.0 }];
        let join = Mending::Join { story, gone, likeness: 0.9, evidence, facts: 0, face };
        index.apply(&join, &[]);
        assert_eq!(index.doubted(&placed, &[join]).is_some(), looked, "{with} to {greater}");
    }
}

#[test]
fn of_a_great_story_none_leaves_alone_and_all_go_with_what_they_are_like() {
    let mut titles = vec![DAM; 19];
    titles.push(VOTE);
    check(&told(&titles), None);
    let titles: Vec<&str> = (0..300).map(|at| if at % 3 == 2 { VOTE } else { DAM }).collect();
    let left: Vec<i64> = (1..=300).filter(|it| it % 3 == 0).collect();
    check(&told(&titles), Some(&left));
}

#[test]
fn what_was_parted_is_not_joined_again_and_whoever_replays_it_decides_alike() {
    let sketches = told(&[DAM, VOTE, DAM_AGAIN, VOTE_AGAIN]);
    let (mut decided, mut replayed) = (in_one(&sketches), in_one(&sketches));
    let parted = decided.part(StoryId(1), &sketches).expect("parted");
    // In any order.
    let asked: Vec<Sketch> = sketches.iter().rev().cloned().collect();
    assert_eq!(replayed.members(StoryId(1)).len(), 4);
    replayed.apply(&parted, &asked);
    assert_eq!(decided.mend(StoryId(1)), []);
    assert_eq!(decided.mend(StoryId(2)), []);
    let told = |it: Placement| (it.story, it.likeness, it.facts, it.face);
    for (article, title) in (5..).zip([DAM, VOTE, "Mayor of Aruba resigns over dam", VOTE_AGAIN]) {
        let next = || sketch((article, article, "p", title));
        let placed = decided.place(next());
        assert_eq!(told(placed.clone()), told(replayed.place(next())));
        assert_eq!(decided.members(placed.story), replayed.members(placed.story));
        assert!(decided.members(placed.story).contains(&ArticleId(article)));
    }
}

#[test]
fn who_has_forgotten_one_part_replays_the_other() {
    let sketches = told(&[DAM, VOTE, DAM_AGAIN, VOTE_AGAIN]);
    let parted = in_one(&sketches).part(StoryId(1), &sketches).expect("parted");
    let left: Vec<Sketch> = sketches.into_iter().filter(|it| it.article.0 % 2 == 0).collect();
    let mut index = in_one(&left);
    index.apply(&parted, &left);
    assert_eq!((index.stories(), index.members(StoryId(1)).len()), (1, 0));
    assert_eq!(index.face(StoryId(2)).map(|it| it.articles), Some(2));
}
