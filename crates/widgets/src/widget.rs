//! What a widget is.

use maud::Markup;
use wasm_bindgen::prelude::wasm_bindgen;

/// A part of a page that computes.
pub trait Widget {
    /// What the reader chose: enough to open the same widget again.
    fn state(&self) -> State;

    /// Takes what the reader did: the name of a control and its value. What a widget does not know changes nothing.
    fn receive(&mut self, name: &str, value: &str);

    /// Takes the bytes of a file that its entry names or that it [`wants`](Self::wants); none where it could not be
    /// loaded.
    fn file(&mut self, _name: &str, _bytes: &[u8]) {}

    /// The files that only its view shows now, besides those that its entry names. **No receipt needs them**, so a
    /// hand-in does not load them.
    fn wants(&self) -> &'static [&'static str] {
        &[]
    }

    /// Takes an image from a file or the clipboard, under the name of the control that asks for one: red, green, blue
    /// and opacity, four bytes a pixel, row by row.
    fn image(&mut self, _name: &str, _width: usize, _height: usize, _rgba: &[u8]) {}

    /// Goes on with what takes longer than a view: it is called again and again while the widget is seen.
    fn tick(&mut self) -> Tick {
        Tick::Idle
    }

    /// The reader's answer to the question that its entry says it asks, in the words of the page; none before there
    /// is one.
    fn guess(&self) -> Option<String> {
        None
    }

    /// The SHA-256 of each receipt that its view shows now, in their order.
    fn receipts(&self) -> Vec<String> {
        Vec::new()
    }

    /// What is shown. **What the reader typed stands in it as typed**, also where it is refused.
    fn view(&self) -> Markup;
}

/// The place, **from 0**, of a control that is one of several and is named from 1, such as `x2`.
///
/// ```
/// use widgets::widget::place;
/// assert_eq!((place("x2", "x"), place("x0", "x"), place("y2", "x")), (Some(1), None, None));
/// ```
pub fn place(name: &str, prefix: &str) -> Option<usize> {
    name.strip_prefix(prefix)?.parse::<usize>().ok()?.checked_sub(1)
}

/// What is to happen after a [`tick`](Widget::tick).
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// Nothing: it is at rest.
    Idle,
    /// The view, and the next tick with the next frame of the screen.
    NextFrame,
    /// The next tick as soon as may be.
    More,
}

/// A widget as it is declared, in its own file.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name that a page gives it; its file has the same.
    pub name: &'static str,
    /// What a screen reader calls it.
    pub title: &'static str,
    /// The page of the book on which it stands.
    pub page: &'static str,
    /// Whether it asks the reader for a guess before it shows the answer.
    pub asks: bool,
    /// The files that its receipts follow from, which the page loads when the widget comes into view.
    pub files: &'static [&'static str],
    /// Opens it in a kept state; what the state lacks is as when a reader comes first.
    pub open: fn(&State) -> Box<dyn Widget>,
}

/// Names and values in their order: what the address of a page and the browser keep of a widget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State(Vec<(String, String)>);

impl From<Vec<(String, String)>> for State {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
}

impl State {
    /// Reads a query such as `x=-1&x=3&ddof=1`.
    ///
    /// ```
    /// use widgets::widget::State;
    /// let state = State::parse("x=-1&x=3&ddof=1");
    /// assert_eq!(state.all("x").collect::<Vec<_>>(), ["-1", "3"]);
    /// assert_eq!(state.get("ddof"), Some("1"));
    /// assert_eq!(State::parse(&state.to_query()), state);
    /// ```
    pub fn parse(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// The state as a query.
    pub fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// The state with one more value.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a name, if it can be read.
    pub fn read<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    /// All names and values, in their order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(of, _)| of == name).map(|(_, value)| value.as_str())
    }
}
