//! Structured data (schema.org as JSON-LD): the most trusted witness of all but the body's extent.

use news::{Media, Picture};
use serde_json::Value;

use super::survey::Survey;
use crate::dom::{Dom, Kind};

/// What the page's article says of itself.
#[derive(Default)]
pub struct Linked {
    pub is_article: bool,
    pub headline: Option<String>,
    pub description: Option<String>,
    pub body: Option<String>,
    pub authors: Vec<String>,
    pub publisher: Option<String>,
    pub published: Option<String>,
    pub updated: Option<String>,
    pub sections: Vec<String>,
    pub keywords: Vec<String>,
    pub language: Option<String>,
    pub free: Option<bool>,
    pub words: Option<f32>,
    pub picture: Option<Picture>,
    pub media: Vec<Media>,
    pub is_live: bool,
    /// Of a live blog, in the order of the page.
    pub posts: Vec<Post>,
}

/// One post of a live blog.
#[derive(Clone)]
pub struct Post {
    /// As it was printed.
    pub at: Option<String>,
    pub headline: Option<String>,
    pub text: String,
}

/// Longer live blogs are read so far.
const MOST_POSTS: usize = 300;

const MAX_BYTES: usize = 1 << 20;
const MAX_OBJECTS: usize = 400;

impl Linked {
    pub fn of(dom: &Dom, survey: &Survey) -> Linked {
        let documents: Vec<Value> =
            survey.json_ld.iter().take(40).filter_map(|it| parse(&own_text(dom, *it))).collect();
        let mut objects: Vec<&Value> = Vec::new();
        for document in &documents {
            gather(document, &mut objects);
        }
        let article =
            objects.iter().copied().filter(|it| rank(it) > 0).max_by_key(|it| (rank(it), weight(it)));
        let mut linked = article.map(|it| read(it, &objects)).unwrap_or_default();
        for object in &objects {
            if is_of(object, "VideoObject") || is_of(object, "AudioObject") {
                linked.media.extend(media(object));
            }
        }
        let mut seen = Vec::new();
        linked.media.retain(|it| {
            !seen.contains(&it.url) && {
                seen.push(it.url.clone());
                seen.len() <= 20
            }
        });
        linked
    }
}

fn own_text(dom: &Dom, script: crate::dom::Id) -> String {
    let texts = dom.children(script).filter_map(|it| match &dom.nodes[it as usize].kind {
        Kind::Text(text) => Some(&**text),
        _ => None,
    });
    texts.collect()
}

/// JSON as pages have it: in comments, with line ends inside strings, with a semicolon behind it.
fn parse(text: &str) -> Option<Value> {
    let text = text
        .trim()
        .trim_start_matches("<!--")
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[");
    let text = text
        .trim_end_matches("-->")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim()
        .trim_end_matches(';');
    if text.is_empty() || MAX_BYTES < text.len() {
        return None;
    }
    serde_json::from_str(text).ok().or_else(|| {
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&clean).ok()
    })
}

/// All objects that may be the article: those listed, in graphs, and one step inside of those.
fn gather<'a>(value: &'a Value, objects: &mut Vec<&'a Value>) {
    let mut waiting = vec![(value, 0)];
    while let Some((value, depth)) = waiting.pop() {
        if MAX_OBJECTS < objects.len() || depth > 5 {
            continue;
        }
        match value {
            Value::Array(list) => waiting.extend(list.iter().rev().map(|it| (it, depth + 1))),
            Value::Object(map) => {
                objects.push(value);
                for name in ["@graph", "mainEntity", "mainEntityOfPage", "video", "audio", "subjectOf"] {
                    if let Some(inside) = map.get(name).filter(|it| !it.is_string()) {
                        waiting.push((inside, depth + 1));
                    }
                }
            }
            _ => {}
        }
    }
}

fn types(object: &Value) -> Vec<&str> {
    match &object["@type"] {
        Value::String(it) => vec![it],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_of(object: &Value, wanted: &str) -> bool {
    types(object).iter().any(|it| it.rsplit(['/', ':']).next() == Some(wanted))
}

/// How likely an object is the page's article; 0 for what is none.
fn rank(object: &Value) -> u8 {
    let rank = |name: &str| match name.rsplit(['/', ':']).next().unwrap_or_default() {
        it if it.ends_with("NewsArticle") => 6,
        "LiveBlogPosting" => 6,
        it if it.ends_with("Article") => 5,
        "BlogPosting" | "SocialMediaPosting" | "Report" | "Review" | "CriticReview" => 4,
        "VideoObject" | "Recipe" | "PodcastEpisode" | "CreativeWork" => 2,
        "WebPage" | "ItemPage" => 1,
        _ => 0,
    };
    types(object).into_iter().map(rank).max().unwrap_or(0)
}

/// Among several of a kind, the one that says more: teasers of other articles say little.
fn weight(object: &Value) -> usize {
    let has = |name: &str| usize::from(!object[name].is_null());
    has("datePublished") * 4
        + has("articleBody") * 4
        + has("author") * 2
        + has("headline") * 2
        + has("image")
        + has("publisher")
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(it) => it.trim().to_owned(),
        Value::Number(it) => it.to_string(),
        Value::Array(list) => return list.iter().find_map(text),
        Value::Object(map) => {
            return ["name", "@value", "headline", "url"].iter().find_map(|it| text(map.get(*it)?));
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().filter_map(text).collect(),
        other => text(other).into_iter().collect(),
    }
}

fn read(article: &Value, objects: &[&Value]) -> Linked {
    let plain = |it: String| crate::plain(&it);
    let by_id = |value: &Value| -> Option<Value> {
        let id = value["@id"].as_str()?;
        objects.iter().find(|it| it["@id"] == *id && !it["name"].is_null()).map(|it| (*it).clone())
    };
    Linked {
        is_article: rank(article) >= 4,
        headline: text(&article["headline"])
            .or_else(|| text(&article["name"]))
            .map(plain)
            .filter(|it| !it.is_empty()),
        description: text(&article["description"]),
        body: text(&article["articleBody"]).or_else(|| text(&article["text"])).map(plain),
        authors: ["author", "creator"]
            .iter()
            .map(|it| names(&article[*it], &by_id))
            .find(|it| !it.is_empty())
            .unwrap_or_default(),
        publisher: names(&article["publisher"], &by_id).into_iter().next(),
        published: text(&article["datePublished"])
            .or_else(|| text(&article["dateCreated"]))
            .or_else(|| text(&article["uploadDate"])),
        updated: text(&article["dateModified"]),
        sections: texts(&article["articleSection"]),
        keywords: texts(&article["keywords"])
            .iter()
            .flat_map(|it| it.split([',', ';']))
            .map(|it| it.trim().to_owned())
            .collect(),
        language: text(&article["inLanguage"]).filter(|it| it.len() <= 12),
        free: match &article["isAccessibleForFree"] {
            Value::Bool(it) => Some(*it),
            Value::String(it) if it.to_ascii_lowercase().ends_with("true") => Some(true),
            Value::String(it) if it.to_ascii_lowercase().ends_with("false") => Some(false),
            _ => None,
        },
        words: text(&article["wordCount"]).and_then(|it| it.parse().ok()).filter(|it| *it > 0.0),
        picture: picture(&article["image"], objects),
        media: Vec::new(),
        is_live: is_of(article, "LiveBlogPosting"),
        posts: posts(&article["liveBlogUpdate"]),
    }
}

fn posts(updates: &Value) -> Vec<Post> {
    let list = updates.as_array().map(Vec::as_slice).unwrap_or(std::slice::from_ref(updates));
    let posts = list.iter().take(MOST_POSTS).filter_map(|it| {
        let body = [&it["articleBody"], &it["text"], &it["description"]].into_iter().find_map(text)?;
        Some(Post {
            at: text(&it["datePublished"]).or_else(|| text(&it["dateCreated"])),
            headline: text(&it["headline"]).or_else(|| text(&it["name"])).map(|it| crate::plain(&it)),
            text: crate::plain(&body),
        })
    });
    posts.filter(|it| !it.text.is_empty()).collect()
}

fn names(value: &Value, by_id: &dyn Fn(&Value) -> Option<Value>) -> Vec<String> {
    let list: Vec<&Value> = match value {
        Value::Array(list) => list.iter().collect(),
        other => vec![other],
    };
    let mut found = Vec::new();
    for one in list {
        let name = match one {
            Value::String(it) => Some(it.clone()),
            // Some put several names into one object.
            Value::Object(_) if one["name"].is_array() => {
                found.extend(texts(&one["name"]));
                None
            }
            Value::Object(_) => text(&one["name"]).or_else(|| by_id(one).and_then(|it| text(&it["name"]))),
            _ => None,
        };
        found.extend(name.map(|it| crate::plain(&it)).filter(|it| !it.starts_with("http")));
    }
    found
}

fn picture(value: &Value, objects: &[&Value]) -> Option<Picture> {
    let one = match value {
        Value::Array(list) => list.first()?,
        other => other,
    };
    let number = |value: &Value| match value {
        Value::Number(it) => it.as_u64().and_then(|it| u32::try_from(it).ok()),
        Value::String(it) => it.trim_end_matches("px").parse().ok(),
        Value::Object(_) => value["value"].as_u64().and_then(|it| u32::try_from(it).ok()),
        _ => None,
    };
    match one {
        Value::String(url) => Some(Picture { url: url.clone(), ..Picture::default() }),
        Value::Object(_) => {
            let full = one["@id"].as_str().filter(|_| one["url"].is_null() && one["contentUrl"].is_null());
            let one = full
                .and_then(|id| objects.iter().copied().find(|it| it["@id"] == *id && !it["url"].is_null()))
                .unwrap_or(one);
            let url = [&one["url"], &one["contentUrl"]].into_iter().find_map(text)?;
            Some(Picture {
                url,
                caption: text(&one["caption"]).map(|it| crate::plain(&it)),
                credit: text(&one["creditText"])
                    .or_else(|| text(&one["copyrightHolder"]))
                    .map(|it| crate::plain(&it)),
                width: number(&one["width"]),
                height: number(&one["height"]),
            })
        }
        _ => None,
    }
}

fn media(object: &Value) -> Option<Media> {
    let url = [&object["contentUrl"], &object["embedUrl"], &object["url"]].into_iter().find_map(text)?;
    url.starts_with("http").then(|| Media {
        url,
        title: text(&object["name"]).map(|it| crate::plain(&it)),
        seconds: text(&object["duration"]).and_then(|it| seconds(&it)),
        is_video: is_of(object, "VideoObject"),
    })
}

/// ISO 8601 durations as pages have them: `PT1H2M3S`, `PT95S`, `P0DT0H1M`.
pub fn seconds(text: &str) -> Option<u32> {
    let (_, time) = text.split_once('T')?;
    let (mut total, mut number) = (0.0_f64, String::new());
    for c in time.chars() {
        match c {
            '0'..='9' | '.' => number.push(c),
            'H' | 'M' | 'S' => {
                let unit = match c {
                    'H' => 3600.0,
                    'M' => 60.0,
                    _ => 1.0,
                };
                total += number.parse::<f64>().ok()? * unit;
                number.clear();
            }
            _ => return None,
        }
    }
    (0.0 < total && total < 1e6).then_some(total as u32)
}
