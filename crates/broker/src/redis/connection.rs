//! One connection to one server.

use std::{
    io,
    pin::pin,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use redis::{
    AsyncConnectionConfig, Cmd, Pipeline, ProtocolVersion, PushInfo, RedisConnectionInfo, RedisResult, Value,
    aio::MultiplexedConnection,
};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};

use super::{
    error::Error,
    receiver::{Ear, Receiver},
    settings::{Login, Place, RedisSettings},
};

/// How long it may take until a connection stands: name, TCP, TLS, signing in.
const CONNECTING: Duration = Duration::from_secs(2);
/// How long Redis may say nothing at all while an answer is awaited. A node that is behind with reading finds the answer behind
/// everything else, which is no break; Redis itself cuts off who is too far behind. With the half second between two `PING`s it
/// leaves a moment of the two seconds after which other nodes' messages are to be there all the same.
const ANSWER: Duration = Duration::from_millis(1250);

/// An open connection; dropped, it is closed at once.
#[derive(Debug)]
pub(super) struct Connection {
    ear: Arc<Ear>,
    inner: MultiplexedConnection,
    _driver: JoinSet<()>,
}

impl Connection {
    /// Opens one to the server of the ear, and signs in.
    pub(super) async fn open(
        settings: &RedisSettings,
        login: Option<&Login>,
        receiver: &Arc<Receiver>,
        ear: Ear,
    ) -> Result<Self, Error> {
        let place = ear.place.clone();
        let opening = Self::opened(settings, login, receiver.clone(), Arc::new(ear));
        timeout(CONNECTING, opening).await.unwrap_or(Err(Error::Silent(place)))
    }

    async fn opened(
        settings: &RedisSettings,
        login: Option<&Login>,
        receiver: Arc<Receiver>,
        ear: Arc<Ear>,
    ) -> Result<Self, Error> {
        let place = &ear.place;
        let unreachable = |source| Error::Unreachable { place: place.clone(), source };
        let stream = TcpStream::connect((place.host.as_str(), place.port)).await.map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        let Some(tls) = &settings.tls else { return Self::signed_in(stream, login, receiver, ear).await };
        let no_name = |error| unreachable(io::Error::new(io::ErrorKind::InvalidInput, error));
        let name = ServerName::try_from(place.host.clone()).map_err(no_name)?;
        let stream = tls.connect(name, stream).await.map_err(unreachable)?;
        Self::signed_in(stream, login, receiver, ear).await
    }

    async fn signed_in(
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        login: Option<&Login>,
        receiver: Arc<Receiver>,
        ear: Arc<Ear>,
    ) -> Result<Self, Error> {
        let mut info =
            RedisConnectionInfo::default().set_protocol(ProtocolVersion::RESP3).set_skip_set_lib_name();
        if let Some(Login { user, password }) = login {
            info = info.set_username(user).set_password(password);
        }
        let hearing = ear.clone();
        let hear = move |push: PushInfo| {
            receiver.take(&hearing, &push);
            Ok::<_, std::convert::Infallible>(())
        };
        let config = AsyncConnectionConfig::new().set_response_timeout(None).set_push_sender(hear);
        let (inner, driver) = MultiplexedConnection::new_with_config(&info, stream, config)
            .await
            .map_err(|error| Error::of(&ear.place, &error))?;
        let mut tasks = JoinSet::new();
        tasks.spawn(driver);
        Ok(Self { ear, inner, _driver: tasks })
    }

    pub(super) fn place(&self) -> &Place {
        &self.ear.place
    }

    /// The answer to one command. What Redis refuses is an error.
    pub(super) async fn ask(&mut self, command: &Cmd) -> Result<Value, Error> {
        let answer = patiently(&self.ear, self.inner.send_packed_command(command)).await?;
        answer.extract_error().map_err(|error| Error::of(&self.ear.place, &error))
    }

    /// Sends commands of which each has one answer, `leaving` of them to unsubscribe, and waits until all are carried out.
    pub(super) async fn send(&mut self, commands: &Pipeline, leaving: usize) -> Result<(), Error> {
        if commands.is_empty() {
            return Ok(());
        }
        self.ear.leaving.fetch_add(leaving, Ordering::Relaxed);
        let sending = self.inner.send_packed_commands(commands, 0, commands.len());
        for answer in patiently(&self.ear, sending).await? {
            answer.extract_error().map_err(|error| Error::of(&self.ear.place, &error))?;
        }
        Ok(())
    }
}

/// Awaits an answer for as long as anything comes in.
async fn patiently<T>(ear: &Ear, answer: impl Future<Output = RedisResult<T>>) -> Result<T, Error> {
    let mut answer = pin!(answer);
    loop {
        let before = ear.heard.load(Ordering::Relaxed);
        match timeout(ANSWER, answer.as_mut()).await {
            Ok(answer) => return answer.map_err(|error| Error::of(&ear.place, &error)),
            Err(_) if ear.heard.load(Ordering::Relaxed) != before => {}
            Err(_) => return Err(Error::Silent(ear.place.clone())),
        }
    }
}
