//! Broken pages through the extractor and the sanitiser: mutations of real ones, very deep ones, very long ones.

use std::path::Path;

use anyhow::Result;

use super::super::pages;
use super::{Case, Verdict};

/// So many mutations of each page, unless `TIDINGS_MUTATIONS` says otherwise.
const MUTATIONS: usize = 50;

pub fn mutated(data: &Path) -> Result<Vec<Case>> {
    let file = if data.is_file() { data.to_owned() } else { data.join("pages/scrapinghub_aeb.jsonl.zst") };
    let times = std::env::var("TIDINGS_MUTATIONS").ok().and_then(|it| it.parse().ok()).unwrap_or(MUTATIONS);
    let mut cases = Vec::new();
    for (number, page) in pages::cases(&file)?.into_iter().enumerate() {
        let page = std::rc::Rc::new(page);
        for time in 0..times {
            let page = page.clone();
            cases.push(Case::new(format!("{} {time}", page.id), move || {
                // Each has dice of its own, so that one case can be played again without the others.
                let mut dice = Dice::new((number * 1_000_003 + time) as u64);
                read(&mutation(&page.html, &mut dice))
            }));
        }
    }
    Ok(cases)
}

const UNITS: &[&str] = &[
    "<div>",
    "<b>",
    "<p><b><i>",
    "<table><td>",
    "<ul><li>",
    "<a href=x>",
    "<svg><g>",
    "<x-y>",
    "<font color=a>",
    "</div><p>",
    "<select><option>",
    "<template>",
    "<button>",
    "<math><mi>",
    "<h1>",
    "<table><tr><td><svg><math><b-b>",
];

pub fn deep(_: &Path) -> Result<Vec<Case>> {
    let shapes: [fn(&str) -> String; 2] = [
        |unit| unit.repeat(10_000),
        |unit| format!("<article>{}<p>{}</p>", unit.repeat(10_000), "Some words of an article. ".repeat(100)),
    ];
    let case = |(unit, shape): (&'static str, fn(&str) -> String)| {
        Case::new(format!("10,000 × {unit}"), move || read(&shape(unit)))
    };
    Ok(UNITS.iter().flat_map(|unit| shapes.map(|shape| (*unit, shape))).map(case).collect())
}

pub fn large(_: &Path) -> Result<Vec<Case>> {
    const UNITS: &[&str] = &[
        "<p>Some words of a very long article that does not end.</p>",
        "<li><a href=/x>link</a></li>",
        "x",
        "word ",
        "<td>",
        "&amp;",
        "<!--",
        "<a ",
        "<p title='",
        "<img src=x>",
        "<script>",
        "<b><i><a><p>",
        "\u{4e2d}\u{6587}",
    ];
    let case = |unit: &'static str| {
        Case::new(format!("20 MB of {unit}"), move || read(&unit.repeat((20 << 20) / unit.len())))
    };
    Ok(UNITS.iter().copied().map(case).collect())
}

fn read(html: &str) -> Verdict {
    let page = extract::Page { address: "https://news.example/a", html, hint: None };
    let found = extract::extract(&page);
    let clean = extract::sanitize(html, page.address);
    if 20 * html.len() + 4096 < clean.as_str().len() {
        return Verdict::miss("It swelled.", "what is cleaned does not grow without bound");
    }
    match found {
        Some(it) => Verdict::fine(format!("An article of {} words.", it.text.split_whitespace().count())),
        None => Verdict::fine("No article was found on it."),
    }
}

/// One of six ways in which pages break.
fn mutation(html: &str, dice: &mut Dice) -> String {
    let at = |dice: &mut Dice| html.floor_char_boundary(dice.roll(html.len().max(1)));
    let (a, b) = (at(dice), at(dice));
    let (from, to) = (a.min(b), a.max(b));
    const ODD: &[&str] = &[
        "<table>",
        "</div></div></div>",
        "<script>",
        "<!--",
        "\"",
        "<p",
        "<title>",
        "&#0;",
        "\u{202e}",
        "<select>",
        "<svg>",
        "]]>",
    ];
    match dice.roll(6) {
        0 => html[..from].to_owned(),
        1 => format!("{}{}", &html[..from], &html[to..]),
        2 => format!("{}{}", &html[..to], &html[from..to]),
        3 => format!(
            "{}{}{}",
            &html[..from],
            ODD[dice.roll(ODD.len())].repeat(1 + dice.roll(50)),
            &html[from..]
        ),
        4 => html.replacen(['<', '"', '>'][dice.roll(3)], "", 1 + dice.roll(30)),
        _ => html[..from].chars().chain(html[to..].chars().rev()).collect(),
    }
}

/// The same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Dice {
        let mut dice = Dice(88_172_645_463_325_252 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for _ in 0..8 {
            dice.roll(2);
        }
        dice
    }

    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % below
    }
}
