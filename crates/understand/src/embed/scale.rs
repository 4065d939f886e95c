//! How the likenesses of a model are to be read beside the built-in's, for which all weights and thresholds were found.
//!
//! Models differ in how alike they find what has nothing in common, and what is the same. Both are measured on a few
//! pairs of our own with either model; the straight line through the two points is the reading (docs/decisions/embedder.md).

use news::Model;

use super::{BuiltIn, EmbedError, Embedder};

static PAIRS: &str = include_str!("../../data/pairs.txt");
static ABROAD: &str = include_str!("../../data/abroad.txt");

/// How a model's likenesses are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    pub times: f32,
    pub plus: f32,
    /// What is told in two languages is alike by it.
    pub many_languages: bool,
}

impl Reading {
    pub fn of(model: &dyn Embedder) -> Result<Reading, EmbedError> {
        let own = Middles::of(model, PAIRS)?;
        let (times, plus) = line(&own, &Middles::of(&BuiltIn::new(), PAIRS)?);
        // Of two languages at least half as much alike, beyond chance, as of one.
        let abroad = Middles::of(model, ABROAD)?.same;
        let many_languages = 0.05 <= own.same - own.other && own.same + own.other < 2.0 * abroad;
        Ok(Reading { times, plus, many_languages })
    }

    pub fn to(self, model: Model) -> Model {
        let model = model.read_as(self.times, self.plus);
        if self.many_languages { model.of_many_languages() } else { model }
    }
}

/// Times what, and plus what.
fn line(own: &Middles, built_in: &Middles) -> (f32, f32) {
    let apart = own.same - own.other;
    if !apart.is_finite() || apart < 0.05 {
        // It does not tell the same from something else: nothing can be made of it.
        return (1.0, 0.0);
    }
    // In steps, so that it is the same on every machine.
    let times = (((built_in.same - built_in.other) / apart) * 50.0).round() / 50.0;
    let times = times.clamp(0.1, 10.0);
    (times, ((built_in.same - times * own.same) * 50.0).round() / 50.0)
}

/// How alike the two of a pair are, and texts of different pairs: the middle of each.
#[derive(Debug)]
struct Middles {
    same: f32,
    other: f32,
}

impl Middles {
    fn of(model: &dyn Embedder, pairs: &str) -> Result<Middles, EmbedError> {
        let texts: Vec<&str> = pairs.lines().filter(|it| !it.starts_with('#')).collect();
        let made = model.embed(&texts)?;
        let (mut same, mut other) = (Vec::new(), Vec::new());
        for (at, one) in made.iter().enumerate() {
            for (place, before) in made[..at].iter().enumerate() {
                let likeness = one.likeness(before);
                if place / 2 == at / 2 { same.push(likeness) } else { other.push(likeness) }
            }
        }
        Ok(Middles { same: middle(same), other: middle(other) })
    }
}

fn middle(mut of: Vec<f32>) -> f32 {
    of.sort_by(f32::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use news::Embedding;

    use super::*;

    /// The built-in one, seen from further off: all is more alike.
    struct Narrow(BuiltIn);

    impl Embedder for Narrow {
        fn model(&self) -> &str {
            "narrow"
        }

        fn embed(&self, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError> {
            let one_more = |it: &Embedding| Embedding::of(&it.direction().chain([1.0]).collect::<Vec<_>>());
            Ok(self.0.embed(texts)?.iter().map(one_more).collect())
        }
    }

    #[test]
    fn the_built_in_model_is_read_as_it_is() {
        let reading = Reading::of(&BuiltIn::new()).unwrap();
        assert_eq!(reading, Reading { times: 1.0, plus: 0.0, many_languages: false });
        let own = Middles::of(&BuiltIn::new(), PAIRS).unwrap();
        assert!(own.other < 0.2 && 0.4 < own.same, "{own:?}");
    }

    #[test]
    fn a_model_that_finds_all_alike_is_read_as_if_it_did_not() {
        // Half of each likeness, and a half more.
        let Reading { times, plus, .. } = Reading::of(&Narrow(BuiltIn::new())).unwrap();
        assert!((times - 2.0).abs() < 0.1 && (plus + 1.0).abs() < 0.1, "{times} {plus}");
    }

    /// Reads every other line of what is told abroad as the line before it.
    struct Interpreter(BuiltIn);

    impl Embedder for Interpreter {
        fn model(&self) -> &str {
            "interpreter"
        }

        fn embed(&self, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError> {
            let lines: Vec<&str> = ABROAD.lines().filter(|it| !it.starts_with('#')).collect();
            let mut english = texts.to_vec();
            for text in &mut english {
                if let Some(at) = lines.iter().position(|it| it == text) {
                    *text = lines[at - at % 2];
                }
            }
            self.0.embed(&english)
        }
    }

    #[test]
    fn a_model_that_finds_translations_alike_knows_many_languages() {
        let reading = Reading::of(&Interpreter(BuiltIn::new())).unwrap();
        assert!(reading.many_languages);
        assert!(reading.to(Model::named("interpreter")).knows_many_languages());
        assert!(!Model::named("interpreter").knows_many_languages());
    }
}
