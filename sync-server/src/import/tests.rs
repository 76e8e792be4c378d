//! The importer against real files on disk: the demo firms, and an office with one mistake at a time.

mod good;
mod office;
mod wrong_cells;
mod wrong_files;
