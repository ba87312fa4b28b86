//! Who is calling.

#[derive(Debug)]
pub struct Tokens;
#[derive(Debug)]
pub struct Passwords;
