use super::*;
use crate::context::repository_data;
use approx::assert_relative_eq;
use data::iris::Iris;
use ndarray::array;

const PENALTY: f64 = 0.1;

fn iris() -> Iris {
    Iris::load(repository_data()).unwrap()
}

/// With a feature that says nothing, the probabilities are the shares of the classes: `b_k - b_l = ln n_k - ln n_l`.
#[test]
fn without_a_feature_that_tells_the_probabilities_are_the_shares() {
    let x = Array2::zeros((6, 1));
    let fitted = SoftmaxRegression::fit(x.view(), &[0, 1, 1, 2, 2, 2], 3, PENALTY).unwrap().parameters;
    assert_relative_eq!(fitted[[1, 1]] - fitted[[0, 1]], ln(2.0), epsilon = 1e-8);
    assert_relative_eq!(fitted[[2, 1]] - fitted[[0, 1]], ln(3.0), epsilon = 1e-8);
    assert_relative_eq!(fitted.column(1).sum(), 0.0, epsilon = 1e-8);
}

/// Gradient and second derivative are the central differences of loss and gradient, away from the minimum.
#[test]
fn the_derivatives_are_central_differences() {
    let iris = iris();
    let of = Objective::new(iris.features.view(), &iris.labels, 3, PENALTY);
    let at = Array2::from_shape_fn((3, 5), |(k, e)| 0.1 * (k as f64 - 0.7) * (e as f64 - 1.6));
    let gradient = of.gradient(&at, &of.probabilities(&at));
    let second = of.second_derivative(&of.probabilities(&at));
    let step = 1e-4;
    for (place, entry) in gradient.indexed_iter() {
        let moved = |by: f64| {
            let mut moved = at.clone();
            moved[place] += by;
            moved
        };
        let (after, before) = (moved(step), moved(-step));
        assert_relative_eq!((of.loss(&after) - of.loss(&before)) / (2.0 * step), *entry, epsilon = 1e-4);
        let of_gradient = |at: &Array2<f64>| of.gradient(at, &of.probabilities(at));
        let row = (of_gradient(&after) - of_gradient(&before)) / (2.0 * step);
        let flat = place.0 * 5 + place.1;
        // The lower triangle alone is there, which is what is factored.
        for (column, difference) in row.iter().enumerate().filter(|(column, _)| column / 5 <= place.0) {
            assert_relative_eq!(second[[flat, column]], *difference, epsilon = 1e-3, max_relative = 1e-5);
        }
    }
}

/// Separated examples: the smaller the penalty, the nearer is the boundary to the middle between the nearest ones.
#[test]
fn separated_examples_have_a_boundary_all_the_same() {
    let x = array![[-3.0], [-1.0], [2.0], [7.0]];
    let labels = [0, 0, 1, 1];
    let boundary = |penalty: f64| {
        let fitted = SoftmaxRegression::fit(x.view(), &labels, 2, penalty).unwrap().parameters;
        -(fitted[[1, 1]] - fitted[[0, 1]]) / (fitted[[1, 0]] - fitted[[0, 0]])
    };
    assert!((boundary(1e-6) - 0.5).abs() < (boundary(1e-3) - 0.5).abs());
    assert_relative_eq!(boundary(1e-6), 0.5, epsilon = 0.05);
}

#[test]
fn without_a_penalty_separated_examples_have_no_regression() {
    let x = array![[-1.0], [1.0]];
    assert!(SoftmaxRegression::fit(x.view(), &[0, 1], 2, 0.0).is_err());
}

/// Fisher's versicolor and virginica overlap; the regression leaves the two flowers that R's `multinom` leaves.
#[test]
fn on_all_flowers_two_are_wrong() {
    let iris = iris();
    let fitted = SoftmaxRegression::fit(iris.features.view(), &iris.labels, 3, 1e-3).unwrap();
    let answers = fitted.predict(iris.features.view());
    assert_eq!(answers.iter().zip(&iris.labels).filter(|(answer, label)| answer != label).count(), 2);
}
