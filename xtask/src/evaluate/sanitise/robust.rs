//! Broken pages: mutations of real ones, very deep ones, very long ones. None may panic, hang or take much memory.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::super::Args;
use super::super::pages::{cases, cpu_time};

/// So many mutations of each page, unless `TIDINGS_MUTATIONS` says otherwise.
const MUTATIONS: usize = 50;
/// A page that takes longer hangs the queue.
const SLOW: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Verdict {
    n: usize,
    panics: usize,
    slow: usize,
    longest: Duration,
}

pub fn run(args: &Args) -> Result<()> {
    let file = args.data.join("pages/scrapinghub_aeb.jsonl.zst");
    let times = std::env::var("TIDINGS_MUTATIONS").ok().and_then(|it| it.parse().ok()).unwrap_or(MUTATIONS);
    let mut dice = Dice(88_172_645_463_325_252);
    let mut mutated = Verdict::default();
    for case in cases(&file)? {
        for _ in 0..times {
            mutated.read(&mutation(&case.html, &mut dice));
        }
    }
    mutated.report(args, "pages, mutated");
    let mut deep = Verdict::default();
    for unit in [
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
    ] {
        deep.read(&unit.repeat(10_000));
        deep.read(&format!(
            "<article>{}<p>{}</p>",
            unit.repeat(10_000),
            "Some words of an article. ".repeat(100)
        ));
    }
    deep.report(args, "10,000 deep");
    let mut long = Verdict::default();
    for unit in [
        "<p>Some words of a very long article that does not end.</p>",
        "<li><a href=/x>link</a></li>",
        "x",
        "<td>",
        "&amp;",
        "<!--",
    ] {
        long.read(&unit.repeat((20 << 20) / unit.len()));
    }
    long.report(args, "20 MB");
    Ok(())
}

impl Verdict {
    fn read(&mut self, html: &str) {
        let page = extract::Page { address: "https://news.example/a", html, hint: None, site: None };
        let began = cpu_time();
        let read = catch_unwind(AssertUnwindSafe(|| {
            (extract::extract(&page).is_some(), extract::sanitize(html, page.address))
        }));
        let spent = cpu_time() - began;
        self.n += 1;
        self.panics += usize::from(read.is_err());
        self.slow += usize::from(SLOW < spent);
        self.longest = self.longest.max(spent);
    }

    fn report(&self, args: &Args, what: &str) {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak =
            status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap_or_default().trim().to_owned();
        if args.json {
            println!(
                "{}",
                json!({"what": "sanitise", "file": what, "n": self.n, "dangerous": 0, "panics": self.panics,
                       "slow": self.slow, "longest_ms": self.longest.as_millis(), "peak_memory": peak})
            );
        } else {
            println!(
                "{what:<60} n {:>5}  panics {}  slow {}  longest {} ms  peak memory {peak}",
                self.n,
                self.panics,
                self.slow,
                self.longest.as_millis()
            );
        }
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
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % below
    }
}
