//! The `doorstep-server` binary.
fn main() {}
