use news::{Interests, Target};

/// The reader's own say, from −1 (not at all) to 1 (very much); `None` lets tidings guess again.
pub fn correct(mut believed: Interests, target: &Target, value: Option<f32>) -> Interests {
    let belief = believed.beliefs.entry(target.clone()).or_default();
    belief.corrected = value.filter(|it| it.is_finite()).map(|it| it.clamp(-1.0, 1.0));
    if *belief == Default::default() {
        believed.beliefs.remove(target);
    }
    believed
}
