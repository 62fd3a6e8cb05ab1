use crate::Verdict;
use exercises::same_bits::{compensated_sum, three_numbers};
use rstest::rstest;

fn check_three([a, b, c]: [f32; 3]) -> Verdict {
    if [a, b, c].iter().any(|it| !(1.0..=2.0).contains(it)) {
        return Err(format!("{a}, {b}, {c} are not all between 1 and 2"));
    }
    let (left, right) = ((a + b) + c, a + (b + c));
    if left == right { Err(format!("both orders give {left}")) } else { Ok(()) }
}

#[test]
fn exercise_same_bits_1_an_order_that_matters() {
    check_three(three_numbers()).unwrap();
}

#[rstest]
#[case::equal_numbers([1.5; 3])]
#[case::too_far_apart([1.0, 1e-8, 1e-8])]
#[case::no_number([f32::NAN; 3])]
fn exercise_same_bits_1_refuses(#[case] numbers: [f32; 3]) {
    check_three(numbers).unwrap_err();
}

/// The sum of a million equal numbers, and of numbers of both signs, is right to the last place.
fn check_sum(answer: fn(&[f32]) -> f32) -> Verdict {
    let tenths = vec![0.1_f32; 1_000_000];
    let mixed: Vec<f32> = (0..100_000).map(|i| 1.0 / (i as f32 + 1.0) - 0.001).collect();
    for numbers in [&tenths, &mixed] {
        let exact = numbers.iter().map(|&it| f64::from(it)).sum::<f64>();
        let (found, error) = (answer(numbers), (f64::from(answer(numbers)) - exact).abs());
        let is_right = error <= f64::from(f32::EPSILON) * exact.abs();
        if !is_right {
            return Err(format!("{found}, the exact sum is {exact}"));
        }
    }
    Ok(())
}

#[test]
fn exercise_same_bits_2_a_sum_that_remembers() {
    check_sum(compensated_sum).unwrap();
}

#[rstest]
#[case::one_after_the_other(|numbers: &[f32]| numbers.iter().sum())]
#[case::in_two_halves(|numbers: &[f32]| {
    let (left, right) = numbers.split_at(numbers.len() / 2);
    left.iter().sum::<f32>() + right.iter().sum::<f32>()
})]
fn exercise_same_bits_2_refuses(#[case] answer: fn(&[f32]) -> f32) {
    check_sum(answer).unwrap_err();
}
