/// ISO 639-1 code, lower case (`en`, `pl`, `zh`); 639-3 where there is no two-letter one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(pub String);

/// A proper name as the text has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// The fullest form met: "Shin Won-sik".
    pub text: String,
    pub kind: NameKind,
}

impl Name {
    /// What names are compared by: lower case, no accents on letters, single spaces.
    pub fn key(&self) -> String {
        fold(&self.text)
    }
}

/// Lower case, common Latin accents off, punctuation to spaces, spaces single.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        let c = match crate::words::plain(c) {
            c if c.is_alphanumeric() => c,
            _ => ' ',
        };
        if c != ' ' || !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(c);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameKind {
    Person,
    Organisation,
    Place,
    Other,
}

/// A topic of the tree, by its path: "sport/football".
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Topic(pub String);

/// A word (stemmed, folded) of an article, as clustering counts it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Hash of the stem; the same word has the same hash in every run.
    pub hash: u32,
    /// How often it stands in headline and text; the headline counts more.
    pub weight: f32,
    /// It stands in the headline.
    pub headline: bool,
}

/// Which model made a vector: a number made of the model's name, which is made of the model's bytes. Its upper half says
/// how likenesses of its vectors are to be read beside those of the built-in model, in thousandths: times what (less
/// one) and plus what. The lowest bit of that half says that it knows many languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Model(pub u64);

impl Model {
    /// The same name is the same number in every run.
    pub const fn named(name: &str) -> Model {
        let (mut hash, mut at) = (0x811c_9dc5_u32, 0);
        while at < name.len() {
            hash = (hash ^ name.as_bytes()[at] as u32).wrapping_mul(0x0100_0193);
            at += 1;
        }
        Model(hash as u64)
    }

    /// Its likenesses are to be read so; how it was said before is forgotten.
    pub fn read_as(self, times: f32, plus: f32) -> Model {
        let thousandths = |it: f32| u64::from((it * 1e3).round() as i16 as u16);
        let reading = (thousandths(times - 1.0) << 32 | thousandths(plus) << 48) & !Model::MANY;
        Model(self.0 & (0xffff_ffff | Model::MANY) | reading)
    }

    const MANY: u64 = 1 << 32;

    /// What is told in two languages is alike by it as in one.
    pub fn of_many_languages(self) -> Model {
        Model(self.0 | Model::MANY)
    }

    pub fn knows_many_languages(self) -> bool {
        self.0 & Model::MANY != 0
    }

    /// A likeness as it is to be read.
    fn read(self, likeness: f32) -> f32 {
        if self.0 >> 32 == 0 {
            return likeness;
        }
        let reading = self.0 & !Model::MANY;
        let part = |shift: u32| f32::from((reading >> shift) as u16 as i16) / 1e3;
        ((1.0 + part(32)) * likeness + part(48)).clamp(-1.0, 1.0)
    }
}

/// What a text is about, as a direction: small integers, compared by angle. Vectors of two models are never compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Embedding {
    values: Box<[i8]>,
    length: f32,
    model: Model,
}

impl Embedding {
    /// Any vector; only its direction is kept, to about 1 %. Whoever has it from a model says so ([`Embedding::by`]).
    pub fn of(values: &[f32]) -> Embedding {
        let largest = values.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
        let scale = if 0.0 < largest { 127.0 / largest } else { 0.0 };
        Embedding::from_values(values.iter().map(|v| (v * scale).round() as i8).collect())
    }

    /// As it was stored.
    pub fn from_values(values: Vec<i8>) -> Embedding {
        let square: i32 = values.iter().map(|&v| i32::from(v) * i32::from(v)).sum();
        Embedding { values: values.into(), length: (square as f32).sqrt(), model: Model::default() }
    }

    pub fn by(self, model: Model) -> Embedding {
        Embedding { model, ..self }
    }

    pub fn model(&self) -> Model {
        self.model
    }

    /// Where these point taken together, each counting alike. Those that are of another model than the first, or empty,
    /// are left out.
    pub fn mean<'a>(of: impl IntoIterator<Item = &'a Embedding>) -> Embedding {
        let mut of = of.into_iter().filter(|it| !it.is_empty());
        let Some(first) = of.next() else { return Embedding::default() };
        let mut sum: Vec<f32> = first.direction().collect();
        let mut alone = true;
        for other in of.filter(|it| it.can_be_compared(first)) {
            sum.iter_mut().zip(other.direction()).for_each(|(sum, it)| *sum += it);
            alone = false;
        }
        if alone { first.clone() } else { Embedding::of(&sum).by(first.model) }
    }

    /// Of the same model. The number of places is asked too, so that nothing made up is ever compared by halves.
    pub fn can_be_compared(&self, other: &Embedding) -> bool {
        self.model == other.model && self.values.len() == other.values.len()
    }

    /// 1 = the same direction, 0 = nothing in common, or not known: one of them is empty or of another model.
    pub fn likeness(&self, other: &Embedding) -> f32 {
        if !self.can_be_compared(other) || self.length * other.length == 0.0 {
            return 0.0;
        }
        let dot: i32 =
            self.values.iter().zip(&other.values).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
        self.model.read(dot as f32 / (self.length * other.length))
    }

    /// The unit vector times another of the same length and model; 0 when they differ in length.
    pub(crate) fn along(&self, other: &[f32]) -> f32 {
        if self.length == 0.0 || self.values.len() != other.len() {
            return 0.0;
        }
        // Eight sums side by side, which the compiler turns into vector instructions.
        let mut sums = [0.0_f32; 8];
        for (values, others) in self.values.chunks(8).zip(other.chunks(8)) {
            for ((sum, &value), other) in sums.iter_mut().zip(values).zip(others) {
                *sum += f32::from(value) * other;
            }
        }
        sums.iter().sum::<f32>() / self.length
    }

    pub fn length(&self) -> f32 {
        self.length
    }

    pub fn values(&self) -> &[i8] {
        &self.values
    }

    /// The unit vector.
    pub fn direction(&self) -> impl Iterator<Item = f32> + '_ {
        let scale = if self.length == 0.0 { 0.0 } else { 1.0 / self.length };
        self.values.iter().map(move |&v| f32::from(v) * scale)
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0.0
    }
}

/// What we made of one article, and by which model: made again when the model changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Understanding {
    /// The name of the model that made the embedding.
    pub model: String,
    pub language: Language,
    pub embedding: Embedding,
    /// Most prominent first, each name once.
    pub names: Vec<Name>,
    pub topics: Vec<Topic>,
    /// By hash, each once.
    pub terms: Vec<Term>,
    /// Numbers, sums and dates that the text names, hashed, each once, sorted.
    pub numbers: Vec<u32>,
    /// MinHash of the text's shingles: equal places / all places estimates how much text two have in common.
    pub shingles: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_two_models_have_no_likeness_that_is_known() {
        let ours = Embedding::of(&[1.0, 2.0, -1.0]);
        let other = ours.clone().by(Model::named("another"));
        assert!(0.999 < ours.likeness(&ours));
        assert_eq!(ours.likeness(&other), 0.0);
        let interests = crate::Interests { taste: vec![1.0, 2.0, -1.0], ..Default::default() };
        assert!(0.0 < interests.along(&ours));
        assert_eq!(interests.along(&other), 0.0);
    }

    #[test]
    fn a_likeness_is_read_as_its_model_says() {
        let model = Model::named("steep").read_as(0.5, -0.125);
        let [one, other] = [[1.0, 0.0], [1.0, 1.0]].map(|it| Embedding::of(&it).by(model));
        assert!((one.likeness(&other) - (0.5 * 0.5_f32.sqrt() - 0.125)).abs() < 1e-3);
        assert_eq!(one.likeness(&other.by(Model::named("steep"))), 0.0, "it is another one");
        assert_eq!(model.read_as(1.0, 0.0), Model::named("steep"));
    }

    #[test]
    fn a_mean_is_of_one_model_and_leaves_out_what_is_of_another_or_empty() {
        let (a, b) = (Embedding::of(&[1.0, 0.0]), Embedding::of(&[0.0, 1.0]));
        let between = Embedding::of(&[1.0, 1.0]);
        let other = Embedding::of(&[-1.0, -1.0]).by(Model(7));
        assert_eq!(Embedding::mean([&Embedding::default(), &a, &other, &b]), between);
        assert_eq!(Embedding::mean([&other, &a]), other);
        assert_eq!(Embedding::mean([]), Embedding::default());
    }
}
