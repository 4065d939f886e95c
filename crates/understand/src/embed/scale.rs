//! How the likenesses of a model are to be read beside the built-in's, for which all weights and thresholds were found.
//!
//! Models differ in how alike they find what has nothing in common, and what is the same. Both are measured on a few
//! pairs of our own with either model; the straight line through the two points is the reading (docs/decisions/embedder.md).

use super::{BuiltIn, EmbedError, Embedder};

static PAIRS: &str = include_str!("../../data/pairs.txt");

/// Times what, and plus what.
pub fn of(model: &dyn Embedder) -> Result<(f32, f32), EmbedError> {
    let (own, built_in) = (Middles::of(model)?, Middles::of(&BuiltIn::new())?);
    let apart = own.same - own.other;
    if !apart.is_finite() || apart < 0.05 {
        // It does not tell the same from something else: nothing can be made of it.
        return Ok((1.0, 0.0));
    }
    // In steps, so that it is the same on every machine.
    let times = (((built_in.same - built_in.other) / apart) * 50.0).round() / 50.0;
    let times = times.clamp(0.1, 10.0);
    Ok((times, ((built_in.same - times * own.same) * 50.0).round() / 50.0))
}

/// How alike the two of a pair are, and texts of different pairs: the middle of each.
#[derive(Debug)]
struct Middles {
    same: f32,
    other: f32,
}

impl Middles {
    fn of(model: &dyn Embedder) -> Result<Middles, EmbedError> {
        let texts: Vec<&str> = PAIRS.lines().filter(|it| !it.starts_with('#')).collect();
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
        assert_eq!(of(&BuiltIn::new()).unwrap(), (1.0, 0.0));
        let own = Middles::of(&BuiltIn::new()).unwrap();
        assert!(own.other < 0.2 && 0.4 < own.same, "{own:?}");
    }

    #[test]
    fn a_model_that_finds_all_alike_is_read_as_if_it_did_not() {
        // Half of each likeness, and a half more.
        let (times, plus) = of(&Narrow(BuiltIn::new())).unwrap();
        assert!((times - 2.0).abs() < 0.1 && (plus + 1.0).abs() < 0.1, "{times} {plus}");
    }
}
