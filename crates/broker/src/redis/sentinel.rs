//! Asks Sentinels where the master is.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use redis::{Cmd, FromRedisValue};
use tokio::{sync::mpsc, time::sleep};

use super::{
    connection::Connection,
    error::Error,
    receiver::{Ear, Receiver},
    settings::{Place, RedisSettings},
};

/// How often they are asked whether the master still is the right one: who was cut off from the rest may not have noticed that
/// another has taken their place.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// Where most of the Sentinels that answer say the master is; with more than half of all agreed, the others are not waited for.
/// One that was cut off from the rest may still name the old one.
pub(super) async fn master(
    settings: &RedisSettings,
    service: &str,
    receiver: &Arc<Receiver>,
) -> Result<Place, Error> {
    let asking = settings.places.iter().map(|sentinel| ask(settings, service, receiver, sentinel));
    let mut answers: FuturesUnordered<_> = asking.collect();
    let mut votes = HashMap::<Place, usize>::new();
    let mut problem = Error::NoMaster(service.to_owned());
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(place) => {
                let count = votes.entry(place.clone()).or_default();
                *count += 1;
                if *count * 2 > settings.places.len() {
                    return Ok(place);
                }
            }
            Err(error) => problem = error,
        }
    }
    let most = votes.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(place, _)| place).ok_or(problem)
}

/// Asks again and again, and ends with the word that the master has moved. With no Sentinel there, nobody can have moved it.
pub(super) async fn watch(
    settings: Arc<RedisSettings>,
    service: String,
    receiver: Arc<Receiver>,
    known: Place,
    breaks: mpsc::Sender<Error>,
) {
    loop {
        sleep(ASK_EVERY).await;
        if let Ok(place) = master(&settings, &service, &receiver).await
            && place != known
        {
            // Where something else has broken by itself, that counts.
            breaks.try_send(Error::Moved).ok();
            return;
        }
    }
}

async fn ask(
    settings: &RedisSettings,
    service: &str,
    receiver: &Arc<Receiver>,
    sentinel: &Place,
) -> Result<Place, Error> {
    let mut connection = signed_in(settings, receiver, sentinel).await?;
    let mut command = Cmd::new();
    command.arg("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg(service);
    let answer = connection.ask(&command).await?;
    let place = Option::<(String, u16)>::from_redis_value(answer);
    match place.map_err(|_| Error::Unclear(sentinel.clone()))? {
        Some((host, port)) => Ok(Place { host, port }),
        None => Err(Error::NoMaster(service.to_owned())),
    }
}

/// The login is that of the servers. Sentinels may have none: those that refuse it are asked without.
async fn signed_in(
    settings: &RedisSettings,
    receiver: &Arc<Receiver>,
    sentinel: &Place,
) -> Result<Connection, Error> {
    let ear = || Ear::new(sentinel.clone(), mpsc::channel(1).0);
    match Connection::open(settings, settings.login.as_ref(), receiver, ear()).await {
        Err(Error::Refused { .. }) if settings.login.is_some() => {
            Connection::open(settings, None, receiver, ear()).await
        }
        result => result,
    }
}
