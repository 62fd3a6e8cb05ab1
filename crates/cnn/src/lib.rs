//! P1: layers, losses, optimisers, kernels and the networks of P1.1 and P1.2.
