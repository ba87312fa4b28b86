use std::time::Duration;

use charla_services::certificate::{self, CERTIFICATE, KEY};
use futures_util::FutureExt;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::*;
use crate::{config::TlsFiles, tls::Certificate};

async fn streams() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let other = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    (listener.accept().await.unwrap().0, other)
}

/// An outbox with its other end.
async fn pair() -> (Outbox, TcpStream) {
    let (stream, other) = streams().await;
    (Outbox::new(Line::plain(stream), false, None, Arc::default()), other)
}

/// The same by TLS.
async fn secured_pair() -> (Outbox, TlsStream<TcpStream>) {
    let folder = tempfile::tempdir().unwrap();
    certificate::make(folder.path()).unwrap();
    let file = |name| folder.path().join(name);
    let files = TlsFiles { certificate: file(CERTIFICATE), key: file(KEY) };
    let acceptor = Certificate::load(&files).unwrap().acceptor().unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&files.certificate).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let (stream, other) = streams().await;
    let name = ServerName::try_from("localhost").unwrap();
    let connected = TlsConnector::from(Arc::new(config)).connect(name, other);
    let (accepted, connected) = tokio::join!(acceptor.accept(stream), connected);
    let (stream, session) = accepted.unwrap().into_inner();
    let line = Line::secured(stream, session);
    (Outbox::new(line, false, None, Arc::default()), connected.unwrap())
}

/// What comes out at the other end until it has that length.
async fn read(other: &mut (impl AsyncRead + Unpin), length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    tokio::time::timeout(Duration::from_secs(10), other.read_exact(&mut bytes)).await.unwrap().unwrap();
    bytes
}

fn wish(outbox: &Outbox) -> Option<Wish> {
    std::future::poll_fn(|cx| outbox.poll_wish(cx)).now_or_never()
}

fn bytes(frames: &[Frame]) -> Vec<u8> {
    frames.iter().flat_map(|frame| frame.bytes(false).to_vec()).collect()
}

#[tokio::test]
async fn the_greeting_comes_first_and_the_rest_in_its_order() {
    let (outbox, mut other) = pair().await;
    let frames = ["hello", "1", "2", "3"].map(Frame::text);
    outbox.push(frames[1].clone(), Pace::Now);
    outbox.push(frames[2].clone(), Pace::WithMore);
    assert_eq!(wish(&outbox), None);
    outbox.open(frames[0].clone());
    assert_eq!(wish(&outbox), None);
    outbox.push(frames[3].clone(), Pace::Now);
    let expected = bytes(&frames);
    assert_eq!(read(&mut other, expected.len()).await, expected);
    assert_eq!(outbox.queue.lock().bytes, 0);
}

#[tokio::test]
async fn what_the_kernel_does_not_take_waits_in_its_order() {
    let (outbox, other) = pair().await;
    what_is_not_taken_waits_in_its_order(outbox, other).await;
    let (outbox, other) = secured_pair().await;
    what_is_not_taken_waits_in_its_order(outbox, other).await;
}

async fn what_is_not_taken_waits_in_its_order(outbox: Outbox, mut other: impl AsyncRead + Unpin) {
    outbox.open(Frame::text("hello"));
    let frames: Vec<Frame> =
        (b'a'..=b'z').map(|byte| Frame::text(&char::from(byte).to_string().repeat(200_000))).collect();
    let outbox = Arc::new(outbox);
    let task = tokio::spawn({
        let outbox = outbox.clone();
        async move { std::future::poll_fn(|cx| outbox.poll_wish(cx)).await }
    });
    let mut expected = bytes(&[Frame::text("hello")]);
    let mut got = Vec::new();
    for frame in &frames {
        outbox.push(frame.clone(), Pace::Now);
        // Less than was written: the kernel's buffers fill up in the course of this.
        got.extend(read(&mut other, 150_000).await);
        expected.extend(frame.bytes(false));
    }
    got.extend(read(&mut other, expected.len() - got.len()).await);
    assert!(got == expected);
    outbox.close(Close::Restarting);
    assert_eq!(task.await.unwrap(), Wish::Close(Close::Restarting));
}

#[tokio::test]
async fn too_much_is_dropped_and_said_to_be() {
    let (outbox, mut other) = pair().await;
    for _ in 0..=MAX_FRAMES {
        outbox.push(Frame::text("x"), Pace::Now);
    }
    outbox.push(Frame::text("after"), Pace::Now);
    outbox.open(Frame::text("hello"));
    wish(&outbox);
    let expected = bytes(&[Frame::text("hello"), resync(None), Frame::text("x"), Frame::text("after")]);
    assert_eq!(read(&mut other, expected.len()).await, expected);
    let (outbox, _other) = pair().await;
    outbox.push(Frame::text(&"x".repeat(MAX_BYTES - 100)), Pace::Now);
    assert!(!outbox.queue.lock().resyncs);
    outbox.push(Frame::text(&"x".repeat(100)), Pace::Now);
    assert!(outbox.queue.lock().resyncs);
}

#[tokio::test]
async fn what_is_lost_many_times_is_said_once() {
    let (outbox, mut other) = pair().await;
    outbox.lose();
    outbox.lose();
    outbox.open(Frame::text("hello"));
    wish(&outbox);
    outbox.push(Frame::text("after"), Pace::Now);
    let expected = bytes(&[Frame::text("hello"), resync(None), Frame::text("after")]);
    assert_eq!(read(&mut other, expected.len()).await, expected);
}

#[tokio::test]
async fn closing_keeps_what_waits_and_takes_nothing_more() {
    let (outbox, mut other) = pair().await;
    outbox.open(Frame::text("hello"));
    outbox.push(Frame::text("last"), Pace::WithMore);
    outbox.close(Close::SessionEnded);
    outbox.close(Close::Flood);
    outbox.push(Frame::text("late"), Pace::Now);
    assert_eq!(wish(&outbox), Some(Wish::Close(Close::SessionEnded)));
    outbox.finish(Frame::close(4401, "session ended")).await.unwrap();
    let expected = bytes(&[Frame::text("hello"), Frame::text("last"), Frame::close(4401, "session ended")]);
    assert_eq!(read(&mut other, expected.len()).await, expected);
}

#[tokio::test]
async fn who_takes_nothing_for_long_is_given_up() {
    let (outbox, _other) = pair().await;
    outbox.open(Frame::text("hello"));
    wish(&outbox);
    while !outbox.queue.lock().is_full {
        outbox.push(Frame::text(&"x".repeat(60_000)), Pace::Now);
    }
    outbox.look(1_000);
    outbox.look(1_000 + STUCK_FOR - 1);
    assert_eq!(wish(&outbox), None);
    outbox.look(1_000 + STUCK_FOR);
    assert_eq!(wish(&outbox), Some(Wish::GiveUp));
}

#[tokio::test]
async fn nothing_goes_behind_a_goodbye() {
    let (outbox, mut other) = pair().await;
    outbox.finish(Frame::close(1000, "")).await.unwrap();
    outbox.ping();
    outbox.lose();
    outbox.answer(Frame::text("late"));
    assert!(outbox.queue.lock().frames.is_empty());
    let goodbye = Frame::close(1000, "");
    assert_eq!(read(&mut other, goodbye.len()).await.len(), goodbye.len());
}
