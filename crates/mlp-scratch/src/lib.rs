//! P2.1: the three-layer network with back-propagation by hand, on ndarray.
