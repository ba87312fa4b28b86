//! Nodes of one process.

use charla_broker::{Link, MemoryBroker};

use crate::{breaks, cases, node::Layer};

fn layer(memory: &MemoryBroker) -> Layer {
    let memory = memory.clone();
    Layer(Box::new(move |listener| memory.join(listener)))
}

#[tokio::test]
async fn nodes_hear_each_other() {
    cases::all(&layer(&MemoryBroker::default())).await;
}

#[tokio::test]
async fn links_are_cut_and_mended() {
    let memory = MemoryBroker::default();
    let (mut ana, mut ben) = breaks::pair(&layer(&memory)).await;
    let brokers = [ana.broker.clone(), ben.broker.clone()];
    brokers.iter().for_each(|broker| memory.cut(broker));
    breaks::are_away(&mut ana, &mut ben).await;
    brokers.iter().for_each(|broker| memory.mend(broker));
    breaks::are_back(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn others_are_told_when_a_node_was_alone_with_what_it_said() {
    let memory = MemoryBroker::default();
    let (mut ana, mut ben) = breaks::pair(&layer(&memory)).await;
    memory.cut(&ana.broker);
    ana.hears_link(Link::Away).await;
    assert_eq!(ben.broker.link(), Link::Live);
    ana.says(crate::node::room(0), 2);
    memory.mend(&ana.broker);
    ben.hears_link(Link::Live).await;
}
