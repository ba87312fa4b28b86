//! Users of a workspace. Their passwords are Slack's: they choose new ones by mail.

use super::export::User;
use crate::model::Person;

pub(super) fn people(users: &[User]) -> Vec<Person> {
    users.iter().map(person).collect()
}

fn person(user: &User) -> Person {
    let profile = &user.profile;
    let names = [&profile.display_name, &profile.real_name];
    let shown = names.into_iter().flatten().find(|name| !name.trim().is_empty());
    Person {
        key: user.id.clone(),
        username: user.name.clone(),
        email: profile.email.clone().filter(|email| !email.is_empty() && !user.deleted),
        display_name: shown.unwrap_or(&user.name).clone(),
        bio: profile.title.clone().unwrap_or_default(),
        phone_number: profile.phone.clone(),
        is_active: !user.deleted && !user.is_bot,
        is_administrator: user.is_admin || user.is_owner,
        ..Person::default()
    }
}
