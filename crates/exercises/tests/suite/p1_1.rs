use crate::{Verdict, near};
use exercises::p1_1::{Affine, collapse, splits_for};
use ndarray::{Array1, Array2};
use rstest::rstest;
use stats::{SplitSizes, corrected_mean};

fn affine((outputs, inputs): (usize, usize), seed: u64) -> Affine {
    let numbers = gradcheck::cotangent(outputs * (inputs + 1), seed);
    let (weights, biases) = numbers.split_at(outputs * inputs);
    Affine {
        weights: Array2::from_shape_vec((outputs, inputs), weights.to_vec()).unwrap(),
        biases: Array1::from(biases.to_vec()),
    }
}

fn value(layer: &Affine, x: &Array1<f64>) -> Array1<f64> {
    layer.weights.dot(x) + &layer.biases
}

type OfLayers = fn(&Affine, &Affine) -> Affine;

/// One layer gives what two give, for random inputs.
fn check_collapse(answer: OfLayers) -> Verdict {
    let (first, second) = (affine((5, 4), 1), affine((3, 5), 2));
    let one = answer(&first, &second);
    for seed in 3..6 {
        let x = Array1::from(gradcheck::cotangent(4, seed));
        let (found, expected) = (value(&one, &x), value(&second, &value(&first, &x)));
        found.iter().zip(&expected).try_for_each(|(&found, &expected)| near("an output", found, expected))?;
    }
    Ok(())
}

#[test]
fn exercise_p1_1_1_two_linear_layers_are_one() {
    check_collapse(collapse).unwrap();
}

#[rstest]
#[case::without_the_first_biases(|first: &Affine, second: &Affine| {
    Affine { biases: second.biases.clone(), ..collapse(first, second) }
})]
#[case::with_biases_added(|first: &Affine, second: &Affine| {
    let biases = &second.biases + first.biases.sum();
    Affine { biases, ..collapse(first, second) }
})]
fn exercise_p1_1_1_refuses(#[case] answer: OfLayers) {
    check_collapse(answer).unwrap_err();
}

/// So many splits are enough and one less is not, by the library's standard error of values with a deviation of 1.
fn check_splits(answer: fn(f64, usize, usize) -> usize) -> Verdict {
    let error = |splits: usize, train, test| {
        let found =
            corrected_mean(&[vec![1.0; splits], vec![-1.0; splits]].concat(), SplitSizes { train, test });
        // Of 2 J values: divided by their deviation and set to J.
        let found = found.map_err(|error| error.to_string())?;
        let share = test as f64 / train as f64;
        let of_twice = (found.standard_error / found.standard_deviation).powi(2) - share;
        Ok::<f64, String>((2.0 * of_twice + share).sqrt())
    };
    for (times, train, test) in [(1.1, 120, 30), (1.01, 120, 30), (1.5, 90, 60), (2.0, 98, 1)] {
        let (splits, floor) = (answer(times, train, test), (test as f64 / train as f64).sqrt());
        if splits < 2 {
            return Err(format!("{splits} splits for {times} times the limit"));
        }
        if error(splits, train, test)? > times * floor * (1.0 + 1e-12) {
            return Err(format!("{splits} splits are too few for {times} times the limit"));
        }
        if error(splits - 1, train, test)? <= times * floor {
            return Err(format!("fewer than {splits} splits are enough for {times} times the limit"));
        }
    }
    Ok(())
}

#[test]
fn exercise_p1_1_2_what_more_splits_cannot_do() {
    check_splits(splits_for).unwrap();
}

#[rstest]
#[case::one_less(|times, train, test| splits_for(times, train, test) - 1)]
#[case::one_more(|times, train, test| splits_for(times, train, test) + 1)]
#[case::of_variances(|times: f64, train, test| splits_for(times.sqrt(), train, test))]
fn exercise_p1_1_2_refuses(#[case] answer: fn(f64, usize, usize) -> usize) {
    check_splits(answer).unwrap_err();
}
