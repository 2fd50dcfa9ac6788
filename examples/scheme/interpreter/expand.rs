//! From data to expressions: macros are expanded, names resolved, and special forms told from calls.
//!
//! This is the one part that uses the host's stack for the depth of the program text, so the depth has a
//! limit. Data have none.

use std::cell::Cell;
use std::rc::Rc;

use super::super::pointer::Gc;
use super::condition::{Failure, Position, fail};
use super::scope::{Binding, Scope, Special, Variable, meaning, without_aliases};
use super::syntax_rules::Macro;
use super::value::{Pair, Value};
use super::world::{Global, World};

/// How deep expressions may be nested, and macros may lead to macros.
const DEPTH_LIMIT: usize = 2000;

/// An expression, with all names resolved.
pub(crate) enum Expr {
    Constant(Value),
    Local(Rc<Variable>),
    Global(Gc<Global>, Option<Position>),
    SetLocal(Rc<Variable>, Box<Expr>),
    /// The first value of a late variable.
    Initialize(Rc<Variable>, Box<Expr>),
    SetGlobal(Gc<Global>, Box<Expr>, Option<Position>),
    DefineGlobal(Gc<Global>, Box<Expr>),
    If(Box<[Expr; 3]>),
    Lambda(Box<Lambda>),
    Sequence(Vec<Expr>),
    Let(Vec<(Rc<Variable>, Expr)>, Box<Expr>),
    /// The variables are in scope in the body, which initializes them.
    Letrec(Vec<Rc<Variable>>, Box<Expr>),
    Call(Box<Expr>, Vec<Expr>, Option<Position>),
}

pub(crate) struct Lambda {
    pub(crate) name: Rc<str>,
    /// Its number, which its variables know.
    pub(crate) function: usize,
    pub(crate) parameters: Vec<Rc<Variable>>,
    /// The last parameter takes all further arguments.
    pub(crate) has_rest: bool,
    pub(crate) body: Expr,
}

type Expanded<T = Expr> = Result<T, Failure>;
type Here<'a> = Option<&'a Gc<Scope>>;

pub(crate) struct Expander<'a> {
    world: &'a World,
    functions: usize,
    depth: usize,
    /// Where the form stands that is being expanded.
    pub(crate) position: Option<Position>,
}

impl<'a> Expander<'a> {
    pub(crate) fn new(world: &'a World, position: Option<Position>) -> Self {
        Self { world, functions: 0, depth: 0, position }
    }

    /// A form outside of everything.
    pub(crate) fn top_level(&mut self, form: &Value) -> Expanded {
        self.expand(form, None)
    }

    fn expand(&mut self, form: &Value, scope: Here<'_>) -> Expanded {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return fail("this is nested too deeply", &[]);
        }
        let outer = self.position;
        let expanded = match form {
            Value::Symbol(_) | Value::Alias(_) => self.reference(form, scope),
            Value::Pair(pair) => {
                self.position = self.world.position(pair).or(outer);
                self.form(form, pair, scope)
            }
            Value::Nil => fail("() is no expression; did you mean '()?", &[]),
            datum => Ok(Expr::Constant(datum.clone())),
        };
        if expanded.is_ok() {
            // After an error, the place of the error is what matters.
            self.position = outer;
        }
        self.depth -= 1;
        expanded
    }

    fn reference(&mut self, name: &Value, scope: Here<'_>) -> Expanded {
        match meaning(self.world, name, scope) {
            Some(Binding::Local(variable)) => {
                self.note_use(&variable, scope);
                Ok(Expr::Local(variable))
            }
            Some(Binding::Global(global)) => Ok(Expr::Global(global, self.position)),
            _ => fail("this is syntax, and no value", &[without_aliases(name)]),
        }
    }

    fn note_use(&self, variable: &Variable, scope: Here<'_>) {
        if scope.is_none_or(|scope| scope.function != variable.function) {
            variable.is_captured.set(true);
        }
    }

    fn form(&mut self, form: &Value, pair: &Gc<Pair>, scope: Here<'_>) -> Expanded {
        let head = pair.car.get();
        match meaning(self.world, &head, scope) {
            Some(Binding::Special(special)) => self.special(special, form, scope),
            Some(Binding::Macro(syntax)) => {
                let expansion = syntax.expand(self.world, form, scope)?;
                self.expand(&expansion, scope)
            }
            _ => self.call(&head, &pair.cdr.get(), scope),
        }
    }

    fn call(&mut self, function: &Value, arguments: &Value, scope: Here<'_>) -> Expanded {
        let position = self.position;
        let function = self.expand(function, scope)?;
        let arguments = self.all(arguments, scope)?;
        Ok(Expr::Call(Box::new(function), arguments, position))
    }

    /// Each item of a list, as an expression.
    fn all(&mut self, list: &Value, scope: Here<'_>) -> Expanded<Vec<Expr>> {
        let mut expanded = Vec::new();
        let mut rest = list.clone();
        let outer = self.position;
        while let Value::Pair(pair) = &rest {
            self.position = self.world.position(pair).or(outer);
            expanded.push(self.expand(&pair.car.get(), scope)?);
            self.position = outer;
            let next = pair.cdr.get();
            rest = next;
        }
        if rest.is_nil() { Ok(expanded) } else { fail("a form has to be a proper list", &[]) }
    }

    fn sequence(&mut self, list: &Value, scope: Here<'_>) -> Expanded {
        let mut expressions = self.all(list, scope)?;
        Ok(match expressions.len() {
            0 => Expr::Constant(Value::Unspecified),
            1 => expressions.remove(0),
            _ => Expr::Sequence(expressions),
        })
    }

    fn special(&mut self, special: Special, form: &Value, scope: Here<'_>) -> Expanded {
        let Some(parts) = form.proper_items() else {
            return fail("a form has to be a proper list", &[]);
        };
        let parts = &parts[1..];
        match (special, parts) {
            (Special::Quote, [datum]) => Ok(Expr::Constant(without_aliases(datum))),
            (Special::Quasiquote, [template]) => self.quasiquote(template, 1, scope),
            (Special::If, [test, then]) => self.conditional(test, then, None, scope),
            (Special::If, [test, then, otherwise]) => {
                self.conditional(test, then, Some(otherwise), scope)
            }
            (Special::Lambda, [parameters, ..]) => {
                self.lambda("", parameters, &tail(form, 2), form, scope)
            }
            (Special::NamedLambda, [signature, ..]) => {
                let Value::Pair(signature) = signature else {
                    return fail("wanted (named-lambda (name parameter …) body …)", &[]);
                };
                let name = name_of(&signature.car.get());
                self.lambda(&name, &signature.cdr.get(), &tail(form, 2), form, scope)
            }
            (Special::Define, [_, ..]) => {
                if scope.is_some() {
                    return fail("a definition has to stand at the top or in a body", &[]);
                }
                let (name, value) = definition(form)?;
                let symbol = match &name {
                    Value::Symbol(symbol) => symbol.clone(),
                    Value::Alias(alias) => alias.symbol(),
                    _ => unreachable!("`definition` gives identifiers"),
                };
                let value = self.defined(&name, &value, scope)?;
                let global = self.world.global(&symbol);
                global.inline.set(None);
                Ok(Expr::DefineGlobal(global, Box::new(value)))
            }
            (Special::Set, [name, value]) if name.is_identifier() => {
                let position = self.position;
                let value = Box::new(self.expand(value, scope)?);
                match meaning(self.world, name, scope) {
                    Some(Binding::Local(variable)) => {
                        self.note_use(&variable, scope);
                        variable.is_assigned.set(true);
                        Ok(Expr::SetLocal(variable, value))
                    }
                    Some(Binding::Global(global)) => {
                        global.inline.set(None);
                        Ok(Expr::SetGlobal(global, value, position))
                    }
                    _ => fail("set!: this is syntax, and no variable", &[without_aliases(name)]),
                }
            }
            (Special::Begin, _) => self.sequence(&tail(form, 1), scope),
            (Special::Let, [name, bindings, _, ..]) if name.is_identifier() => {
                self.named_let(name, bindings, form, scope)
            }
            (Special::Let, [bindings, _, ..]) => self.plain_let(bindings, &tail(form, 2), scope),
            (Special::Letrec, [bindings, _, ..]) => {
                let inner = self.inner(scope);
                let mut bound = Vec::new();
                for (name, value) in binding_list(bindings)? {
                    bound.push((self.bind(&inner, &name, true), name, value));
                }
                let mut steps = Vec::new();
                let mut variables = Vec::new();
                for (variable, name, value) in bound {
                    let value = self.named(&name, &value, Some(&inner))?;
                    steps.push(Expr::Initialize(variable.clone(), Box::new(value)));
                    variables.push(variable);
                }
                steps.push(self.body(&tail(form, 2), &inner)?);
                Ok(Expr::Letrec(variables, Box::new(Expr::Sequence(steps))))
            }
            (Special::DefineSyntax, [name, rules]) if name.is_identifier() => {
                let syntax = self.transformer(rules, scope)?;
                match (scope, name) {
                    (Some(scope), name) => scope.bind(name.clone(), syntax),
                    (None, Value::Symbol(symbol)) => self.world.define_syntax(symbol, syntax),
                    (None, Value::Alias(alias)) => {
                        self.world.define_syntax(&alias.symbol(), syntax)
                    }
                    _ => unreachable!("it is an identifier"),
                }
                Ok(Expr::Constant(Value::Unspecified))
            }
            (Special::LetSyntax, [bindings, ..]) => {
                let inner = self.inner(scope);
                for (name, rules) in binding_list(bindings)? {
                    let syntax = self.transformer(&rules, Some(&inner))?;
                    inner.bind(name, syntax);
                }
                self.body(&tail(form, 2), &inner)
            }
            _ => fail("this form is not written like that", &[without_aliases(form)]),
        }
    }

    fn conditional(
        &mut self,
        test: &Value,
        then: &Value,
        otherwise: Option<&Value>,
        scope: Here<'_>,
    ) -> Expanded {
        let test = self.expand(test, scope)?;
        let then = self.expand(then, scope)?;
        let otherwise = match otherwise {
            Some(otherwise) => self.expand(otherwise, scope)?,
            None => Expr::Constant(Value::Unspecified),
        };
        Ok(Expr::If(Box::new([test, then, otherwise])))
    }

    /// A scope in the same function.
    fn inner(&self, scope: Here<'_>) -> Gc<Scope> {
        Scope::new(scope.cloned(), scope.map_or(0, |scope| scope.function))
    }

    fn bind(&self, scope: &Gc<Scope>, name: &Value, is_late: bool) -> Rc<Variable> {
        let variable = Rc::new(Variable {
            function: scope.function,
            is_assigned: Cell::new(false),
            is_captured: Cell::new(false),
            is_late,
            slot: Cell::new(0),
        });
        scope.bind(name.clone(), Binding::Local(variable.clone()));
        variable
    }

    /// The value of a definition. A procedure is named after what it is bound to.
    fn defined(&mut self, name: &Value, value: &Defined, scope: Here<'_>) -> Expanded {
        match value {
            Defined::Procedure { parameters, form } => {
                self.lambda(&name_of(name), parameters, &tail(form, 2), form, scope)
            }
            Defined::Value(value) => self.named(name, value, scope),
        }
    }

    fn named(&mut self, name: &Value, value: &Value, scope: Here<'_>) -> Expanded {
        let mut value = self.expand(value, scope)?;
        if let Expr::Lambda(lambda) = &mut value
            && lambda.name.is_empty()
        {
            lambda.name = name_of(name).into();
        }
        Ok(value)
    }

    /// A procedure that is written as `form`.
    fn lambda(
        &mut self,
        name: &str,
        parameters: &Value,
        body: &Value,
        form: &Value,
        scope: Here<'_>,
    ) -> Expanded {
        let outer = self.position;
        // One that a template brought in has no place of its own: what fails in it failed where it is called.
        self.position = form.as_pair().and_then(|pair| self.world.position(pair));
        self.functions += 1;
        let function = self.functions;
        let inner = Scope::new(scope.cloned(), function);
        let Some((mut names, end)) = parameters.items() else {
            return fail("the parameters never end", &[]);
        };
        let has_rest = !end.is_nil();
        if has_rest {
            names.push(end);
        }
        if let Some(wrong) = names.iter().find(|name| !name.is_identifier()) {
            return fail("a parameter has to be a name", &[without_aliases(wrong)]);
        }
        let parameters = names.iter().map(|name| self.bind(&inner, name, false)).collect();
        let body = self.body(body, &inner)?;
        self.position = outer;
        Ok(Expr::Lambda(Box::new(Lambda {
            name: name.into(),
            function,
            parameters,
            has_rest,
            body,
        })))
    }

    fn plain_let(&mut self, bindings: &Value, body: &Value, scope: Here<'_>) -> Expanded {
        let inner = self.inner(scope);
        let mut bound = Vec::new();
        for (name, value) in binding_list(bindings)? {
            let value = self.named(&name, &value, scope)?;
            bound.push((self.bind(&inner, &name, false), value));
        }
        Ok(Expr::Let(bound, Box::new(self.body(body, &inner)?)))
    }

    /// `(let loop ((x 1)) …)`: a procedure `loop`, and a call of it.
    fn named_let(
        &mut self,
        name: &Value,
        bindings: &Value,
        form: &Value,
        scope: Here<'_>,
    ) -> Expanded {
        let position = self.position;
        let inner = self.inner(scope);
        let bindings = binding_list(bindings)?;
        let mut values = Vec::new();
        for (_, value) in &bindings {
            values.push(self.expand(value, scope)?);
        }
        let variable = self.bind(&inner, name, true);
        let parameters = Value::list(bindings.into_iter().map(|(name, _)| name));
        let lambda =
            self.lambda(&name_of(name), &parameters, &tail(form, 3), form, Some(&inner))?;
        let call = Expr::Call(Box::new(Expr::Local(variable.clone())), values, position);
        let steps = vec![Expr::Initialize(variable.clone(), Box::new(lambda)), call];
        Ok(Expr::Letrec(vec![variable], Box::new(Expr::Sequence(steps))))
    }

    fn transformer(&mut self, rules: &Value, scope: Here<'_>) -> Expanded<Binding> {
        if let Value::Pair(pair) = rules {
            let head = meaning(self.world, &pair.car.get(), scope);
            if matches!(head, Some(Binding::Special(Special::SyntaxRules))) {
                return Ok(Binding::Macro(Macro::read(self.world, &pair.cdr.get(), scope)?));
            }
        } else if let Some(binding @ (Binding::Macro(_) | Binding::Special(_))) =
            meaning(self.world, rules, scope)
        {
            return Ok(binding);
        }
        fail("syntax is defined by syntax-rules", &[without_aliases(rules)])
    }

    /// Definitions and expressions. The definitions are in scope in the whole body, and get their values in
    /// order.
    fn body(&mut self, forms: &Value, scope: &Gc<Scope>) -> Expanded {
        enum Item {
            Definition(Rc<Variable>, Value, Defined, Option<Position>),
            Expression(Value, Option<Position>),
        }
        let scope = self.inner(Some(scope));
        let outer = self.position;
        let Some(forms) = forms.proper_items() else { return fail("a body has to end", &[]) };
        let mut waiting: Vec<_> = forms.into_iter().rev().map(|form| (form, outer)).collect();
        let mut items = Vec::new();
        let mut expansions = 0;
        // First names, then values: what a later form defines is known to an earlier one's procedures.
        while let Some((form, around)) = waiting.pop() {
            let Value::Pair(pair) = &form else {
                items.push(Item::Expression(form, around));
                continue;
            };
            let here = self.world.position(pair).or(around);
            self.position = here;
            match meaning(self.world, &pair.car.get(), Some(&scope)) {
                Some(Binding::Macro(syntax)) => {
                    expansions += 1;
                    if expansions > DEPTH_LIMIT {
                        return fail("macros lead to macros without end", &[]);
                    }
                    waiting.push((syntax.expand(self.world, &form, Some(&scope))?, here));
                }
                Some(Binding::Special(Special::Begin)) => {
                    let forms = pair.cdr.get().proper_items().unwrap_or_default();
                    waiting.extend(forms.into_iter().rev().map(|form| (form, here)));
                }
                Some(Binding::Special(Special::Define)) => {
                    let (name, value) = definition(&form)?;
                    let variable = self.bind(&scope, &name, true);
                    items.push(Item::Definition(variable, name, value, here));
                }
                Some(Binding::Special(Special::DefineSyntax)) => {
                    self.special(Special::DefineSyntax, &form, Some(&scope))?;
                }
                _ => items.push(Item::Expression(form, here)),
            }
        }
        let mut variables = Vec::new();
        let mut steps = Vec::new();
        for item in items {
            match item {
                Item::Definition(variable, name, value, position) => {
                    self.position = position;
                    let value = self.defined(&name, &value, Some(&scope))?;
                    steps.push(Expr::Initialize(variable.clone(), Box::new(value)));
                    variables.push(variable);
                }
                Item::Expression(form, position) => {
                    self.position = position;
                    steps.push(self.expand(&form, Some(&scope))?);
                }
            }
        }
        self.position = outer;
        let body = match steps.len() {
            0 => return fail("a body needs an expression", &[]),
            1 => steps.remove(0),
            _ => Expr::Sequence(steps),
        };
        Ok(if variables.is_empty() { body } else { Expr::Letrec(variables, Box::new(body)) })
    }

    /// A template: what is not unquoted stays, at `depth` quasiquotes.
    fn quasiquote(&mut self, template: &Value, depth: usize, scope: Here<'_>) -> Expanded {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return fail("this is nested too deeply", &[]);
        }
        let filled = match template {
            Value::Pair(pair) => self.quasiquote_list(pair, template, depth, scope),
            Value::Vector(vector) => {
                let list = Value::list(vector.items.iter().map(|item| item.get()));
                match self.quasiquote(&list, depth, scope)? {
                    Expr::Constant(_) => Ok(Expr::Constant(without_aliases(template))),
                    list => Ok(self.primitive_call("list->vector", vec![list])),
                }
            }
            other => Ok(Expr::Constant(without_aliases(other))),
        };
        self.depth -= 1;
        filled
    }

    fn quasiquote_list(
        &mut self,
        pair: &Gc<Pair>,
        template: &Value,
        depth: usize,
        scope: Here<'_>,
    ) -> Expanded {
        let inner = match self.unquoting(&pair.car.get(), scope) {
            Some(Special::Unquote | Special::UnquoteSplicing) => Some(depth - 1),
            Some(Special::Quasiquote) => Some(depth + 1),
            _ => None,
        };
        if let (Some(inner), Some([_, expression])) = (inner, template.proper_items().as_deref()) {
            if inner == 0 {
                return self.expand(expression, scope);
            }
            let filled = self.quasiquote(expression, inner, scope)?;
            return Ok(match filled {
                Expr::Constant(_) => Expr::Constant(without_aliases(template)),
                filled => {
                    let word = Expr::Constant(without_aliases(&pair.car.get()));
                    self.primitive_call("list", vec![word, filled])
                }
            });
        }
        // A long list is a loop, not a recursion: items from the last to the first.
        let Some((items, end)) = template.items() else { return fail("this never ends", &[]) };
        let (items, end) = self.before_unquote(items, end, scope);
        let mut list = self.quasiquote(&end, depth, scope)?;
        for item in items.iter().rev() {
            if let Value::Pair(pair) = item
                && self.unquoting(&pair.car.get(), scope) == Some(Special::UnquoteSplicing)
                && depth == 1
                && let Some([_, spliced]) = item.proper_items().as_deref()
            {
                let spliced = self.expand(spliced, scope)?;
                list = self.primitive_call("append", vec![spliced, list]);
                continue;
            }
            let item = self.quasiquote(item, depth, scope)?;
            list = match (item, list) {
                (Expr::Constant(item), Expr::Constant(list)) => {
                    Expr::Constant(Value::cons(item, list))
                }
                (item, list) => self.primitive_call("cons", vec![item, list]),
            };
        }
        Ok(list)
    }

    /// `(a . ,b)` is read as `(a unquote b)`: the unquoted end of a list looks like two items of it.
    fn before_unquote(
        &self,
        items: Vec<Value>,
        end: Value,
        scope: Here<'_>,
    ) -> (Vec<Value>, Value) {
        if let (true, Some(at)) = (end.is_nil(), items.len().checked_sub(2))
            && at > 0
            && self.unquoting(&items[at], scope) == Some(Special::Unquote)
        {
            let end = Value::list(items[at..].iter().cloned());
            return (items[..at].to_vec(), end);
        }
        (items, end)
    }

    fn unquoting(&self, word: &Value, scope: Here<'_>) -> Option<Special> {
        match meaning(self.world, word, scope) {
            Some(Binding::Special(special)) => Some(special),
            _ => None,
        }
    }

    fn primitive_call(&self, name: &str, arguments: Vec<Expr>) -> Expr {
        let global = self.world.global(&self.world.intern(name));
        let function = Expr::Global(global, self.position);
        Expr::Call(Box::new(function), arguments, self.position)
    }
}

/// What is left of a list behind its first `n` items, which it has.
fn tail(list: &Value, n: usize) -> Value {
    let mut rest = list.clone();
    for _ in 0..n {
        let Value::Pair(pair) = &rest else { unreachable!("the list is long enough") };
        let next = pair.cdr.get();
        rest = next;
    }
    rest
}

fn name_of(identifier: &Value) -> String {
    match identifier {
        Value::Symbol(symbol) => symbol.name.to_string(),
        Value::Alias(alias) => alias.symbol().name.to_string(),
        _ => String::new(),
    }
}

/// What a definition gives its name.
enum Defined {
    Value(Value),
    /// The form has the body behind its first two parts.
    Procedure {
        parameters: Value,
        form: Value,
    },
}

/// Reads `(define name value)` or `(define (name parameter …) body …)`.
fn definition(form: &Value) -> Result<(Value, Defined), Failure> {
    match form.proper_items().unwrap_or_default().as_slice() {
        [_, name] if name.is_identifier() => Ok((name.clone(), Defined::Value(Value::Unspecified))),
        [_, name, value] if name.is_identifier() => {
            Ok((name.clone(), Defined::Value(value.clone())))
        }
        [_, Value::Pair(signature), _, ..] if signature.car.get().is_identifier() => {
            let parameters = signature.cdr.get();
            let procedure = Defined::Procedure { parameters, form: form.clone() };
            Ok((signature.car.get(), procedure))
        }
        _ => fail("wanted (define name value) or (define (name parameter …) body …)", &[]),
    }
}

/// The names and values of `((name value) …)`.
fn binding_list(bindings: &Value) -> Result<Vec<(Value, Value)>, Failure> {
    let wrong = || fail("wanted bindings: ((name value) …)", &[without_aliases(bindings)]);
    let Some(bindings) = bindings.proper_items() else { return wrong() };
    let mut bound = Vec::new();
    for binding in bindings {
        match binding.proper_items().as_deref() {
            Some([name, value]) if name.is_identifier() => {
                bound.push((name.clone(), value.clone()))
            }
            _ => return wrong(),
        }
    }
    Ok(bound)
}
