//! Storage in one SQLite file: one writer, several readers, WAL.
