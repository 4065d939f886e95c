//! A logistic model of decisions.

use cluster::{FEATURES, Features, GROUNDS, Weights};

use super::decisions::{Decision, form_of};

const ROUNDS: i32 = 1_000;
const PULL: f32 = 1e-4;
/// What the sets hardly have, and feeds do: links between articles, wire copy under two headlines, and two languages.
const UNSEEN: [(&str, f32); 3] = [("linked", 2.0), ("same text", 3.0), ("meaning abroad", 12.0)];

pub fn learnt(decisions: &[Decision]) -> Weights {
    let all: f32 = decisions.iter().map(|it| it.weight).sum();
    let scale = scales(decisions);
    let names: Vec<String> = cluster::grounds().collect();
    let mending = ["mending", "mending grown"].map(super::weights::at);
    let mut weights = [0.0_f32; FEATURES];
    let (mut speed, mut size) = ([0.0_f32; FEATURES], [0.0_f32; FEATURES]);
    for round in 1..=ROUNDS {
        let mut gradient = [0.0_f32; FEATURES];
        for it in decisions {
            let form = form_of(&it.features);
            let places = (form * GROUNDS.len()..(form + 1) * GROUNDS.len()).chain(mending);
            let odds: f32 = places.clone().map(|at| it.features[at] * weights[at] * scale[at]).sum();
            let wanted = it.same - 1.0 / (1.0 + (-odds).exp());
            places.for_each(|at| gradient[at] += it.weight * wanted * it.features[at] * scale[at]);
        }
        for at in 0..FEATURES {
            // Adam (Kingma, Ba, 2015), all data in each round.
            let pull = if names[at].ends_with("base") { 0.0 } else { PULL * weights[at] };
            let up = gradient[at] / all - pull;
            speed[at] = 0.9 * speed[at] + 0.1 * up;
            size[at] = 0.99 * size[at] + 0.01 * up * up;
            let (speed, size) =
                (speed[at] / (1.0 - 0.9_f32.powi(round)), size[at] / (1.0 - 0.99_f32.powi(round)));
            let slower = if round < ROUNDS / 2 { 0.1 } else { 0.03 };
            weights[at] = kept_in_sense(&names[at], weights[at] + slower * speed / (size.sqrt() + 1e-8));
        }
    }
    let mut weights = Weights(std::array::from_fn(|at| weights[at] * scale[at]));
    for (name, weight) in UNSEEN {
        weights.0[super::weights::at(name)] = weight;
    }
    weights
}

/// What is alike never speaks against, time apart never for: where the sets say otherwise they say it of their editors.
pub fn kept_in_sense(name: &str, weight: f32) -> f32 {
    match name {
        _ if name.ends_with("base") || name.starts_with("mending") || name.ends_with("grown") => weight,
        _ if ["time between", "time apart", "undated", "numbers apart"]
            .iter()
            .any(|it| name.ends_with(it)) =>
        {
            weight.min(0.0)
        }
        _ => weight.max(0.0),
    }
}

/// So that every ground is of about the same size while it is fitted.
fn scales(decisions: &[Decision]) -> Features {
    let mut squares = [0.0_f32; FEATURES];
    for it in decisions {
        (0..FEATURES).for_each(|at| squares[at] += it.features[at] * it.features[at]);
    }
    squares.map(|it| if it == 0.0 { 1.0 } else { 1.0 / (it / decisions.len() as f32).sqrt() })
}
