use crate::Verdict;
use exercises::p2_1::{relu_backward, tied_gradient};
use ndarray::{Array2, ArrayView2};
use numerics::elementary::sigmoid;
use rstest::rstest;

fn matrix(shape: (usize, usize), numbers: &[f64]) -> Array2<f64> {
    Array2::from_shape_vec(shape, numbers.to_vec()).unwrap()
}

fn random(shape: (usize, usize), seed: u64) -> Array2<f64> {
    matrix(shape, &gradcheck::cotangent(shape.0 * shape.1, seed))
}

/// The verdict of the gradient check.
fn held(name: &str, value: impl FnMut(&[f64]) -> f64, at: &Array2<f64>, gradient: &Array2<f64>) -> Verdict {
    let flat = |of: &Array2<f64>| of.iter().copied().collect::<Vec<f64>>();
    gradcheck::check(name, value, &flat(at), &flat(gradient)).map(drop).map_err(|error| error.to_string())
}

type Matrix<'a> = ArrayView2<'a, f64>;
type OfRelu = fn(Matrix, Matrix, Matrix, Matrix) -> (Array2<f64>, Array2<f64>);

/// Both gradients of `<z, dz>` agree with central differences.
fn check_relu(answer: OfRelu) -> Verdict {
    let (x, w1, w2, dz) = (random((5, 3), 1), random((3, 4), 2), random((4, 2), 3), random((5, 2), 4));
    let value = |w1: &Array2<f64>, w2: &Array2<f64>| (x.dot(w1).mapv(|a| a.max(0.0)).dot(w2) * &dz).sum();
    let (dw1, dw2) = answer(x.view(), w1.view(), w2.view(), dz.view());
    held("w1", |w| value(&matrix((3, 4), w), &w2), &w1, &dw1)?;
    held("w2", |w| value(&w1, &matrix((4, 2), w)), &w2, &dw2)
}

#[test]
fn exercise_p2_1_1_backward_through_relu() {
    check_relu(relu_backward).unwrap();
}

#[rstest]
#[case::without_the_slope(|x: Matrix, w1: Matrix, w2: Matrix, dz: Matrix| {
    let (_, dw2) = relu_backward(x, w1, w2, dz);
    (x.t().dot(&dz.dot(&w2.t())), dw2)
})]
#[case::without_the_nonlinearity(|x: Matrix, w1: Matrix, w2: Matrix, dz: Matrix| {
    let (dw1, _) = relu_backward(x, w1, w2, dz);
    (dw1, x.dot(&w1).t().dot(&dz))
})]
fn exercise_p2_1_1_refuses(#[case] answer: OfRelu) {
    check_relu(answer).unwrap_err();
}

type OfTied = fn(Matrix, Matrix) -> Array2<f64>;

/// The gradient of the loss agrees with central differences.
fn check_tied(answer: OfTied) -> Verdict {
    let (x, w) = (random((4, 5), 1), random((5, 3), 2));
    let loss = |w: &[f64]| {
        let w = matrix((5, 3), w);
        let difference = x.dot(&w).mapv(sigmoid).dot(&w.t()) - &x;
        0.5 * difference.mapv(|d| d * d).sum()
    };
    held("w", loss, &w, &answer(x.view(), w.view()))
}

#[test]
fn exercise_p2_1_2_tied_weights() {
    check_tied(tied_gradient).unwrap();
}

/// The path through the output's use of the weights alone.
fn one_use(x: Matrix, w: Matrix) -> Array2<f64> {
    let s = x.dot(&w).mapv(sigmoid);
    (s.dot(&w.t()) - x).t().dot(&s)
}

#[rstest]
#[case::the_second_use_alone(one_use)]
#[case::the_first_use_alone(|x: Matrix, w: Matrix| tied_gradient(x, w) - one_use(x, w))]
#[case::of_a_loss_without_the_half(|x: Matrix, w: Matrix| tied_gradient(x, w) * 2.0)]
fn exercise_p2_1_2_refuses(#[case] answer: OfTied) {
    check_tied(answer).unwrap_err();
}
