//! The whole system: a real server, real phones, real files, and a line that breaks wherever it can.

mod laws;
mod office;
mod storage;
mod visit;
mod wire;
