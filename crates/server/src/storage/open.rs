//! Opening the storage of a `STORAGE_URL`.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, anyhow, bail};
use object_store::{RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem};
use percent_encoding::percent_decode_str;
use tokio::sync::OnceCell;
use url::Url;

use super::{Inner, Storage};

/// What S3 takes for its region where nobody says.
const REGION: &str = "us-east-1";

impl Storage {
    /// Opens the storage of a `STORAGE_URL`.
    ///
    /// `file://folder`: made if it is not there. A folder that does not begin with `/` lies below the working directory.
    ///
    /// `s3://bucket/prefix`: with the credentials of the usual `AWS_…` variables, or in the address itself:
    /// `s3://key:secret@bucket/prefix?endpoint=https://host&region=…&virtual_hosted=true`.
    ///
    /// # Errors
    /// For another kind of address, and where the folder can't be made. They tell no secrets.
    pub fn open(url: &str) -> anyhow::Result<Self> {
        match url.split_once("://") {
            Some(("file", folder)) if !folder.is_empty() => open_folder(folder.into()),
            Some(("s3", _)) => open_s3(&Url::parse(url).map_err(|_| anyhow!("STORAGE_URL is no address"))?),
            _ => bail!("STORAGE_URL: `{}` is neither `file://folder` nor `s3://bucket`", scheme(url)),
        }
    }
}

fn open_folder(folder: PathBuf) -> anyhow::Result<Storage> {
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("STORAGE_URL: the folder {} can't be made", folder.display()))?;
    // A message that is committed must not lose its files with the power.
    let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
    let inner = Inner {
        store: Arc::new(store),
        s3: None,
        prefix: String::new(),
        folder: Some(folder),
        link_origin: OnceCell::new(),
    };
    Ok(Storage(Arc::new(inner)))
}

fn open_s3(url: &Url) -> anyhow::Result<Storage> {
    // The TLS of the databases will do; where somebody has chosen already, that choice stands.
    rustls::crypto::ring::default_provider().install_default().ok();
    let bucket = url.host_str().context("STORAGE_URL: no bucket is named")?;
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(patience());
    if builder.get_config_value(&object_store::aws::AmazonS3ConfigKey::Region).is_none() {
        builder = builder.with_region(REGION);
    }
    if !url.username().is_empty() {
        builder = builder.with_access_key_id(decoded(url.username())?);
    }
    if let Some(secret) = url.password() {
        builder = builder.with_secret_access_key(decoded(secret)?);
    }
    for (name, value) in url.query_pairs() {
        builder = match &*name {
            "endpoint" => builder.with_allow_http(value.starts_with("http://")).with_endpoint(value),
            "region" => builder.with_region(value),
            "virtual_hosted" => builder.with_virtual_hosted_style_request(value == "true"),
            name => bail!("STORAGE_URL: {name} is not known; there are endpoint, region and virtual_hosted"),
        };
    }
    let store = builder.build().map_err(|_| anyhow!("STORAGE_URL: the S3 settings do not fit together"))?;
    let prefix = url.path().trim_matches('/');
    let prefix = if prefix.is_empty() { String::new() } else { format!("{}/", decoded(prefix)?) };
    let store = Arc::new(store);
    let inner =
        Inner { store: store.clone(), s3: Some(store), prefix, folder: None, link_origin: OnceCell::new() };
    Ok(Storage(Arc::new(inner)))
}

/// Somebody is waiting for it.
fn patience() -> RetryConfig {
    RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(20), ..RetryConfig::default() }
}

fn decoded(text: &str) -> anyhow::Result<String> {
    let text = percent_decode_str(text).decode_utf8();
    Ok(text.map_err(|_| anyhow!("STORAGE_URL: what is behind % is no UTF-8"))?.into_owned())
}

/// The part of an address that tells no secrets.
fn scheme(url: &str) -> &str {
    url.split_once("://").map_or("…", |(scheme, _)| scheme)
}
