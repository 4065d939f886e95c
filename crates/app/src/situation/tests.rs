use news::{Embedding, NameKind};

use super::*;

fn name(text: &str) -> Name {
    Name { text: text.into(), kind: NameKind::Other }
}

fn page(target: Target, stories: &[(i64, &[&str])]) -> TargetPage {
    let sketch = |(n, (days, names)): (usize, &(i64, &[&str]))| StorySketch {
        story: StoryId(n as i64),
        headline: String::new(),
        language: None,
        centre: Embedding::default(),
        names: names.iter().map(|it| name(it)).collect(),
        topics: Vec::new(),
        terms: Vec::new(),
        authors: Vec::new(),
        articles: 1,
        turns: 1,
        outlets: 1,
        sources: Vec::new(),
        began: Timestamp(NOW.0 - days * 24 * 3600),
        last_grew: NOW,
        words: 100,
        said: Default::default(),
    };
    let stories = stories.iter().enumerate().map(sketch).collect();
    TargetPage {
        target,
        aliases: Vec::new(),
        follow: None,
        stories,
        states: HashMap::new(),
        articles: Vec::new(),
        since: None,
        mute: None,
    }
}

const NOW: Timestamp = Timestamp(1_700_000_000);

fn texts(names: Vec<(Name, usize)>) -> Vec<(String, usize)> {
    names.into_iter().map(|(name, stories)| (name.text, stories)).collect()
}

#[test]
fn a_name_is_new_when_only_stories_of_the_last_two_days_speak_of_it() {
    let it = page(
        Target::Name(name("Aldmark")),
        &[(0, &["Aldmark", "Velle", "Torvik"]), (1, &["Velle", "Aldmark"]), (9, &["Aldmark", "TORVIK"])],
    );
    assert_eq!(texts(it.new_names(NOW)), [("Velle".to_string(), 2)]);
}

#[test]
fn without_an_earlier_story_no_name_is_new() {
    let it = page(Target::Name(name("Aldmark")), &[(0, &["Aldmark", "Velle"])]);
    assert_eq!(texts(it.new_names(NOW)), []);
}

#[test]
fn a_situation_does_not_go_together_with_its_own_names() {
    let target = Target::Situation(vec![name("Aldmark"), name("Norway")]);
    let stories: &[(i64, &[&str])] =
        &[(0, &["Aldmark", "Norway", "Cod"]), (3, &["norway", "Cod", "Aldmark"]), (4, &["Salmon"])];
    assert_eq!(texts(page(target, stories).together_with()), [("Cod".to_string(), 2)]);
}
