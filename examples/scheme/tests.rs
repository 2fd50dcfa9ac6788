//! Programs as a whole, over either pointer.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;
use std::{fs, thread};

use crate::args::{Pointer, Program};
use crate::scheme::{self, Stop};
use crate::{STACK, run};

/// An output that can be read afterwards.
#[derive(Clone, Default)]
struct Page(Rc<RefCell<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What came of a program.
#[derive(Debug, PartialEq)]
struct Outcome {
    output: String,
    end: Result<(), Stop>,
    objects_left: usize,
}

fn outcome(over: Pointer, text: &str, arguments: &[&str]) -> Outcome {
    let page = Page::default();
    let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let mut interpreter = scheme::over(over, Box::new(page.clone()), arguments);
    let end = interpreter.run("test", text);
    let objects_left = interpreter.end();
    let output = String::from_utf8(page.0.take()).expect("Scheme writes text");
    Outcome { output, end, objects_left }
}

/// What a program writes that comes to its end.
fn written(text: &str) -> String {
    let outcome = outcome(Pointer::Gc, text, &["test"]);
    assert_eq!(outcome.end, Ok(()), "{}", outcome.output);
    assert_eq!(outcome.objects_left, 0);
    outcome.output
}

/// The error that a program ends with.
fn error(text: &str) -> String {
    match outcome(Pointer::Gc, text, &["test"]).end {
        Err(Stop::Error(words) | Stop::Incomplete(words)) => words,
        other => panic!("no error, but {other:?}"),
    }
}

/// The programs beside the example: name, text, and what they write.
fn programs() -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scheme/programs");
    let mut programs = Vec::new();
    for file in fs::read_dir(folder).expect("the programs are there") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "scm") {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("a program");
            let expected = fs::read_to_string(path.with_extension("out")).expect("its output");
            programs.push((name, text, expected));
        }
    }
    programs.sort();
    programs
}

#[test]
fn every_program_writes_what_is_expected_and_leaves_no_object() {
    let programs = programs();
    assert!(programs.len() >= 17, "{}", programs.len());
    for (name, text, expected) in programs {
        let outcome = outcome(Pointer::Gc, &text, &[&name]);
        let all = Outcome { output: expected, end: Ok(()), objects_left: 0 };
        assert_eq!(outcome, all, "{name}");
    }
}

#[test]
fn over_rc_programs_do_the_same_but_for_what_only_a_collector_can() {
    let larger = thread::Builder::new().stack_size(STACK);
    let all = larger.spawn(|| {
        for (name, text, expected) in programs() {
            let outcome = outcome(Pointer::Rc, &text, &[&name]);
            // They ask the collector.
            if ["closures", "weak"].contains(&&*name) {
                assert_ne!(outcome.output, expected, "{name}");
            } else {
                assert_eq!((outcome.output, outcome.end), (expected, Ok(())), "{name}");
            }
        }
    });
    all.expect("a thread").join().expect("all as expected");
}

#[test]
fn a_hundred_thousand_closures_come_and_go_in_the_same_memory() {
    let closures = include_str!("programs/closures.scm");
    let and_pages = format!(
        "{closures}\n(define (mebibytes) (quotient (cdr (assq 'page-bytes (gc-stats))) (expt 2 20)))\
         (define before (mebibytes)) (run size) (display (- (mebibytes) before))"
    );
    let outcome = outcome(Pointer::Gc, &and_pages, &["closures", "100000"]);
    let output = "(steps: 100000 more objects alive: 0)\n0".to_owned();
    assert_eq!(outcome, Outcome { output, end: Ok(()), objects_left: 0 });
}

#[test]
fn over_rc_a_thousand_closures_leak() {
    let closures = include_str!("programs/closures.scm");
    let outcome = outcome(Pointer::Rc, closures, &["closures", "1000"]);
    assert!(outcome.objects_left > 1000, "{}", outcome.objects_left);
}

#[test]
fn an_error_tells_its_place() {
    for (text, words) in [
        ("(display 1)\n  (car 5)", "test:2:4: car: wanted a pair, got: 5"),
        ("(define (f x)\n  (list (g x)))\n(f 1)", "test:2:10: this variable has no value: g"),
        ("(define (f) 1)\n(list (f 2))", "test:2:8: wanted 0 arguments, got 1: #<procedure f>"),
        (
            "(define (f x . y) 1) (f)",
            "test:1:23: wanted at least 1 argument, got 0: #<procedure f>",
        ),
        ("(cons 1)", "test:1:2: cons: the number of arguments is wrong"),
        ("(map car '(1))", "test:1:1: car: wanted a pair, got: 1"),
        ("(list\n 1 (map car '(1)))", "test:2:5: car: wanted a pair, got: 1"),
        ("(let ((x 1))\n (error \"no\" x \"y\"))", "test:2:3: no: 1 \"y\""),
        ("(list 1\n (raise 'oops))", "test:2:3: raised and not handled: oops"),
        ("(5 5)", "test:1:2: this is no procedure: 5"),
        ("(set! nobody 1)", "test:1:2: set!: there is no such variable: nobody"),
        ("(if)", "test:1:2: this form is not written like that: (if)"),
        ("(let ((x)) x)", "test:1:2: wanted bindings: ((name value) …): ((x))"),
        ("(lambda (5) 1)", "test:1:2: a parameter has to be a name: 5"),
        ("(list if)", "test:1:7: this is syntax, and no value: if"),
        ("()", "test:1:1: () is no expression; did you mean '()?"),
        (
            "(let () (define x 1))\n(let ())",
            "test:2:2: this form is not written like that: (let ())",
        ),
        (
            "(define-syntax f (syntax-rules () ((_ a) a)))\n(f)",
            "test:2:2: no rule of this macro fits its use: (f)",
        ),
        ("(+ 1 'a)", "test:1:2: +: this is no number: a"),
        (
            "(* 4611686018427387904 2)",
            "test:1:2: *: the result does not fit in 64 bits: 4611686018427387904 2",
        ),
        (
            "(with-exception-handler (lambda (e) 0) (lambda () (raise 'a)))",
            "test:1:52: raised and not handled: a",
        ),
    ] {
        assert_eq!(error(text), words, "{text}");
    }
}

#[test]
fn what_cannot_be_read_tells_its_place() {
    for (text, words) in [
        ("(a\n (b c)", "test:1:1: this is never closed"),
        ("'a)", "test:1:3: `)` closes nothing"),
        ("(a . )", "test:1:1: nothing follows the dot"),
        ("(a . b c)", "test:1:8: only one datum can follow the dot"),
        ("( . b)", "test:1:3: a dot with nothing to stand between"),
        ("(')", "test:1:2: nothing follows this prefix"),
        ("\n \"abc", "test:2:2: this string is never closed"),
        ("\"a\\qb\"", "test:1:3: `\\q` is no escape"),
        ("#| a #| b |#", "test:1:1: this comment is never closed"),
        ("#\\nonsense", "test:1:1: `#\\nonsense` is no character"),
        ("#q", "test:1:1: `#q` is unknown"),
        ("99999999999999999999", "test:1:1: 99999999999999999999 does not fit in 64 bits"),
    ] {
        assert_eq!(error(text), words, "{text}");
    }
}

#[test]
fn what_is_read_is_written_the_same() {
    let data = "(a . b) #(1 #(2) ()) \"q\\\"\\\\\\n\" #\\a #\\space #\\x7f 'x `(a ,b ,@c) #t -1.5 +inf.0 |a b| || (1 . (2 3)) #;(left out) [x] #xff 1e3";
    let expected = "(a . b) #(1 #(2) ()) \"q\\\"\\\\\\n\" #\\a #\\space #\\delete 'x `(a ,b ,@c) #t -1.5 +inf.0 |a b| || (1 2 3) (x) 255 1000.0";
    let text = format!("(for-each (lambda (datum) (write datum) (display \" \")) '({data}))");
    assert_eq!(written(&text).trim_end(), expected);
}

#[test]
fn nesting_has_a_limit_and_data_have_none() {
    let on_a_large_stack = thread::Builder::new().stack_size(STACK).spawn(|| {
        let nested = format!("{}1{}", "(+ 1 ".repeat(20_000), ")".repeat(20_000));
        assert!(error(&nested).ends_with("this is nested too deeply"));
        let endless = "(define-syntax f (syntax-rules () ((_ x) (f (x)))))\n(f 1)";
        assert!(error(endless).ends_with("this is nested too deeply"));
        let endless = "(define-syntax f (syntax-rules () ((_ x) (f (x)))))\n(define (g) (f 1))";
        assert_eq!(error(endless), "test:2:14: macros lead to macros without end");
    });
    on_a_large_stack.expect("a thread").join().expect("errors, no overflow");
    let on_a_small_stack = thread::Builder::new().stack_size(512 << 10).spawn(|| {
        let (open, close) = ("(".repeat(100_000), ")".repeat(100_000));
        let text = format!("(define deep '{open}{close})\n(write deep)");
        assert_eq!(written(&text), format!("{open}{close}"));
    });
    on_a_small_stack.expect("a thread").join().expect("no overflow");
}

#[test]
fn calls_that_wait_without_end_are_an_error() {
    let words = error("(define (f n) (+ 1 (f n)))\n(f 0)");
    assert_eq!(words, "test:1:21: too many calls wait for their results");
}

#[test]
fn a_redefinition_counts_from_then_on() {
    assert_eq!(
        written("(define (f) (car '(1 2)))\n(define (car x) 'mine)\n(write (list (f) (car 5)))"),
        "(1 mine)"
    );
}

#[test]
fn a_prompt_reads_on_until_a_form_is_whole() {
    for over in Pointer::ALL {
        let mut interpreter = scheme::over(over, Box::new(io::sink()), Vec::new());
        assert!(matches!(interpreter.answer("(define x\n"), Err(Stop::Incomplete(_))));
        assert_eq!(
            interpreter.answer("(define x\n 5)\n x \"a\" (list x)"),
            Ok(vec!["5".into(), "\"a\"".into(), "(5)".into()])
        );
        assert!(matches!(interpreter.answer("(car x)"), Err(Stop::Error(_))));
        assert_eq!(interpreter.answer("x"), Ok(vec!["5".into()]));
        assert_eq!(interpreter.answer("(exit 3)"), Err(Stop::Exit(3)));
    }
}

#[test]
fn exit_codes_tell_how_a_program_ended() {
    let folder = std::env::temp_dir().join(format!("scheme-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for files");
    let code = |name: &str, text: Option<&str>| {
        let file = folder.join(name);
        if let Some(text) = text {
            fs::write(&file, text).expect("a file");
        }
        run(&Program { file, arguments: Vec::new(), over: Pointer::Gc, has_figures: false })
    };
    assert_eq!(code("fine.scm", Some("(define x 1)")), 0);
    assert_eq!(code("error.scm", Some("(car 1)")), 1);
    assert_eq!(code("open.scm", Some("(car ")), 1);
    assert_eq!(code("exit.scm", Some("(exit 7) (car 1)")), 7);
    assert_eq!(code("missing.scm", None), 2);
    fs::remove_dir_all(folder).expect("the folder goes");
}
