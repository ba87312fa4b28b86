//! Whom a client believes to be the server that it asks for.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::{Error, Result};

/// Trusts the authorities that everybody trusts, and these certificates in PEM.
pub(crate) fn config(trusted: Option<&[u8]>) -> Result<ClientConfig> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(pem) = trusted {
        add(&mut roots, pem).ok_or_else(|| invalid("trusted certificates", pem))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| invalid("TLS", error.to_string().as_bytes()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// None where there is no certificate, or something else.
fn add(roots: &mut RootCertStore, pem: &[u8]) -> Option<()> {
    let before = roots.len();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        roots.add(certificate.ok()?).ok()?;
    }
    (roots.len() > before).then_some(())
}

fn invalid(what: &'static str, value: &[u8]) -> Error {
    Error::Invalid { what, value: String::from_utf8_lossy(value).into_owned() }
}
