//! Where an outlet has its seat: by what its domain ends in, or by a small table of our own. Unknown where neither says.

use std::{collections::HashMap, sync::LazyLock};

/// Endings that countries sell to everyone; they say nothing.
const SOLD: &[&str] = &[
    "ai", "cc", "co", "dj", "fm", "gg", "im", "io", "la", "ly", "me", "ms", "nu", "sh", "st", "to", "tv",
    "ws",
];

struct Countries {
    /// Code to name.
    names: HashMap<&'static str, &'static str>,
    /// Outlet to code.
    outlets: HashMap<&'static str, &'static str>,
}

static COUNTRIES: LazyLock<Countries> = LazyLock::new(|| {
    let mut countries = Countries { names: HashMap::new(), outlets: HashMap::new() };
    let lines = include_str!("../data/countries.txt").lines().filter(|line| !line.starts_with('#'));
    for (country, outlets) in lines.map(|line| line.split_once(": ").unwrap_or((line, ""))) {
        let Some((code, name)) = country.split_once(' ') else { continue };
        countries.names.insert(code, name);
        countries.outlets.extend(outlets.split(' ').filter(|it| !it.is_empty()).map(|it| (it, code)));
    }
    countries
});

/// How the country of an outlet is called, from the domain of its address (`thehindu.com`, `news.bbc.co.uk`).
pub fn country_of(outlet: &str) -> Option<&'static str> {
    let outlet = outlet.to_ascii_lowercase();
    let mut parts = outlet.match_indices('.').map(|(at, _)| &outlet[at + 1..]);
    let known = [outlet.as_str()].into_iter().chain(&mut parts).find_map(|it| COUNTRIES.outlets.get(it));
    let ending = outlet.rsplit('.').next().filter(|it| *it != outlet);
    let code = known.copied().or(match ending? {
        "uk" | "scot" | "wales" => Some("gb"),
        "su" => Some("ru"),
        "eus" | "cat" | "gal" => Some("es"),
        "gov" | "mil" | "edu" => Some("us"),
        ending if SOLD.contains(&ending) => None,
        ending => COUNTRIES.names.get_key_value(ending).map(|it| *it.0),
    })?;
    COUNTRIES.names.get(code).copied()
}

#[cfg(test)]
mod tests {
    use super::country_of;

    #[test]
    fn a_domain_or_our_table_says_where_an_outlet_is() {
        for (outlet, country) in [
            ("spiegel.de", Some("Germany")),
            ("news.bbc.co.uk", Some("United Kingdom")),
            ("bbc.com", Some("United Kingdom")),
            ("Edition.CNN.com", Some("United States")),
            ("thehindu.com", Some("India")),
            ("meduza.io", Some("Latvia")),
            ("geo.tv", Some("Pakistan")),
            ("loc.gov", Some("United States")),
            // Sold to everyone, of no country, or not an address at all.
            ("some.io", None),
            ("example.com", None),
            ("a.example", None),
            ("de", None),
            ("", None),
        ] {
            assert_eq!(country_of(outlet), country, "{outlet}");
        }
    }
}
