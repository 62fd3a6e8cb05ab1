//! Plain text of the TeX that the derivations use.
//!
//! A terminal shows no TeX, and a second, hand-written text of every formula could say something else; so the text
//! is made from the TeX. Only what the derivations need is known: `\frac`, `\sqrt`, `\sum`, `\prod`, `\ln`,
//! `\partial`, `\sigma`, `\mu`, `\delta`, `\ne`, `\left`, `\right`, `\mathrm`, subscripts, superscripts and groups.
//! **An unknown command stays as it is**, so that nothing is lost; a test finds it.

/// The plain text of `tex`.
///
/// ```
/// use theory::render::plain::plain;
/// assert_eq!(plain(r"-\frac{1}{B} \sum_{b=1}^{B} \ln y_{b c_b}"), "-(1/B) Σ_{b=1}^B ln y_{b c_b}");
/// assert_eq!(plain(r"\frac{x_i - \mu}{(n - \delta) \sigma}"), "(x_i - μ)/((n - δ) σ)");
/// ```
pub fn plain(tex: &str) -> String {
    let mut reader = Reader { rest: tex };
    tidy(&reader.sequence())
}

/// What is left of the TeX.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Reads to the end of the group or of the text.
    fn sequence(&mut self) -> String {
        let mut out = String::new();
        while let Some(token) = self.token() {
            match token {
                "}" => break,
                "{" => out += &self.sequence(),
                "_" | "^" => {
                    let script = self.argument();
                    out += &if is_word(&script) {
                        format!("{token}{script}")
                    } else {
                        format!("{token}{{{script}}}")
                    };
                }
                r"\frac" => out += &self.fraction(),
                r"\sqrt" => out += &format!("√({})", self.argument()),
                r"\mathrm" => out += &self.argument(),
                _ => out += symbol(token),
            }
        }
        out
    }

    /// A fraction in parentheses, so that what stands beside it belongs neither above nor below.
    fn fraction(&mut self) -> String {
        let operand = |text: &str| {
            let text = text.trim();
            if is_operand(text) { text.to_owned() } else { format!("({text})") }
        };
        let (above, below) = (self.argument(), self.argument());
        format!("({}/{})", operand(&above), operand(&below))
    }

    /// One group or one token.
    fn argument(&mut self) -> String {
        match self.token() {
            Some("{") => self.sequence(),
            Some(token) => symbol(token).to_owned(),
            None => String::new(),
        }
    }

    /// The next command, blank or character.
    fn token(&mut self) -> Option<&'a str> {
        let first = self.rest.chars().next()?;
        let letters = self.rest[first.len_utf8()..].chars().take_while(char::is_ascii_alphabetic).count();
        let length = if first == '\\' { 1 + letters } else { first.len_utf8() };
        let (token, rest) = self.rest.split_at(length);
        // TeX ignores the blanks after a command; here they part the symbol from what follows.
        self.rest = rest;
        Some(token)
    }
}

fn symbol(token: &str) -> &str {
    match token {
        r"\sum" => "Σ",
        r"\prod" => "Π",
        r"\ln" => "ln",
        r"\partial" => "∂",
        r"\sigma" => "σ",
        r"\mu" => "μ",
        r"\delta" => "δ",
        r"\ne" => "≠",
        r"\left" | r"\right" => "",
        other => other,
    }
}

/// Whether a script needs no braces.
fn is_word(text: &str) -> bool {
    text.chars().all(char::is_alphanumeric)
}

/// Whether a fraction's operand needs no parentheses: a number, a variable with scripts, or its differential.
fn is_operand(text: &str) -> bool {
    let (mut depth, mut plain) = (0, true);
    for c in text.trim_start_matches(['∂', ' ']).chars() {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        plain &= depth > 0 || c.is_alphanumeric() || matches!(c, '_' | '^' | '}');
    }
    plain
}

/// Removes the blanks that TeX does not show, and the parentheses of an expression that is one fraction.
fn tidy(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut text = words.join(" ");
    for (wide, narrow) in [("( ", "("), (" )", ")"), ("[ ", "["), (" ]", "]"), ("∂ ", "∂")] {
        text = text.replace(wide, narrow);
    }
    let mut depth = 0;
    let closing = text.char_indices().find(|&(_, c)| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    match closing {
        Some((end, ')')) if end + 1 == text.len() => text[1..end].to_owned(),
        _ => text,
    }
}
