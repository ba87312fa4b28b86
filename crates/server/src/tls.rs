//! Connections by TLS, with a certificate from files that may change while the server runs.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use parking_lot::RwLock;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;

use crate::config::TlsFiles;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(60);

/// A connection that came by TLS: in the extensions of its requests.
#[derive(Clone, Copy, Debug)]
pub struct Secured;

/// The certificate that is shown at present.
#[derive(Debug)]
pub struct Certificate {
    files: TlsFiles,
    shown: RwLock<Shown>,
}

#[derive(Debug)]
struct Shown {
    /// As the files had it last, even where that was of no use.
    pem: Pem,
    key: Arc<CertifiedKey>,
}

/// What stands in the two files.
#[derive(PartialEq, Eq)]
struct Pem {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl std::fmt::Debug for Pem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pem(…)")
    }
}

impl Certificate {
    /// # Errors
    /// Where the files can't be read, hold something else, or do not belong together; the setting to look at is named.
    pub fn load(files: &TlsFiles) -> anyhow::Result<Arc<Self>> {
        let pem = Pem::read(files)?;
        let key = Arc::new(pem.certified()?);
        Ok(Arc::new(Self { files: files.clone(), shown: RwLock::new(Shown { pem, key }) }))
    }

    /// Takes connections with this certificate, whichever it then is.
    ///
    /// # Errors
    /// Never with the ciphers that are built in.
    pub fn acceptor(self: &Arc<Self>) -> anyhow::Result<TlsAcceptor> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(self.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Reads the files anew every minute, and on SIGHUP. What is of no use is said once, and the certificate before it stays.
    pub async fn follow(self: Arc<Self>) {
        let mut hangups = signal(SignalKind::hangup()).ok();
        loop {
            let hung_up = async {
                match &mut hangups {
                    Some(hangups) => drop(hangups.recv().await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = hung_up => {}
                () = tokio::time::sleep(LOOK) => {}
            }
            let certificate = self.clone();
            tokio::task::spawn_blocking(move || certificate.reload()).await.ok();
        }
    }

    fn reload(&self) {
        let pem = match Pem::read(&self.files) {
            Ok(pem) => pem,
            Err(error) => return tracing::warn!("the certificate stays as it is: {error:#}"),
        };
        if pem == self.shown.read().pem {
            return;
        }
        let certified = pem.certified();
        let mut shown = self.shown.write();
        shown.pem = pem;
        match certified {
            Ok(key) => {
                shown.key = Arc::new(key);
                tracing::info!("a new certificate is shown");
            }
            Err(error) => tracing::warn!("the certificate stays as it is: {error:#}"),
        }
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.shown.read().key.clone())
    }
}

impl Pem {
    fn read(files: &TlsFiles) -> anyhow::Result<Self> {
        let read = |setting: &str, path: &Path| {
            std::fs::read(path).with_context(|| format!("{setting}: {} can't be read", path.display()))
        };
        Ok(Self {
            certificate: read("TLS_CERTIFICATE", &files.certificate)?,
            key: read("TLS_KEY", &files.key)?,
        })
    }

    fn certified(&self) -> anyhow::Result<CertifiedKey> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.context("TLS_CERTIFICATE: the file holds no certificate in PEM")?;
        let key = PrivateKeyDer::from_pem_slice(&self.key).ok();
        let key = key.context("TLS_KEY: the file holds no private key in PEM")?;
        CertifiedKey::from_der(chain, key, &ring::default_provider())
            .context("TLS_KEY: the key is of no use, or not that of TLS_CERTIFICATE")
    }
}
