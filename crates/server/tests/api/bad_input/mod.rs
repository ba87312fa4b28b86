//! Bad input at every operation of the OpenAPI document: problem+json with the right status, never a 5xx, in both languages.

mod bodies;
mod language;
mod methods;
mod nulls;
mod paths;
mod queries;
mod reasons;
mod stage;

use charla_testing::{TestServer, on_each_database};

use stage::Stage;

on_each_database! {
    /// One server for all: what is refused changes nothing.
    async fn every_operation_refuses_bad_input(server: TestServer) {
        let stage = Stage::set(&server).await;
        bodies::are_checked(&stage).await;
        paths::are_checked(&stage).await;
        queries::are_checked(&stage).await;
        methods::are_checked(&stage).await;
        stage.is_untouched().await;
    }
}
