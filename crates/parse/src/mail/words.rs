//! Words on links that are about the mail itself, in the languages in which newsletters come most.

/// Leads to the same text on the web.
const ON_THE_WEB: &[&str] = &[
    "in your browser",
    "in browser",
    "in a browser",
    "in my browser",
    "in the browser",
    "view online",
    "read online",
    "view it online",
    "view this email",
    "view this message",
    "online version",
    "web version",
    "webversion",
    "view as web page",
    "view on the web",
    "read on the web",
    "read on site",
    "im browser",
    "online ansehen",
    "online lesen",
    "online-version",
    "onlineversion",
    "webansicht",
    "dans votre navigateur",
    "dans le navigateur",
    "dans un navigateur",
    "version en ligne",
    "en tu navegador",
    "en el navegador",
    "en su navegador",
    "ver en línea",
    "nel browser",
    "nel tuo browser",
    "versione online",
    "in je browser",
    "in uw browser",
    "bekijk online",
    "online versie",
    "webversie",
    "i din webbläsare",
    "i webbläsaren",
    "webbversion",
    "i din browser",
    "i nettleseren",
    "no navegador",
    "no seu navegador",
    "versão online",
    "w przeglądarce",
    "в браузере",
    "ブラウザで",
    "在浏览器",
];

/// Ends the newsletter, or changes how it comes.
const UNSUBSCRIBE: &[&str] = &[
    "unsubscribe",
    "opt out",
    "opt-out",
    "optout",
    "email preferences",
    "mail preferences",
    "subscription preferences",
    "update your preferences",
    "update preferences",
    "update profile",
    "manage preferences",
    "manage your preferences",
    "manage subscription",
    "manage your subscription",
    "stop receiving",
    "abmelden",
    "abbestellen",
    "newsletter abbestellen",
    "austragen",
    "se désabonner",
    "désabonner",
    "désinscri",
    "me désinscrire",
    "darse de baja",
    "darme de baja",
    "cancelar suscripción",
    "cancelar la suscripción",
    "desuscribirse",
    "disiscriv",
    "annulla iscrizione",
    "cancella iscrizione",
    "afmelden",
    "uitschrijven",
    "avregistrera",
    "avprenumerera",
    "avsluta prenumeration",
    "afmeld",
    "meld av",
    "cancelar subscrição",
    "cancelar inscrição",
    "descadastrar",
    "wypisz",
    "zrezygnuj",
    "отписаться",
    "配信停止",
    "退订",
];

/// About the mail and not of it.
const OTHER: &[&str] = &[
    "forward to a friend",
    "forward this email",
    "forwarded this email",
    "subscribe here",
    "add us to your address book",
    "why did i get this",
    "privacy policy",
    "terms of service",
    "terms of use",
    "datenschutz",
    "impressum",
    "weiterleiten",
    "mentions légales",
    "politique de confidentialité",
    "política de privacidad",
    "privacybeleid",
    "powered by",
    "view our policies",
];

/// Asks whether we meant it.
const CONFIRM: &[&str] = &[
    "confirm",
    "verify your",
    "verify my",
    "activate your subscription",
    "activate my subscription",
    "yes, subscribe me",
    "yes, sign me up",
    "complete your subscription",
    "bestätig",
    "anmeldung abschließen",
    "conferm",
    "potwierd",
    "bevestig",
    "bekräfta",
    "bekræft",
    "bekreft",
    "valider mon",
    "validez votre",
    "подтверд",
    "確認",
    "确认",
];

fn says(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|it| text.contains(it))
}

pub fn is_on_the_web(text: &str) -> bool {
    says(text, ON_THE_WEB)
}

pub fn is_unsubscribe(text: &str) -> bool {
    says(text, UNSUBSCRIBE)
}

pub fn is_other(text: &str) -> bool {
    says(text, OTHER)
}

pub fn is_confirm(text: &str) -> bool {
    says(text, CONFIRM)
}
