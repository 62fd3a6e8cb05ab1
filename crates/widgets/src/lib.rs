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
//! | [`hand_in`] | what a reader did on all pages, as a file |
//! | [`flowers`] | Fisher's iris, carried in the program |
//! | [`html`] | what several widgets write: numbers, fields, receipts |
//! | [`png`] | a grey image as a file |
//! | [`recorded`] | what the records hold, beside what was computed here |
//! | [`widgets`] | a file a widget, and the list of them |

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod flowers;
pub mod hand_in;
pub mod html;
pub mod png;
pub mod recorded;
pub mod widget;
pub mod widgets;

use hand_in::{HandIn, HandedWidget, panel};
use wasm_bindgen::prelude::wasm_bindgen;
use widget::{Entry, State, Tick, Widget};
use widgets::WIDGETS;

/// A widget on a page; the interface to JavaScript.
#[wasm_bindgen]
pub struct Instance {
    entry: &'static Entry,
    widget: Box<dyn Widget>,
}

#[wasm_bindgen]
impl Instance {
    /// The widget of that name in a kept state, a query such as `x=-1&x=3`; nothing where there is no such widget.
    pub fn open(name: &str, state: &str) -> Option<Instance> {
        let entry = widgets::find(name)?;
        let widget = (entry.open)(&State::parse(state));
        Some(Self { entry, widget })
    }

    /// What a screen reader calls it.
    pub fn title(&self) -> String {
        self.entry.title.to_owned()
    }

    /// Hands on what the reader did: the name and value of a control.
    pub fn receive(&mut self, name: &str, value: &str) {
        self.widget.receive(name, value);
    }

    /// The files that it works on now, to be handed to [`Self::file`] as they come.
    pub fn files(&self) -> Vec<String> {
        let names = self.entry.files.iter().chain(self.widget.wants());
        names.map(|&name| name.to_owned()).collect()
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

/// What is handed in of all pages; the interface to JavaScript, which opens each kept state.
#[wasm_bindgen]
#[derive(Default)]
pub struct HandInDraft(Vec<HandedWidget>);

#[wasm_bindgen]
impl HandInDraft {
    /// Nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// The names of all widgets.
    pub fn names(&self) -> Vec<String> {
        WIDGETS.iter().map(|entry| entry.name.to_owned()).collect()
    }

    /// The files that the receipts of a widget follow from.
    pub fn files(&self, name: &str) -> Vec<String> {
        let files = widgets::find(name).map(|entry| entry.files).unwrap_or_default();
        files.iter().map(|&name| name.to_owned()).collect()
    }

    /// Takes what a widget gives that has come to rest.
    pub fn add(&mut self, instance: &Instance) {
        self.0.push(HandedWidget::of(instance.entry, instance.widget.as_ref()));
    }

    /// The HTML to show, with the file in it; `root` is the way from the page to the book's folder.
    pub fn view(&self, root: &str) -> String {
        panel(&HandIn::of(&self.0), root).into_string()
    }
}
