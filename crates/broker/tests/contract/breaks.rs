//! What happens when the link breaks.

use charla_broker::{Link, Topic};

use crate::node::{Layer, Node, room};

const ROOMS: u128 = 1000;

/// Two nodes with topics, of which the second hears the first.
pub(crate) async fn pair(layer: &Layer) -> (Node, Node) {
    let (ana, mut ben) = (layer.node().await, layer.node().await);
    for node in [&ana, &ben] {
        node.subscribed((0..ROOMS).map(room)).await;
    }
    ana.says(room(0), 1);
    ben.hears(room(0), 1).await;
    (ana, ben)
}

/// Both have heard of the break: nobody waits for anything, and what is said is lost.
pub(crate) async fn are_away(ana: &mut Node, ben: &mut Node) {
    ana.hears_link(Link::Away).await;
    ben.hears_link(Link::Away).await;
    assert_eq!((ana.broker.link(), ben.broker.link()), (Link::Away, Link::Away));
    ben.subscribed([room(ROOMS)]).await;
    ben.broker.unsubscribe(room(1));
    ana.says(room(0), 2);
    ana.broker.flushed().await;
}

/// Everything is in force again, with what was asked for meanwhile, and what was lost is told.
pub(crate) async fn are_back(ana: &mut Node, ben: &mut Node) {
    ana.hears_link(Link::Live).await;
    ben.hears_link(Link::Live).await;
    assert_eq!((ana.broker.link(), ben.broker.link()), (Link::Live, Link::Live));
    ana.says(room(1), 3);
    ana.broker.flushed().await;
    ana.says(room(ROOMS), 4);
    ben.hears(room(ROOMS), 4).await;
    for number in (0..ROOMS).filter(|number| *number != 1) {
        ana.says(room(number), 5);
        ben.hears(room(number), 5).await;
    }
    ben.says(Topic::Nodes, 6);
    ana.hears(Topic::Nodes, 6).await;
}
