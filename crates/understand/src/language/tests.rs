use news::Language;

use super::language;

fn check(headline: &str, expected: &str) {
    assert_eq!(language(headline, "", None), Language(expected.into()), "{headline}");
}

#[test]
fn short_headlines_tell_their_language() {
    check("Minister resigns over the dam", "en");
    check("Regierung beschließt neues Gesetz für die Bahn", "de");
    check("Le ministre démissionne après la rupture du barrage", "fr");
    check("El ministro dimite tras la rotura de la presa", "es");
    check("Il ministro si dimette dopo il crollo della diga", "it");
    check("Ministro renuncia após rompimento da barragem", "pt");
    check("Minister treedt af na de breuk van het dijklichaam", "nl");
    check("Minister podał się do dymisji po przerwaniu tamy", "pl");
    check("Ministern avgår efter att dammen brustit", "sv");
    check("Ministr rezignoval kvůli protržené přehradě, podle vlády je to nutné", "cs");
    check("Bakan baraj yıkıldıktan sonra istifa etti", "tr");
    check("Menteri mengundurkan diri karena bendungan jebol dan banjir", "id");
    check("Bộ trưởng từ chức sau khi đập vỡ", "vi");
    check("Министр ушёл в отставку после прорыва плотины", "ru");
    check("Міністр пішов у відставку після прориву греблі", "uk");
    check("Министърът подаде оставка след скъсването на язовира", "bg");
    check("Miniszter mondott le a gát átszakadása után", "hu");
    check("Ministrul a demisionat după ruperea barajului și inundații", "ro");
    check("Ministeri erosi padon murtumisen jälkeen, mutta hallitus jatkaa", "fi");
    check("استقالة الوزير بعد انهيار السد في الشمال", "ar");
    check("وزیر پس از شکستن سد استعفا کرد", "fa");
    check("बांध टूटने के बाद मंत्री ने इस्तीफा दिया", "hi");
    check("বাঁধ ভাঙার পর মন্ত্রীর পদত্যাগ", "bn");
    check("部长在大坝决堤后辞职", "zh");
    check("ダム決壊で大臣が辞任", "ja");
    check("댐 붕괴 후 장관 사임", "ko");
    check("รัฐมนตรีลาออกหลังเขื่อนแตก", "th");
    check("השר התפטר לאחר קריסת הסכר", "he");
    check("Ο υπουργός παραιτήθηκε μετά την κατάρρευση", "el");
    check("அணை உடைந்ததால் அமைச்சர் ராஜினாமா", "ta");
}

#[test]
fn a_claim_decides_where_the_text_is_silent_and_not_where_it_speaks() {
    let claims = |code: &str| Some(Language(code.into()));
    assert_eq!(language("Dax 13.000", "", claims("de-DE").as_ref()), Language("de".into()));
    let english = "The minister has said that the dam will hold for as long as it is looked after";
    assert_eq!(language(english, "", claims("pl").as_ref()), Language("en".into()));
}
