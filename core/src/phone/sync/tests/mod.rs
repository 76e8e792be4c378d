//! Tests of the sync machine with answers made by hand.
