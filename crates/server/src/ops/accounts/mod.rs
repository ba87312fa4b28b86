//! Every write to accounts.

mod delete;
pub mod fields;
mod new_account;
mod password;
mod profile;
mod register;
mod reset;
mod verify;

pub use delete::{delete, delete_other};
pub(crate) use delete::{leave_group, retire};
pub use new_account::{Form, NewAccount};
pub use password::{change_password, set_password};
pub use profile::{direct_messages_text, update_me};
pub(super) use profile::{mail_about, set_email};
pub use register::{create_superuser, register};
pub use reset::{confirm_reset, request_reset};
pub use verify::{send_verification, verify_email};
