use super::*;
use crate::context::repository_data;
use crate::iris::studies::HypothesisVerdict;
use approx::{assert_abs_diff_eq, assert_relative_eq};
use ndarray::Array2;
use numerics::linalg::{matmul_tn, sum_rows};
use rstest::rstest;

fn population() -> Population {
    Population::of(&Iris::load(repository_data()).unwrap()).unwrap()
}

/// Of a draw of one species: mean and covariance up to five standard errors.
#[test]
fn flowers_have_the_means_of_their_species_and_covariance_one() {
    let population = population();
    let flowers = 20_000;
    let drawn = population.draw(&mut Stream::new(1, Purpose::Check), flowers);
    let bound = 5.0 * (2.0 / flowers as f64).sqrt();
    for (species, mean) in population.means().rows().into_iter().enumerate() {
        let own = drawn.z.slice_axis(Axis(0), Slice::new(species as isize, None, SPECIES.len() as isize));
        let found = sum_rows(own) / flowers as f64;
        assert_abs_diff_eq!(found, mean.to_owned(), epsilon = bound);
        let centred = &own - &found;
        let covariance = matmul_tn(centred.view(), centred.view()) / flowers as f64;
        assert_abs_diff_eq!(covariance, Array2::eye(4), epsilon = bound);
    }
}

/// In centimetres the means are those of the 150 flowers.
#[test]
fn the_means_are_those_of_the_flowers() {
    let (iris, population) = (Iris::load(repository_data()).unwrap(), population());
    let means = population.centimetres(population.means().view());
    for (species, mean) in means.rows().into_iter().enumerate() {
        let own = iris.features.slice_axis(Axis(0), Slice::from(50 * species..50 * (species + 1)));
        assert_relative_eq!(mean.to_owned(), sum_rows(own) / 50.0, max_relative = 1e-12);
    }
}

/// No method may err less often than the best answers, but for chance; many flowers bring each of them near.
#[test]
fn with_many_flowers_every_linear_method_comes_near_to_the_best_answers() {
    let population = population();
    let (row, separated) = linear(&population, &draw(&population, 1)).unwrap();
    let last = FLOWERS.len() - 1;
    let points = |wrong: usize| 100.0 * wrong as f64 / (SPECIES.len() * TEST_FLOWERS) as f64;
    for wrong in [row.lda[last], row.softmax[last]] {
        assert!(points(wrong) - points(row.bayes) < 0.2 && points(wrong) > 1.0);
    }
    assert!(!separated[last], "so many flowers overlap");
}

/// A smaller training part is the beginning of a larger one.
#[test]
fn a_draw_begins_as_a_smaller_one() {
    let population = population();
    let [few, many] =
        [10, 20].map(|flowers| population.draw(&mut Stream::new(3, Purpose::Simulation), flowers));
    assert_eq!(few.z, many.z.slice_axis(Axis(0), Slice::from(..30)));
    assert_eq!(few.labels, many.labels[..30]);
}

/// Two blocks of two seeds with these wrong test flowers.
fn concluded(lda: usize, softmax: usize, network: usize) -> EfronConclusions {
    let row = |by: usize| EfronRow {
        bayes: 300 + by,
        lda: vec![lda + 2 * by; FLOWERS.len()],
        softmax: vec![softmax + by; FLOWERS.len()],
        network: vec![network + by; NETWORK_SIZES],
    };
    let part = |id: &str| EfronPart {
        id: id.to_owned(),
        means: vec![vec![0.0, 3.0], vec![4.0, 0.0], vec![9.0, 9.0]],
        separated: vec![1; FLOWERS.len()],
        draws: vec![row(0), row(1)],
    };
    let values = ["1-2", "3-4"].map(|id| serde_json::to_value(part(id)).unwrap());
    serde_json::from_value(conclusions::conclude(&values).unwrap()).unwrap()
}

#[rstest]
#[case::a_quarter(310, 340, [HypothesisVerdict::Held, HypothesisVerdict::Held])]
#[case::three_quarters(330, 340, [HypothesisVerdict::Held, HypothesisVerdict::Refuted])]
#[case::more(350, 340, [HypothesisVerdict::Refuted, HypothesisVerdict::Refuted])]
fn the_verdicts_follow_the_errors(
    #[case] lda: usize,
    #[case] softmax: usize,
    #[case] expected: [HypothesisVerdict; 2],
) {
    let found = concluded(lda, softmax, softmax);
    assert_eq!([found.errs_less, found.at_most_half], expected);
}

#[test]
fn draws_are_counted_and_level_is_a_tenth_of_a_point() {
    let found = concluded(310, 338, 345);
    assert_eq!((found.seeds, found.distance, found.sizes[0].separated), ([4, 4], 5.0, 2));
    // 28 of 30,000 are less than a tenth of a point, 35 are more.
    assert_eq!((found.softmax_level_from, found.network_level_from), (Some(10), None));
    let last = found.sizes.last().unwrap();
    assert!(last.network.is_none() && found.sizes[0].network.is_some());
}
