//! Whom we believe that they are who they say.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore};

/// Made at the first https address, then shared: a machine's list of authorities takes some milliseconds to read.
pub fn config() -> Arc<ClientConfig> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    CONFIG.get_or_init(|| Arc::new(make())).clone()
}

fn make() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    // The machine's own list, so that an authority of the house counts; Mozilla's, where there is none (containers).
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Hosts are asked again after an hour at the earliest: remembering sessions would cost memory and tell who we are.
    config.resumption = rustls::client::Resumption::in_memory_sessions(64);
    config
}
