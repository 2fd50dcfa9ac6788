//! What was typed into a cell: a number, a text, or a formula.
//!
//! A formula is two things. Its *template* is the code, and the text around the references; it is the same
//! object for all cells that were filled with it. Its references are the cell's own.

use std::fmt;
use std::rc::Rc;

use gc_core::{Gc, Heap, Trace};

use crate::code::{Code, Function, Operator};
use crate::place::{Area, Place};

#[derive(Trace)]
pub(crate) enum Entry {
    Number(f64),
    Text(Rc<str>),
    Formula(Formula),
}

#[derive(Trace)]
pub(crate) struct Formula {
    pub(crate) template: Gc<Template>,
    #[trace(skip)]
    pub(crate) references: Vec<Reference>,
}

/// What the cells of a filled column have in common.
#[derive(Trace)]
#[trace(leaf)]
pub(crate) struct Template {
    pub(crate) code: Vec<Code>,
    /// The text before each reference, and behind the last.
    pieces: Vec<String>,
}

/// `A1` or `A1:B2`; what has a `$` stays when the formula is filled into other cells.
#[derive(Clone, Copy)]
pub(crate) struct Reference {
    from: Corner,
    to: Option<Corner>,
}

#[derive(Clone, Copy)]
struct Corner {
    place: Place,
    column_stays: bool,
    row_stays: bool,
}

/// How many cells a formula may refer to, and a command may fill.
pub(crate) const MOST_CELLS: usize = 100_000;

/// How many references a command may make: each is a handle either way.
pub(crate) const MOST_REFERENCES: usize = 2_000_000;

/// How deep parentheses may be nested. Formulas are read by recursion, and computed without.
const DEEPEST: usize = 100;

impl Entry {
    /// Reads what was typed: what begins with `=` is a formula, what looks like a number is one.
    pub(crate) fn read(heap: &Heap, typed: &str) -> Result<Self, String> {
        if typed.starts_with('=') {
            return Ok(Entry::Formula(Reader::new(typed).formula(heap)?));
        }
        Ok(match typed.parse::<f64>() {
            Ok(number) if number.is_finite() => Entry::Number(number),
            _ => Entry::Text(typed.into()),
        })
    }

    /// The same, so many rows down and columns to the right.
    pub(crate) fn moved(&self, rows: i64, columns: i64) -> Result<Self, String> {
        Ok(match self {
            Entry::Number(number) => Entry::Number(*number),
            Entry::Text(text) => Entry::Text(text.clone()),
            Entry::Formula(Formula { template, references }) => {
                let moved = references.iter().map(|reference| {
                    let moved = reference.moved(rows, columns);
                    moved.ok_or_else(|| format!("{reference} would leave the sheet"))
                });
                let references = moved.collect::<Result<Vec<_>, _>>()?;
                check_size(&references)?;
                Entry::Formula(Formula { template: template.clone(), references })
            }
        })
    }

    /// The places that it refers to, in the order of its references.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.references().iter().flat_map(|reference| reference.area().places())
    }

    /// How many those are.
    pub(crate) fn places_count(&self) -> usize {
        count(self.references())
    }

    fn references(&self) -> &[Reference] {
        match self {
            Entry::Formula(formula) => &formula.references,
            Entry::Number(_) | Entry::Text(_) => &[],
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Number(number) => number.fmt(f),
            Entry::Text(text) => text.fmt(f),
            Entry::Formula(formula) => {
                let mut references = formula.references.iter();
                for piece in &formula.template.pieces {
                    f.write_str(piece)?;
                    if let Some(reference) = references.next() {
                        reference.fmt(f)?;
                    }
                }
                Ok(())
            }
        }
    }
}

impl Reference {
    pub(crate) fn area(&self) -> Area {
        Area::between(self.from.place, self.to.unwrap_or(self.from).place)
    }

    /// Whether it is written as a range, even one of a single cell.
    pub(crate) fn is_range(&self) -> bool {
        self.to.is_some()
    }

    fn moved(&self, rows: i64, columns: i64) -> Option<Self> {
        let corner = |corner: Corner| {
            let rows = if corner.row_stays { 0 } else { rows };
            let columns = if corner.column_stays { 0 } else { columns };
            Some(Corner { place: corner.place.moved(rows, columns)?, ..corner })
        };
        let to = match self.to {
            Some(to) => Some(corner(to)?),
            None => None,
        };
        Some(Self { from: corner(self.from)?, to })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.from)?;
        self.to.map_or(Ok(()), |to| write!(f, ":{to}"))
    }
}

impl fmt::Display for Corner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dollar = |stays| if stays { "$" } else { "" };
        let name = self.place.to_string();
        let digits = name.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let letters = &name[..name.len() - digits.len()];
        write!(f, "{}{letters}{}{digits}", dollar(self.column_stays), dollar(self.row_stays))
    }
}

/// How many places these lead to.
fn count(references: &[Reference]) -> usize {
    references.iter().map(|reference| reference.area().size()).sum()
}

fn check_size(references: &[Reference]) -> Result<(), String> {
    let cells = count(references);
    if cells > MOST_CELLS {
        return Err(format!("a formula can refer to {MOST_CELLS} cells, not to {cells}"));
    }
    Ok(())
}

/// Reads a formula from left to right, and writes its code: operands first.
struct Reader<'t> {
    text: &'t str,
    rest: &'t str,
    /// Where the text begins that no reference has ended yet.
    piece: usize,
    depth: usize,
    code: Vec<Code>,
    pieces: Vec<String>,
    references: Vec<Reference>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let rest = text.strip_prefix('=').unwrap_or(text);
        let (code, pieces, references) = Default::default();
        Self { text, rest, piece: 0, depth: 0, code, pieces, references }
    }

    fn formula(mut self, heap: &Heap) -> Result<Formula, String> {
        self.operation(0)?;
        if !self.rest.is_empty() {
            return Err(self.wanted("an operator or the end"));
        }
        check_size(&self.references)?;
        self.pieces.push(self.text[self.piece..].to_owned());
        let template = Template { code: self.code, pieces: self.pieces };
        Ok(Formula { template: Gc::new_in(heap, template), references: self.references })
    }

    /// Operands, and the operators between them that bind at least as strongly.
    fn operation(&mut self, strength: u8) -> Result<(), String> {
        if self.depth == DEEPEST {
            return Err(self.wanted("less nesting"));
        }
        self.depth += 1;
        self.operand()?;
        while let Some((operator, length)) = self.operator()
            && operator.strength() >= strength
        {
            self.rest = &self.rest[length..];
            self.operation(operator.strength() + 1)?;
            self.code.push(Code::Operate(operator));
        }
        self.depth -= 1;
        Ok(())
    }

    /// The operator that comes next, and its length.
    fn operator(&mut self) -> Option<(Operator, usize)> {
        self.skip_space();
        let found = Operator::ALL.iter().find(|(sign, _)| self.rest.starts_with(sign))?;
        Some((found.1, found.0.len()))
    }

    fn operand(&mut self) -> Result<(), String> {
        self.skip_space();
        if self.eat("-") {
            // Binds like a product, so that -2^2 is -4.
            self.operation(Operator::Multiply.strength() + 1)?;
            self.code.push(Code::Negate);
        } else if self.eat("(") {
            self.operation(0)?;
            self.close()?;
        } else if self.eat("\"") {
            let Some((text, rest)) = self.rest.split_once('"') else {
                self.rest = "";
                return Err(self.wanted("a closing `\"`"));
            };
            self.rest = rest;
            self.code.push(Code::Text(text.into()));
        } else if self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            self.number()?;
        } else if self.rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$') {
            self.name()?;
        } else {
            return Err(self.wanted("a number, a text, a cell or a function"));
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), String> {
        let digits = |c: char| c.is_ascii_digit() || c == '.';
        let mut end = self.rest.find(|c| !digits(c)).unwrap_or(self.rest.len());
        if let Some(exponent) = self.rest[end..].strip_prefix(['e', 'E']) {
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let after = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
            end = self.rest.len() - unsigned.len() + after;
        }
        let (number, rest) = self.rest.split_at(end);
        let number: f64 = number.parse().map_err(|_| self.wanted("a number"))?;
        self.rest = rest;
        self.code.push(Code::Number(number));
        Ok(())
    }

    /// A reference, a function with its arguments, or a truth.
    fn name(&mut self) -> Result<(), String> {
        let start = self.rest;
        if let Some(from) = self.corner() {
            let before_colon = self.rest;
            let to = if self.eat(":") { self.corner() } else { None };
            if to.is_none() {
                self.rest = before_colon;
            }
            let begin = self.text.len() - start.len();
            self.pieces.push(self.text[self.piece..begin].to_owned());
            self.piece = self.text.len() - self.rest.len();
            self.code.push(Code::Reference(self.references.len()));
            self.references.push(Reference { from, to });
            return Ok(());
        }
        let end = start.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(start.len());
        let name = start[..end].to_ascii_uppercase();
        if let Some(truth) = [("TRUE", true), ("FALSE", false)].iter().find(|it| it.0 == name) {
            self.rest = &start[end..];
            self.code.push(Code::Truth(truth.1));
            return Ok(());
        }
        let Some(&(_, function)) = Function::ALL.iter().find(|(known, _)| *known == name) else {
            return Err(self.wanted("a cell or a function that there is"));
        };
        self.rest = &start[end..];
        if !self.eat("(") {
            return Err(self.wanted("a `(`"));
        }
        let mut arguments = 0;
        self.skip_space();
        if !self.eat(")") {
            loop {
                self.operation(0)?;
                arguments += 1;
                self.skip_space();
                if !self.eat(",") {
                    break;
                }
            }
            self.close()?;
        }
        if !function.takes().contains(&arguments) {
            return Err(format!("{name} does not take {arguments} arguments"));
        }
        self.code.push(Code::Call(function, arguments));
        Ok(())
    }

    /// A place, with or without `$`; none if what comes next is something else.
    fn corner(&mut self) -> Option<Corner> {
        let rest = self.rest;
        let unpinned = rest.strip_prefix('$').unwrap_or(rest);
        let letters = unpinned.find(|c: char| !c.is_ascii_alphabetic())?;
        let (letters, after) = unpinned.split_at(letters);
        let digits_on = after.strip_prefix('$').unwrap_or(after);
        let digits = digits_on.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits_on.len());
        let (digits, end) = digits_on.split_at(digits);
        if end.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '(') {
            return None;
        }
        let place = Place::from_parts(letters, digits)?;
        self.rest = end;
        let (column_stays, row_stays) =
            (unpinned.len() < rest.len(), digits_on.len() < after.len());
        Some(Corner { place, column_stays, row_stays })
    }

    fn close(&mut self) -> Result<(), String> {
        self.skip_space();
        if self.eat(")") { Ok(()) } else { Err(self.wanted("an operator or a `)`")) }
    }

    fn eat(&mut self, sign: &str) -> bool {
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn wanted(&self, wanted: &str) -> String {
        let read = self.text.len() - self.rest.len();
        format!(
            "wanted {wanted} at character {} of {}",
            self.text[..read].chars().count() + 1,
            self.text
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Result<Entry, String> {
        Entry::read(&Heap::new(), typed)
    }

    #[test]
    fn an_entry_is_written_as_it_was_typed() {
        for typed in ["5", "-1.5", "two words", "= A1+ $B$2 *SUM(C1:$C9,\"A1\")", "=-(1)", "inf"] {
            assert_eq!(read(typed).expect("an entry").to_string(), typed);
        }
        assert!(matches!(read("inf"), Ok(Entry::Text(_))));
        assert!(matches!(read("1e3"), Ok(Entry::Number(1000.0))));
    }

    #[test]
    fn a_moved_formula_keeps_its_template_and_what_has_a_dollar() {
        let old = read("=SUM($A$1:A2)*$B3+C$4").expect("a formula");
        let new = old.moved(2, 1).expect("a formula");
        assert_eq!(new.to_string(), "=SUM($A$1:B4)*$B5+D$4");
        let (Entry::Formula(old), Entry::Formula(new)) = (old, new) else { panic!("formulas") };
        assert!(Gc::ptr_eq(&old.template, &new.template));
        let refused = read("=A1").expect("a formula").moved(-1, 0).map(|entry| entry.to_string());
        assert_eq!(refused, Err("A1 would leave the sheet".into()));
    }

    #[test]
    fn what_is_no_formula_is_refused_with_the_place() {
        let operand = "wanted a number, a text, a cell or a function at character";
        let known = "wanted a cell or a function that there is at character";
        for (typed, words) in [
            ("=", format!("{operand} 2 of =")),
            ("=1+", format!("{operand} 4 of =1+")),
            ("=(1", "wanted an operator or a `)` at character 4 of =(1".into()),
            ("=1 2", "wanted an operator or the end at character 4 of =1 2".into()),
            ("=\"a", "wanted a closing `\"` at character 4 of =\"a".into()),
            ("=NOPE(1)", format!("{known} 2 of =NOPE(1)")),
            ("=é", format!("{operand} 2 of =é")),
            ("=A0", format!("{known} 2 of =A0")),
            ("=IF(1)", "IF does not take 1 arguments".into()),
            ("=SUM", "wanted a `(` at character 5 of =SUM".into()),
            ("=A1:", "wanted an operator or the end at character 4 of =A1:".into()),
            ("=1.2.3", "wanted a number at character 2 of =1.2.3".into()),
            ("=SUM(A1:ZZ999)", "a formula can refer to 100000 cells, not to 701298".into()),
        ] {
            assert_eq!(read(typed).map(|entry| entry.to_string()), Err(words), "{typed}");
        }
        let deep = format!("={}1{}", "(".repeat(1000), ")".repeat(1000));
        let words = read(&deep).map(|entry| entry.to_string()).expect_err("too deep");
        assert!(words.starts_with("wanted less nesting at character 102 of"), "{words}");
    }
}
