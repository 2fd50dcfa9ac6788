//! The machine: a stack of values, a stack of frames, and the loop over instructions.
//!
//! A Scheme procedure's depth is the length of these stacks, never the host's. `call/cc` moves both into an
//! object, a [`Continuation`], which then lies below the empty stacks; whoever returns into it finds a copy.
//! So a continuation can be entered any number of times, and to capture one again costs what was pushed
//! since.

use std::cmp::Ordering;
use std::rc::Rc;

use super::super::pointer::{Gc, Trace};
use super::code::{Capture, Closure, Code, Comparison, Inline, Op};
use super::compile;
use super::condition::{Failure, Location, Outcome, fail};
use super::expand::Expander;
use super::number;
use super::primitive::{Action, Control, Primitive, wanted};
use super::value::{Place, Value, same};
use super::weak::Guardian;
use super::world::World;

/// How many calls may wait for their results.
const FRAME_LIMIT: usize = 3_000_000;

pub(crate) struct Machine {
    pub(crate) world: World,
    /// Each frame is the procedure, its arguments, and its further locals and operands. The frame's base is
    /// the place of the first argument.
    stack: Vec<Value>,
    /// Those that wait for a result.
    frames: Vec<Frame>,
    /// What waits below the stacks.
    below: Option<Gc<Continuation>>,
}

/// Where a procedure goes on when it gets the result that it waits for.
#[derive(Clone, Copy)]
struct Frame {
    pc: usize,
    base: usize,
}

/// The rest of a computation.
#[derive(Trace)]
pub(crate) struct Continuation {
    stack: Box<[Value]>,
    #[trace(skip)]
    frames: Box<[Frame]>,
    below: Option<Gc<Continuation>>,
    /// What `dynamic-wind` was inside of.
    pub(crate) winds: Value,
}

/// Why the loop over one procedure's instructions ends.
enum Event {
    Call { arguments: usize, is_tail: bool },
    Return,
    Failed(Failure),
}

/// What stops a program, and where.
pub(crate) struct Halt {
    pub(crate) failure: Failure,
    pub(crate) location: Option<Location>,
}

impl Machine {
    pub(crate) fn new(world: World) -> Self {
        Self { world, stack: Vec::new(), frames: Vec::new(), below: None }
    }

    /// Compiles a form outside of everything.
    pub(crate) fn compile(
        &self,
        form: &Value,
        expander: &mut Expander<'_>,
        source: &Rc<str>,
    ) -> Result<Gc<Code>, Failure> {
        let expression = expander.top_level(form)?;
        Ok(compile::top_level(&expression, source))
    }

    /// Runs code that needs no arguments to its end.
    pub(crate) fn run(&mut self, code: Gc<Code>) -> Result<Value, Halt> {
        let result = self.execute(code);
        // What an error has left.
        self.stack.clear();
        self.frames.clear();
        self.below = None;
        self.world.handlers.set(Value::Nil);
        self.world.winds.set(Value::Nil);
        result
    }

    fn execute(&mut self, mut code: Gc<Code>) -> Result<Value, Halt> {
        self.stack
            .push(Value::Closure(Gc::new(Closure { code: code.clone(), captured: [].into() })));
        let mut base = 1;
        let mut pc = 0;
        loop {
            let mut event = self.steps(&code, &mut pc, base);
            // An event may lead to the next: the call of a primitive to a return, a failure to a call.
            loop {
                event = match event {
                    Event::Return => {
                        let value = self.stack.pop().expect("a procedure leaves its result");
                        self.stack.truncate(base - 1);
                        if self.frames.is_empty() && !self.reinstate() {
                            return Ok(value);
                        }
                        let frame = self.frames.pop().expect("one was found or reinstated");
                        (pc, base) = (frame.pc, frame.base);
                        code = self.closure(base).code.clone();
                        self.stack.push(value);
                        break;
                    }
                    Event::Call { arguments, is_tail } => {
                        let at = self.stack.len() - arguments - 1;
                        match &self.stack[at] {
                            Value::Closure(closure) => match self.check(&closure.code, arguments) {
                                Ok(()) => {
                                    code = closure.code.clone();
                                    if is_tail {
                                        self.move_down(base - 1, arguments + 1);
                                    } else {
                                        self.frames.push(Frame { pc, base });
                                        base = at + 1;
                                    }
                                    pc = 0;
                                    if code.has_rest {
                                        self.gather(arguments - code.required);
                                    }
                                    break;
                                }
                                Err(failure) => Event::Failed(failure),
                            },
                            Value::Primitive(primitive) => {
                                let primitive = *primitive;
                                match self
                                    .primitive(primitive, arguments, &mut pc, &mut base, is_tail)
                                {
                                    Ok(None) if is_tail => Event::Return,
                                    Ok(None) => break,
                                    Ok(Some(event)) => event,
                                    Err(failure) => Event::Failed(failure),
                                }
                            }
                            Value::Continuation(continuation) => {
                                let continuation = continuation.clone();
                                self.travel(continuation, arguments, &mut base)
                            }
                            Value::Guardian(guardian) => {
                                let guardian = guardian.clone();
                                let result = Guardian::call(&guardian, &self.stack[at + 1..]);
                                match result {
                                    Ok(value) => {
                                        self.stack.truncate(at);
                                        self.stack.push(value);
                                        if is_tail { Event::Return } else { break }
                                    }
                                    Err(failure) => Event::Failed(failure),
                                }
                            }
                            other => {
                                let other = other.clone();
                                Event::Failed(never(fail("this is no procedure", &[other])))
                            }
                        }
                    }
                    Event::Failed(failure) => {
                        let location = self.location(&code, pc, base);
                        match failure {
                            Failure::Raise(raised) => {
                                if let Value::Condition(condition) = &raised {
                                    let mut known = condition.location.borrow_mut();
                                    *known = known.take().or(location.clone());
                                }
                                if self.world.handlers.get().is_nil() {
                                    let failure = Failure::Uncaught(raised);
                                    return Err(Halt { failure, location });
                                }
                                let signal = self.world.global(&self.world.intern("%signal"));
                                self.stack.push(signal.value.get());
                                self.stack.push(raised);
                                Event::Call { arguments: 1, is_tail: false }
                            }
                            failure => return Err(Halt { failure, location }),
                        }
                    }
                };
            }
        }
    }

    /// Runs one procedure's instructions up to a call or its end.
    #[inline]
    fn steps(&mut self, code: &Code, next: &mut usize, base: usize) -> Event {
        let ops = &*code.ops;
        let stack = &mut self.stack;
        let mut pc = *next;
        macro_rules! attempt {
            ($outcome:expr) => {
                match $outcome {
                    Ok(value) => value,
                    Err(failure) => break Event::Failed(failure),
                }
            };
        }
        let event = loop {
            let op = ops[pc];
            pc += 1;
            match op {
                Op::Constant(n) => stack.push(code.constants[n as usize].clone()),
                Op::Integer(number) => stack.push(Value::Integer(number.into())),
                Op::Local(n) => {
                    let value = stack[base + n as usize].clone();
                    stack.push(value);
                }
                Op::LateLocal(n) => {
                    let value = attempt!(initialized(stack[base + n as usize].clone()));
                    stack.push(value);
                }
                Op::BoxedLocal(n) => {
                    let value = attempt!(initialized(variable(&stack[base + n as usize]).get()));
                    stack.push(value);
                }
                Op::Captured(n) => {
                    let value = closure(&stack[base - 1]).captured[n as usize].clone();
                    stack.push(value);
                }
                Op::BoxedCaptured(n) => {
                    let captured = &closure(&stack[base - 1]).captured[n as usize];
                    let value = attempt!(initialized(variable(captured).get()));
                    stack.push(value);
                }
                Op::Global(n) => {
                    let global = &code.globals[n as usize];
                    match global.value.get() {
                        Value::Undefined => {
                            let name = Value::Symbol(global.name.clone());
                            break Event::Failed(never(fail(
                                "this variable has no value",
                                &[name],
                            )));
                        }
                        value => stack.push(value),
                    }
                }
                Op::SetLocal(n) => {
                    let value = pop(stack);
                    stack[base + n as usize] = value;
                    stack.push(Value::Unspecified);
                }
                Op::SetBoxedLocal(n) => {
                    let value = pop(stack);
                    variable(&stack[base + n as usize]).set(value);
                    stack.push(Value::Unspecified);
                }
                Op::SetBoxedCaptured(n) => {
                    let value = pop(stack);
                    variable(&closure(&stack[base - 1]).captured[n as usize]).set(value);
                    stack.push(Value::Unspecified);
                }
                Op::SetGlobal(n) => {
                    let value = pop(stack);
                    let global = &code.globals[n as usize];
                    if matches!(global.value.get(), Value::Undefined) {
                        let name = Value::Symbol(global.name.clone());
                        break Event::Failed(never(fail(
                            "set!: there is no such variable",
                            &[name],
                        )));
                    }
                    global.value.set(value);
                    stack.push(Value::Unspecified);
                }
                Op::DefineGlobal(n) => {
                    let value = pop(stack);
                    code.globals[n as usize].value.set(value);
                    stack.push(Value::Unspecified);
                }
                Op::Box(n) => {
                    let local = &mut stack[base + n as usize];
                    let value = std::mem::replace(local, Value::Nil);
                    *local = Value::Place(Gc::new(Place::new(value)));
                }
                Op::Closure(n) => {
                    let child = &code.children[n as usize];
                    let own = closure(&stack[base - 1]);
                    let captured = child.captures.iter().map(|capture| match *capture {
                        Capture::Local(n) => stack[base + n as usize].clone(),
                        Capture::Captured(n) => own.captured[n as usize].clone(),
                    });
                    let captured = captured.collect();
                    let new = Gc::new(Closure { code: child.clone(), captured });
                    stack.push(Value::Closure(new));
                }
                Op::Pop => drop(pop(stack)),
                Op::Slide(n) => {
                    let value = pop(stack);
                    stack.truncate(stack.len() - n as usize);
                    stack.push(value);
                }
                Op::Jump(to) => pc = to as usize,
                Op::JumpIfFalse(to) => {
                    if !pop(stack).is_true() {
                        pc = to as usize;
                    }
                }
                Op::JumpUnless(comparison, to) => {
                    let (one, other) = pop_two(stack);
                    if !attempt!(holds(comparison, &one, &other)) {
                        pc = to as usize;
                    }
                }
                Op::JumpUnlessNull(to) => {
                    if !pop(stack).is_nil() {
                        pc = to as usize;
                    }
                }
                Op::JumpUnlessPair(to) => {
                    if !matches!(pop(stack), Value::Pair(_)) {
                        pc = to as usize;
                    }
                }
                Op::JumpUnlessEq(to) => {
                    let (one, other) = pop_two(stack);
                    if !same(&one, &other) {
                        pc = to as usize;
                    }
                }
                Op::AddInteger(by) => match stack.last_mut() {
                    Some(Value::Integer(number)) if number.checked_add(by.into()).is_some() => {
                        *number += i64::from(by);
                    }
                    _ => {
                        let value = pop(stack);
                        stack.push(attempt!(number::add(&value, &Value::Integer(by.into()))));
                    }
                },
                Op::Inline(inline) => attempt!(inlined(inline, stack)),
                Op::Call(arguments) => {
                    break Event::Call { arguments: arguments as usize, is_tail: false };
                }
                Op::TailCall(arguments) => {
                    break Event::Call { arguments: arguments as usize, is_tail: true };
                }
                Op::Return => break Event::Return,
            }
        };
        *next = pc;
        event
    }

    /// The procedure of the frame with this base.
    fn closure(&self, base: usize) -> &Closure {
        closure(&self.stack[base - 1])
    }

    /// Whether a procedure can be called with so many arguments.
    #[inline]
    fn check(&self, code: &Code, arguments: usize) -> Result<(), Failure> {
        let fits = arguments == code.required || (code.has_rest && arguments > code.required);
        if fits && self.frames.len() < FRAME_LIMIT {
            return Ok(());
        }
        if fits {
            return fail("too many calls wait for their results", &[]);
        }
        let least = if code.has_rest { "at least " } else { "" };
        let message =
            format!("wanted {least}{}, got {arguments}", counted(code.required, "argument"));
        fail(&message, &[self.stack[self.stack.len() - arguments - 1].clone()])
    }

    /// Makes a list of the topmost values.
    fn gather(&mut self, count: usize) {
        let first = self.stack.len() - count;
        let rest = Value::list(self.stack.drain(first..));
        self.stack.push(rest);
    }

    /// Moves the topmost `count` values down to `to`, over what was there.
    #[inline]
    fn move_down(&mut self, to: usize, count: usize) {
        let from = self.stack.len() - count;
        if from > to {
            for n in 0..count {
                self.stack.swap(to + n, from + n);
            }
            self.stack.truncate(to + count);
        }
    }

    /// Calls a primitive with the topmost values. `None`: its result is there.
    #[inline]
    fn primitive(
        &mut self,
        primitive: &'static Primitive,
        arguments: usize,
        pc: &mut usize,
        base: &mut usize,
        is_tail: bool,
    ) -> Result<Option<Event>, Failure> {
        if arguments < primitive.required || arguments > primitive.limit {
            return fail(&format!("{}: the number of arguments is wrong", primitive.name), &[]);
        }
        let first = self.stack.len() - arguments;
        match primitive.action {
            Action::Plain(action) => {
                let result = action(&self.world, &self.stack[first..])?;
                self.stack.truncate(first - 1);
                self.stack.push(result);
                Ok(None)
            }
            Action::Control(control) => {
                self.control(control, arguments, pc, base, is_tail).map(Some)
            }
        }
    }

    fn control(
        &mut self,
        control: Control,
        arguments: usize,
        pc: &mut usize,
        base: &mut usize,
        is_tail: bool,
    ) -> Result<Event, Failure> {
        let at = self.stack.len() - arguments - 1;
        match control {
            Control::Apply => {
                let Some(list) = self.stack[at + arguments].proper_items() else {
                    return wanted("apply", "a list", &self.stack[at + arguments]);
                };
                self.stack.pop();
                self.stack.remove(at);
                let arguments = arguments - 2 + list.len();
                self.stack.extend(list);
                Ok(Event::Call { arguments, is_tail })
            }
            Control::ApplyValues => {
                let values = pop(&mut self.stack);
                self.stack.remove(at);
                let arguments = match values {
                    Value::Several(values) => {
                        self.stack.extend(values.iter().cloned());
                        values.len()
                    }
                    value => {
                        self.stack.push(value);
                        1
                    }
                };
                Ok(Event::Call { arguments, is_tail })
            }
            Control::CallCc => {
                let receiver = pop(&mut self.stack);
                self.stack.pop();
                if is_tail {
                    self.stack.truncate(*base - 1);
                } else {
                    self.frames.push(Frame { pc: *pc, base: *base });
                }
                let continuation = self.capture();
                // The receiver is called in tail position, from a frame of which nothing is left.
                self.stack.push(receiver);
                self.stack.push(Value::Continuation(continuation));
                *base = 1;
                Ok(Event::Call { arguments: 1, is_tail: true })
            }
            Control::Throw => {
                let values = pop(&mut self.stack);
                let Value::Continuation(continuation) = pop(&mut self.stack) else {
                    return fail("%throw: wanted a continuation", &[]);
                };
                let Some(values) = values.proper_items() else {
                    return fail("%throw: wanted a list", &[]);
                };
                Ok(self.throw(continuation, Value::several(values), base))
            }
            Control::Eval => {
                let form = self.stack[at + 1].clone();
                let mut expander = Expander::new(&self.world, None);
                let code = self.compile(&form, &mut expander, &Rc::from("eval"))?;
                self.stack.truncate(at);
                self.stack.push(Value::Closure(Gc::new(Closure { code, captured: [].into() })));
                Ok(Event::Call { arguments: 0, is_tail })
            }
        }
    }

    /// Moves the stacks into an object, which then lies below them.
    fn capture(&mut self) -> Gc<Continuation> {
        if let (true, Some(below)) = (self.frames.is_empty(), &self.below)
            && same(&below.winds, &self.world.winds.get())
        {
            return below.clone();
        }
        let continuation = Gc::new(Continuation {
            stack: self.stack.drain(..).collect(),
            frames: self.frames.drain(..).collect(),
            below: self.below.take(),
            winds: self.world.winds.get(),
        });
        self.below = Some(continuation.clone());
        continuation
    }

    /// Fills the empty stacks from below. `false`: there is nothing, the program is at its end.
    fn reinstate(&mut self) -> bool {
        while self.frames.is_empty() {
            let Some(continuation) = self.below.take() else { return false };
            self.stack.extend(continuation.stack.iter().cloned());
            self.frames.extend(continuation.frames.iter().copied());
            self.below = continuation.below.clone();
        }
        true
    }

    /// A continuation is called: by way of the afters and befores in between, if there are any.
    fn travel(
        &mut self,
        continuation: Gc<Continuation>,
        arguments: usize,
        base: &mut usize,
    ) -> Event {
        let values: Vec<_> = self.stack.drain(self.stack.len() - arguments..).collect();
        self.stack.pop();
        if same(&continuation.winds, &self.world.winds.get()) {
            return self.throw(continuation, Value::several(values), base);
        }
        let travel = self.world.global(&self.world.intern("%travel"));
        let winds = continuation.winds.clone();
        let way =
            [travel.value.get(), Value::Continuation(continuation), winds, Value::list(values)];
        self.stack.extend(way);
        Event::Call { arguments: 3, is_tail: true }
    }

    /// Goes where the continuation leads, with a value.
    fn throw(&mut self, continuation: Gc<Continuation>, value: Value, base: &mut usize) -> Event {
        self.stack.clear();
        self.frames.clear();
        self.below = Some(continuation);
        // As if a procedure without locals returned it.
        self.stack.extend([Value::Nil, value]);
        *base = 1;
        Event::Return
    }

    /// The place in the source of what runs, or else of the nearest caller that has one.
    fn location(&self, code: &Code, pc: usize, base: usize) -> Option<Location> {
        if !matches!(self.stack.get(base - 1), Some(Value::Closure(_))) {
            return None;
        }
        code.location(pc.saturating_sub(1)).or_else(|| {
            self.frames.iter().rev().find_map(|frame| {
                self.closure(frame.base).code.location(frame.pc.saturating_sub(1))
            })
        })
    }
}

#[inline]
fn pop(stack: &mut Vec<Value>) -> Value {
    stack.pop().expect("the compiler keeps count of the stack")
}

#[inline]
fn pop_two(stack: &mut Vec<Value>) -> (Value, Value) {
    let other = pop(stack);
    (pop(stack), other)
}

#[inline]
fn closure(value: &Value) -> &Closure {
    match value {
        Value::Closure(closure) => closure,
        _ => unreachable!("a procedure lies below its frame"),
    }
}

#[inline]
fn variable(value: &Value) -> &Place {
    match value {
        Value::Place(place) => place,
        _ => unreachable!("the compiler knows which variables are boxed"),
    }
}

#[inline]
fn initialized(value: Value) -> Outcome {
    match value {
        Value::Undefined => fail("a variable is used before its definition", &[]),
        value => Ok(value),
    }
}

#[inline]
fn holds(comparison: Comparison, one: &Value, other: &Value) -> Result<bool, Failure> {
    let order = number::compare(comparison.name(), one, other)?;
    Ok(match comparison {
        Comparison::Equal => order == Some(Ordering::Equal),
        Comparison::Less => order == Some(Ordering::Less),
        Comparison::Greater => order == Some(Ordering::Greater),
        Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
        Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
    })
}

/// A primitive as an instruction.
#[inline]
fn inlined(inline: Inline, stack: &mut Vec<Value>) -> Result<(), Failure> {
    let result = match inline {
        Inline::Car | Inline::Cdr => {
            let value = pop(stack);
            let Value::Pair(pair) = &value else {
                return wanted(if inline == Inline::Car { "car" } else { "cdr" }, "a pair", &value);
            };
            if inline == Inline::Car { pair.car.get() } else { pair.cdr.get() }
        }
        Inline::Not => Value::Bool(!pop(stack).is_true()),
        Inline::IsNull => Value::Bool(pop(stack).is_nil()),
        Inline::IsPair => Value::Bool(matches!(pop(stack), Value::Pair(_))),
        Inline::Cons => {
            let (car, cdr) = pop_two(stack);
            Value::cons(car, cdr)
        }
        Inline::Add => {
            let (one, other) = pop_two(stack);
            number::add(&one, &other)?
        }
        Inline::Subtract => {
            let (one, other) = pop_two(stack);
            number::subtract(&one, &other)?
        }
        Inline::Multiply => {
            let (one, other) = pop_two(stack);
            number::multiply(&one, &other)?
        }
        Inline::Compare(comparison) => {
            let (one, other) = pop_two(stack);
            Value::Bool(holds(comparison, &one, &other)?)
        }
        Inline::IsEq => {
            let (one, other) = pop_two(stack);
            Value::Bool(same(&one, &other))
        }
        Inline::VectorRef => {
            let (vector, n) = pop_two(stack);
            super::lists::vector_ref(&vector, &n)?
        }
    };
    stack.push(result);
    Ok(())
}

/// The failure of an outcome that is one.
fn never(outcome: Outcome) -> Failure {
    match outcome {
        Err(failure) => failure,
        Ok(_) => unreachable!("`fail` fails"),
    }
}

pub(crate) fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
