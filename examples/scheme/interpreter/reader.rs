//! From text to data. Open lists wait on a stack of their own, so depth costs no stack of the host.

use std::iter::Peekable;
use std::str::Chars;

use super::condition::Position;
use super::number;
use super::value::Value;
use super::world::World;

/// What is wrong with a text.
#[derive(Debug)]
pub(crate) struct ReadError {
    pub(crate) message: String,
    pub(crate) position: Position,
    /// More text could mend it.
    pub(crate) is_incomplete: bool,
}

/// Whether the places of data are kept, for the errors of the program.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Places {
    Kept,
    Forgotten,
}

/// Reads a text, datum by datum.
pub(crate) struct Reader<'a> {
    characters: Peekable<Chars<'a>>,
    /// Where the next character stands.
    here: Position,
    places: Places,
}

/// A datum that was begun.
enum Open {
    List {
        close: char,
        items: Vec<(Value, Position)>,
        tail: Tail,
        at: Position,
    },
    Vector {
        items: Vec<Value>,
        at: Position,
    },
    /// `'x` and its kin: the symbol that it stands for.
    Prefix {
        symbol: Value,
        at: Position,
    },
    /// `#;`: the next datum is nothing.
    Comment {
        at: Position,
    },
}

/// What a list has behind its dot.
enum Tail {
    Undotted,
    Awaited,
    Is(Value),
}

enum Token {
    Open(char),
    OpenVector,
    Close(char),
    Dot,
    Prefix(&'static str),
    Comment,
    Datum(Value),
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str, places: Places) -> Self {
        Self { characters: text.chars().peekable(), here: Position { line: 1, column: 1 }, places }
    }

    /// The next datum, and where it begins; none at the end of the text.
    pub(crate) fn next(&mut self, world: &World) -> Result<Option<(Value, Position)>, ReadError> {
        let mut opened: Vec<Open> = Vec::new();
        loop {
            self.skip_blank()?;
            let at = self.here;
            let Some(token) = self.token(world)? else {
                return match opened.last() {
                    None => Ok(None),
                    Some(open) => Err(ReadError {
                        message: "this is never closed".into(),
                        position: open.at(),
                        is_incomplete: true,
                    }),
                };
            };
            let datum = match token {
                Token::Open(close) => {
                    let items = Vec::new();
                    opened.push(Open::List { close, items, tail: Tail::Undotted, at });
                    continue;
                }
                Token::OpenVector => {
                    opened.push(Open::Vector { items: Vec::new(), at });
                    continue;
                }
                Token::Prefix(name) => {
                    opened.push(Open::Prefix { symbol: world.symbol(name), at });
                    continue;
                }
                Token::Comment => {
                    opened.push(Open::Comment { at });
                    continue;
                }
                Token::Dot => match opened.last_mut() {
                    Some(Open::List { items, tail: tail @ Tail::Undotted, .. })
                        if !items.is_empty() =>
                    {
                        *tail = Tail::Awaited;
                        continue;
                    }
                    _ => return self.wrong(at, "a dot with nothing to stand between"),
                },
                Token::Close(with) => match opened.pop() {
                    Some(Open::List { close, items, tail, at }) if close == with => match tail {
                        Tail::Undotted => (self.list(world, items, Value::Nil), at),
                        Tail::Is(tail) => (self.list(world, items, tail), at),
                        Tail::Awaited => return self.wrong(at, "nothing follows the dot"),
                    },
                    Some(Open::Vector { items, at }) if with == ')' => (Value::vector(items), at),
                    Some(Open::Prefix { at, .. } | Open::Comment { at }) => {
                        return self.wrong(at, "nothing follows this prefix");
                    }
                    _ => return self.wrong(at, &format!("`{with}` closes nothing")),
                },
                Token::Datum(datum) => (datum, at),
            };
            if let Some(whole) = self.put(world, &mut opened, datum)? {
                return Ok(Some(whole));
            }
        }
    }

    /// Puts a datum where it belongs. It is given back if it belongs to nothing that was opened.
    fn put(
        &self,
        world: &World,
        opened: &mut Vec<Open>,
        (mut datum, mut at): (Value, Position),
    ) -> Result<Option<(Value, Position)>, ReadError> {
        loop {
            match opened.last_mut() {
                None => return Ok(Some((datum, at))),
                Some(Open::List { items, tail, .. }) => {
                    match tail {
                        Tail::Undotted => items.push((datum, at)),
                        Tail::Awaited => *tail = Tail::Is(datum),
                        Tail::Is(_) => return self.wrong(at, "only one datum can follow the dot"),
                    }
                    return Ok(None);
                }
                Some(Open::Vector { items, .. }) => {
                    items.push(datum);
                    return Ok(None);
                }
                Some(Open::Comment { .. }) => {
                    opened.pop();
                    return Ok(None);
                }
                Some(Open::Prefix { symbol, at: prefix }) => {
                    let items = vec![(symbol.clone(), *prefix), (datum, at)];
                    at = *prefix;
                    datum = self.list(world, items, Value::Nil);
                    opened.pop();
                }
            }
        }
    }

    /// A list in which each pair knows where its item stands.
    fn list(&self, world: &World, items: Vec<(Value, Position)>, tail: Value) -> Value {
        items.into_iter().rev().fold(tail, |rest, (item, at)| {
            let list = Value::cons(item, rest);
            if let (Places::Kept, Value::Pair(pair)) = (self.places, &list) {
                world.positions.insert(pair, at);
            }
            list
        })
    }

    fn wrong<T>(&self, position: Position, message: &str) -> Result<T, ReadError> {
        Err(ReadError { message: message.into(), position, is_incomplete: false })
    }

    fn unfinished<T>(&self, position: Position, what: &str) -> Result<T, ReadError> {
        let message = format!("this {what} is never closed");
        Err(ReadError { message, position, is_incomplete: true })
    }

    fn peek(&mut self) -> Option<char> {
        self.characters.peek().copied()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.characters.next()?;
        if c == '\n' {
            self.here = Position { line: self.here.line + 1, column: 1 };
        } else {
            self.here.column += 1;
        }
        Some(c)
    }

    /// Whether the next two characters are these; they are not taken.
    fn is_next(&self, two: [char; 2]) -> bool {
        self.characters.clone().take(2).eq(two)
    }

    fn skip_blank(&mut self) -> Result<(), ReadError> {
        loop {
            match self.peek() {
                Some(c) if c.is_whitespace() => {
                    self.take();
                }
                Some(';') => while self.take().is_some_and(|c| c != '\n') {},
                Some('#') if self.is_next(['#', '|']) => self.skip_block()?,
                // So that a file may be a script.
                Some('#')
                    if self.here == (Position { line: 1, column: 1 })
                        && self.is_next(['#', '!']) =>
                {
                    while self.take().is_some_and(|c| c != '\n') {}
                }
                _ => return Ok(()),
            }
        }
    }

    /// `#| … |#`, which may hold others of its kind.
    fn skip_block(&mut self) -> Result<(), ReadError> {
        let at = self.here;
        let mut depth = 0_usize;
        loop {
            if self.is_next(['#', '|']) {
                depth += 1;
                self.take();
            } else if self.is_next(['|', '#']) {
                depth -= 1;
                self.take();
            }
            if self.take().is_none() {
                return self.unfinished(at, "comment");
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn token(&mut self, world: &World) -> Result<Option<Token>, ReadError> {
        let at = self.here;
        let Some(c) = self.peek() else { return Ok(None) };
        let token = match c {
            '(' | '[' => {
                self.take();
                Token::Open(if c == '(' { ')' } else { ']' })
            }
            ')' | ']' => {
                self.take();
                Token::Close(c)
            }
            '\'' => {
                self.take();
                Token::Prefix("quote")
            }
            '`' => {
                self.take();
                Token::Prefix("quasiquote")
            }
            ',' => {
                self.take();
                if self.peek() == Some('@') {
                    self.take();
                    Token::Prefix("unquote-splicing")
                } else {
                    Token::Prefix("unquote")
                }
            }
            '"' => {
                self.take();
                Token::Datum(Value::text(self.delimited('"', at, "string")?.chars()))
            }
            '|' => {
                self.take();
                Token::Datum(world.symbol(&self.delimited('|', at, "symbol")?))
            }
            '#' if self.is_next(['#', '(']) => {
                self.take();
                self.take();
                Token::OpenVector
            }
            '#' if self.is_next(['#', ';']) => {
                self.take();
                self.take();
                Token::Comment
            }
            '#' if self.is_next(['#', '\\']) => Token::Datum(self.character(at)?),
            _ => {
                let word = self.word();
                match word.as_str() {
                    "." => Token::Dot,
                    _ => Token::Datum(self.word_datum(world, &word, at)?),
                }
            }
        };
        Ok(Some(token))
    }

    /// The characters up to the next that ends a word.
    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek() {
            if c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"' | ';' | '\'' | '|') {
                break;
            }
            word.push(c);
            self.take();
        }
        word
    }

    fn word_datum(&self, world: &World, word: &str, at: Position) -> Result<Value, ReadError> {
        match word {
            "#t" | "#true" => return Ok(Value::Bool(true)),
            "#f" | "#false" => return Ok(Value::Bool(false)),
            _ => {}
        }
        match number::read(word, 10) {
            Some(Ok(number)) => Ok(number),
            Some(Err(message)) => self.wrong(at, &message),
            None if word.starts_with('#') => self.wrong(at, &format!("`{word}` is unknown")),
            None => Ok(world.symbol(word)),
        }
    }

    fn character(&mut self, at: Position) -> Result<Value, ReadError> {
        self.take();
        self.take();
        let Some(first) = self.take() else { return self.unfinished(at, "character") };
        let mut name = String::from(first);
        if first.is_alphanumeric() {
            name.push_str(&self.word());
        }
        match character_named(&name) {
            Some(c) => Ok(Value::Char(c)),
            None => self.wrong(at, &format!("`#\\{name}` is no character")),
        }
    }

    /// What stands between two delimiters, the first of which was taken.
    fn delimited(&mut self, end: char, at: Position, what: &str) -> Result<String, ReadError> {
        let mut content = String::new();
        loop {
            let here = self.here;
            match self.take() {
                None => return self.unfinished(at, what),
                Some(c) if c == end => return Ok(content),
                Some('\\') => match self.take() {
                    None => return self.unfinished(at, what),
                    Some('n') => content.push('\n'),
                    Some('t') => content.push('\t'),
                    Some('r') => content.push('\r'),
                    Some('a') => content.push('\u{7}'),
                    Some('b') => content.push('\u{8}'),
                    Some(c @ ('"' | '\\' | '|')) => content.push(c),
                    Some('x') => {
                        let mut digits = String::new();
                        while let Some(c) = self.take().filter(|&c| c != ';') {
                            digits.push(c);
                        }
                        let code = u32::from_str_radix(&digits, 16).ok();
                        match code.and_then(char::from_u32) {
                            Some(c) => content.push(c),
                            None => return self.wrong(here, "this escape is no character"),
                        }
                    }
                    // A line that goes on in the next one, without that one's indentation.
                    Some(c) if c == '\n' || c == ' ' || c == '\t' => {
                        let mut c = Some(c);
                        while c.is_some_and(|c| c != '\n') {
                            c = self.take();
                        }
                        while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
                            self.take();
                        }
                    }
                    Some(c) => return self.wrong(here, &format!("`\\{c}` is no escape")),
                },
                Some(c) => content.push(c),
            }
        }
    }
}

impl Open {
    fn at(&self) -> Position {
        match self {
            Open::List { at, .. }
            | Open::Vector { at, .. }
            | Open::Prefix { at, .. }
            | Open::Comment { at } => *at,
        }
    }
}

/// Characters that have names.
pub(crate) const CHARACTER_NAMES: [(&str, char); 9] = [
    ("space", ' '),
    ("newline", '\n'),
    ("tab", '\t'),
    ("return", '\r'),
    ("null", '\0'),
    ("alarm", '\u{7}'),
    ("backspace", '\u{8}'),
    ("delete", '\u{7f}'),
    ("escape", '\u{1b}'),
];

fn character_named(name: &str) -> Option<char> {
    let mut characters = name.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        return Some(only);
    }
    if let Some(digits) = name.strip_prefix('x')
        && let Ok(code) = u32::from_str_radix(digits, 16)
    {
        return char::from_u32(code);
    }
    CHARACTER_NAMES.iter().find(|(known, _)| *known == name).map(|&(_, c)| c)
}
