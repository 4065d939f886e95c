//! Which language a text is in.

use news::Language;

use crate::sentences::up_to;

/// So much of the body decides.
const READ: usize = 400;

pub fn language(title: &str, body: &str, claimed: Option<&Language>) -> Language {
    let text = format!("{title}. {}", up_to(body, READ));
    let guess = whatlang::detect(&text);
    match (guess, claimed) {
        (Some(guess), None) => code(guess.lang()),
        (Some(guess), Some(_)) if guess.is_reliable() => code(guess.lang()),
        (_, Some(claimed)) => claimed.clone(),
        (None, None) => Language("en".into()),
    }
}

fn code(lang: whatlang::Lang) -> Language {
    use whatlang::Lang::*;
    let code = match lang {
        Eng => "en",
        Pol => "pl",
        Deu => "de",
        Fra => "fr",
        Spa => "es",
        Ita => "it",
        Por => "pt",
        Rus => "ru",
        Cmn => "zh",
        Jpn => "ja",
        Kor => "ko",
        Nld => "nl",
        other => other.code(),
    };
    Language(code.into())
}
