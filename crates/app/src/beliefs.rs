//! What tidings believes of a reader, with its evidence, and how they correct it.

use learn::BeliefView;
use news::{Centre, ReaderId, Target};

use crate::{App, Result};

/// Everything that is believed of one reader.
#[derive(Debug)]
pub struct Beliefs {
    /// Strongest first.
    pub beliefs: Vec<BeliefView>,
    /// The directions in which they read, each with a headline that stands for it.
    pub centres: Vec<Centre>,
    /// How many of their signals it rests on.
    pub signals: u32,
    /// What each ground of the ranking has come to weigh for them: (feature, mean, how sure 0 to 1).
    pub weights: Vec<(String, f32, f32)>,
}

impl App {
    pub async fn beliefs(&self, reader: ReaderId) -> Result<Beliefs> {
        let (interests, _) = self.store.interests(reader).await?;
        let beliefs = learn::describe(&interests, self.now(), &self.learn);
        let sure = |precision: f32| precision / (1.0 + precision);
        let weights = interests
            .ranker
            .weights
            .iter()
            .map(|(feature, (mean, precision))| (feature.clone(), *mean, sure(*precision)))
            .collect();
        Ok(Beliefs { beliefs, centres: interests.centres, signals: interests.signals, weights })
    }

    /// The reader's own say, from −1 (never) to 1 (always); `None` leaves it to be guessed again.
    pub async fn correct(&self, reader: ReaderId, target: &Target, value: Option<f32>) -> Result<()> {
        let (interests, upto) = self.store.interests(reader).await?;
        let corrected = learn::correct(interests, target, value.map(|it| it.clamp(-1.0, 1.0)));
        Ok(self.store.record_interests(None, reader, &corrected, upto).await?)
    }
}
