//! From data to text. What is being printed waits on a stack of its own, and what lies on a cycle gets a
//! label, so every value has a text.

use std::collections::HashMap;
use std::fmt::Write;

use super::super::pointer::address;
use super::condition::message_and_irritants;
use super::number;
use super::reader::CHARACTER_NAMES;
use super::value::Value;

/// A value as a program would write it.
pub(crate) fn written(value: &Value) -> String {
    Printer::new(value, true).print(value)
}

/// A value as a human would read it: strings and characters as they are.
pub(crate) fn displayed(value: &Value) -> String {
    Printer::new(value, false).print(value)
}

struct Printer {
    is_written: bool,
    /// The objects on which a cycle closes, by address: their labels, once they are given out.
    labels: HashMap<usize, Option<usize>>,
    labels_given: usize,
    text: String,
}

/// What remains to be printed.
enum Step {
    Whole(Value),
    /// What follows the first item of a list.
    Rest(Value),
    Text(&'static str),
}

impl Printer {
    fn new(value: &Value, is_written: bool) -> Self {
        let labels = closing_points(value).into_iter().map(|point| (point, None)).collect();
        Self { is_written, labels, labels_given: 0, text: String::new() }
    }

    fn print(mut self, value: &Value) -> String {
        let mut steps = vec![Step::Whole(value.clone())];
        while let Some(step) = steps.pop() {
            match step {
                Step::Text(text) => self.text.push_str(text),
                Step::Whole(value) => self.whole(&value, &mut steps),
                Step::Rest(Value::Nil) => self.text.push(')'),
                Step::Rest(Value::Pair(pair)) if !self.labels.contains_key(&address(&pair)) => {
                    self.text.push(' ');
                    steps.push(Step::Rest(pair.cdr.get()));
                    steps.push(Step::Whole(pair.car.get()));
                }
                Step::Rest(other) => {
                    self.text.push_str(" . ");
                    steps.push(Step::Text(")"));
                    steps.push(Step::Whole(other));
                }
            }
        }
        self.text
    }

    fn whole(&mut self, value: &Value, steps: &mut Vec<Step>) {
        let labelled = address_of(value).filter(|at| self.labels.contains_key(at));
        if let Some(at) = labelled {
            let next = self.labels_given;
            if let Some(label) = self.labels.insert(at, Some(next)).flatten() {
                self.labels.insert(at, Some(label));
                self.push(format_args!("#{label}#"));
                return;
            }
            self.labels_given += 1;
            self.push(format_args!("#{next}="));
        }
        match value {
            Value::Pair(pair) => {
                let (car, cdr) = (pair.car.get(), pair.cdr.get());
                if let Some((prefix, quoted)) = abbreviation(&car, &cdr) {
                    self.text.push_str(prefix);
                    steps.push(Step::Whole(quoted));
                } else {
                    self.text.push('(');
                    steps.push(Step::Rest(cdr));
                    steps.push(Step::Whole(car));
                }
            }
            Value::Vector(vector) => {
                self.text.push_str("#(");
                steps.push(Step::Text(")"));
                for (n, item) in vector.items.iter().enumerate().rev() {
                    steps.push(Step::Whole(item.get()));
                    if n > 0 {
                        steps.push(Step::Text(" "));
                    }
                }
            }
            Value::Several(values) => {
                for (n, value) in values.iter().enumerate().rev() {
                    steps.push(Step::Whole(value.clone()));
                    if n > 0 {
                        steps.push(Step::Text(" "));
                    }
                }
            }
            Value::Text(text) if self.is_written => {
                self.text.push('"');
                for &c in text.characters.borrow().iter() {
                    match c {
                        '"' => self.text.push_str("\\\""),
                        '\\' => self.text.push_str("\\\\"),
                        '\n' => self.text.push_str("\\n"),
                        '\t' => self.text.push_str("\\t"),
                        '\r' => self.text.push_str("\\r"),
                        c if c.is_control() => {
                            let code = u32::from(c);
                            self.push(format_args!("\\x{code:x};"));
                        }
                        c => self.text.push(c),
                    }
                }
                self.text.push('"');
            }
            Value::Text(text) => self.text.extend(text.characters.borrow().iter()),
            Value::Char(c) if self.is_written => {
                match CHARACTER_NAMES.iter().find(|(_, named)| named == c) {
                    Some((name, _)) => self.push(format_args!("#\\{name}")),
                    None => self.push(format_args!("#\\{c}")),
                }
            }
            Value::Char(c) => self.text.push(*c),
            Value::Nil => self.text.push_str("()"),
            Value::Unspecified => self.text.push_str("#<unspecified>"),
            Value::Undefined => self.text.push_str("#<undefined>"),
            Value::Eof => self.text.push_str("#<eof>"),
            Value::Bool(true) => self.text.push_str("#t"),
            Value::Bool(false) => self.text.push_str("#f"),
            Value::Integer(number) => self.push(format_args!("{number}")),
            Value::Real(number) => self.text.push_str(&number::real_text(*number)),
            Value::Symbol(symbol) if self.is_written && needs_bars(&symbol.name) => {
                let name = symbol.name.replace('\\', "\\\\").replace('|', "\\|");
                self.push(format_args!("|{name}|"));
            }
            Value::Symbol(symbol) => self.text.push_str(&symbol.name),
            Value::Alias(alias) => self.text.push_str(&alias.symbol().name),
            Value::Place(_) => self.text.push_str("#<variable>"),
            Value::Closure(closure) => match &*closure.code.name {
                "" => self.text.push_str("#<procedure>"),
                name => self.push(format_args!("#<procedure {name}>")),
            },
            Value::Primitive(primitive) => {
                self.push(format_args!("#<procedure {}>", primitive.name))
            }
            Value::Continuation(_) => self.text.push_str("#<continuation>"),
            Value::Record(record) => self.push(format_args!("#<{}>", record.record_type.name)),
            Value::RecordType(record_type) => {
                self.push(format_args!("#<record type {}>", record_type.name));
            }
            Value::Condition(condition) => {
                let words = message_and_irritants(condition);
                self.push(format_args!("#<error {words}>"));
            }
            Value::WeakPair(_) => self.text.push_str("#<weak pair>"),
            Value::Guardian(_) => self.text.push_str("#<guardian>"),
        }
    }

    fn push(&mut self, words: std::fmt::Arguments<'_>) {
        self.text.write_fmt(words).expect("a string takes all");
    }
}

/// `(quote x)` is written as `'x`, and its kin likewise.
fn abbreviation(car: &Value, cdr: &Value) -> Option<(&'static str, Value)> {
    let Value::Symbol(symbol) = car else { return None };
    let prefix = match &*symbol.name {
        "quote" => "'",
        "quasiquote" => "`",
        "unquote" => ",",
        "unquote-splicing" => ",@",
        _ => return None,
    };
    let rest = cdr.as_pair()?;
    rest.cdr.get().is_nil().then(|| (prefix, rest.car.get()))
}

fn needs_bars(name: &str) -> bool {
    let is_plain = |c: char| {
        !c.is_whitespace() && !matches!(c, '(' | ')' | '[' | ']' | '"' | ';' | '\'' | '|' | '\\')
    };
    name.is_empty()
        || name == "."
        || !name.chars().all(is_plain)
        || number::read(name, 10).is_some()
}

fn address_of(value: &Value) -> Option<usize> {
    match value {
        Value::Pair(pair) => Some(address(pair)),
        Value::Vector(vector) => Some(address(vector)),
        _ => None,
    }
}

/// The pairs and vectors, by address, to which a path from themselves leads back: of each cycle, the
/// one that is met first.
fn closing_points(value: &Value) -> Vec<usize> {
    enum Visit {
        Enter(Value),
        Leave(usize),
    }
    let mut points = Vec::new();
    if address_of(value).is_none() {
        return points;
    }
    // Whether the object is on the path that is being walked; if not, it is done with.
    let mut is_on_path: HashMap<usize, bool> = HashMap::new();
    let mut visits = vec![Visit::Enter(value.clone())];
    while let Some(visit) = visits.pop() {
        match visit {
            Visit::Leave(at) => {
                is_on_path.insert(at, false);
            }
            Visit::Enter(value) => {
                let Some(at) = address_of(&value) else { continue };
                match is_on_path.get(&at) {
                    Some(true) => points.push(at),
                    Some(false) => {}
                    None => {
                        is_on_path.insert(at, true);
                        visits.push(Visit::Leave(at));
                        match &value {
                            Value::Pair(pair) => {
                                visits.push(Visit::Enter(pair.cdr.get()));
                                visits.push(Visit::Enter(pair.car.get()));
                            }
                            Value::Vector(vector) => {
                                visits.extend(
                                    vector.items.iter().map(|item| Visit::Enter(item.get())),
                                );
                            }
                            _ => unreachable!("only pairs and vectors have an address here"),
                        }
                    }
                }
            }
        }
    }
    points
}
