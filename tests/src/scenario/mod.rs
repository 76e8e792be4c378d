//! One day, played through every language's package against a real server: what they share.

pub mod line;
pub mod normal;

pub use line::{Line, LineState};
pub use normal::normal;
