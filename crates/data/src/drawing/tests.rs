use super::*;
use crate::images::{MNIST, PIXELS, SIDE};
use crate::repository_data;
use proptest::prelude::*;
use rstest::rstest;

/// A grey image of dark discs on white, at centres and with a radius in pixels.
fn discs(width: usize, height: usize, radius: f64, centres: &[(f64, f64)]) -> Vec<u8> {
    let grey = |i: usize| {
        let (x, y) = ((i % width) as f64 + 0.5, (i / width) as f64 + 0.5);
        let near = centres.iter().map(|(cx, cy)| (x - cx).hypot(y - cy)).fold(f64::INFINITY, f64::min);
        (255.0 * (near - radius + 0.5).clamp(0.0, 1.0)).round() as u8
    };
    (0..width * height).map(grey).collect()
}

fn prepared(width: usize, height: usize, grey: &[u8]) -> PreparedDigit {
    PreparedDigit::new(&InkMap::from_grey(width, height, grey).unwrap()).unwrap()
}

/// The centre of mass of a field, `(x, y)` in pixels.
fn mass(pixels: &[u8]) -> (f64, f64) {
    let sum = |at: fn(usize) -> usize| {
        let terms = pixels.iter().enumerate().map(|(i, &ink)| f64::from(ink) * (at(i) as f64 + 0.5));
        terms.sum::<f64>() / pixels.iter().map(|&ink| f64::from(ink)).sum::<f64>()
    };
    (sum(|i| i % SIDE), sum(|i| i / SIDE))
}

/// Discs in the left upper part of a page, so that there is room to move them.
fn centres() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((20.0..120.0_f64, 20.0..150.0_f64), 1..8)
}

proptest! {
    #[test]
    fn a_drawing_that_is_moved_is_prepared_alike(centres in centres(), right in 0..60_usize, down in 0..40_usize) {
        let moved: Vec<_> = centres.iter().map(|(x, y)| (x + right as f64, y + down as f64)).collect();
        let [here, there] = [centres, moved].map(|centres| prepared(200, 210, &discs(200, 210, 9.0, &centres)));
        // By half pixels each pixel's ink is another, by whole ones the last bit of a distance at most.
        let apart = here.centred.pixels.iter().zip(&there.centred.pixels).map(|(a, b)| a.abs_diff(*b)).max();
        prop_assert!(apart <= Some(1), "{apart:?}");
    }

    #[test]
    fn a_prepared_digit_fits_the_box_and_its_centre_of_mass_the_middle(centres in centres()) {
        let digit = prepared(160, 200, &discs(160, 200, 9.0, &centres));
        let Fitted { columns, rows, .. } = digit.fitted;
        prop_assert_eq!(columns.max(rows), BOX_SIDE);
        let exact = |short: usize, long: usize| (short * BOX_SIDE).div_ceil(long);
        let InkBox { width, height, .. } = digit.ink_box;
        prop_assert_eq!(columns.min(rows), exact(width.min(height), width.max(height)));
        let Centred { left, top, ref pixels, .. } = digit.centred;
        let (x, y) = mass(pixels);
        for (centre, begins, length) in [(x, left, columns), (y, top, rows)] {
            let at_the_edge = begins == 0 || begins + length == SIDE;
            // Rounding each pixel to a byte moves the centre a little.
            prop_assert!((centre - MIDDLE).abs() <= 0.51 || at_the_edge, "{} from {}", centre, begins);
        }
        let (across, down) = (left..left + columns, top..top + rows);
        let inside = |i: usize| across.contains(&(i % SIDE)) && down.contains(&(i / SIDE));
        prop_assert!((0..PIXELS).all(|i| pixels[i] == 0 || inside(i)));
    }

    #[test]
    fn scaling_keeps_the_ink(centres in centres()) {
        let map = InkMap::from_grey(160, 200, &discs(160, 200, 9.0, &centres)).unwrap();
        let ink_box = map.ink_box().unwrap();
        let fitted = Fitted::new(&map, ink_box);
        let InkBox { left, top, width, height } = ink_box;
        let before: f32 = (top..top + height).flat_map(|row| &map.row(row)[left..left + width]).sum();
        let scale = BOX_SIDE as f32 / width.max(height) as f32;
        prop_assert!((fitted.ink.iter().sum::<f32>() / (before * scale * scale) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn any_bytes_and_sizes_are_prepared_or_refused(width in 0..40_usize, height in 0..40_usize, bytes: Vec<u8>) {
        for map in [InkMap::from_grey(width, height, &bytes), InkMap::from_rgba(width, height, &bytes)] {
            let _ = map.and_then(|map| PreparedDigit::new(&map).map(|_| shrunk(&map)));
        }
        let grey: Vec<u8> = bytes.iter().copied().cycle().take(width * height).collect();
        if let Ok(map) = InkMap::from_grey(width, height, &grey) {
            prop_assert!(PreparedDigit::new(&map).is_ok());
        }
    }
}

/// The control of the moved drawing: shrunk as a whole, it is another image.
#[test]
fn a_drawing_that_is_only_shrunk_changes_when_it_is_moved() {
    let [here, there] = [(60.0, 60.0), (120.0, 120.0)]
        .map(|centre| InkMap::from_grey(200, 200, &discs(200, 200, 20.0, &[centre])).unwrap());
    assert_eq!(PreparedDigit::new(&here).unwrap().centred, PreparedDigit::new(&there).unwrap().centred);
    assert_ne!(shrunk(&here), shrunk(&there));
}

/// Two corners touch the field's edges: such a drawing stops there, and no ink is lost.
#[test]
fn no_ink_is_pushed_over_the_edge() {
    let mut grey = vec![255; 100 * 100];
    (0..100).for_each(|row| grey[row * 100 + 10..][..8].fill(0)); // a bar at the left ..
    grey[50 * 100 + 10..50 * 100 + 100].fill(0); // .. and a hair to the right
    let digit = prepared(100, 100, &grey);
    assert!(digit.centred.left + digit.fitted.columns <= SIDE);
    assert!((mass(&digit.centred.pixels).0 - MIDDLE).abs() > 0.5);
}

/// MNIST's own digits were prepared so. Prepared once more they stay but for ink too faint to stretch the box, which is
/// cut off where it stands outside. Left out are those whose strongest ink is not 255, which it becomes here; in a
/// hundred, one may be scaled or moved all the same, because what was cut off was its edge.
#[test]
fn a_digit_of_mnist_stays_as_it_is() {
    let test = MNIST.load_test(repository_data()).unwrap();
    let full: Vec<usize> = (0..test.len()).filter(|&i| test.image(i).contains(&255)).collect();
    let stays = |&&i: &&usize| {
        let again = prepared(SIDE, SIDE, test.image(i)).centred.pixels;
        again.iter().zip(test.image(i)).all(|(again, pixel)| again == pixel || (*again == 0 && *pixel < 16))
    };
    let stay = full.iter().filter(stays).count();
    assert!(100 * stay >= 99 * full.len() && full.len() > 1_000, "{stay} of {}", full.len());
}

/// The control: no digit has its centre of mass where the field's edges meet, half a pixel off in both directions.
#[test]
fn the_middle_of_mnist_is_that_of_a_pixel() {
    let test = MNIST.load_test(repository_data()).unwrap();
    let within = |middle: f64| {
        let near = |i: &usize| {
            let (x, y) = mass(test.image(*i));
            (x - middle).abs() <= 0.5 && (y - middle).abs() <= 0.5
        };
        (0..test.len()).filter(near).count()
    };
    assert_eq!(within(MIDDLE), test.len());
    assert!(within(MIDDLE - 0.5) < test.len() / 2);
}

#[rstest]
#[case::dark_on_light(255, 0)]
#[case::light_on_dark(0, 255)]
#[case::grey_on_grey(180, 90)]
fn ink_is_found_on_any_paper(#[case] paper: u8, #[case] ink: u8) {
    let of = |paper: u8, ink: u8| {
        let mut grey = vec![paper; 400];
        grey[85..115].fill(ink);
        InkMap::from_grey(20, 20, &grey).unwrap()
    };
    assert_eq!(of(paper, ink), of(255, 0));
}

#[test]
fn what_is_transparent_is_white_paper() {
    let mut rgba = vec![[0, 0, 0, 0]; 400]; // black, and not to be seen
    rgba[85..115].fill([0, 0, 128, 255]);
    let map = InkMap::from_rgba(20, 20, rgba.as_flattened()).unwrap();
    assert_eq!(map.ink_box().unwrap(), InkBox { left: 0, top: 4, width: 20, height: 2 });
    rgba[85..115].fill([255, 255, 255, 255]);
    assert_eq!(InkMap::from_rgba(20, 20, rgba.as_flattened()), Err(DrawingError::NoInk));
}

#[rstest]
#[case::nothing(0, 0, &[], "I see no digit: there is no ink")]
#[case::an_empty_page(2, 2, &[255; 4], "I see no digit: there is no ink")]
#[case::the_noise_of_an_empty_page(2, 2, &[200, 210, 195, 205], "I see no digit: there is no ink")]
#[case::too_few_bytes(2, 3, &[0; 5], "5 bytes are no image of 2 x 3 pixels: give 6")]
fn what_has_no_digit_is_refused(
    #[case] width: usize,
    #[case] height: usize,
    #[case] grey: &[u8],
    #[case] says: &str,
) {
    assert_eq!(InkMap::from_grey(width, height, grey).unwrap_err().to_string(), says);
}
