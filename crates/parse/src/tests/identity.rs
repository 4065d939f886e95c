use news::{EntryId, Known};

use super::*;

fn entry(guid: &str, url: &str, title: &str, text: &str) -> Published {
    Published {
        guid: guid.to_owned(),
        url: (!url.is_empty()).then(|| url.to_owned()),
        title: title.to_owned(),
        summary: text.to_owned(),
        ..Published::default()
    }
}

#[track_caller]
fn check(entries: &[Published], expected: &[&str]) {
    let identities: Vec<String> = identify(entries.to_vec()).into_iter().map(|it| it.identity).collect();
    assert_eq!(identities, expected);
}

#[test]
fn an_entry_is_its_id_else_its_address_else_its_content() {
    check(
        &[
            entry("g", "https://example.org/a", "A", ""),
            entry("", "https://example.org/b?utm_source=x", "B", ""),
        ],
        &["g", "https://example.org/b"],
    );
    let by_content = identify(vec![entry("", "", "A", "x"), entry("", "", "A", "y")]);
    assert_eq!(by_content.len(), 2);
}

#[test]
fn what_stands_twice_is_one() {
    check(&[entry("g", "", "A", "x"), entry("g", "", "A", "x")], &["g"]);
}

#[test]
fn entries_under_one_lying_id_are_told_apart() {
    check(
        &[entry("same", "https://example.org/a", "A", ""), entry("same", "https://example.org/b", "B", "")],
        &["https://example.org/a A", "https://example.org/b B"],
    );
}

#[test]
fn a_site_that_moves_to_https_has_nothing_new() {
    check(&[entry("http://example.org/?p=1", "", "A", "")], &["https://example.org/?p=1"]);
}

/// Answers whether a change shows as an edit.
fn is_edit(before: &Published, after: &Published) -> bool {
    let known = identify(vec![before.clone()]).remove(0);
    let known = [Known { id: EntryId(1), identity: known.identity, fingerprint: known.fingerprint }];
    let compared = compare(identify(vec![after.clone()]), &known);
    assert!(compared.added.is_empty());
    !compared.changed.is_empty()
}

#[test]
fn a_change_of_words_is_an_edit_and_a_change_of_markup_is_none() {
    let before = entry("g", "https://example.org/a", "Dam gives way", "<p>Ten   houses &amp; a bridge</p>");
    let with = |title: &str, text: &str| entry("g", "https://example.org/a", title, text);
    assert!(!is_edit(
        &before,
        &with("Dam gives way", "<div class='x'>Ten houses &#38; a <b>bridge</b></div>")
    ));
    assert!(!is_edit(
        &before,
        &entry("g", "https://example.org/other", "Dam gives way", "<p>Ten houses &amp; a bridge</p>")
    ));
    assert!(is_edit(&before, &with("Dam holds", "<p>Ten houses &amp; a bridge</p>")));
    assert!(is_edit(&before, &with("Dam gives way", "<p>Two houses &amp; a bridge</p>")));
}

#[test]
fn what_arrives_is_new_changed_or_known() {
    let known = identify(vec![entry("a", "", "A", ""), entry("b", "", "B", "")]);
    let known: Vec<Known> = known
        .into_iter()
        .zip(1..)
        .map(|(it, id)| Known { id: EntryId(id), identity: it.identity, fingerprint: it.fingerprint })
        .collect();
    let arrived =
        identify(vec![entry("a", "", "A", ""), entry("b", "", "B, corrected", ""), entry("c", "", "C", "")]);
    let compared = compare(arrived, &known);
    assert_eq!(compared.same, [EntryId(1)]);
    assert_eq!(compared.changed.iter().map(|it| it.0).collect::<Vec<_>>(), [EntryId(2)]);
    assert_eq!(compared.added.iter().map(|it| it.identity.as_str()).collect::<Vec<_>>(), ["c"]);
}
