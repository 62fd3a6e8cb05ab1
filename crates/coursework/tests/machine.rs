//! The pure parts of the benchmark `machine`: what it says of measurements, its tables, its stamp.
//!
//! A benchmark has no test harness, so its files are compiled here once more.

#![allow(dead_code, reason = "the benchmark uses more of these files than the tests do")]

#[path = "../benches/machine/perf.rs"]
mod perf;
#[path = "../benches/machine/stamp.rs"]
mod stamp;
#[path = "../benches/machine/summary.rs"]
mod summary;
#[path = "../benches/machine/table.rs"]
mod table;

use stamp::{Stamp, Ticks, field, slug, utc};
use summary::{Samples, Summary, percent, short};
use table::Table;

fn samples(values: &[f64]) -> Samples {
    let mut samples = Samples::default();
    values.iter().for_each(|&value| samples.push(value));
    samples
}

#[test]
fn the_median_is_the_middle_one_or_the_mean_of_the_middle_two() {
    assert_eq!(samples(&[3.0, 1.0, 8.0]).summary().median, 3.0);
    assert_eq!(samples(&[8.0, 3.0, 1.0, 4.0]).summary().median, 3.5);
    let Summary { min, max, samples, .. } = samples(&[8.0, 3.0, 1.0, 4.0]).summary();
    assert_eq!((min, max, samples), (1.0, 8.0, 4));
}

#[test]
fn nothing_measured_is_a_dash() {
    assert_eq!(samples(&[]).summary().to_string(), "-");
    assert_eq!(percent(samples(&[]).summary().median), "-");
}

#[test]
fn ratios_are_taken_pair_by_pair() {
    let ratios = samples(&[1.0, 4.0, 9.0]).ratios(&samples(&[2.0, 4.0, 3.0]));
    assert_eq!(ratios.summary().median, 1.0);
    assert_eq!(ratios.summary().max, 3.0);
}

#[test]
fn sums_are_taken_pair_by_pair() {
    let sums = samples(&[1.0, 4.0]).plus(&samples(&[2.0, 5.0])).summary();
    assert_eq!((sums.min, sums.max), (3.0, 9.0));
}

#[test]
fn the_longest_time_is_the_lowest_rate() {
    let rate = samples(&[0.5, 2.0, 1.0]).summary().rate_of(10.0);
    assert_eq!((rate.median, rate.min, rate.max), (10.0, 5.0, 20.0));
}

#[test]
fn numbers_have_three_significant_digits() {
    let texts = [0.0, 0.012_34, 1.234, 9.999, 12.34, 999.6, 1234.5].map(short);
    assert_eq!(texts, ["0.00", "0.0123", "1.23", "10.0", "12.3", "1000", "1234"]);
    assert_eq!(percent(0.755), "76 %");
}

#[test]
fn one_measurement_has_no_range() {
    assert_eq!(samples(&[1.5]).summary().to_string(), "1.50");
    assert_eq!(samples(&[1.5, 2.5]).summary().times(10.0).to_string(), "20.0 (15.0 to 25.0)");
}

#[test]
fn numbers_stand_at_the_right_and_every_line_is_equally_long() {
    let rows = vec![vec!["Conv2d".to_owned(), "1.5".to_owned()], vec!["ß".to_owned()]];
    let (title, note) = ("Layers".to_owned(), "On one thread.".to_owned());
    let table = Table { title, note, columns: vec!["layer", "ms"], left: 1, rows };
    let expected = "\
## Layers

On one thread.

| layer  |  ms |
|--------|----:|
| Conv2d | 1.5 |
| ß      |     |
";
    assert_eq!(table.to_string(), expected);
}

#[test]
fn a_processors_name_becomes_a_files_name() {
    assert_eq!(slug("Intel(R) Xeon(R) Platinum 8488C"), "intel-xeon-platinum-8488c");
    assert_eq!(slug("AMD EPYC 9R14 / 2.6 GHz "), "amd-epyc-9r14-2-6-ghz");
}

/// `date -u -d @SECONDS`.
#[test]
fn seconds_become_dates() {
    assert_eq!(utc(0), "1970-01-01 00:00 UTC");
    assert_eq!(utc(951_782_399), "2000-02-28 23:59 UTC");
    assert_eq!(utc(951_782_400), "2000-02-29 00:00 UTC");
    assert_eq!(utc(1_798_761_599), "2026-12-31 23:59 UTC");
}

#[test]
fn fields_are_found_by_their_whole_name() {
    let text = "VmPeak:\t  20 kB\nVmHWM:\t  10 kB\nmodel\t: 17\nmodel name\t: A: B\n";
    assert_eq!(field(text, "VmHWM"), Some("10 kB"));
    assert_eq!(field(text, "model name"), Some("A: B"));
    assert_eq!(field(text, "Vm"), None);
}

/// Of 200 ticks between the two moments 50 were idle and 120 ours.
#[test]
fn what_is_neither_idle_nor_ours_is_others() {
    let process = |time: i64| format!("7 (a) b) R 1 1 1 0 -1 4 99 0 0 0 {time} 10 5 5 20 0 1\n");
    let system = |user: i64, idle: i64| format!("cpu  {user} 10 20 {idle} 3 0 4 7 0 0\ncpu0 1 2 3\n");
    let before = Ticks::parse(&system(100, 1000), &process(40)).unwrap();
    let after = Ticks::parse(&system(250, 1050), &process(160)).unwrap();
    assert_eq!(before.others(after), 30.0 / 200.0);
    assert_eq!(Ticks::parse("intr 5", &process(0)), None);
}

/// What `perf stat -x,` writes, among lines of the command itself.
const PERF: &str = "a line, of the command, cache-misses\n8123456,,cache-references:u,9000000,100.00,,\n\
                    40321,,cache-misses:u,9000000,100.00,0.50,of all cache refs\n";

#[test]
fn counts_of_perf_are_found_by_their_events() {
    assert_eq!(perf::counts(PERF), Some([8_123_456, 40_321]));
    // A processor with two kinds of cores counts on each.
    let other = PERF.replace("cache-misses:u", "cpu_core/cache-misses/").replace("40321", "20");
    assert_eq!(perf::counts(&format!("{PERF}{other}")), Some([2 * 8_123_456, 40_341]));
}

/// The control: the same lines with an event that the machine does not count, or another one.
#[test]
fn what_perf_did_not_count_is_not_there() {
    for (counted, not_counted) in [
        ("40321", "<not supported>"),
        ("8123456", "<not counted>"),
        ("cache-misses:u", "L1-dcache-load-misses:u"),
        ("cache-references:u", "cache-references-of-another:u"),
    ] {
        assert_eq!(perf::counts(&PERF.replace(counted, not_counted)), None, "{not_counted}");
    }
    assert_eq!(perf::counts("Error:\nAccess to performance monitoring operations is limited.\n"), None);
}

#[test]
fn the_stamp_names_the_machine_and_the_moment() {
    let stamp = Stamp::now("avx2");
    assert!(stamp.cores > 0 && stamp.date.ends_with(" UTC"), "{stamp}");
    assert!(!stamp.slug().is_empty() && stamp.to_string().contains("avx2"), "{stamp}");
}

#[test]
fn what_is_measured_is_ignored_by_git() {
    let ignored = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "/results/machine"));
}
