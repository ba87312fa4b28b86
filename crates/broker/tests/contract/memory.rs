//! Nodes of one process.

use std::sync::{Arc, Mutex};

use charla_broker::{Link, MemoryBroker, Wire};

use crate::{breaks, cases, node::Layer};

/// A layer, and the links of the nodes that join it, in their order.
fn layer() -> (Layer, Arc<Mutex<Vec<Wire>>>) {
    let (memory, wires) = (MemoryBroker::default(), Arc::<Mutex<Vec<Wire>>>::default());
    let joined = wires.clone();
    let join = move |listener| {
        let (broker, wire) = memory.join_by_wire(listener);
        joined.lock().unwrap().push(wire);
        broker
    };
    (Layer(Box::new(join)), wires)
}

#[tokio::test]
async fn nodes_hear_each_other() {
    cases::all(&layer().0).await;
}

#[tokio::test]
async fn links_are_cut_and_mended() {
    let (layer, wires) = layer();
    let (mut ana, mut ben) = breaks::pair(&layer).await;
    wires.lock().unwrap().iter().for_each(Wire::cut);
    breaks::are_away(&mut ana, &mut ben).await;
    wires.lock().unwrap().iter().for_each(Wire::mend);
    breaks::are_back(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn others_are_told_when_a_node_was_alone_with_what_it_said() {
    let (layer, wires) = layer();
    let (mut ana, mut ben) = breaks::pair(&layer).await;
    wires.lock().unwrap()[0].cut();
    ana.hears_link(Link::Away).await;
    assert_eq!(ben.broker.link(), Link::Live);
    ana.says(crate::node::room(0), 2);
    wires.lock().unwrap()[0].mend();
    ben.hears_link(Link::Live).await;
}
