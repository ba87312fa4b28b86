//! A forger before a node: it breaks the promise as a defective server would, to show that this is found.

mod lies;

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
};

use anyhow::{Context, Result};
use clap::ValueEnum;
use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{Instant, sleep_until},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, accept_hdr_async,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        handshake::server::{ErrorResponse, Request, Response},
        http::{HeaderValue, header::AUTHORIZATION},
    },
};

use self::lies::{Liar, Secrets};

/// How the promise is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plant {
    /// Some sends are acknowledged, and never stored.
    EarlyAck,
    /// Some events carry the number after their own.
    SkippedNumber,
    /// Some messages come again under another id and the next number.
    Doubled,
    /// Some events change places.
    Swapped,
    /// Some deletions bring a text.
    Undeleted,
    /// Who comes into a room is shown what was written there before.
    Unhidden,
    /// Events take long.
    Late,
    /// A socket stays open to the one end when the other has closed it.
    Undead,
}

#[derive(Debug)]
pub(crate) struct Forge {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Forge {
    pub(crate) async fn start(plant: Plant, target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(async move {
            let secrets = Secrets::default();
            while let Ok((client, _)) = listener.accept().await {
                let liar = Liar::new(plant, Secrets::clone(&secrets));
                // A connection that breaks is no news: its client comes back.
                tokio::spawn(async move { serve(plant, liar, client, target).await.ok() });
            }
        });
        Ok(Self { address, accepting })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(plant: Plant, liar: Liar, mut client: TcpStream, target: SocketAddr) -> Result<()> {
    if is_socket(&client).await? {
        return lie(plant, liar, client, target).await;
    }
    let mut server = TcpStream::connect(target).await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

async fn is_socket(client: &TcpStream) -> io::Result<bool> {
    let mut head = [0; 8];
    let read = client.peek(&mut head).await?;
    Ok(&head[..read] == b"GET /ws/")
}

async fn lie(plant: Plant, mut liar: Liar, client: TcpStream, target: SocketAddr) -> Result<()> {
    let mut asked: Option<(String, Option<HeaderValue>)> = None;
    #[expect(clippy::result_large_err, reason = "the callback's type is the library's")]
    let look = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        asked = Some((request.uri().to_string(), request.headers().get(AUTHORIZATION).cloned()));
        Ok(response)
    };
    let mut client = accept_hdr_async(client, look).await?;
    let (path, authorization) = asked.context("no handshake")?;
    let mut request = format!("ws://{target}{path}").into_client_request()?;
    request.headers_mut().extend(authorization.map(|value| (AUTHORIZATION, value)));
    let (mut server, _) = tokio_tungstenite::connect_async(request).await?;
    pass(&mut liar, &mut client, &mut server).await.ok();
    if plant != Plant::Undead {
        return Ok(());
    }
    // Dropped, they would close.
    loop {
        tokio::select! {
            Some(Ok(_)) = client.next() => {}
            Some(Ok(_)) = server.next() => {}
            else => return Ok(()),
        }
    }
}

/// Until either end closes.
async fn pass(
    liar: &mut Liar,
    client: &mut WebSocketStream<TcpStream>,
    server: &mut WebSocketStream<MaybeTlsStream<TcpStream>>,
) -> Result<()> {
    let mut waiting: BTreeMap<(Instant, u64), String> = BTreeMap::new();
    for number in 0.. {
        let next = waiting.first_key_value().map(|((at, _), _)| *at);
        tokio::select! {
            message = client.next() => match message.context("closed")?? {
                Message::Close(_) => return Ok(()),
                Message::Text(text) => match liar.answer(&text) {
                    Some(answer) => client.send(Message::text(answer)).await?,
                    None => server.send(Message::Text(text)).await?,
                },
                other => server.send(other).await?,
            },
            message = server.next() => match message.context("closed")?? {
                Message::Close(_) => return Ok(()),
                Message::Text(text) => for (place, (after, text)) in (0..).zip(liar.pass(&text)) {
                    match after.is_zero() {
                        true => client.send(Message::text(text)).await?,
                        false => drop(waiting.insert((Instant::now() + after, number * 2 + place), text)),
                    }
                },
                other => client.send(other).await?,
            },
            () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {
                if let Some((_, text)) = waiting.pop_first() {
                    client.send(Message::text(text)).await?;
                }
            }
        }
    }
    Ok(())
}
