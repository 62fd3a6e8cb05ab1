//! The file: what it holds, and its text.

use crate::widget::{Entry, Widget};
use crate::widgets::WIDGETS;
use serde::{Deserialize, Serialize};

/// The name of the file, at the top of a submission.
pub const FILE: &str = "hand-in.json";
/// What the file calls its format.
pub const FORMAT: &str = "worked-gradients-hand-in";
/// The version of the format that is written and read.
pub const VERSION: u32 = 1;

/// A hand-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandIn {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The widgets of which a state is kept, in the order of [`WIDGETS`].
    pub widgets: Vec<HandedWidget>,
}

/// What a hand-in holds of a widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedWidget {
    /// Its name.
    pub widget: String,
    /// Its page.
    pub page: String,
    /// The names and values of its state, in their order.
    pub state: Vec<(String, String)>,
    /// The reader's guess, in the words of the page.
    pub guess: Option<String>,
    /// The SHA-256 of each receipt that the page shows in this state.
    pub receipts: Vec<String>,
}

impl HandIn {
    /// The hand-in of these widgets.
    pub fn of(widgets: &[HandedWidget]) -> Self {
        let of_name = |name: &'static str| widgets.iter().filter(move |handed| handed.widget == name);
        let widgets = WIDGETS.iter().flat_map(|entry| of_name(entry.name)).cloned().collect();
        Self { format: FORMAT.to_owned(), version: VERSION, widgets }
    }

    /// What it holds of the widget of that name.
    pub fn widget(&self, name: &str) -> Option<&HandedWidget> {
        self.widgets.iter().find(|handed| handed.widget == name)
    }

    /// The file: JSON, with a line for each value of a state.
    pub fn text(&self) -> String {
        let widgets: Vec<String> = self.widgets.iter().map(HandedWidget::text).collect();
        let (format, widgets) = (quoted(&self.format), listed(&widgets, "  "));
        format!(
            "{{\n  \"format\": {format},\n  \"version\": {},\n  \"widgets\": {widgets}\n}}\n",
            self.version
        )
    }
}

impl HandedWidget {
    /// What a widget gives as it stands now.
    pub fn of(entry: &Entry, widget: &dyn Widget) -> Self {
        Self {
            widget: entry.name.to_owned(),
            page: entry.page.to_owned(),
            state: widget.state().pairs().to_vec(),
            guess: widget.guess(),
            receipts: widget.receipts(),
        }
    }

    fn text(&self) -> String {
        let pair = |(name, value): &(String, String)| format!("[{}, {}]", quoted(name), quoted(value));
        let state: Vec<String> = self.state.iter().map(pair).collect();
        let receipts: Vec<String> = self.receipts.iter().map(|receipt| quoted(receipt)).collect();
        let fields = [
            ("widget", quoted(&self.widget)),
            ("page", quoted(&self.page)),
            ("state", listed(&state, "      ")),
            ("guess", self.guess.as_deref().map_or("null".to_owned(), quoted)),
            ("receipts", listed(&receipts, "      ")),
        ];
        let lines: Vec<String> =
            fields.iter().map(|(name, value)| format!("      \"{name}\": {value}")).collect();
        format!("{{\n{}\n    }}", lines.join(",\n"))
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// A list in JSON, an item a line, within lines that begin with `indent`.
fn listed(items: &[String], indent: &str) -> String {
    if items.is_empty() {
        return "[]".to_owned();
    }
    let between = format!(",\n{indent}  ");
    format!("[\n{indent}  {}\n{indent}]", items.join(&between))
}
