//! A real server on a free port, asked over real sockets by phones that keep a real journal.

mod blobs;
mod enrol;
mod hostile;
mod live;
mod load;
mod office;
mod openapi;
mod operate;
mod pages;
mod phone;
mod sync;
mod world;
