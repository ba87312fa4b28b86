//! `/api/v1/reports/` and `/api/v1/admin/reports/`

use charla_protocol::{
    List,
    reports::{CreateReport, Report, ReportReceipt, ReportState, ResolveReport},
};
use reqwest::Method;
use uuid::Uuid;

use crate::{Client, Result, api::Made, http::Call};

const ADMIN: &str = "/api/v1/admin/reports/";

impl Client {
    /// Reports a message or a person to staff; not new where that was done before.
    ///
    /// # Errors
    /// `validation_failed`, `not_found`, `not_a_member`, `too_many_requests`.
    pub async fn report(&self, report: &CreateReport) -> Result<Made<ReportReceipt>> {
        let answer = self.call(Call::new(Method::POST, "/api/v1/reports/").json(report)?).await?;
        Ok(Made { value: answer.json()?, is_new: answer.status == 201 })
    }

    /// What people have reported, the latest first: for staff. The first page.
    ///
    /// # Errors
    /// `forbidden`
    pub async fn reports(&self, state: ReportState) -> Result<List<Report>> {
        self.call(Call::new(Method::GET, ADMIN).query("state", Some(state.as_str()))).await?.json()
    }

    /// Notes what came of a report: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `conflict`, `validation_failed`.
    pub async fn resolve_report(&self, id: Uuid, outcome: &ResolveReport) -> Result<Report> {
        self.submit(Method::PATCH, format!("{ADMIN}{id}/"), outcome).await
    }
}
