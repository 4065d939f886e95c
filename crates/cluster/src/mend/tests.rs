use news::{ArticleId, Mending, Placement, Sketch, StoryId};

use crate::{Index, Policy, tests::sketch};

const DAM: &str = "Dam bursts above Aruba, village flooded";
const DAM_AGAIN: &str = "Village flooded as dam bursts near Aruba";
const VOTE: &str = "Parliament passes budget after night of argument";

/// The same headline told at two hours, put in two stories by hand.
fn two_of_one() -> Index {
    let mut index = Index::new(Policy::default());
    for (at, (title, story)) in [(DAM, 1), (DAM_AGAIN, 1), (DAM, 3), (DAM_AGAIN, 3)].into_iter().enumerate() {
        index.insert(sketch((at as i64 + 1, at as i64, "o", title)), StoryId(story));
    }
    index
}

#[test]
fn two_stories_whose_articles_are_all_alike_are_joined_under_the_older_number() {
    let mut index = two_of_one();
    let mended = index.mend(StoryId(3));
    let [Mending::Join { story, gone, face, .. }] = &mended[..] else { panic!("{mended:?}") };
    assert_eq!((*story, *gone, face.articles), (StoryId(1), StoryId(3), 4));
    assert_eq!((index.stories(), index.face(StoryId(3))), (1, None));
    assert_eq!(index.mend(StoryId(1)), []);
}

#[test]
fn stories_of_different_happenings_are_left_apart() {
    let mut index = Index::new(Policy::default());
    for (article, title, story) in [(1, DAM, 1), (2, VOTE, 2), (3, VOTE, 2)] {
        index.insert(sketch((article, 0, "o", title)), StoryId(story));
    }
    assert_eq!(index.mend(StoryId(2)), []);
}

#[test]
fn whoever_replays_what_was_mended_decides_like_who_decided_it() {
    let (mut decided, mut replayed) = (two_of_one(), two_of_one());
    for mending in decided.mend(StoryId(3)) {
        replayed.apply(&mending, &[]);
    }
    let told = |it: Placement| (it.story, it.likeness, it.face);
    for article in 5..9 {
        let next = || sketch((article, article, "p", if article % 2 == 0 { DAM } else { VOTE }));
        assert_eq!(told(decided.place(next())), told(replayed.place(next())));
    }
}

#[test]
fn what_was_split_is_two_stories_each_with_its_face_and_is_not_joined_again() {
    let mut index = Index::new(Policy::default());
    let sketches: Vec<Sketch> = [DAM, DAM_AGAIN, VOTE, DAM]
        .into_iter()
        .enumerate()
        .map(|(at, title)| sketch((at as i64 + 1, at as i64, "o", title)))
        .collect();
    sketches.iter().for_each(|it| index.insert(it.clone(), StoryId(1)));
    let mending =
        index.split(StoryId(1), &sketches, Vec::new(), |it| it.article.0 % 2 == 0).expect("a split");
    let Mending::Split { story, into, articles, face, new_face, .. } = mending else { panic!("no split") };
    assert_eq!((story, into, articles), (StoryId(1), StoryId(2), vec![ArticleId(2), ArticleId(4)]));
    assert_eq!((face.headline.as_str(), face.articles), (DAM, 2));
    assert_eq!((new_face.headline.as_str(), new_face.articles), (DAM_AGAIN, 2));
    assert_eq!(index.face(StoryId(2)), Some(*new_face));
    assert_eq!(index.mend(StoryId(2)), []);
}

#[test]
fn nobody_leaves_a_story_to_stay_in_it() {
    let mut index = two_of_one();
    let sketches = [sketch((1, 0, "o", DAM)), sketch((2, 1, "o", DAM_AGAIN))];
    assert_eq!(index.split(StoryId(1), &sketches, Vec::new(), |_| false), None);
    assert_eq!(index.split(StoryId(1), &sketches, Vec::new(), |_| true), None);
    assert_eq!(index.face(StoryId(1)).map(|it| it.articles), Some(2));
}
