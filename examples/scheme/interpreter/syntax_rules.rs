//! `syntax-rules`: patterns that a use of a macro is matched against, and templates that take its place.
//!
//! Patterns and templates are as deep as the program's author nests them; the expander has seen to it that
//! this is not too deep.

use std::cell::RefCell;
use std::slice;

use super::super::pointer::{Gc, Trace};
use super::condition::{Failure, fail};
use super::scope::{Alias, Binding, Scope, Special, is_same_binding, meaning};
use super::value::{Value, same};
use super::world::World;

#[derive(Trace)]
pub(crate) struct Macro {
    /// What stands for "any number of these".
    ellipsis: Value,
    /// Identifiers that stand for themselves.
    literals: Vec<Value>,
    rules: Vec<Rule>,
    /// Where the macro was defined.
    scope: Option<Gc<Scope>>,
}

#[derive(Trace)]
struct Rule {
    /// Without the macro's own name in front.
    pattern: Value,
    template: Value,
}

/// What a variable of a pattern stands for.
#[derive(Clone)]
enum Match {
    One(Value),
    /// One for each of what the ellipsis took.
    Many(Vec<Matches>),
}

type Matches = Vec<(Value, Match)>;

impl Macro {
    /// Reads what follows `syntax-rules`.
    pub(crate) fn read(
        world: &World,
        form: &Value,
        scope: Option<&Gc<Scope>>,
    ) -> Result<Gc<Macro>, Failure> {
        let wrong =
            || fail("syntax-rules: wanted (syntax-rules (literal …) (pattern template) …)", &[]);
        let Some(mut parts) = form.proper_items() else { return wrong() };
        let mut ellipsis = world.symbol("...");
        if parts.first().is_some_and(Value::is_identifier) {
            ellipsis = parts.remove(0);
        }
        if parts.is_empty() {
            return wrong();
        }
        let Some(literals) = parts.remove(0).proper_items() else { return wrong() };
        let mut rules = Vec::new();
        for rule in parts {
            match rule.proper_items().as_deref() {
                Some([Value::Pair(pattern), template]) => {
                    rules.push(Rule { pattern: pattern.cdr.get(), template: template.clone() });
                }
                _ => return wrong(),
            }
        }
        Ok(Gc::new(Macro { ellipsis, literals, rules, scope: scope.cloned() }))
    }

    /// What takes the place of a use of the macro.
    pub(crate) fn expand(
        &self,
        world: &World,
        form: &Value,
        scope: Option<&Gc<Scope>>,
    ) -> Result<Value, Failure> {
        let Value::Pair(pair) = form else { unreachable!("a use of a macro is a list") };
        let arguments = pair.cdr.get();
        for rule in &self.rules {
            let mut matches = Matches::new();
            let matcher = Matcher { world, rules: self, scope };
            if matcher.matches(&rule.pattern, &arguments, &mut matches) {
                let fresh = Template { rules: self, aliases: RefCell::default() };
                return fresh.fill(&rule.template, &matches, true);
            }
        }
        fail("no rule of this macro fits its use", &[super::scope::without_aliases(form)])
    }

    fn is_ellipsis(&self, datum: &Value) -> bool {
        same(datum, &self.ellipsis) || {
            // A macro that a template defines has its ellipsis from there.
            matches!((datum, &self.ellipsis), (Value::Alias(alias), Value::Symbol(ellipsis))
                if Gc::ptr_eq(&alias.symbol(), ellipsis))
        }
    }
}

struct Matcher<'a> {
    world: &'a World,
    rules: &'a Macro,
    /// Where the macro is used.
    scope: Option<&'a Gc<Scope>>,
}

impl Matcher<'_> {
    fn matches(&self, pattern: &Value, form: &Value, matches: &mut Matches) -> bool {
        match pattern {
            Value::Symbol(_) | Value::Alias(_) => self.identifier(pattern, form, matches),
            Value::Pair(_) => self.list(pattern, form, matches),
            Value::Vector(vector) => {
                let Value::Vector(items) = form else { return false };
                let list =
                    |items: &[super::value::Place]| Value::list(items.iter().map(|i| i.get()));
                self.matches(&list(&vector.items), &list(&items.items), matches)
            }
            Value::Nil => form.is_nil(),
            datum => super::equal::alike(datum, form),
        }
    }

    fn identifier(&self, pattern: &Value, form: &Value, matches: &mut Matches) -> bool {
        if self.rules.literals.iter().any(|literal| same(literal, pattern)) {
            let there = meaning(self.world, form, self.scope);
            let here = meaning(self.world, pattern, self.rules.scope.as_ref());
            return matches!((here, there), (Some(here), Some(there)) if is_same_binding(&here, &there));
        }
        let own = meaning(self.world, pattern, self.rules.scope.as_ref());
        if !matches!(own, Some(Binding::Special(Special::Underscore))) {
            matches.push((pattern.clone(), Match::One(form.clone())));
        }
        true
    }

    fn list(&self, pattern: &Value, form: &Value, matches: &mut Matches) -> bool {
        let (Some((patterns, pattern_end)), Some((forms, form_end))) =
            (pattern.items(), form.items())
        else {
            return false;
        };
        let ellipsis = patterns.iter().skip(1).position(|item| self.rules.is_ellipsis(item));
        let Some(repeated) = ellipsis else {
            // What the pattern's end stands for may begin inside the form.
            if forms.len() < patterns.len() {
                return false;
            }
            let rest = Value::list_onto(forms[patterns.len()..].iter().cloned(), form_end);
            return patterns.iter().zip(&forms).all(|(p, f)| self.matches(p, f, matches))
                && self.matches(&pattern_end, &rest, matches);
        };
        // `before … repeated ... after …`
        let (before, after) = (&patterns[..repeated], &patterns[repeated + 2..]);
        let Some(taken) = forms.len().checked_sub(before.len() + after.len()) else { return false };
        let (first, rest) = forms.split_at(before.len());
        let (middle, last) = rest.split_at(taken);
        if !before.iter().zip(first).all(|(p, f)| self.matches(p, f, matches)) {
            return false;
        }
        let mut rounds = Vec::new();
        for form in middle {
            let mut round = Matches::new();
            if !self.matches(&patterns[repeated], form, &mut round) {
                return false;
            }
            rounds.push(round);
        }
        let mut variables = Vec::new();
        self.variables(&patterns[repeated], &mut variables);
        for variable in variables {
            let own = |round: &Matches| {
                round.iter().filter(|(name, _)| same(name, &variable)).cloned().collect()
            };
            let many = Match::Many(rounds.iter().map(own).collect());
            matches.push((variable, many));
        }
        after.iter().zip(last).all(|(p, f)| self.matches(p, f, matches))
            && self.matches(&pattern_end, &form_end, matches)
    }

    /// The variables of a pattern.
    fn variables(&self, pattern: &Value, found: &mut Vec<Value>) {
        match pattern {
            Value::Symbol(_) | Value::Alias(_) => {
                let is_literal = self.rules.literals.iter().any(|literal| same(literal, pattern));
                if !is_literal && !self.rules.is_ellipsis(pattern) {
                    found.push(pattern.clone());
                }
            }
            Value::Pair(_) => {
                let (items, end) = pattern.items().unwrap_or_default();
                items.iter().chain([&end]).for_each(|item| self.variables(item, found));
            }
            Value::Vector(vector) => {
                vector.items.iter().for_each(|item| self.variables(&item.get(), found));
            }
            _ => {}
        }
    }
}

/// A template that is being filled, for one use of the macro.
struct Template<'a> {
    rules: &'a Macro,
    /// The aliases of the symbols that the template brought in: one for each.
    aliases: RefCell<Vec<(Value, Value)>>,
}

impl Template<'_> {
    fn fill(
        &self,
        template: &Value,
        matches: &Matches,
        has_ellipsis: bool,
    ) -> Result<Value, Failure> {
        match template {
            Value::Symbol(_) | Value::Alias(_) => match find(matches, template) {
                Some(Match::One(value)) => Ok(value.clone()),
                Some(Match::Many(_)) => fail(
                    "syntax-rules: an ellipsis is missing behind this",
                    slice::from_ref(template),
                ),
                None => Ok(self.alias(template)),
            },
            Value::Pair(_) => {
                let (items, end) = template.items().unwrap_or_default();
                // `(... template)`: an ellipsis in it is no ellipsis.
                if has_ellipsis && items.len() == 2 && self.rules.is_ellipsis(&items[0]) {
                    return self.fill(&items[1], matches, false);
                }
                self.fill_list(&items, &end, matches, has_ellipsis)
            }
            Value::Vector(vector) => {
                let items: Vec<_> = vector.items.iter().map(|item| item.get()).collect();
                let filled = self.fill_list(&items, &Value::Nil, matches, has_ellipsis)?;
                Ok(Value::vector(filled.proper_items().unwrap_or_default()))
            }
            other => Ok(other.clone()),
        }
    }

    fn fill_list(
        &self,
        items: &[Value],
        end: &Value,
        matches: &Matches,
        has_ellipsis: bool,
    ) -> Result<Value, Failure> {
        let mut filled = Vec::new();
        let mut next = 0;
        while let Some(item) = items.get(next) {
            next += 1;
            let mut depth = 0;
            while has_ellipsis && items.get(next).is_some_and(|item| self.rules.is_ellipsis(item)) {
                depth += 1;
                next += 1;
            }
            self.repeat(item, matches, depth, has_ellipsis, &mut filled)?;
        }
        let end = self.fill(end, matches, has_ellipsis)?;
        Ok(Value::list_onto(filled, end))
    }

    /// Fills `template` once for each round of what it names, `depth` ellipses deep.
    fn repeat(
        &self,
        template: &Value,
        matches: &Matches,
        depth: usize,
        has_ellipsis: bool,
        filled: &mut Vec<Value>,
    ) -> Result<(), Failure> {
        if depth == 0 {
            filled.push(self.fill(template, matches, has_ellipsis)?);
            return Ok(());
        }
        let mut named = Vec::new();
        named_in(template, matches, &mut named);
        let repeated: Vec<_> = named
            .iter()
            .filter_map(|name| match find(matches, name) {
                Some(Match::Many(rounds)) => Some(rounds),
                _ => None,
            })
            .collect();
        let Some(count) = repeated.iter().map(|rounds| rounds.len()).max() else {
            return fail(
                "syntax-rules: there is nothing to repeat here",
                slice::from_ref(template),
            );
        };
        if repeated.iter().any(|rounds| rounds.len() != count) {
            return fail(
                "syntax-rules: what is repeated together differs in length",
                slice::from_ref(template),
            );
        }
        for round in 0..count {
            let mut inner = matches.clone();
            inner.extend(repeated.iter().flat_map(|rounds| rounds[round].iter().cloned()));
            self.repeat(template, &inner, depth - 1, has_ellipsis, filled)?;
        }
        Ok(())
    }

    fn alias(&self, name: &Value) -> Value {
        let mut aliases = self.aliases.borrow_mut();
        if let Some((_, alias)) = aliases.iter().find(|(known, _)| same(known, name)) {
            return alias.clone();
        }
        let scope = self.rules.scope.clone();
        let alias = Value::Alias(Gc::new(Alias { name: name.clone(), scope }));
        aliases.push((name.clone(), alias.clone()));
        alias
    }
}

/// What a name stands for, the innermost round first.
fn find<'a>(matches: &'a Matches, name: &Value) -> Option<&'a Match> {
    matches.iter().rev().find(|(known, _)| same(known, name)).map(|(_, found)| found)
}

/// The names in a template that the pattern has matched.
fn named_in(template: &Value, matches: &Matches, named: &mut Vec<Value>) {
    match template {
        Value::Symbol(_) | Value::Alias(_) if find(matches, template).is_some() => {
            named.push(template.clone());
        }
        Value::Pair(_) => {
            let (items, end) = template.items().unwrap_or_default();
            items.iter().chain([&end]).for_each(|item| named_in(item, matches, named));
        }
        Value::Vector(vector) => {
            vector.items.iter().for_each(|item| named_in(&item.get(), matches, named));
        }
        _ => {}
    }
}
