//! How connections are kept from others' eyes.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_rustls::TlsConnector;

/// Trusts the authorities that everybody trusts, and those in the file.
///
/// # Errors
/// Where the file can't be read, or holds no certificate.
pub(super) fn connector(ca: Option<&Path>) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(ca) = ca {
        add(&mut roots, ca)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS can't be set up: {error}"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn add(roots: &mut RootCertStore, ca: &Path) -> Result<(), String> {
    let unreadable = || format!("no certificates can be read from {}, which ?ca= names", ca.display());
    let certificates = CertificateDer::pem_file_iter(ca).map_err(|_| unreadable())?;
    let before = roots.len();
    for certificate in certificates {
        roots.add(certificate.map_err(|_| unreadable())?).map_err(|_| unreadable())?;
    }
    if roots.len() == before { Err(unreadable()) } else { Ok(()) }
}
