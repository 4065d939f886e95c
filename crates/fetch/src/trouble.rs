//! What can go wrong out there: one stable word each, and a sentence that says what can be done.

use std::net::IpAddr;
use std::time::Duration;

use news::Trouble;

pub fn bad_address(why: &str) -> Trouble {
    Trouble::new("bad_address", format!("The address {why}. Correct it on the source's page."))
}

pub fn refused_scheme(scheme: &str) -> Trouble {
    let scheme: String = scheme.chars().take(20).collect();
    Trouble::new(
        "refused_address",
        format!(
            "Only http and https addresses are fetched; this one (or one that it leads to) begins with “{scheme}:”."
        ),
    )
}

pub fn refused_address(address: IpAddr) -> Trouble {
    Trouble::new(
        "refused_address",
        format!(
            "It leads to {address}, which is not on the open internet. If that is a machine of your own, allow its network in the configuration (fetch.allow_networks)."
        ),
    )
}

pub fn refused_name(name: &str) -> Trouble {
    Trouble::new(
        "refused_address",
        format!(
            "“{}” is a name inside of a network, not on the open internet. If it is a machine of your own, allow its network in the configuration (fetch.allow_networks).",
            shortened(name)
        ),
    )
}

pub fn refused_self(name: &str) -> Trouble {
    Trouble::new(
        "refused_address",
        format!("“{}” is this very server; it does not ask itself.", shortened(name)),
    )
}

pub fn refused_port(port: u16) -> Trouble {
    Trouble::new(
        "refused_address",
        format!(
            "Port {port} is none that web sites use (80, 443, 8080, 8443), so it is not asked. If it is a machine of your own, allow its network in the configuration (fetch.allow_networks)."
        ),
    )
}

pub fn no_such_host(host: &str) -> Trouble {
    Trouble::new(
        "dns",
        format!(
            "There is no host called “{}”. Check the spelling; if it was right once, the site may be gone. We keep trying.",
            shortened(host)
        ),
    )
}

pub fn name_service(host: &str) -> Trouble {
    Trouble::new(
        "dns",
        format!("The name “{}” could not be looked up just now. We try again later.", shortened(host)),
    )
}

pub fn connect(host: &str) -> Trouble {
    Trouble::new(
        "connect",
        format!("“{}” does not take connections. It may be down; we try again later.", shortened(host)),
    )
}

pub fn tls(host: &str, why: &str) -> Trouble {
    Trouble::new(
        "tls",
        format!(
            "There is no secure connection to “{}”: {why}. Only the site can mend that; we try again later.",
            shortened(host)
        ),
    )
}

pub fn proxy(why: &str) -> Trouble {
    Trouble::new(
        "proxy",
        format!("The proxy did not do its part ({}). Check it in the configuration.", shortened(why)),
    )
}

pub fn mail_refused(host: &str) -> Trouble {
    Trouble::new(
        "mail_refused",
        format!("The mail server “{}” says no. Look at its own log; we try again later.", shortened(host)),
    )
}

pub fn mail_login(host: &str) -> Trouble {
    Trouble::new(
        "mail_login",
        format!(
            "The mail server “{}” does not accept the user and password that the configuration gives (imap.user, imap.password). Some want a password of its own for each program.",
            shortened(host)
        ),
    )
}

pub fn mail_folder(folder: &str) -> Trouble {
    Trouble::new(
        "mail_folder",
        format!(
            "The mail server has no folder “{}” that we may read. Correct it in the configuration (imap.folder).",
            shortened(folder)
        ),
    )
}

pub fn mail_in_the_clear(host: &str) -> Trouble {
    Trouble::new(
        "refused_address",
        format!(
            "Passwords are sent in the clear only inside of a network that you allow by name (fetch.allow_networks), and “{}” is not in one. Set imap.security to tls or starttls.",
            shortened(host)
        ),
    )
}

pub fn timeout(after: Duration) -> Trouble {
    Trouble::new(
        "timeout",
        format!("It did not answer in full within {} seconds. We try again later.", after.as_secs()),
    )
}

pub fn too_big(at_most: usize) -> Trouble {
    Trouble::new(
        "too_big",
        format!(
            "It is bigger than {} MB. Feeds are hardly ever; perhaps the site has a shorter one.",
            at_most.div_ceil(1_000_000)
        ),
    )
}

pub fn too_many_redirects(most: usize) -> Trouble {
    Trouble::new(
        "too_many_redirects",
        format!(
            "It sends us on and on (more than {most} times). Try the address in a browser and use the last one."
        ),
    )
}

pub fn bad_answer(why: &str) -> Trouble {
    Trouble::new(
        "bad_answer",
        format!("What came back is not a proper answer ({}). We try again later.", shortened(why)),
    )
}

pub fn broken_off() -> Trouble {
    Trouble::new("broken_off", "The connection broke off before all had arrived. We try again later.")
}

pub fn robots(host: &str) -> Trouble {
    Trouble::new(
        "robots",
        format!(
            "“{}” asks programs not to read this page (robots.txt), so only what its feed has is shown.",
            shortened(host)
        ),
    )
}

pub fn asked_to_wait(host: &str) -> Trouble {
    Trouble::new("host_busy", format!("“{}” has asked us to wait; we do.", shortened(host)))
}

pub fn gone() -> Trouble {
    Trouble::new(
        "gone",
        "The site says that this is gone for good (410), so it is not asked again. What you have stays.",
    )
}

/// For an answer that is no document, by its status.
pub fn status(status: u16) -> Trouble {
    match status {
        400 => Trouble::new("bad_request", "The site says that the address is wrong (400). Check it."),
        401 => Trouble::new(
            "unauthorised",
            "The site wants a user and a password (401). Give them on the source's page.",
        ),
        402 => Trouble::new("payment", "The site wants to be paid for this (402)."),
        403 => Trouble::new(
            "forbidden",
            "The site does not let us in (403). Some do not like programs; it may want a password.",
        ),
        404 => Trouble::new(
            "not_found",
            "There is nothing at this address (404). The site may have moved its feed; look for the new one there.",
        ),
        407 => proxy("it wants a user and a password"),
        408 => Trouble::new("timeout", "The site gave up waiting (408). We try again later."),
        429 => Trouble::new(
            "rate_limited",
            "The site says that we ask too often (429). We wait longer from now on.",
        ),
        451 => Trouble::new("legal", "The site may not show this where we are, for legal reasons (451)."),
        503 => Trouble::new("busy", "The site is overloaded or being mended (503). We try again later."),
        500..=599 => Trouble::new(
            "server_error",
            format!("The site has a fault of its own ({status}). We try again later."),
        ),
        204 | 205 => Trouble::new(
            "empty",
            format!("The site answered with nothing at all ({status}). We try again later."),
        ),
        _ => bad_answer(&format!("status {status}")),
    }
}

/// Foreign text in our sentences stays short and plain.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}
