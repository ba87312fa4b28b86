//! Whether the settings are in order, and fit together.

use url::{Host, Url};

use super::Report;
use crate::{
    config::{Config, Errors},
    middleware::is_allowed,
};

const PART: &str = "settings";

/// Where nothing can be looked at because of the settings.
pub(super) fn refuse(errors: &Errors, report: &mut Report) {
    for problem in &errors.0 {
        let text = format!("{}: {}", problem.setting, problem.text);
        report.problem(PART, text, "put it right, and ask again: the rest was not looked at");
    }
}

pub(super) fn look(config: &Config, report: &mut Report) {
    let before = report.findings.len();
    for warning in config.warnings() {
        report.note(PART, warning, "nothing, if that is what you want");
    }
    look_at_public_url(config, report);
    if report.findings.len() == before {
        report.ok(PART, format!("in order; people reach the server at {}", config.public_url));
    }
}

fn look_at_public_url(config: &Config, report: &mut Report) {
    let Ok(url) = Url::parse(&config.public_url) else { return };
    let Some(host) = url.host() else { return };
    if !is_allowed(&config.allowed_hosts, &host.to_string()) {
        let text = format!("PUBLIC_URL leads to {host}, where the server does not answer");
        report.problem(PART, text, format!("add {host} to ALLOWED_HOSTS"));
    }
    if url.scheme() == "http" && !is_this_machine(&host) {
        report.note(
            PART,
            "PUBLIC_URL begins with http://: passwords and messages go over the network for all to read",
            "put a proxy with TLS before the server, and begin PUBLIC_URL with https://",
        );
    }
}

fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Verdict, *};

    fn verdicts(public_url: &str, allowed: &[&str]) -> Vec<Verdict> {
        let mut report = Report::default();
        let allowed_hosts = allowed.iter().copied().map(str::to_owned).collect();
        let config = Config {
            public_url: public_url.to_owned(),
            allowed_hosts,
            rate_limits: true,
            ..Config::for_tests()
        };
        look(&config, &mut report);
        report.findings.iter().map(|finding| finding.verdict).collect()
    }

    #[test]
    fn the_public_address_has_to_be_answered_and_should_be_safe() {
        for (url, allowed, expected) in [
            ("http://localhost:8000", &["localhost"][..], &[Verdict::Ok][..]),
            ("https://chat.example.org", &[".example.org"], &[Verdict::Ok]),
            ("https://chat.example.org", &["localhost"], &[Verdict::Problem]),
            ("http://chat.example.org", &["chat.example.org"], &[Verdict::Note]),
            ("http://[::1]:8000", &["[::1]"], &[Verdict::Ok]),
        ] {
            assert_eq!(verdicts(url, allowed), expected, "{url}");
        }
    }
}
