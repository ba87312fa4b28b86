//! Users. Their passwords are not exported: they choose new ones by mail.

use super::{index::Index, line::User};
use crate::model::Person;

pub(super) fn people(index: &Index) -> Vec<Person> {
    index.users.iter().map(person).collect()
}

fn person(user: &User) -> Person {
    let whole = [&user.first_name, &user.last_name].into_iter().flatten().filter(|name| !name.is_empty());
    let whole = whole.cloned().collect::<Vec<_>>().join(" ");
    let nickname = user.nickname.clone().filter(|name| !name.is_empty());
    let is_there = user.delete_at.is_none_or(|at| at == 0);
    Person {
        key: user.username.clone(),
        username: user.username.clone(),
        email: user.email.clone().filter(|email| !email.is_empty()),
        display_name: nickname.unwrap_or(whole),
        bio: user.position.clone().unwrap_or_default(),
        is_active: is_there,
        is_administrator: user.roles.as_deref().is_some_and(|roles| roles.contains("system_admin")),
        ..Person::default()
    }
}
