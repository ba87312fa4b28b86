//! The connections of a link: one to each server that has a part of the channels.

use std::sync::Arc;

use futures_util::future::{select_ok, try_join_all};
use redis::{Cmd, Pipeline, Value};
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    cluster,
    connection::Connection,
    error::Error,
    receiver::{Ear, Receiver},
    sentinel,
    settings::{Kind, Place, RedisSettings},
    slots::Slots,
};
use crate::Topic;

/// Which servers there are, and which channels each of them has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) masters: Vec<Place>,
    pub(super) slots: Slots,
}

/// All connections of a link. Dropped, they are closed.
#[derive(Debug)]
pub(super) struct Shards {
    settings: Arc<RedisSettings>,
    receiver: Arc<Receiver>,
    layout: Layout,
    connections: Vec<Connection>,
    /// What breaks by itself.
    breaks: mpsc::Receiver<Error>,
    /// Asks the Sentinels: they may be silent, which must keep nothing from being published.
    _watching: JoinSet<()>,
}

/// What is to be done with a topic.
#[derive(Debug)]
pub(super) enum Order {
    Subscribe,
    Unsubscribe,
    Publish(Vec<u8>),
}

impl Shards {
    pub(super) async fn open(settings: &Arc<RedisSettings>, receiver: &Arc<Receiver>) -> Result<Self, Error> {
        let layout = find(settings, receiver).await?;
        let (sender, breaks) = mpsc::channel(1);
        let opening = layout.masters.iter().map(|place| {
            let ear = Ear::new(place.clone(), sender.clone());
            Connection::open(settings, settings.login.as_ref(), receiver, ear)
        });
        let connections = try_join_all(opening).await?;
        let (settings, receiver) = (settings.clone(), receiver.clone());
        let mut watching = JoinSet::new();
        if let (Kind::Sentinel { service }, [master]) = (&settings.kind, &layout.masters[..]) {
            let (service, master) = (service.clone(), master.clone());
            watching.spawn(sentinel::watch(settings.clone(), service, receiver.clone(), master, sender));
        }
        let mut shards = Self { settings, receiver, layout, connections, breaks, _watching: watching };
        shards.check_roles().await?;
        Ok(shards)
    }

    /// Resolves when a connection breaks, or Redis unsubscribes something by itself.
    pub(super) async fn broken(&mut self) -> Error {
        match self.breaks.recv().await {
            Some(error) => error,
            // The connections hold the other ends.
            None => Error::Moved,
        }
    }

    /// Carries them out, in their order within a topic; returns once all are in force.
    pub(super) async fn send(&mut self, orders: impl Iterator<Item = (Topic, Order)>) -> Result<(), Error> {
        let is_cluster = self.settings.kind == Kind::Cluster;
        let mut parts: Vec<_> = self.connections.iter().map(|_| (Pipeline::new(), 0)).collect();
        for (topic, order) in orders {
            let channel = self.receiver.channels.name(topic);
            let (pipeline, leaving) = &mut parts[self.layout.slots.shard(channel.as_bytes())];
            *leaving += usize::from(matches!(order, Order::Unsubscribe));
            pipeline.cmd(order.word(is_cluster)).arg(channel);
            if let Order::Publish(message) = order {
                pipeline.arg(message);
            }
        }
        let sending = self.connections.iter_mut().zip(&parts);
        let sending = sending.map(|(connection, (pipeline, leaving))| connection.send(pipeline, *leaving));
        try_join_all(sending).await?;
        // A word that Redis says by itself may have been taken for one of the answers.
        match self.breaks.try_recv() {
            Ok(error) => Err(error),
            Err(_) => Ok(()),
        }
    }

    /// Whether all servers answer.
    pub(super) async fn ping(&mut self) -> Result<(), Error> {
        let mut ping = Cmd::new();
        ping.arg("PING");
        try_join_all(self.connections.iter_mut().map(|connection| connection.ask(&ping))).await.map(drop)
    }

    /// Whether these still are the right servers: who was cut off from the rest may not have noticed that another has taken
    /// their place.
    pub(super) async fn check(&mut self) -> Result<(), Error> {
        if self.settings.kind == Kind::Cluster {
            let layouts = try_join_all(self.connections.iter_mut().map(cluster::layout)).await?;
            if layouts.iter().any(|layout| *layout != self.layout) {
                return Err(Error::Moved);
            }
        }
        self.check_roles().await
    }

    /// In a cluster, replicas refuse what only masters can do.
    async fn check_roles(&mut self) -> Result<(), Error> {
        if self.settings.kind == Kind::Cluster {
            return Ok(());
        }
        let mut role = Cmd::new();
        role.arg("ROLE");
        for connection in &mut self.connections {
            match connection.ask(&role).await {
                Ok(Value::Array(cells)) if is_replica(&cells) => {
                    return Err(Error::Replica(connection.place().clone()));
                }
                // Not every account may ask.
                Ok(_) | Err(Error::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Order {
    /// The command, and its sharded form.
    const fn word(&self, is_cluster: bool) -> &'static str {
        match (self, is_cluster) {
            (Self::Subscribe, false) => "SUBSCRIBE",
            (Self::Subscribe, true) => "SSUBSCRIBE",
            (Self::Unsubscribe, false) => "UNSUBSCRIBE",
            (Self::Unsubscribe, true) => "SUNSUBSCRIBE",
            (Self::Publish(_), false) => "PUBLISH",
            (Self::Publish(_), true) => "SPUBLISH",
        }
    }
}

fn is_replica(cells: &[Value]) -> bool {
    matches!(cells.first(), Some(Value::BulkString(role)) if role == b"slave")
}

async fn find(settings: &RedisSettings, receiver: &Arc<Receiver>) -> Result<Layout, Error> {
    match &settings.kind {
        Kind::Alone => Ok(Layout { masters: settings.places.clone(), slots: Slots::whole() }),
        Kind::Sentinel { service } => {
            let master = sentinel::master(settings, service, receiver).await?;
            Ok(Layout { masters: vec![master], slots: Slots::whole() })
        }
        Kind::Cluster => {
            let asking = settings.places.iter().map(|place| {
                Box::pin(async move {
                    let ear = Ear::new(place.clone(), mpsc::channel(1).0);
                    let login = settings.login.as_ref();
                    cluster::layout(&mut Connection::open(settings, login, receiver, ear).await?).await
                })
            });
            select_ok(asking).await.map(|(layout, _)| layout)
        }
    }
}
