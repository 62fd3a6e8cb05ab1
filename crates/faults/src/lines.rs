//! The eight lines of back-propagation, each with the formulas that could stand in it.

use crate::way_back::WayBack;
use mlp_scratch::loss::softmax;
use ndarray::{Array1, Array2, Axis};
use numerics::linalg::{matmul, matmul_nt, matmul_tn, sum_rows};

/// A line: what is computed, and by what.
#[derive(Clone, Copy, Debug)]
pub struct BackwardLine {
    /// What stands before the formula.
    pub left: &'static str,
    /// The shape of the result.
    pub shape: &'static str,
    /// What could stand there. **The first is right.**
    pub formulas: &'static [Formula],
}

/// The right side of a line.
#[derive(Clone, Copy, Debug)]
pub struct Formula {
    /// As it is written.
    pub code: &'static str,
    /// What is wrong with it; nothing of the right one.
    pub fault: &'static str,
    /// Computes it.
    pub compute: fn(&mut WayBack),
}

const fn right(code: &'static str, compute: fn(&mut WayBack)) -> Formula {
    Formula { code, fault: "", compute }
}

const fn wrong(code: &'static str, fault: &'static str, compute: fn(&mut WayBack)) -> Formula {
    Formula { code, fault, compute }
}

const MEAN_TWICE: &str = "The mean is taken a second time: dz2 holds 1/N already.";

/// The slope of the sigmoid by its value, `(N, H)`.
fn slope(a: &Array2<f64>) -> Array2<f64> {
    a.mapv(|a| a * (1.0 - a))
}

/// The sum of each row, `(N, M) -> (N)`: where `N = M`, it passes for a sum over the examples.
fn sum_columns(a: &Array2<f64>) -> Array1<f64> {
    sum_rows(a.view().reversed_axes())
}

/// The lines in their order.
pub const LINES: [BackwardLine; 8] = [
    BackwardLine { left: "dz2 =", shape: "(N, C)", formulas: DZ2 },
    BackwardLine { left: "dW2 =", shape: "(H, C)", formulas: DW2 },
    BackwardLine { left: "db2 =", shape: "(C)", formulas: DB2 },
    BackwardLine { left: "da =", shape: "(N, H)", formulas: DA },
    BackwardLine { left: "dz1 =", shape: "(N, H)", formulas: DZ1 },
    BackwardLine { left: "dW1 =", shape: "(D, H)", formulas: DW1 },
    BackwardLine { left: "db1 =", shape: "(H)", formulas: DB1 },
    BackwardLine { left: "dW +=", shape: "W1 and W2", formulas: PENALTY },
];

const DZ2: &[Formula] = &[
    right("(softmax(z2) − t) / N", |b| b.dz2 = (softmax(b.z2.view()) - b.targets) / b.examples()),
    wrong("softmax(z2) − t", "The mean over the batch is forgotten: N times too much.", |b| {
        b.dz2 = softmax(b.z2.view()) - b.targets;
    }),
    wrong("(z2 − t) / N", "The softmax is forgotten: this is the start for a squared error.", |b| {
        b.dz2 = (&b.z2 - &b.targets) / b.examples();
    }),
    wrong("(softmax(z2) + t) / N", "A plus in place of a minus.", |b| {
        b.dz2 = (softmax(b.z2.view()) + b.targets) / b.examples();
    }),
    wrong("(t − softmax(z2)) / N", "The wrong sign: each step would go uphill.", |b| {
        b.dz2 = (&b.targets - &softmax(b.z2.view())) / b.examples();
    }),
];

const DW2: &[Formula] = &[
    right("aᵀ dz2", |b| b.dw2 = matmul_tn(b.a.view(), b.dz2.view())),
    wrong("a dz2", "a is not transposed. It fits only because N = H.", |b| {
        b.dw2 = matmul(b.a.view(), b.dz2.view());
    }),
    wrong("z1ᵀ dz2", "z1 in place of a: the second layer's input is what comes out of the sigmoid.", |b| {
        b.dw2 = matmul_tn(b.z1.view(), b.dz2.view());
    }),
    wrong("aᵀ dz2 / N", MEAN_TWICE, |b| b.dw2 = matmul_tn(b.a.view(), b.dz2.view()) / b.examples()),
];

const DB2: &[Formula] = &[
    right("sum of dz2 over N", |b| b.db2 = sum_rows(b.dz2.view())),
    wrong("mean of dz2 over N", MEAN_TWICE, |b| b.db2 = sum_rows(b.dz2.view()) / b.examples()),
    wrong("sum of dz2 over C", "Summed over the wrong axis. It fits only because N = C.", |b| {
        b.db2 = sum_columns(&b.dz2);
    }),
    wrong("first row of dz2", "Only the first example counts.", |b| {
        b.db2 = b.dz2.index_axis(Axis(0), 0).to_owned();
    }),
];

const DA: &[Formula] = &[
    right("dz2 W2ᵀ", |b| b.da = matmul_nt(b.dz2.view(), b.network.w2().view())),
    wrong("dz2 W2", "W2 is not transposed. It fits only because H = C.", |b| {
        b.da = matmul(b.dz2.view(), b.network.w2().view());
    }),
    wrong("z2 W2ᵀ", "The outputs z2 in place of their derivative dz2.", |b| {
        b.da = matmul_nt(b.z2.view(), b.network.w2().view());
    }),
    wrong("dz2 W2ᵀ / N", MEAN_TWICE, |b| {
        b.da = matmul_nt(b.dz2.view(), b.network.w2().view()) / b.examples();
    }),
];

const DZ1: &[Formula] = &[
    right("da ⊙ (a ⊙ (1 − a))", |b| b.dz1 = &b.da * &slope(&b.a)),
    wrong(
        "da (a ⊙ (1 − a))",
        "A matrix product in place of the product entry by entry: the original's fault. It fits only because N = H.",
        |b| b.dz1 = matmul(b.da.view(), slope(&b.a).view()),
    ),
    wrong("da ⊙ (z1 ⊙ (1 − z1))", "The slope is a (1 − a); z1 stands in place of a.", |b| {
        b.dz1 = &b.da * &slope(&b.z1);
    }),
    wrong("da ⊙ (a ⊙ (1 + a))", "A plus in place of a minus: the slope is a (1 − a).", |b| {
        b.dz1 = &b.da * &b.a.mapv(|a| a * (1.0 + a));
    }),
    wrong("da", "The slope of the sigmoid is forgotten.", |b| b.dz1 = b.da.clone()),
];

const DW1: &[Formula] = &[
    right("xᵀ dz1", |b| b.dw1 = matmul_tn(b.x, b.dz1.view())),
    wrong("xᵀ dz1ᵀ", "dz1 is transposed. It fits only because N = H.", |b| {
        b.dw1 = matmul_tn(b.x, b.dz1.t());
    }),
    wrong("xᵀ da", "da in place of dz1: this skips the sigmoid.", |b| {
        b.dw1 = matmul_tn(b.x, b.da.view());
    }),
    wrong("xᵀ dz1 / N", MEAN_TWICE, |b| b.dw1 = matmul_tn(b.x, b.dz1.view()) / b.examples()),
];

const DB1: &[Formula] = &[
    right("sum of dz1 over N", |b| b.db1 = sum_rows(b.dz1.view())),
    wrong("mean of dz1 over N", MEAN_TWICE, |b| b.db1 = sum_rows(b.dz1.view()) / b.examples()),
    wrong("sum of dz1 over H", "Summed over the wrong axis. It fits only because N = H.", |b| {
        b.db1 = sum_columns(&b.dz1);
    }),
    wrong("sum of da over N", "da in place of dz1: this skips the sigmoid.", |b| {
        b.db1 = sum_rows(b.da.view());
    }),
];

/// Adds `factor` times the weights to their gradients.
fn add_weights(b: &mut WayBack, factor: f64) {
    b.dw1.scaled_add(factor, b.network.w1()); // (D, H)
    b.dw2.scaled_add(factor, b.network.w2()); // (H, C)
}

const PENALTY: &[Formula] = &[
    right("l2 W", |b| add_weights(b, b.l2)),
    wrong(
        "l2 dW",
        "The gradient is scaled, and the weights are never looked at: the original's fault.",
        |b| {
            b.dw1 *= 1.0 + b.l2;
            b.dw2 *= 1.0 + b.l2;
        },
    ),
    wrong("2 l2 W", "Twice too much: the penalty is l2/2 Σ W², with a half.", |b| {
        add_weights(b, 2.0 * b.l2)
    }),
    wrong("l2 W / N", "Divided by N: the penalty does not depend on the batch.", |b| {
        add_weights(b, b.l2 / b.examples());
    }),
    wrong("l2 W, db += l2 b", "The biases are added too, and the objective has no penalty on them.", |b| {
        add_weights(b, b.l2);
        b.db1.scaled_add(b.l2, b.network.b1()); // (H)
        b.db2.scaled_add(b.l2, b.network.b2()); // (C)
    }),
];
