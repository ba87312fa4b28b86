//! Who is calling: accounts' passwords, tokens and cookies, and what may be believed of a request.

mod account_likeness;
pub mod caller;
pub mod client_info;
pub mod cookies;
pub mod credential;
pub mod foreign;
pub mod guesses;
pub mod language;
mod ledger;
pub mod limits;
pub mod one_time;
pub mod origin;
pub mod password_rules;
pub mod passwords;
pub mod scopes;
pub mod seal;
pub mod tokens;
pub mod totp;
mod turns;

pub use caller::{Caller, CredentialKind, admit, authenticate, call_about, check_refresh, credentials, via};
pub use client_info::ClientInfo;
pub use credential::Credential;
pub use guesses::Guess;
pub use language::RequestLanguage;
pub use limits::{Limits, neighbourhood, network};
pub use passwords::{Cost, Passwords, Verdict};
pub use seal::Seal;
pub(crate) use tokens::derive_key;
pub use tokens::{Claims, TokenKind, TokenPair, Tokens};
pub use turns::Precedence;
