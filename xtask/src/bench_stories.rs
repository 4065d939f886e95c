//! How fast articles are placed among few and many active stories, and what the stories take in memory. The articles are
//! generated: words as common as words are (Zipf), each story with words and a direction of its own.

use std::time::Instant;

use anyhow::Result;
use cluster::{Index, Policy};
use news::{
    ArticleId, Embedding, Language, Name, NameKind, Sketch, SourceId, Term, Timestamp, Understanding,
};

#[derive(clap::Args)]
pub struct Args {
    /// Active stories at which the speed is measured.
    #[arg(long, num_args = 1.., default_values_t = [1_000, 10_000, 30_000, 100_000])]
    stories: Vec<usize>,
    /// Placed at each of them.
    #[arg(long, default_value_t = 2_000)]
    placed: usize,
}

const WORDS: u64 = 40_000;
const WIDTH: usize = 256;
/// Of three articles two join a story that is there.
const MEMBERS: u64 = 3;
/// An article's words, those of its story among them.
const LONG: usize = 60;
const OWN: u64 = 24;

pub fn run(args: &Args) -> Result<()> {
    println!(
        "{:>9} {:>9} {:>14} {:>14} {:>8}",
        "stories", "articles", "placed / CPU s", "CPU s in all", "MB"
    );
    let mut index = Index::new(Policy::default());
    let (mut dice, mut articles, mut spent) = (Dice(7), 0, 0.0);
    let mut thrown: Vec<u64> = Vec::new();
    let before = crate::group::memory();
    for &wanted in &args.stories {
        let mut place = |index: &mut Index, articles: &mut usize| {
            thrown.push(dice.0);
            let sketch = article(*articles as i64 + 1, &mut dice);
            let began = cpu();
            let placed = index.place(sketch);
            let mended = index.mend(placed.story);
            let doubted = index.doubted(&placed, &mended);
            *articles += 1;
            let spent = cpu() - began;
            let Some((story, members)) = doubted else { return spent };
            // The store has them; here each is generated again.
            let members = members.iter().map(|it| article(it.0, &mut Dice(thrown[it.0 as usize - 1])));
            let members: Vec<Sketch> = members.collect();
            let began = cpu();
            index.part(story, &members);
            spent + cpu() - began
        };
        while index.stories() < wanted {
            spent += place(&mut index, &mut articles);
        }
        let its: f64 = (0..args.placed).map(|_| place(&mut index, &mut articles)).sum();
        spent += its;
        let rate = args.placed as f64 / its.max(1e-9);
        let memory = (crate::group::memory() - before) / 1_000;
        println!("{:>9} {articles:>9} {rate:>14.0} {spent:>14.2} {memory:>8}", index.stories());
    }
    Ok(())
}

/// Seconds that this thread has had of a processor; of the clock where the system does not tell.
fn cpu() -> f64 {
    static BEGAN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = told.split(' ').next().and_then(|it| it.parse::<f64>().ok());
    spent.map_or_else(|| BEGAN.elapsed().as_secs_f64(), |it| it / 1e9)
}

fn article(number: i64, dice: &mut Dice) -> Sketch {
    // A story's articles come within the same days: the story is one of the last thousands, or a new one.
    let newest = number as u64 / MEMBERS + 1;
    let story = newest - dice.below(newest.min(2_000));
    let mut of_story = Dice(story.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let own: Vec<u32> = (0..OWN).map(|_| of_story.word()).collect();
    let mut words: Vec<(u32, bool)> =
        own.iter().filter(|_| dice.below(3) != 0).map(|&it| (it, true)).collect();
    words.iter_mut().skip(8).for_each(|it| it.1 = false);
    while words.len() < LONG {
        words.push((dice.word(), false));
    }
    words.sort_unstable();
    words.dedup_by_key(|it| it.0);
    let towards: Vec<f32> = (0..WIDTH).map(|_| of_story.around()).collect();
    let embedding: Vec<f32> = towards.iter().map(|it| it + dice.around()).collect();
    let name = |at: u64| Name { text: format!("Name{}", own[at as usize]), kind: NameKind::Other };
    Sketch {
        article: ArticleId(number),
        source: SourceId(1),
        outlet: format!("outlet{}", dice.below(500)),
        title: format!("What happened in story {story}, told by article {number}"),
        standfirst: None,
        picture: None,
        at: Timestamp(1_668_000_000 + number),
        address: number as u64,
        links: Vec::new(),
        length: 2_000,
        understanding: Understanding {
            model: "generated".into(),
            language: Language("en".into()),
            embedding: Embedding::of(&embedding),
            names: (0..6).map(name).collect(),
            topics: Vec::new(),
            terms: words.into_iter().map(|(word, headline)| Term::new(word, 1.5, headline)).collect(),
            numbers: Vec::new(),
            shingles: Vec::new(),
        },
    }
}

/// Xorshift (Marsaglia, 2003): the same articles in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The n-th word comes about 1/n as often as the first.
    fn word(&mut self) -> u32 {
        ((WORDS as f64).powf(self.unit()) as u32).wrapping_mul(0x9e37_79b9)
    }

    fn around(&mut self) -> f32 {
        (0..4).map(|_| self.unit() as f32 - 0.5).sum()
    }
}
