//! The whole system: a real server, real phones, real files, and a line that breaks wherever it can.

mod bucket;
mod conflicts;
mod corpus;
mod evidence;
mod interleave;
mod kill;
mod laws;
mod long;
mod office;
mod photos;
mod rescue;
mod restore;
mod scenario;
mod standing;
mod storage;
mod visit;
mod wire;
