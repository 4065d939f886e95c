use crate::{
    home::Home,
    web::{Site, entry, get},
};

#[test]
fn it_serves_pages_and_stops_when_it_is_told() {
    let home = Home::new();
    let feed = Site::feed(&entry("1", "Ferry runs again", "Mon, 02 Jan 2023 10:00:00 GMT")).serve();
    home.json(&["add", &feed]);
    home.json(&["refresh"]);
    for signal in ["-TERM", "-INT"] {
        let served = home.serve();
        let (status, page) = get(&served.address, "/");
        assert!(status.contains(" 200 "), "{status}");
        assert!(page.contains("<html"), "{page}");
        let (status, page) = get(&served.address, "/sources");
        assert!(status.contains(" 200 ") && page.contains("The Harbour Post"), "{status}: {page}");
        let ended = served.stop(signal);
        assert!(ended.success(), "{signal}: {ended}");
        let doctor = home.json(&["doctor"]);
        assert_eq!(doctor["complaints"].as_array().map(Vec::len), Some(0), "{doctor}");
    }
}

#[test]
fn nobody_is_served_who_asks_under_a_name_that_is_not_the_houses() {
    let served = Home::new().serve();
    let (status, _) = get(&served.address, "/");
    assert!(status.contains(" 303 ") || status.contains(" 200 "), "{status}");
    let mut stream = std::net::TcpStream::connect(&served.address).expect("it listens");
    std::io::Write::write_all(&mut stream, b"GET /sources HTTP/1.0\r\nhost: evil.example\r\n\r\n")
        .expect("asked");
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).expect("answered");
    assert!(!answer.lines().next().unwrap_or_default().contains(" 200 "), "{answer}");
}

#[test]
fn a_newcomer_is_led_to_the_welcome() {
    let served = Home::new().serve();
    let (status, _) = get(&served.address, "/");
    assert!(status.contains(" 303 "), "{status}");
    let (status, page) = get(&served.address, "/welcome");
    assert!(status.contains(" 200 ") && page.contains("<form"), "{status}");
}
