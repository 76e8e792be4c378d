//! The rules of the procedures as tests: each test cites the rule it promises, and plays it through `decide` and `apply`.

mod appointment;
mod closing;
mod desk;
mod fee;
mod onsite;
mod promises;
mod review;
mod world;
