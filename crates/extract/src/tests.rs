mod live_blogs;

use news::Published;

use crate::*;

#[test]
fn text_of_blocks_is_lines_and_entities_are_characters() {
    assert_eq!(
        plain("<p>One&nbsp;&amp; two</p><p>th<b>re</b>e<br>four</p><script>x</script>"),
        "One & two\nthree\nfour"
    );
    assert_eq!(plain("1 < 2 &unknown; &#8217;&#x2014;"), "1 < 2 &unknown; ’—");
}

#[test]
fn bytes_are_read_by_mark_header_page_and_looks() {
    assert_eq!(decode(b"\xff\xfea\0b\0", None), "ab");
    assert_eq!(decode(b"caf\xe9", Some("text/html; charset=iso-8859-1")), "café");
    assert_eq!(decode(b"<meta charset=windows-1251>\xcf\xf0", None), "<meta charset=windows-1251>Пр");
    assert_eq!(decode("naïve".as_bytes(), Some("text/html; charset=latin1")), "naïve");
}

#[test]
fn captions_of_a_feeds_pictures_are_not_its_text() {
    let content = "<p>Water rose.</p><figure><img src=\"https://a.example/i.jpg\"><figcaption>The dam, from above</figcaption></figure><p>It fell.</p>";
    let entry = Published { content: content.into(), ..Published::default() };
    let found = from_feed(&entry, "https://daily.example/news/dam");
    assert_eq!(found.text, "Water rose.\nIt fell.");
    assert!(found.body.as_str().contains("<figcaption>The dam"), "{}", found.body.as_str());
}

#[test]
fn a_feed_that_trails_off_is_no_article() {
    let long = "<p>Many words stand here in a row and say something.</p>".repeat(60);
    let whole = Published { content: long.clone(), ..Published::default() };
    assert!(feed_is_whole(&whole));
    let teaser = Published { content: format!("{long}<p>Continue reading…</p>"), ..Published::default() };
    assert!(!feed_is_whole(&teaser));
    let short = Published { summary: "Only a line.".into(), ..Published::default() };
    assert!(!feed_is_whole(&short));
}

const PAGE: &str = r#"<html lang="en-GB"><head><title>Dam gives way after rain | The Daily Example</title>
<meta property="og:site_name" content="The Daily Example">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Dam gives way after rain","datePublished":"2024-05-03T22:10:00+02:00",
"author":[{"@type":"Person","name":"Ann Lee"},{"@type":"Organization","name":"Reuters"}],"isAccessibleForFree":"True","image":{"url":"/dam.jpg","width":1200}}</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article class="article"><h1>Dam gives way after rain</h1><p class="byline">By Ann Lee</p><div class="article-body">
<p>The old dam above the valley gave way early on Friday after a week of heavy rain, and water reached the first houses within minutes, the fire service said.</p>
<div class="newsletter-signup"><p>Sign up for our newsletter</p></div>
<figure><img src="/valley.jpg" width="800" height="500"><figcaption>The valley on Friday. Photo: A. Nother</figcaption></figure>
<p>Nobody was hurt because the village had been cleared on Thursday evening, the mayor told reporters. “We were lucky,” she said, standing in front of the town hall.</p>
<h2>What happens next</h2>
<p>Engineers will look at the three other dams on the river this week, and the government has promised money for those who lost their homes in the flood.</p>
</div></article><footer><p>© 2024 The Daily Example. All rights reserved.</p></footer></body></html>"#;

fn page(html: &str) -> Option<news::Extracted> {
    extract(&Page { address: "https://daily.example/news/dam", html, hint: None })
}

#[test]
fn a_news_page_gives_its_article_and_nothing_else() {
    let found = page(PAGE).expect("an article");
    assert_eq!(found.title, "Dam gives way after rain");
    assert!(found.text.starts_with("The old dam") && found.text.ends_with("in the flood."), "{}", found.text);
    assert!(!found.text.contains("newsletter") && !found.text.contains("Photo:"), "{}", found.text);
    assert!(found.body.as_str().contains("https://daily.example/valley.jpg"), "{}", found.body.as_str());
    assert!(found.body.as_str().contains("<figcaption>The valley on Friday."), "{}", found.body.as_str());
}

#[test]
fn what_a_page_says_of_itself_is_read() {
    let found = page(PAGE).expect("an article");
    let authors: Vec<_> = found.authors.iter().map(|it| (it.name.as_str(), it.kind)).collect();
    assert_eq!(authors, [("Ann Lee", news::AuthorKind::Person), ("Reuters", news::AuthorKind::Agency)]);
    assert_eq!(found.published, Some(news::Timestamp(1_714_767_000)));
    assert_eq!(found.outlet.as_deref(), Some("The Daily Example"));
    assert_eq!(found.language, Some(news::Language("en".into())));
    assert_eq!(found.free, Some(true));
    assert_eq!(
        found.picture.map(|it| (it.url, it.width)),
        Some(("https://daily.example/dam.jpg".into(), Some(1200)))
    );
    assert_eq!(found.completeness, news::Completeness::Full);
}

/// The same page, where only what readers see says who wrote it and how it is called.
fn signed(byline: &str) -> Option<news::Extracted> {
    let from = PAGE.find("<script type")?;
    let to = PAGE.find("</script>")?;
    let shown = format!("{}{}", &PAGE[..from], &PAGE[to..]);
    page(&shown.replace(r#"<p class="byline">By Ann Lee</p>"#, byline))
}

#[test]
fn who_wrote_it_is_read_where_only_the_page_shows_it() {
    for (byline, expected) in [
        ("<p>By Ann Lee</p>", vec!["Ann Lee"]),
        ("<p>Written by <strong>Ann Lee</strong></p>", vec!["Ann Lee"]),
        (r#"<p>3 May 2024, <a href="/people/ann-lee">Ann Lee</a></p>"#, vec!["Ann Lee"]),
        (r#"<a href="/authors/1">Ann Lee</a> <a href="/authors/2">Bo Chen</a>"#, vec!["Ann Lee", "Bo Chen"]),
        (
            r#"<p>By <a href="/authors/1">Ann Lee</a>. Reviewed by <a href="/authors/2">Bo Chen</a></p>"#,
            vec!["Ann Lee"],
        ),
        ("<div><span>By</span><span>Ann Lee</span></div>", vec!["Ann Lee"]),
        ("<div><p>Written by</p><p>April Lee</p></div>", vec!["April Lee"]),
        (r#"<p><a href="/authors/team">The Daily Example Team</a></p>"#, vec!["The Daily Example Team"]),
        (r#"<a href="/people/">All People</a> <p>By noon the water was gone.</p>"#, vec![]),
    ] {
        let found = signed(byline).expect("an article");
        let names: Vec<&str> = found.authors.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, expected, "{byline}");
    }
}

/// Noon of a day, where a page says no hour.
fn day(found: &news::Extracted) -> Option<i64> {
    found.published.map(|it| it.0 / 86_400)
}

#[test]
fn the_day_is_the_one_of_this_article_and_of_its_publication() {
    let plain = signed("").expect("an article");
    assert_eq!(plain.published, None);
    let said = |before: &str, byline: &str| {
        let from = PAGE.find("<script type").expect("data");
        let to = PAGE.find("</script>").expect("its end");
        let html = format!("{}{before}{}", &PAGE[..from], &PAGE[to + 9..]);
        page(&html.replace(r#"<p class="byline">By Ann Lee</p>"#, byline)).expect("an article")
    };
    let third = Some(19_846);
    // A site builder's data say the day of the last change twice.
    let data = r#"<script type="application/ld+json">{"@type":"Article","datePublished":"May 9, 2024","dateModified":"May 9, 2024"}</script>"#;
    assert_eq!(day(&said(data, "<div>May 3, 2024</div>")), third);
    assert_eq!(day(&said(data, "")), Some(19_852));
    assert_eq!(
        day(&said(data, "<div>On May 3, 2024, the dam above the valley was looked at</div>")),
        Some(19_852)
    );
    // Where they say the hour, they know it.
    let hour = data.replace("May 9, 2024", "2024-05-09T08:10:00Z");
    assert_eq!(day(&said(&hour, "<div>May 3, 2024</div>")), Some(19_852));
    // Teasers have days of their own.
    let teasers = r#"<p itemprop="datePublished" content="2024-05-08"></p><p itemprop="datePublished" content="2024-05-07"></p>"#;
    assert_eq!(day(&said(r#"<meta name="date" content="2024-05-03">"#, teasers)), third);
    assert_eq!(day(&said(r#"<meta name="x-published-date" content="2024-05-03">"#, "")), third);
    assert_eq!(day(&said("", "<h5>2024-05-03</h5>")), third);
}

#[test]
fn an_article_that_says_how_much_is_left_is_a_taste() {
    let wall =
        "<p>Il vous reste 57 % de cet article à lire. La suite est réservée aux abonnés.</p></div></article>";
    let more =
        "<p>The council will meet again on Monday to speak about the river, its dams and what they cost.</p>";
    let long = PAGE.replace("</div></article>", &format!("{}{wall}", more.repeat(40)));
    let found = page(&long).expect("an article");
    assert_eq!(found.completeness, news::Completeness::Excerpt);
    assert!(!found.text.contains("abonnés"), "{}", found.text);
}

#[test]
fn a_picture_that_a_script_would_fetch_is_found() {
    for hidden in [
        r#"<img src="data:image/gif;base64,AA" alt=""><noscript><img src="https://daily.example/lazy.jpg"></noscript>"#,
        r#"<div class="ratio--overlay"><img src="https://daily.example/lazy.jpg" alt=""></div>"#,
        r#"<img src="data:image/gif;base64,AA" data-srcs="{&quot;https://daily.example/lazy.jpg&quot;:{}}">"#,
    ] {
        let lazy = PAGE.replace(r#"<img src="/valley.jpg" width="800" height="500">"#, hidden);
        let found = page(&lazy).expect("an article");
        assert!(found.body.as_str().contains("https://daily.example/lazy.jpg"), "{}", found.body.as_str());
    }
}

#[test]
fn the_only_headline_is_what_readers_see() {
    let other = PAGE.replace(
        "<h1>Dam gives way after rain</h1>",
        "<h1>“We were lucky”: a village without its valley</h1>",
    );
    let from = other.find("<script type").expect("data");
    let to = other.find("</script>").expect("its end");
    let other = format!("{}{}", &other[..from], &other[to..]);
    assert_eq!(page(&other).expect("an article").title, "“We were lucky”: a village without its valley");
    let label = other.replace("“We were lucky”: a village without its valley", "News");
    assert_eq!(page(&label).expect("an article").title, "Dam gives way after rain");
}

#[test]
fn a_page_without_an_article_gives_none() {
    assert_eq!(page("<title>Log in</title><form><p>Name</p><input></form>"), None);
    let list: String = (0..40)
        .map(|n| format!("<li><a href=\"/{n}\">Some headline of another article number {n}</a></li>"))
        .collect();
    assert_eq!(page(&format!("<body><h1>News</h1><ul>{list}</ul></body>")), None);
    assert_eq!(page(""), None);
}

#[test]
fn depth_and_size_are_bounded() {
    for unit in ["<div>", "<b>", "<table><td>", "<p><b><i>", "<ul><li>", "<a href=x>"] {
        page(&unit.repeat(1_500));
    }
}

#[test]
fn the_fuller_of_page_and_feed_wins_and_what_is_known_is_put_together() {
    let entry = Published {
        summary: "Short words.".into(),
        title: "T".into(),
        categories: vec!["Rain".into()],
        ..Published::default()
    };
    let feed = from_feed(&entry, "https://daily.example/news/dam");
    assert_eq!(feed.completeness, news::Completeness::Excerpt);
    let both = better(page(PAGE), feed);
    assert!(both.text.starts_with("The old dam"));
    assert_eq!(both.labels, ["Rain"]);
}

#[test]
fn a_page_that_a_script_would_fill_gives_what_it_carries_as_data() {
    let text =
        "Water rose in the valley all night and the fire service cleared two more streets. ".repeat(12);
    let html = format!(
        "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"Rain\",\"articleBody\":\"{text}\"}}</script>\
         <body><div id=root></div></body>"
    );
    let found = page(&html).expect("an article");
    assert!(
        found.text.starts_with("Water rose") && found.body.as_str().starts_with("<p>Water rose"),
        "{}",
        found.text
    );
}

#[test]
fn a_page_that_a_script_would_fill_gives_what_its_script_carries() {
    let text = "Water rose in the valley all night and the fire service cleared two more streets. ".repeat(6);
    let html = |text: &str| format!("<p class=\"first\">{text}</p><p>{text}</p>");
    let page_with = |kind: &str, script: &str| {
        page(&format!(
            "<title>Valley cleared</title><meta property=\"og:type\" content=\"{kind}\">\
             <script>{script}</script><body><div id=root></div></body>"
        ))
    };
    let string = |of: &str| serde_json::to_string(of).expect("a string");
    let escaped = |of: &str| string(of).replace('<', "\\u003c").replace('>', "\\u003e");
    let story = html(&format!("The valley was cleared. {text}"));
    let cookies = html(&"We and our partners use cookies on your device. ".repeat(20));
    for script in [
        format!("window.state = {{\"body\":{}}};", string(&story)),
        format!("push([1,{}])", escaped(&story)),
        format!("push([1,{}])", string(&format!("3:{{\"body\":{}}}", escaped(&story)))),
        format!("a = {}; b = {}; c = \"<p", string(&cookies), string(&story)),
    ] {
        let title = script.replace("valley was cleared", "Valley was cleared");
        let found = page_with("article", &title).unwrap_or_else(|| panic!("{script}"));
        assert!(found.text.contains("Valley was cleared. Water rose"), "{}", found.text);
        assert!(found.body.as_str().contains("<p>"), "{}", found.body.as_str());
        assert_eq!(page_with("website", &title), None);
    }
    assert_eq!(page_with("article", &format!("a = {};", string(&cookies))), None);
    assert_eq!(page_with("article", &"\"<p \\u003cp ".repeat(50_000)), None);
}

/// What stands among the paragraphs of many pages and is not the article.
#[test]
fn what_is_not_the_article_stays_out() {
    let mut wrong = Vec::new();
    for (what, html) in [
        ("an advertisement's label", "<div class=\"ad-slot\"><p>Advertisement</p></div>"),
        (
            "the outlet's own promotion",
            "<aside class=\"promo\"><h3>Get our app</h3><p>Read the news on your phone, free of charge for thirty days.</p></aside>",
        ),
        (
            "a newsletter box",
            "<div class=\"newsletter-box\"><p>Sign up for our morning newsletter and get the news in your inbox</p></div>",
        ),
        (
            "a related story",
            "<div class=\"related\"><p>Read more: <a href=\"/x\">Why the wall was never mended in time</a></p></div>",
        ),
        (
            "a share bar",
            "<ul class=\"share-bar\"><li><a href=\"#\">Share on Facebook</a></li><li><a href=\"#\">Tweet</a></li></ul>",
        ),
        (
            "a caption",
            "<figure><img src=\"/a.jpg\"><figcaption>The valley seen from the tower of the church. Photo: A. Nother</figcaption></figure>",
        ),
        (
            "a short pull quote",
            "<figure class=\"pullquote\"><blockquote>“We were lucky,” she said</blockquote></figure>",
        ),
        ("a dateline", "<p><time datetime=\"2024-05-03T08:10:00Z\">3 May 2024, 08:10</time></p>"),
        ("a wall", "<div><h3>Subscribe to continue reading</h3></div>"),
        ("a count of comments", "<div class=\"comment-count\"><a href=\"#comments\">214 comments</a></div>"),
        (
            "a cookie wall",
            "<div class=\"cookie-consent\"><p>We and our partners use cookies to store and access data on your device.</p></div>",
        ),
        (
            "a pull quote",
            "<aside><blockquote class=\"pullquote\">“We were lucky,” she said, standing in front of the town hall.</blockquote></aside>",
        ),
    ] {
        let with = PAGE.replace("<h2>What happens next", &format!("{html}<h2>What happens next"));
        let (with, without) = (page(&with).expect("an article").text, page(PAGE).expect("an article").text);
        if with != without {
            wrong.push(format!("{what}: {with}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let replies = "<section id=\"comments\"><h3>2 comments</h3><ol class=\"comment-list\"><li class=\"comment\"><p>I lived in that valley for years and everybody knew that the wall would not hold another winter.</p></li></ol></section>";
    let with = PAGE.replace("<footer>", &format!("{replies}<footer>"));
    assert_eq!(page(&with).expect("an article").text, page(PAGE).expect("an article").text, "comments");
}

#[test]
fn what_is_the_article_stays_in() {
    for (what, html, text) in [
        (
            "a list",
            "<ul><li>More sandbags for the lower streets of the village</li><li>A new wall before the winter comes</li></ul>",
            "sandbags",
        ),
        (
            "a quotation",
            "<blockquote><p>Nobody who saw the river that night will forget the sound of it, the old miller wrote to his sister.</p></blockquote>",
            "miller wrote",
        ),
        (
            "a table",
            "<table><tr><th>Dam</th><th>Height in metres</th><th>Built in the year</th></tr><tr><td>Upper dam</td><td>41 metres of stone</td><td>1931</td></tr></table>",
            "41 metres",
        ),
        (
            "code",
            "<p>The warning system of the village ran one line of a program every minute of the day:</p><pre><code>if level &gt; limit { ring_the_bell(); }</code></pre>",
            "ring_the_bell",
        ),
        (
            "a heading",
            "<h3>Who pays for the damage</h3><p>Insurers and the government will share the costs of it, the minister said on Friday in the capital.</p>",
            "Who pays",
        ),
    ] {
        let with = PAGE.replace("<h2>What happens next", &format!("{html}<h2>What happens next"));
        let found = page(&with).expect("an article");
        assert!(found.text.contains(text), "{what}: {}", found.text);
    }
}

#[test]
fn pictures_of_a_gallery_stay_with_their_captions() {
    let picture = |n: usize| {
        format!(
            "<figure><img src=\"/{n}.jpg\"><figcaption>Picture {n} of the valley after the flood.</figcaption></figure>"
        )
    };
    let pictures: String = (1..=5).map(picture).collect();
    let html = format!(
        "<title>The flood in pictures</title><body><article><h1>The flood in pictures</h1><p>Our photographer went through the valley \
         on the day after. These are five of the pictures that she brought back, with what she wrote of each of them.</p>{pictures}</article>\
         <div class=\"related\"><img src=\"/other.jpg\"><p><a href=\"/x\">Why the ferry no longer stops</a></p></div></body>"
    );
    let body = page(&html).expect("an article").body;
    assert_eq!(body.as_str().matches("<img").count(), 5, "{}", body.as_str());
    assert!(body.as_str().contains("Picture 5 of the valley"), "{}", body.as_str());
}

/// Each of these took time by the square of its length, or more, where what stands around a text was looked at anew for each.
#[test]
fn a_page_may_repeat_what_is_looked_for_as_often_as_it_likes() {
    let text = "The old dam above the valley gave way early on Friday after a week of heavy rain. ".repeat(4);
    let leads = "<span class=\"lead\">".repeat(400) + &"word ".repeat(200_000) + &"</span>".repeat(400);
    let captions = format!(
        "<figure>{}</figure>",
        "<figcaption class=\"credit\"></figcaption><img src=\"/a.jpg\">".repeat(4_000)
    );
    let teasers =
        "<div><a href=\"/b\"><img src=\"/b.jpg\"></a></div><p><a href=\"/b\">One more story of it</a></p>"
            .repeat(4_000);
    let hidden = format!("<div>{}</div>", "<noscript><img src=\"/c.jpg\"></noscript>".repeat(10_000));
    let dates =
        "<span itemprop=\"datePublished\">".repeat(400) + &"word ".repeat(200_000) + &"</span>".repeat(400);
    let headlines = format!("<h1>{}</h1><h1>By</h1>", "Dam gives way and ".repeat(60_000));
    for repeated in [leads, captions, teasers, hidden, dates, headlines] {
        let html = format!(
            "<title>Dam gives way</title><article><h1>Dam gives way</h1>{repeated}<p>{text}</p><p>{text}</p></article>"
        );
        assert!(page(&html).is_some_and(|it| it.text.contains("The old dam")), "{}", &repeated[..60]);
    }
}
