//! Data sets, runs, records, statistics, grading, and the command `coursework`.
