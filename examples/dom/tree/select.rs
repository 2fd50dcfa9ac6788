//! Selectors: a small part of CSS, and one walk that finds all that matches.
//!
//! ```text
//! selector = compound ((" " | ">") compound)*      " ": somewhere below, ">": directly below
//! compound = (tag | "*")? ("#" id | "." class | "[" name ("=" value)? "]")*      not empty
//! value    = word | '"' any '"' | "'" any "'"
//! ```
//!
//! Ids, classes and values match exactly; in the names of tags and attributes ASCII case does not
//! matter.

use std::fmt;
use std::str::FromStr;

use super::super::pointer::Gc;
use super::node::{Element, Node, Visit};

/// What to look for: compounds, each with its place relative to the one before.
///
/// Never empty, and of at most [`Selector::LIMIT`] steps, which is what [`Matched`] can tell apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selector {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
struct Step {
    place: Place,
    compound: Vec<Test>,
}

/// Where an element has to be, seen from one that matches the step before.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Below,
    DirectlyBelow,
}

/// One thing that is asked of an element.
#[derive(Clone, Debug, PartialEq)]
enum Test {
    Any,
    Tag(String),
    Id(String),
    Class(String),
    Has(String),
    Equals(String, String),
}

impl Test {
    fn passes(&self, element: &Element) -> bool {
        let value = |name: &str| element.attribute(name);
        match self {
            Test::Any => true,
            Test::Tag(tag) => (*element.name.local).eq_ignore_ascii_case(tag),
            Test::Id(id) => value("id").is_some_and(|found| *found == **id),
            Test::Class(class) => value("class")
                .is_some_and(|found| found.split_ascii_whitespace().any(|one| one == class)),
            Test::Has(name) => value(name).is_some(),
            Test::Equals(name, wanted) => value(name).is_some_and(|found| *found == **wanted),
        }
    }
}

/// How far a selector has come at one node. Bit *n* stands for its first *n* steps.
#[derive(Clone, Copy)]
struct Matched {
    /// The node itself matches the last of these steps, and nodes above it the others.
    here: u64,
    /// Some node above does.
    above: u64,
}

impl Matched {
    /// Above a root: no step is matched, and so the first is open to everyone below.
    const NOTHING: Self = Self { here: 0, above: 1 };
}

impl Selector {
    /// The longest selector, in steps.
    const LIMIT: usize = 63;

    /// Which of the nodes that a walk meets match, in its order.
    ///
    /// How far a node has come depends on its parent alone, so the walk goes down all the ways that
    /// lead to a match at once and never looks up or back: its time is nodes × steps, whatever
    /// the page and the selector.
    pub(crate) fn matches<W>(&self, walk: W) -> impl Iterator<Item = Gc<Node>> + use<'_, W>
    where
        W: Iterator<Item = Visit>,
    {
        let mut path: Vec<Matched> = Vec::new(); // from the root down to the node at hand
        walk.filter_map(move |Visit { node, depth }| {
            path.truncate(depth);
            let parent = path.last().copied().unwrap_or(Matched::NOTHING);
            let matched = self.advance(parent, &node);
            path.push(matched);
            (matched.here >> self.steps.len() & 1 == 1).then_some(node)
        })
    }

    /// How far the selector has come at `node`, from how far it had come at its parent.
    fn advance(&self, parent: Matched, node: &Node) -> Matched {
        let above = parent.above | parent.here;
        let mut here = 0;
        if let Some(element) = node.element() {
            for (n, step) in self.steps.iter().enumerate() {
                let before = match step.place {
                    Place::Below => above,
                    Place::DirectlyBelow => parent.here,
                };
                if before >> n & 1 == 1 && step.compound.iter().all(|test| test.passes(element)) {
                    here |= 1 << (n + 1);
                }
            }
        }
        Matched { here, above }
    }
}

/// Why a text is no selector.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SelectorError {
    /// What would have been right here.
    wanted: &'static str,
    /// How many characters come before the place.
    at: usize,
}

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wanted {} at character {}", self.wanted, self.at + 1)
    }
}

impl std::error::Error for SelectorError {}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let mut reader = Reader { text, rest: text };
        let mut steps = Vec::new();
        let mut place = Place::Below;
        reader.skip_space();
        loop {
            if steps.len() == Self::LIMIT {
                return Err(reader.wanted("an end: no selector is this long"));
            }
            steps.push(Step { place, compound: reader.compound()? });
            let space = reader.skip_space();
            place = if reader.eat('>') {
                reader.skip_space();
                Place::DirectlyBelow
            } else if reader.rest.is_empty() {
                return Ok(Self { steps });
            } else if space {
                Place::Below
            } else {
                return Err(reader.wanted("`#`, `.`, `[`, `>`, a space or the end"));
            };
        }
    }
}

/// Reads a selector from left to right.
struct Reader<'t> {
    text: &'t str,
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn compound(&mut self) -> Result<Vec<Test>, SelectorError> {
        let mut tests = Vec::new();
        if self.eat('*') {
            tests.push(Test::Any);
        } else if let Some(tag) = self.name() {
            tests.push(Test::Tag(tag.into()));
        }
        loop {
            tests.push(if self.eat('#') {
                Test::Id(self.name().ok_or_else(|| self.wanted("an id"))?.into())
            } else if self.eat('.') {
                Test::Class(self.name().ok_or_else(|| self.wanted("a class"))?.into())
            } else if self.eat('[') {
                self.attribute()?
            } else if tests.is_empty() {
                return Err(self.wanted("a tag, `*`, `#id`, `.class` or `[attribute]`"));
            } else {
                return Ok(tests);
            });
        }
    }

    /// What follows a `[`, to the `]`.
    fn attribute(&mut self) -> Result<Test, SelectorError> {
        self.skip_space();
        let name = self.name().ok_or_else(|| self.wanted("the name of an attribute"))?.to_owned();
        self.skip_space();
        let test = if self.eat('=') {
            self.skip_space();
            let value = self.value()?.to_owned();
            self.skip_space();
            Test::Equals(name, value)
        } else {
            Test::Has(name)
        };
        if self.eat(']') { Ok(test) } else { Err(self.wanted("`]`")) }
    }

    fn value(&mut self) -> Result<&'t str, SelectorError> {
        for (quote, missing) in [('"', "a closing `\"`"), ('\'', "a closing `'`")] {
            if self.eat(quote) {
                let Some((value, rest)) = self.rest.split_once(quote) else {
                    self.rest = "";
                    return Err(self.wanted(missing));
                };
                self.rest = rest;
                return Ok(value);
            }
        }
        self.name().ok_or_else(|| self.wanted("a value, in quotes unless it is one word"))
    }

    fn name(&mut self) -> Option<&'t str> {
        let in_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii();
        let end = self.rest.find(|c| !in_name(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then_some(name)
    }

    fn eat(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Whether there was any.
    fn skip_space(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start();
        self.rest.len() < before
    }

    fn wanted(&self, wanted: &'static str) -> SelectorError {
        let read = self.text.len() - self.rest.len();
        SelectorError { wanted, at: self.text[..read].chars().count() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::pointer::Heap;
    use super::super::node::Walk;
    use super::super::sink::parse;
    use super::*;

    const PAGE: &[u8] = b"<!doctype html>
        <main id=a class='wide tall'>
          <p id=b>one
          <section id=c lang=en data-note='two words'>
            <p id=d class=tall>two <em id=e>three</em>
            <section id=f><p id=g>four</section>
          </section>
        </main>
        <svg id=h><linearGradient id=i></svg>
        <template><p id=j>apart</template>";

    /// The ids of what matches, in order.
    fn found(selector: &str) -> String {
        let heap = Heap::new();
        let root = parse(&heap, PAGE, |_| ()).root;
        let selector: Selector = selector.parse().expect("a selector");
        selector
            .matches(Walk::of(&root))
            .map(|node| node.element().and_then(|e| e.attribute("id")).unwrap_or("-".into()))
            .map(String::from)
            .collect()
    }

    fn refused(selector: &str) -> String {
        selector.parse::<Selector>().expect_err("no selector").to_string()
    }

    #[test]
    fn one_test_matches_what_passes_it() {
        assert_eq!(found("p"), "bdg");
        assert_eq!(found("P"), "bdg");
        assert_eq!(found("#c"), "c");
        assert_eq!(found(".tall"), "ad");
        assert_eq!(found("[lang]"), "c");
        assert_eq!(found("[LANG=en]"), "c");
        assert_eq!(found("[data-note=\"two words\"]"), "c");
        assert_eq!(found("[ data-note = 'two words' ]"), "c");
        assert_eq!(found("lineargradient"), "i");
    }

    #[test]
    fn ids_classes_and_values_match_exactly() {
        assert_eq!(found("#C"), "");
        assert_eq!(found(".tal"), "");
        assert_eq!(found("[lang=EN]"), "");
        assert_eq!(found("[lang='']"), "");
    }

    #[test]
    fn a_compound_asks_for_all_its_tests() {
        assert_eq!(found("p.tall"), "d");
        assert_eq!(found("main.wide.tall#a[class]"), "a");
        assert_eq!(found("p.tall#b"), "");
        assert_eq!(found("*[lang]"), "c");
    }

    #[test]
    fn a_space_means_somewhere_below() {
        assert_eq!(found("main p"), "bdg");
        assert_eq!(found("section p"), "dg");
        assert_eq!(found("section section p"), "g");
        assert_eq!(found("section section section p"), "");
        assert_eq!(found("  body   em "), "e");
    }

    #[test]
    fn an_angle_means_directly_below() {
        assert_eq!(found("main > p"), "b");
        assert_eq!(found("section>p"), "dg");
        assert_eq!(found("main > em"), "");
        assert_eq!(found("section > section > p"), "g");
    }

    #[test]
    fn both_places_may_be_mixed_and_every_way_up_is_tried() {
        // The section nearest to `g` is not directly below `main`; the one above it is.
        assert_eq!(found("main > section p"), "dg");
        assert_eq!(found("main section > p"), "dg");
        assert_eq!(found("main > section > p em"), "e");
    }

    #[test]
    fn an_element_is_not_below_itself() {
        assert_eq!(found("main main"), "");
        assert_eq!(found("#d > #d"), "");
    }

    #[test]
    fn a_star_matches_every_element_and_nothing_else() {
        // html, head, body and template have no id.
        assert_eq!(found("*"), "---abcdefghi-");
        assert_eq!(found("* > html"), "");
    }

    #[test]
    fn templates_are_no_part_of_the_document() {
        assert_eq!(found("#j"), "");
    }

    #[test]
    fn what_is_no_selector_is_refused_with_the_place() {
        let start = "a tag, `*`, `#id`, `.class` or `[attribute]`";
        assert_eq!(refused(""), format!("wanted {start} at character 1"));
        assert_eq!(refused("a >"), format!("wanted {start} at character 4"));
        assert_eq!(refused("a > > b"), format!("wanted {start} at character 5"));
        assert_eq!(refused("a , b"), format!("wanted {start} at character 3"));
        assert_eq!(refused("#"), "wanted an id at character 2");
        assert_eq!(refused("é. b"), "wanted a class at character 3");
        assert_eq!(refused("[=x]"), "wanted the name of an attribute at character 2");
        assert_eq!(refused("[a"), "wanted `]` at character 3");
        assert_eq!(
            refused("[a=]"),
            "wanted a value, in quotes unless it is one word at character 4"
        );
        assert_eq!(refused("[a='b]"), "wanted a closing `'` at character 7");
        assert_eq!(refused("a:b"), "wanted `#`, `.`, `[`, `>`, a space or the end at character 2");
        assert_eq!(refused("a*"), "wanted `#`, `.`, `[`, `>`, a space or the end at character 2");
    }

    #[test]
    fn the_longest_selector_still_matches() {
        let page = "<x>".repeat(Selector::LIMIT);
        let heap = Heap::new();
        let root = parse(&heap, page.as_bytes(), |_| ()).root;
        let longest = vec!["x"; Selector::LIMIT].join(" ");
        let selector: Selector = longest.parse().expect("a selector");
        assert_eq!(selector.matches(Walk::of(&root)).count(), 1);
        assert!(format!("{longest} x").parse::<Selector>().is_err());
    }
}
