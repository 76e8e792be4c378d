//! The office's pages: rendered on the server, in three languages, without a script.
//!
//! Page models are pure (orders, rules, names and the present in, a template out); handlers fetch and render.

pub mod assets;
pub mod attention;
pub mod detail;
pub mod forms;
pub mod frame;
pub(crate) mod handlers;
pub mod list;
pub mod tongue;
pub mod words;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
