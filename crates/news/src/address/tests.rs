use super::outlet_of;

fn check(address: &str, outlet: Option<&str>) {
    assert_eq!(outlet_of(address).as_deref(), outlet, "{address}");
}

#[test]
fn an_outlet_is_a_registrable_domain() {
    check("https://News.Example.co.uk/a", Some("example.co.uk"));
    check("http://localhost:8080/", Some("localhost"));
    check("mailto:someone@example.org", None);
}

#[test]
fn numbers_are_outlets_by_themselves_and_by_port() {
    check("http://127.0.77.1:7717/x", Some("127.0.77.1:7717"));
    check("http://127.0.0.1:4000/", Some("127.0.0.1:4000"));
    check("http://10.0.1.1/", Some("10.0.1.1"));
    check("http://[::1]:80/", Some("[::1]"));
}
