//! What a reader of the report can change and compute in its pages.
//!
//! The crates that answer the homework, compiled to WebAssembly: a page computes what the command computes, **to the
//! same bits**, and there is no second implementation in JavaScript. A [`Widget`] holds what the reader chose and
//! writes HTML; `book/theme/widgets.js` shows that HTML, and hands on what the reader types and clicks. So everything
//! that a widget does can be tested without a browser.
//!
//! | module | holds |
//! |---|---|
//! | [`widget`] | what a widget is, and its state as text |
//! | [`flowers`] | Fisher's iris, carried in the program |
//! | [`html`] | what several widgets write: numbers, fields, receipts |
//! | [`png`] | a grey image as a file |
//! | [`recorded`] | what the records hold, beside what was computed here |
//! | [`widgets`] | a file a widget, and the list of them |

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod flowers;
pub mod html;
pub mod png;
pub mod recorded;
pub mod widget;
pub mod widgets;

use wasm_bindgen::prelude::wasm_bindgen;
use widget::{State, Tick, Widget};

/// A widget on a page; the interface to JavaScript.
#[wasm_bindgen]
pub struct Instance {
    title: &'static str,
    files: &'static [&'static str],
    widget: Box<dyn Widget>,
}

#[wasm_bindgen]
impl Instance {
    /// The widget of that name in a kept state, a query such as `x=-1&x=3`; nothing where there is no such widget.
    pub fn open(name: &str, state: &str) -> Option<Instance> {
        let entry = widgets::find(name)?;
        let widget = (entry.open)(&State::parse(state));
        Some(Self { title: entry.title, files: entry.files, widget })
    }

    /// What a screen reader calls it.
    pub fn title(&self) -> String {
        self.title.to_owned()
    }

    /// Hands on what the reader did: the name and value of a control.
    pub fn receive(&mut self, name: &str, value: &str) {
        self.widget.receive(name, value);
    }

    /// The files that it works on now, to be handed to [`Self::file`] as they come.
    pub fn files(&self) -> Vec<String> {
        self.files.iter().copied().chain(self.widget.wants()).map(str::to_owned).collect()
    }

    /// Hands on the bytes of a file; none where it could not be loaded.
    pub fn file(&mut self, name: &str, bytes: &[u8]) {
        self.widget.file(name, bytes);
    }

    /// Hands on an image: the name of the control that asks for one, and four bytes a pixel.
    pub fn image(&mut self, name: &str, width: usize, height: usize, rgba: &[u8]) {
        self.widget.image(name, width, height, rgba);
    }

    /// Goes on with what takes longer than a view.
    pub fn tick(&mut self) -> Tick {
        self.widget.tick()
    }

    /// The HTML to show now.
    pub fn view(&self) -> String {
        self.widget.view().into_string()
    }

    /// The state to keep, as [`Self::open`] takes it.
    pub fn state(&self) -> String {
        self.widget.state().to_query()
    }
}
