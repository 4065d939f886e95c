//! The posts of a live blog and their times.

use std::cmp::Reverse;

use super::{Body, paragraphs};
use crate::metadata::Post;
use crate::sanitize::{escape_attr, escape_text};

/// So much of a post's beginning tells where it stands, in letters.
const BEGINNING: usize = 40;

/// Fewer posts that stand in what is shown are chance.
const FEW: usize = 3;

/// What is shown, with its pictures and paragraphs, the time of each post before it where only machines are told; and
/// below it the posts that a script would show later.
pub fn among(shown: Body, posts: &[Post]) -> Body {
    let (found, later): (Vec<_>, Vec<_>) =
        Places::of(&shown).find(posts).into_iter().zip(posts).partition(|(place, _)| place.is_some());
    if found.len() < FEW {
        return listed(posts);
    }
    let Body { mut html, mut text, is_cut } = shown;
    if html.matches("<time").count() * 10 < found.len() * 8 {
        let timed = |(place, post): (Option<Place>, &Post)| Some((place?, moment(post)?));
        let mut times: Vec<(Place, (String, String))> = found.into_iter().filter_map(timed).collect();
        // From the end, so that what is before stays where it is.
        times.sort_unstable_by_key(|it| Reverse(it.0.html));
        times.iter().for_each(|(place, (time, _))| html.insert_str(place.html, &format!("<h3>{time}</h3>")));
        times.sort_unstable_by_key(|it| Reverse(it.0.line));
        times.iter().for_each(|(place, (_, clock))| text.insert_str(place.line, &format!("{clock}\n")));
    }
    let later: Vec<Post> = later.into_iter().map(|(_, post)| post.clone()).collect();
    let later = listed(&later);
    html.push_str(&later.html);
    text = [text, later.text].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n");
    Body { html, text, is_cut }
}

/// Where a post begins.
struct Place {
    html: usize,
    /// In the text, where its line begins.
    line: usize,
}

/// A body made ready to be looked through.
struct Places<'a> {
    body: &'a Body,
    /// Letters and digits outside of tags, and where each stands.
    letters: String,
    stands: Vec<(usize, usize)>,
    /// The beginning of each line of the text, and where it stands.
    lines: Vec<(usize, String)>,
}

impl Places<'_> {
    fn of(body: &Body) -> Places<'_> {
        let there = crate::anchored::letters(&body.html).into_iter().filter(|it| it.1.is_alphanumeric());
        let (mut letters, mut stands) = (String::new(), Vec::new());
        for (at, letter) in there {
            stands.push((letters.len(), at));
            letters.push(letter);
        }
        let lines = body.text.split('\n').scan(0, |from, line| {
            let at = *from;
            *from += line.len() + 1;
            Some((at, beginning(line)))
        });
        let lines = lines.collect();
        Places { body, letters, stands, lines }
    }

    /// For each post where it stands, if it does.
    fn find(&self, posts: &[Post]) -> Vec<Option<Place>> {
        let find = |post: &Post| {
            let begin = beginning(post.headline.as_deref().unwrap_or(&post.text));
            if begin.is_empty() {
                return None;
            }
            let line = self.lines.iter().find(|(_, it)| it.starts_with(&begin))?.0;
            let letter = self.letters.find(&begin)?;
            let at = self.stands.binary_search_by_key(&letter, |it| it.0).ok()?;
            Some(Place { html: block_before(&self.body.html, self.stands[at].1), line })
        };
        posts.iter().map(find).collect()
    }
}

/// A post's time as HTML and as text.
fn moment(post: &Post) -> Option<(String, String)> {
    let at = post.at.as_deref()?;
    let clock = clock_of(at)?;
    Some((time(at, clock), clock.to_owned()))
}

/// The posts as the page lists them for machines.
pub fn listed(posts: &[Post]) -> Body {
    let (mut html, mut text) = (String::new(), String::new());
    for post in posts {
        let clock = post.at.as_deref().and_then(clock_of);
        let title = [clock, post.headline.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if !title.is_empty() {
            html.push_str("<h3>");
            if let (Some(at), Some(clock)) = (&post.at, clock) {
                html.push_str(&time(at, clock));
            }
            escape_text(title.strip_prefix(clock.unwrap_or_default()).unwrap_or_default(), &mut html);
            html.push_str("</h3>");
            text.push_str(&title);
            text.push('\n');
        }
        html.push_str(&paragraphs(&post.text));
        text.push_str(&post.text);
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    Body { html, text, is_cut: false }
}

fn time(at: &str, clock: &str) -> String {
    let mut html = String::from("<time datetime=\"");
    escape_attr(at, &mut html);
    html.push_str("\">");
    html.push_str(clock);
    html.push_str("</time>");
    html
}

/// The hour and minute as they were printed, in the zone in which they were printed.
fn clock_of(moment: &str) -> Option<&str> {
    let clock = moment.get(11..16)?;
    let digits = |from: usize| clock.as_bytes()[from..from + 2].iter().all(u8::is_ascii_digit);
    (clock.as_bytes()[2] == b':' && digits(0) && digits(3)).then_some(clock)
}

fn beginning(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).take(BEGINNING).collect()
}

/// Where the block begins in which that place stands.
fn block_before(html: &str, place: usize) -> usize {
    ["<p>", "<h2>", "<h3>", "<h4>", "<div>", "<li>"]
        .iter()
        .filter_map(|it| html[..place].rfind(it))
        .max()
        .unwrap_or(0)
}
