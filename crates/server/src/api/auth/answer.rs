//! What a device gets once it is signed in.

use axum::Json;
use axum_extra::extract::CookieJar;
use charla_protocol::auth::SignedIn;

use crate::{
    App,
    auth::{ClientInfo, cookies},
    ops::{sessions::SignIn, users},
};

/// Both cookies, and the body.
pub(super) type Answer = (CookieJar, Json<SignedIn>);

/// The account with its tokens, in the body and as cookies.
pub(super) fn signed_in(app: &App, client: &ClientInfo, sign_in: SignIn) -> Answer {
    let SignIn { user, tokens } = sign_in;
    let jar = cookies::signed_in(&tokens, client.is_https);
    (jar, Json(SignedIn { user: users::me(app, &user), access: tokens.access, refresh: tokens.refresh }))
}
