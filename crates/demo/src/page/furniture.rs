//! What pages say around their texts, in each outlet's language.

use crate::outlet::Outlet;

/// What stands around a text, in the outlet's language.
pub struct Furniture {
    pub sections: &'static str,
    pub cookies: &'static str,
    pub agree: &'static str,
    pub advertisement: &'static str,
    pub newsletter: &'static str,
    pub related: &'static str,
    pub share: &'static str,
    pub comments: &'static str,
    pub comment: &'static str,
    pub rights: &'static str,
    pub by: &'static str,
    pub key_points: &'static str,
}

const ENGLISH: Furniture = Furniture {
    sections: "Home News Politics Business Science Culture Sport Weather",
    cookies: "We and our 214 partners store cookies on your device to measure audiences and to show you adverts.",
    agree: "Accept all",
    advertisement: "Advertisement",
    newsletter: "Get our morning email. Sign up free and wake up to the ten things you need to know.",
    related: "Read more:",
    share: "Share on Chirrup · Send by email · Copy link · Print",
    comments: "Comments (2)",
    comment: "First! Also, when are you going to fix the crossword app?",
    rights: "All rights reserved. Terms of use · Privacy · Contact us · Jobs",
    by: "By",
    key_points: "At a glance",
};
const GERMAN: Furniture = Furniture {
    sections: "Start Politik Inseln Wirtschaft Wissen Kultur Sport Wetter",
    cookies: "Wir und unsere 96 Partner speichern Cookies auf Ihrem Gerät, um Reichweiten zu messen und Werbung zu zeigen.",
    agree: "Alle annehmen",
    advertisement: "Anzeige",
    newsletter: "Der Morgenbrief: Jetzt kostenlos anmelden und täglich um sechs Uhr Bescheid wissen.",
    related: "Lesen Sie auch:",
    share: "Teilen · Per E-Mail senden · Drucken · Merken",
    comments: "Kommentare (1)",
    comment: "Und wann kommt endlich der Radweg nach Süderholm?",
    rights: "Alle Rechte vorbehalten. Impressum · Datenschutz · Abo kündigen",
    by: "Von",
    key_points: "Das Wichtigste in Kürze",
};
const POLISH: Furniture = Furniture {
    sections: "Start Kraj Świat Gospodarka Nauka Kultura Sport Pogoda",
    cookies: "My i nasi partnerzy zapisujemy pliki cookie na Twoim urządzeniu, aby mierzyć oglądalność i wyświetlać reklamy.",
    agree: "Zgadzam się",
    advertisement: "Reklama",
    newsletter: "Zapisz się na nasz poranny biuletyn i zacznij dzień od najważniejszych wiadomości.",
    related: "Czytaj także:",
    share: "Udostępnij · Wyślij e-mailem · Drukuj",
    comments: "Komentarze (1)",
    comment: "Dobry tekst, ale reklam mogłoby być mniej.",
    rights: "Wszelkie prawa zastrzeżone. Regulamin · Prywatność · Kontakt",
    by: "Autor:",
    key_points: "Najważniejsze",
};

pub fn furniture(outlet: &Outlet) -> &'static Furniture {
    match outlet.language {
        "de" => &GERMAN,
        "pl" => &POLISH,
        _ => &ENGLISH,
    }
}
