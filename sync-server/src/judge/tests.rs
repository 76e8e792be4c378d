//! The judgement, tested as tables and by chance.
