//! From expressions to instructions.
//!
//! Locals live on the machine's stack, at places that are known here. A closure copies the variables that it
//! captures, so one that changes lives in a box.

use std::rc::Rc;

use super::super::pointer::Gc;
use super::code::{Capture, Code, Inline, Op};
use super::condition::Position;
use super::expand::{Expr, Lambda};
use super::scope::Variable;
use super::value::Value;
use super::world::Global;

/// The code of an expression outside of everything: a procedure without parameters.
pub(crate) fn top_level(expression: &Expr, source: &Rc<str>) -> Gc<Code> {
    let mut compiler = Compiler { source: source.clone(), functions: vec![Function::new(0)] };
    compiler.value(expression, Place::Tail);
    let function = compiler.functions.pop().expect("it was pushed above");
    function.finish("", 0, false, source)
}

/// What becomes of an expression's value.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// It stays on the stack.
    Stack,
    /// It is the procedure's result.
    Tail,
}

struct Compiler {
    source: Rc<str>,
    /// The procedure that is being compiled, and what it is nested in.
    functions: Vec<Function>,
}

/// A procedure as far as it is compiled.
struct Function {
    number: usize,
    ops: Vec<Op>,
    constants: Vec<Value>,
    globals: Vec<Gc<Global>>,
    children: Vec<Gc<Code>>,
    captured: Vec<Rc<Variable>>,
    captures: Vec<Capture>,
    positions: Vec<(u32, Option<Position>)>,
    /// How many values are on the stack above the frame's base.
    height: u32,
}

impl Function {
    fn new(number: usize) -> Self {
        Self {
            number,
            ops: Vec::new(),
            constants: Vec::new(),
            globals: Vec::new(),
            children: Vec::new(),
            captured: Vec::new(),
            captures: Vec::new(),
            positions: Vec::new(),
            height: 0,
        }
    }

    fn finish(self, name: &str, required: usize, has_rest: bool, source: &Rc<str>) -> Gc<Code> {
        Gc::new(Code {
            name: name.into(),
            required,
            has_rest,
            ops: self.ops.into(),
            constants: self.constants.into(),
            globals: self.globals.into(),
            children: self.children.into(),
            captures: self.captures.into(),
            source: source.clone(),
            positions: self.positions.into(),
        })
    }

    fn constant(&mut self, value: &Value) -> u32 {
        self.constants.push(value.clone());
        index(self.constants.len() - 1)
    }

    fn global(&mut self, global: &Gc<Global>) -> u32 {
        let known = self.globals.iter().position(|known| Gc::ptr_eq(known, global));
        index(known.unwrap_or_else(|| {
            self.globals.push(global.clone());
            self.globals.len() - 1
        }))
    }
}

fn index(number: usize) -> u32 {
    u32::try_from(number).expect("a program that fits in memory has fewer")
}

impl Compiler {
    fn function(&mut self) -> &mut Function {
        self.functions.last_mut().expect("there is always one")
    }

    fn emit(&mut self, op: Op) {
        self.function().ops.push(op);
    }

    /// From the next instruction on, the program is at this place.
    fn at(&mut self, position: Option<Position>) {
        let function = self.function();
        let first = index(function.ops.len());
        match function.positions.last_mut() {
            Some((_, last)) if *last == position => {}
            Some((at, last)) if *at == first => *last = position,
            _ => function.positions.push((first, position)),
        }
    }

    fn grow(&mut self, by: u32) {
        self.function().height += by;
    }

    fn shrink(&mut self, by: u32) {
        self.function().height -= by;
    }

    /// An instruction that leaves a new value.
    fn push(&mut self, op: Op) {
        self.emit(op);
        self.grow(1);
    }

    fn next(&mut self) -> u32 {
        index(self.function().ops.len())
    }

    /// Has the jump at `at` lead to what comes next.
    fn land(&mut self, at: u32) {
        let here = self.next();
        let op = &mut self.function().ops[at as usize];
        match op {
            Op::Jump(to)
            | Op::JumpIfFalse(to)
            | Op::JumpUnless(_, to)
            | Op::JumpUnlessNull(to)
            | Op::JumpUnlessPair(to)
            | Op::JumpUnlessEq(to) => *to = here,
            _ => unreachable!("only jumps land"),
        }
    }

    /// Leaves the value of an expression where it belongs. The height of the stack is one more then.
    fn value(&mut self, expression: &Expr, place: Place) {
        match expression {
            Expr::Constant(Value::Integer(number)) if i32::try_from(*number).is_ok() => {
                self.push(Op::Integer(*number as i32));
            }
            Expr::Constant(value) => {
                let constant = self.function().constant(value);
                self.push(Op::Constant(constant));
            }
            Expr::Local(variable) => {
                let op = match (self.find(variable), variable.is_boxed()) {
                    (Capture::Local(slot), true) => Op::BoxedLocal(slot),
                    (Capture::Local(slot), false) if variable.is_late => Op::LateLocal(slot),
                    (Capture::Local(slot), false) => Op::Local(slot),
                    (Capture::Captured(n), true) => Op::BoxedCaptured(n),
                    (Capture::Captured(n), false) => Op::Captured(n),
                };
                self.push(op);
            }
            Expr::Global(global, position) => {
                self.at(*position);
                let global = self.function().global(global);
                self.push(Op::Global(global));
            }
            Expr::SetLocal(variable, value) | Expr::Initialize(variable, value) => {
                self.value(value, Place::Stack);
                let op = match (self.find(variable), variable.is_boxed()) {
                    (Capture::Local(slot), true) => Op::SetBoxedLocal(slot),
                    (Capture::Local(slot), false) => Op::SetLocal(slot),
                    (Capture::Captured(n), _) => Op::SetBoxedCaptured(n),
                };
                self.emit(op);
            }
            Expr::SetGlobal(global, value, position) => {
                self.value(value, Place::Stack);
                self.at(*position);
                let global = self.function().global(global);
                self.emit(Op::SetGlobal(global));
            }
            Expr::DefineGlobal(global, value) => {
                self.value(value, Place::Stack);
                let global = self.function().global(global);
                self.emit(Op::DefineGlobal(global));
            }
            Expr::If(parts) => return self.conditional(parts, place),
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::Sequence(steps) => {
                let (last, before) = steps.split_last().expect("a sequence is not empty");
                for step in before {
                    if !matches!(step, Expr::Constant(_)) {
                        self.value(step, Place::Stack);
                        self.emit(Op::Pop);
                        self.shrink(1);
                    }
                }
                return self.value(last, place);
            }
            Expr::Let(bindings, body) => {
                for (variable, value) in bindings {
                    variable.slot.set(self.function().height);
                    self.value(value, Place::Stack);
                }
                for (variable, _) in bindings {
                    self.box_if_needed(variable);
                }
                return self.scope(bindings.len(), body, place);
            }
            Expr::Letrec(variables, body) => {
                for variable in variables {
                    variable.slot.set(self.function().height);
                    let undefined = self.function().constant(&Value::Undefined);
                    self.push(Op::Constant(undefined));
                    self.box_if_needed(variable);
                }
                return self.scope(variables.len(), body, place);
            }
            Expr::Call(function, arguments, position) => {
                return self.call(function, arguments, *position, place);
            }
        }
        if place == Place::Tail {
            self.emit(Op::Return);
        }
    }

    /// The body of what has pushed `count` variables.
    fn scope(&mut self, count: usize, body: &Expr, place: Place) {
        self.value(body, place);
        let count = index(count);
        if place == Place::Stack && count > 0 {
            self.emit(Op::Slide(count));
        }
        self.shrink(count);
    }

    fn box_if_needed(&mut self, variable: &Variable) {
        if variable.is_boxed() {
            self.emit(Op::Box(variable.slot.get()));
        }
    }

    fn conditional(&mut self, [test, then, otherwise]: &[Expr; 3], place: Place) {
        let to_otherwise = self.test(test);
        self.value(then, place);
        self.shrink(1);
        let to_end = (place == Place::Stack).then(|| {
            let at = self.next();
            self.emit(Op::Jump(0));
            at
        });
        self.land(to_otherwise);
        self.value(otherwise, place);
        if let Some(to_end) = to_end {
            self.land(to_end);
        }
    }

    /// A test, and the jump for when it fails, which is to land yet.
    fn test(&mut self, test: &Expr) -> u32 {
        self.value(test, Place::Stack);
        let fused = match self.function().ops.last() {
            Some(Op::Inline(Inline::Compare(comparison))) => Some(Op::JumpUnless(*comparison, 0)),
            Some(Op::Inline(Inline::IsNull)) => Some(Op::JumpUnlessNull(0)),
            Some(Op::Inline(Inline::IsPair)) => Some(Op::JumpUnlessPair(0)),
            Some(Op::Inline(Inline::IsEq)) => Some(Op::JumpUnlessEq(0)),
            _ => None,
        };
        // Only the call itself may be fused: a jump may lead to behind the end of an `if`.
        let is_call = matches!(test, Expr::Call(..));
        match fused.filter(|_| is_call) {
            Some(jump) => *self.function().ops.last_mut().expect("it was looked at") = jump,
            None => self.emit(Op::JumpIfFalse(0)),
        }
        self.shrink(1);
        self.next() - 1
    }

    fn call(
        &mut self,
        function: &Expr,
        arguments: &[Expr],
        position: Option<Position>,
        place: Place,
    ) {
        if let Expr::Global(global, _) = function
            && let Some(inline) = global.inline.get()
            && self.inline(inline, arguments, position)
        {
            if place == Place::Tail {
                self.emit(Op::Return);
            }
            return;
        }
        self.value(function, Place::Stack);
        for argument in arguments {
            self.value(argument, Place::Stack);
        }
        self.at(position);
        let count = index(arguments.len());
        self.emit(match place {
            Place::Stack => Op::Call(count),
            Place::Tail => Op::TailCall(count),
        });
        self.shrink(count);
    }

    /// The call of a primitive as an instruction, if it has the arguments for that.
    fn inline(&mut self, inline: Inline, arguments: &[Expr], position: Option<Position>) -> bool {
        if arguments.len() != inline.arity() {
            return false;
        }
        let added = match (inline, arguments) {
            (Inline::Add, [other, Expr::Constant(Value::Integer(number))])
            | (Inline::Add, [Expr::Constant(Value::Integer(number)), other]) => {
                i32::try_from(*number).ok().map(|number| (other, number))
            }
            (Inline::Subtract, [other, Expr::Constant(Value::Integer(number))]) => {
                i32::try_from(-*number).ok().map(|number| (other, number))
            }
            _ => None,
        };
        if let Some((other, number)) = added {
            self.value(other, Place::Stack);
            self.at(position);
            self.emit(Op::AddInteger(number));
            return true;
        }
        for argument in arguments {
            self.value(argument, Place::Stack);
        }
        self.at(position);
        self.emit(Op::Inline(inline));
        self.shrink(index(arguments.len() - 1));
        true
    }

    fn lambda(&mut self, lambda: &Lambda) {
        self.functions.push(Function::new(lambda.function));
        for parameter in &lambda.parameters {
            let slot = self.function().height;
            parameter.slot.set(slot);
            self.grow(1);
        }
        for parameter in &lambda.parameters {
            self.box_if_needed(parameter);
        }
        self.value(&lambda.body, Place::Tail);
        let mut function = self.functions.pop().expect("it was pushed above");
        let captured = std::mem::take(&mut function.captured);
        function.captures = captured.iter().map(|variable| self.find(variable)).collect();
        let required = lambda.parameters.len() - usize::from(lambda.has_rest);
        let code = function.finish(&lambda.name, required, lambda.has_rest, &self.source);
        let outer = self.function();
        outer.children.push(code);
        let child = index(outer.children.len() - 1);
        self.push(Op::Closure(child));
    }

    /// Where the function finds a variable.
    fn find(&mut self, variable: &Rc<Variable>) -> Capture {
        let function = self.function();
        if variable.function == function.number {
            return Capture::Local(variable.slot.get());
        }
        let known = function.captured.iter().position(|known| Rc::ptr_eq(known, variable));
        Capture::Captured(index(known.unwrap_or_else(|| {
            function.captured.push(variable.clone());
            function.captured.len() - 1
        })))
    }
}
