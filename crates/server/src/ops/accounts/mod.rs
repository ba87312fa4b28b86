//! Every write to accounts.

mod fields;
mod new_account;
mod password;
mod profile;
mod register;

pub use new_account::{Form, NewAccount};
pub use password::{change_password, set_password};
pub use profile::update_me;
pub use register::{create_superuser, register};
