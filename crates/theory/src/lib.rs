//! T1 and T2: cross-entropy and standard deviation, as derivations that are programs and a graph with adjoints.
