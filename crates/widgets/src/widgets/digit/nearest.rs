//! The training digits that are nearest to what the network sees.

use crate::png;
use data::excerpt::{ExcerptImage, parse};
use data::images::{SIDE, TRAINING_IMAGES};
use maud::{Markup, html};

/// Their file, which is loaded only when a reader asks for it.
pub const FILE: &str = "training";
/// So many are shown.
const SHOWN: usize = 5;

/// The digits that are searched, once somebody asked.
#[derive(Debug, Default)]
pub struct NearestDigits {
    /// Whether they are to be shown.
    pub is_asked: bool,
    digits: Option<Vec<ExcerptImage>>,
}

impl NearestDigits {
    /// Takes the digits to search; none of a file that is refused.
    pub fn take(&mut self, file: &[u8]) {
        self.digits = Some(parse(FILE, file).unwrap_or_default());
    }

    /// The nearest to an image, `(28, 28)`, and how far they are.
    pub fn view(&self, pixels: &[u8]) -> Markup {
        html! {
            @match self.digits.as_deref() {
                None => p aria-live="polite" { "The training digits are being loaded." },
                Some([]) => p aria-live="polite" { "The training digits could not be loaded." },
                Some(digits) => (shown(&nearest(digits, pixels), digits.len())),
            }
        }
    }
}

/// The images nearest to `pixels` with the square of their distance, nearest first; of equals the first.
fn nearest<'a>(digits: &'a [ExcerptImage], pixels: &[u8]) -> Vec<(u32, &'a ExcerptImage)> {
    // 784 squares of at most 255 fit four bytes.
    let square = |digit: &ExcerptImage| -> u32 {
        digit.pixels.iter().zip(pixels).map(|(&a, &b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    // Without a sort the pages' program is smaller.
    let mut nearest: Vec<(u32, &ExcerptImage)> = Vec::new();
    for digit in digits {
        let found = (square(digit), digit);
        let before =
            |&&(square, other): &&(u32, &ExcerptImage)| (square, other.index) <= (found.0, digit.index);
        let place = nearest.iter().filter(before).count();
        nearest.insert(place, found);
        nearest.truncate(SHOWN);
    }
    nearest
}

fn shown(nearest: &[(u32, &ExcerptImage)], searched: usize) -> Markup {
    html! {
        p.hint {
            "Nearest by the Euclidean distance of all pixels, 0 to 255 each. Only " (count(searched)) " of the "
            (count(TRAINING_IMAGES)) " training digits are searched, the first of their file; the network learned from "
            "all of them."
        }
        ol.nearest aria-label="The nearest training digits" {
            @for (square, digit) in nearest {
                li {
                    img src=(png::address(SIDE, SIDE, &digit.pixels)) width="56" height="56"
                        alt={ "Training digit " (digit.index) };
                    @let distance = f64::from(*square).sqrt();
                    span { "labelled " strong { (digit.label) } ", distance " (format!("{distance:.0}")) }
                }
            }
        }
    }
}

/// `60,000`.
fn count(number: usize) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digit(index: usize, grey: u8) -> ExcerptImage {
        ExcerptImage { group: 0, index, label: 1, error: None, pixels: vec![grey; SIDE * SIDE] }
    }

    #[test]
    fn the_nearest_come_first_and_of_equals_the_first_of_the_file() {
        let digits: Vec<ExcerptImage> = [0, 90, 120, 110, 200, 130, 255]
            .into_iter()
            .enumerate()
            .map(|(i, grey)| digit(i, grey))
            .collect();
        let mut image = vec![120; SIDE * SIDE];
        let places =
            |image: &[u8]| nearest(&digits, image).iter().map(|(_, digit)| digit.index).collect::<Vec<_>>();
        assert_eq!(places(&image), [2, 3, 5, 1, 4]);
        assert_eq!(nearest(&digits, &image)[1].0, 100 * (SIDE * SIDE) as u32);
        image.fill(125); // as far from 120 as from 130
        assert_eq!(places(&image), [2, 5, 3, 1, 4]);
        image.fill(255);
        assert_eq!(nearest(&digits, &image)[0], (0, &digits[6]));
    }

    #[test]
    fn it_says_how_many_were_searched() {
        let said = shown(&[], 1000).into_string();
        assert!(said.contains("Only 1,000 of the 60,000 training digits are searched"), "{said}");
        assert!(shown(&[], 7).into_string().contains("Only 7 of"));
    }

    #[test]
    fn the_farthest_images_have_a_distance_that_fits() {
        assert_eq!(nearest(&[digit(0, 0)], &[255; SIDE * SIDE])[0].0, 784 * 255 * 255);
    }

    #[test]
    fn it_says_what_is_missing() {
        let mut digits = NearestDigits::default();
        let said = |digits: &NearestDigits| digits.view(&[0; SIDE * SIDE]).into_string();
        assert!(said(&digits).contains("are being loaded"));
        digits.take(b"no digits");
        assert!(said(&digits).contains("could not be loaded"));
    }
}
