//! The phone: its SQLite store, its views and its sync engine. `Phone` is the front door.
