use super::fields::FieldValues;
use super::watched::WatchedRun;
use super::*;
use crate::flowers::flowers;
use cnn::kernels::Isa;
use experiments::iris::{Activation, Implementation, Keep, Prepared, Settings, run};
use rstest::rstest;

fn widget(state: &str) -> IrisWidget {
    IrisWidget::open(&State::parse(state))
}

/// Ticks until it is at rest.
fn rest(widget: &mut IrisWidget) {
    while widget.tick() != Tick::Idle {}
}

fn rested(state: &str) -> IrisWidget {
    let mut widget = widget(state);
    rest(&mut widget);
    widget
}

/// The hash on the receipt of the first run.
fn receipt(widget: &IrisWidget) -> Option<String> {
    let view = widget.view().into_string();
    Some(view.split("class=\"hash\">").nth(1)?.split('<').next()?.to_owned())
}

#[rstest]
fn a_run_ends_in_the_weights_of_the_experiment(
    #[values("relu", "sigmoid", "tanh", "prelu", "identity", "scratch")] what: &str,
) {
    let settings = Settings { epochs: 40, ..settings_of(what) };
    let iris = flowers().unwrap();
    let prepared = Prepared::new(&iris, &settings).unwrap();
    let expected = run(Isa::detect(), &prepared, &settings, Keep::Last).unwrap().weights_sha256;
    let mut widget = widget("");
    widget.values = FieldValues::of(&settings);
    widget.begin();
    widget.receive("epoch", "40");
    rest(&mut widget);
    assert_eq!(receipt(&widget), Some(expected.clone()));
    // Back, in the middle between two copies, and to the end again.
    widget.receive("epoch", "31");
    rest(&mut widget);
    assert_eq!((widget.runs[0].as_ref().unwrap().at(), receipt(&widget)), (31, None));
    widget.receive("epoch", "40");
    rest(&mut widget);
    assert_eq!(receipt(&widget), Some(expected));
}

fn settings_of(what: &str) -> Settings {
    if what == "scratch" {
        return Settings::scratch();
    }
    let named = Activation::ALL.into_iter().chain([Activation::Identity]).find(|of| of.name() == what);
    Settings::framework(named.unwrap())
}

#[test]
fn what_is_seen_after_an_epoch_does_not_depend_on_the_way_there() {
    let forward = rested("epoch=60&change=seed&to=2");
    let mut back = rested("epoch=80&change=seed&to=2");
    back.receive("epoch", "60");
    rest(&mut back);
    for (forward, back) in forward.begun().zip(back.begun()) {
        assert_eq!((forward.at(), forward.here()), (60, back.here()));
        assert_eq!(forward.fork().weights_sha256(), back.fork().weights_sha256());
    }
}

#[test]
fn play_goes_an_epoch_a_frame_and_pauses() {
    let mut widget = widget("epochs=5");
    widget.receive("play", "");
    let mut frames = 0;
    while widget.tick() != Tick::Idle {
        frames += 1;
    }
    assert_eq!((widget.target, widget.playing), (5, false));
    assert_eq!(frames, 10); // each epoch, and the frame that shows it
    widget.receive("play", "");
    assert_eq!((widget.target, widget.playing), (0, true));
    widget.receive("play", "");
    rest(&mut widget);
    assert_eq!((widget.target, widget.playing), (0, false));
}

#[test]
fn one_thing_is_changed_in_the_second_run() {
    let widget = rested("change=hidden&to=7&epoch=3");
    let [a, b]: [&WatchedRun; 2] = widget.begun().collect::<Vec<_>>().try_into().ok().unwrap();
    assert_eq!(b.settings, Settings { hidden: 7, ..a.settings.clone() });
    assert!(widget.view().into_string().contains("B − A"));
}

#[rstest]
#[case::no_number("hidden=many", "Hidden units: &quot;many&quot; is no whole number")]
#[case::no_unit("hidden=0", "1 hidden unit")]
#[case::too_many_epochs("epochs=5001", "at most 5000 epochs")]
#[case::no_rate("learning_rate=0", "the learning rate must be a finite number above 0")]
#[case::an_infinite_rate("learning_rate=inf", "is no finite number")]
#[case::a_negative_decay("weight_decay=-1", "the weight decay must be")]
#[case::another_activation_by_hand(
    "implementation=scratch&optimiser=sgd",
    "mlp-scratch has sigmoid hidden units only"
)]
#[case::a_choice_that_is_none("activation=step", "Activation: &quot;step&quot; is no choice")]
#[case::a_table_without_header("own=1,2,3", "your flowers")]
#[case::an_unknown_species(
    "own=sepal_length,sepal_width,petal_length,petal_width,species%0A1,2,3,4,rose",
    "rose"
)]
fn what_is_refused_is_said_and_stays_as_typed(#[case] state: &str, #[case] message: &str) {
    let widget = rested(state);
    let view = widget.view().into_string();
    assert!(view.contains(message), "{view}");
    let (name, value) = state.split_once('&').unwrap_or((state, "")).0.split_once('=').unwrap();
    assert_eq!(widget.state().get(name), State::parse(&format!("{name}={value}")).get(name));
}

#[test]
fn flowers_of_ones_own_have_no_receipt() {
    let iris = include_str!("../../../../../data/iris.csv");
    let own = State::default().with("own", iris).with("epochs", 2).with("epoch", 2);
    let mut own = IrisWidget::open(&own);
    rest(&mut own);
    assert_eq!((own.begun().count(), receipt(&own)), (1, None));
    assert!(receipt(&rested("epochs=2&epoch=2")).is_some());
}

#[test]
fn a_run_that_diverges_says_where_and_stays_there() {
    let widget = rested("optimiser=sgd&learning_rate=10&epoch=300");
    let view = widget.view().into_string();
    assert!(view.contains("Run A ended: epoch 5, batch"), "{view}");
    assert_eq!(widget.runs[0].as_ref().unwrap().at(), 4);
}

#[rstest]
#[case("10", "epochs=20&epoch=20", true)] // the registered run has 95 % after epoch 5
#[case("50", "epochs=20&epoch=20", false)]
#[case("never", "epochs=2&epoch=2", true)]
fn the_guess_is_judged_once_the_run_has_decided(
    #[case] guess: &str,
    #[case] state: &str,
    #[case] right: bool,
) {
    let before = rested(&format!("guess={guess}")).view().into_string();
    assert!(!before.contains("Your guess"), "it is not judged before the run");
    let view = rested(&format!("guess={guess}&{state}")).view().into_string();
    assert_eq!(view.contains("was right."), right, "{view}");
    assert_eq!(view.contains("was not right."), !right, "{view}");
}

/// Each preset shows what its sentence says.
#[test]
fn the_presets_say_what_is_to_be_seen() {
    let at = |name: &str, epoch: usize| {
        let mut widget = widget("");
        widget.receive("preset", name);
        widget.receive("epoch", &epoch.to_string());
        rest(&mut widget);
        widget
    };
    let seen = |widget: &IrisWidget| widget.runs[0].as_ref().unwrap().seen.clone();
    let settings = |name: &str| at(name, 0).runs[0].as_ref().unwrap().settings.clone();
    assert_eq!(settings("registered"), Settings::framework(Activation::Relu));
    assert_eq!(settings("original"), Settings::scratch_as_in_the_original());
    assert_eq!(settings("original").implementation, Implementation::Scratch);
    let dead = seen(&at("dead", 20));
    assert!(dead[0].gradient.first > 0.0 && dead[2..].iter().all(|seen| seen.gradient.first == 0.0));
    let losses: Vec<f64> = seen(&at("fast", 100)).iter().map(|seen| seen.epoch.train_loss).collect();
    assert!(losses.windows(2).filter(|pair| pair[1] > 2.0 * pair[0]).count() >= 5, "{losses:?}");
    let sorted = at("sorted", 0);
    assert!(sorted.runs[0].as_ref().unwrap().prepared.test_y.iter().all(|&species| species == 2));
}

#[test]
fn the_state_opens_the_same_widget() {
    let widget = rested("activation=tanh&change=seed&to=9&guess=50&epoch=4");
    let again = rested(&widget.state().to_query());
    assert_eq!(again.view().into_string(), widget.view().into_string());
}

#[test]
fn a_table_that_is_typed_is_used() {
    let mut widget = widget("");
    widget.receive("own", "sepal_length,sepal_width,petal_length,petal_width,species\n1,2,3,4,rose");
    assert!(widget.view().into_string().contains("rose"));
    assert_eq!(widget.begun().count(), 0);
}

/// The settings as the record has them.
#[rstest]
#[case::the_registered_run("", true)]
#[case::another_seed("seed=2", false)]
fn a_run_is_held_to_the_record_of_its_settings(#[case] state: &str, #[case] held: bool) {
    let record: serde_json::Value =
        serde_json::from_str(include_str!("../../../../../results/iris.json")).unwrap();
    let run = &record["variants"][0]["registered"];
    let (settings, sha256) = (&run["settings"], run["weights_sha256"].as_str().unwrap());
    let mut widget = rested(&format!("{state}&epoch=300"));
    widget.file(recorded::FILE, format!("iris {settings}\t{sha256}\tresults/iris.json\tx\n").as_bytes());
    let view = widget.view().into_string();
    assert_eq!(view.contains("✓ equal to results/iris.json"), held, "{view}");
    assert_eq!(view.contains("class=\"recorded"), held, "{view}");
}
