//! An owner's own model: set, changed to in the background, stopped half-way, taken back.

use std::{path::Path, thread, time::Duration};

use news::{Embedding, Model};
use store::{Step, Upto};

use crate::{
    home::{Home, said},
    web::Site,
};

const ARTICLES: usize = 300;

fn news(number: usize) -> String {
    let words = ["harbour", "council", "bridge", "orchard", "ferry", "school", "market"];
    let word = |step: usize| words[(number / step) % words.len()];
    format!(
        "<item><guid isPermaLink=\"false\">{number}</guid><title>{} {} plan {number}</title>\
         <link>https://outlet.example/{number}</link><description>The {} of the {} told plan {number} to the {}.</description></item>",
        word(1),
        word(7),
        word(1),
        word(7),
        word(49),
    )
}

/// What the placer would be told now: whose vectors are compared, and those of all articles.
fn compared(home: &Home) -> (Model, Vec<Embedding>) {
    let store = store::sqlite::open(&home.path("data/tidings.db")).expect("the store");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let history = runtime.block_on(store.history_after(Upto::default(), store::Lately::EVER, 10_000));
    let history = history.expect("the history");
    let vectors = history.steps.into_iter().filter_map(|it| match it {
        Step::Placed(it) => Some(it.sketch.understanding.embedding),
        Step::Mended(_) => None,
    });
    (history.model, vectors.collect())
}

/// Serves with this model (none: the built-in one) until the change is done, or for so short a time.
fn serve(home: &Home, model: Option<&Path>, short: Option<Duration>) {
    let setting =
        format!("understand.model={}", model.map(|it| it.display().to_string()).unwrap_or_default());
    let served = home.serve_with(&["--listen", "127.0.0.1:0", "--set", &setting]);
    if let Some(short) = short {
        thread::sleep(short);
    } else {
        let under_way = || {
            let doctor = home.json(&["doctor"]);
            let waits =
                |it: &serde_json::Value| it["stage"] != "refresh" && it["waiting"].as_u64() != Some(0);
            !doctor["notes"].as_array().expect("notes").is_empty()
                || doctor["load"].as_array().expect("the load").iter().any(waits)
        };
        let tries = (0..600).find(|_| {
            thread::sleep(Duration::from_millis(200));
            !under_way()
        });
        assert!(tries.is_some(), "it is never done: {}", served.heard());
    }
    assert!(served.stop("-TERM").success());
}

#[test]
fn a_model_is_changed_to_in_the_background_and_back() {
    let home = Home::new();
    let feed = Site::feed(&(0..ARTICLES).map(news).collect::<String>()).serve();
    let done = home.run(&["add", "--unchecked", &format!("{feed}/feed.xml")]);
    assert!(done.status.success(), "{}", said(&done));
    home.json(&["refresh"]);
    let (built_in, before) = compared(&home);
    assert!(before.len() == ARTICLES && before.iter().all(|it| it.model() == built_in));

    let [one, two] = [("one", 11), ("two", 12)].map(|(name, seed)| {
        testkit::write_model(&home.path(name), seed);
        home.path(name)
    });
    // Stopped at once, wherever it is then; gone on with, to the end.
    serve(&home, Some(&one), Some(Duration::from_millis(300)));
    let between = compared(&home);
    assert!(between.1.iter().all(|it| it.is_empty() || it.model() == between.0), "never two models at once");
    serve(&home, Some(&one), None);
    let (first, vectors) = compared(&home);
    assert_ne!(first, built_in);
    assert!(vectors.iter().all(|it| it.model() == first && !it.is_empty()));
    assert!(!home.json(&["edition", "--new"])["stories"].as_array().expect("stories").is_empty());

    serve(&home, Some(&two), None);
    let (second, vectors) = compared(&home);
    assert_ne!(second, first);
    assert!(vectors.iter().all(|it| it.model() == second && !it.is_empty()));

    serve(&home, None, None);
    assert_eq!(compared(&home), (built_in, before));
    assert_eq!(home.json(&["doctor"])["complaints"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_model_that_cannot_be_run_is_told_before_anything_is_done_with_it() {
    let home = Home::new();
    let nowhere = home.path("nowhere").display().to_string();
    let setting = format!("understand.model={nowhere}");
    for args in
        [&["--set", &setting, "refresh"][..], &["--set", &setting, "serve", "--listen", "127.0.0.1:0"]]
    {
        let refused = home.run(args);
        let told = said(&refused);
        assert!(!refused.status.success(), "{args:?}");
        assert!(told.contains("understand.model") && told.contains("there is no such folder"), "{told}");
        assert!(told.contains(&nowhere) && told.contains("safetensors"), "{told}");
    }
    let doctor = home.json(&["--set", &setting, "doctor"]);
    assert_eq!(doctor["complaints"][0]["about"], "understand.model", "{doctor}");
    assert_eq!(doctor["complaints"][0]["word"], "unusable", "{doctor}");
}
