//! Live blogs: posts under their times.

use super::page;

#[test]
fn posts_of_a_live_blog_stand_under_their_times() {
    let post = |at: &str, text: &str| {
        format!(
            "{{\"@type\":\"BlogPosting\",\"datePublished\":\"2024-05-03T{at}:00+02:00\",\"headline\":\"Post of {at}\",\"articleBody\":\"{text}\"}}"
        )
    };
    let one =
        "Water rose in the valley all night and the fire service cleared two more streets of it. ".repeat(4);
    let two =
        "The mayor said that nobody was hurt, and that the school would stay closed until Monday. ".repeat(4);
    let html = format!(
        "<script type=\"application/ld+json\">{{\"@type\":\"LiveBlogPosting\",\"headline\":\"Flood\",\"liveBlogUpdate\":[{},{}]}}</script>\
         <body><article><h1>Flood</h1><p>{one}</p><p>{two}</p></article></body>",
        post("10:42", &one),
        post("09:15", &two)
    );
    let found = page(&html).expect("an article");
    assert!(found.text.starts_with("10:42 · Post of 10:42\nWater rose"), "{}", found.text);
    let time =
        "<h3><time datetime=\"2024-05-03T09:15:00+02:00\">09:15</time> · Post of 09:15</h3><p>The mayor";
    assert!(found.body.as_str().contains(time), "{}", found.body.as_str());
}

/// The page's own posts keep what is in them; the times of all are known, and what a script would show later is there.
#[test]
fn a_live_blog_is_shown_as_its_page_shows_it_and_goes_on_where_that_ends() {
    let text = |what: &str| {
        format!("{what} was reported from the valley on Friday, the fire service said in the morning, and more rain is to come. ")
            .repeat(2)
    };
    let all = ["A second flood", "A closed road", "A broken wall", "Heavy rain", "A warning"];
    let updates: Vec<String> = (0..all.len())
        .map(|at| {
            format!(
                "{{\"@type\":\"BlogPosting\",\"datePublished\":\"2024-05-03T1{}:15:00+02:00\",\"headline\":\"{} is told\",\"articleBody\":\"{}\"}}",
                9 - at,
                all[at],
                text(all[at])
            )
        })
        .collect();
    let shown: String = all[..3]
        .iter()
        .map(|it| {
            format!(
                "<div><h2>{it} is told</h2><p>{}</p><p>{it} is <a href=\"/x\">looked into</a>.</p></div>",
                text(it)
            )
        })
        .collect();
    let html = format!(
        "<script type=\"application/ld+json\">{{\"@type\":\"LiveBlogPosting\",\"headline\":\"Flood\",\"liveBlogUpdate\":[{}]}}</script>\
         <body><article><h1>Flood</h1>{shown}</article></body>",
        updates.join(",")
    );
    let found = page(&html).expect("an article");
    let body = found.body.as_str();
    let time =
        "<h3><time datetime=\"2024-05-03T19:15:00+02:00\">19:15</time></h3><h2>A second flood is told</h2>";
    assert!(body.contains(time) && body.contains("17:15</time></h3><h2>A broken wall is told"), "{body}");
    assert_eq!(body.matches("looked into</a>").count(), 3, "{body}");
    assert_eq!(body.matches("16:15</time> · Heavy rain is told").count(), 1, "{body}");
    assert_eq!(found.text.matches("A closed road is told").count(), 1, "{}", found.text);
    assert!(
        found.text.contains("18:15\nA closed road is told\n") && found.text.contains("15:15 · A warning"),
        "{}",
        found.text
    );
}

#[test]
fn the_times_that_a_live_blog_shows_stay_with_its_posts() {
    for time in ["<time datetime=\"2024-05-03T{at}\">{at}</time>", "<div>{at}</div>"] {
        check_times(time);
    }
}

#[track_caller]
fn check_times(time: &str) {
    let post = |at: &str, what: &str| {
        let time = time.replace("{at}", at);
        format!(
            "<div class=\"live-blog-post\">{time}\
             <p>{what} was reported from the valley on Friday, the fire service said in the morning, and more rain is to come.</p></div>"
        )
    };
    let posts: String = [
        ("10:42", "A second flood"),
        ("10:11", "A closed road"),
        ("09:15", "A broken wall"),
        ("08:03", "Heavy rain"),
    ]
    .iter()
    .map(|(at, what)| post(at, what))
    .collect();
    let html = format!("<title>Flood</title><body><article><h1>Flood</h1>{posts}</article></body>");
    let found = page(&html).expect("an article");
    assert!(
        found.text.contains("10:11\nA closed road") && found.text.contains("08:03\nHeavy rain"),
        "{}",
        found.text
    );
}
