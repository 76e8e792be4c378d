//! The SQLite storage passes the suite every storage passes.
