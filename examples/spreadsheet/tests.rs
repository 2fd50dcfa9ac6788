//! Scripts, and what comes of them.

use crate::command::{Answer, Session};
use crate::run;

/// What a script writes, its errors, and how many objects are left when all is let go of.
fn outcome(script: &str) -> (String, String, usize) {
    let mut session = Session::new();
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let is_right = run(&mut session, "test", script.as_bytes(), &mut out, &mut errors);
    assert_eq!(is_right.expect("memory takes all"), errors.is_empty());
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(out), text(errors), session.end())
}

/// What a script writes that has no errors and leaves nothing.
fn written(script: &str) -> String {
    let (out, errors, left) = outcome(script);
    assert_eq!((&*errors, left), ("", 0), "{script}");
    out
}

/// The value of a formula. A1 to A3 are 1, 2 and 3, B1 is a text, B2 is blank, and B3 divides by zero.
fn value(formula: &str) -> String {
    let script = format!("A1 1\nA2 2\nA3 3\nB1 text\nB3 =1/0\nC1 {formula}\nshow C1");
    let table = written(&script);
    table.lines().nth(1).expect("a row").trim_start_matches("1").trim_start().to_owned()
}

#[test]
fn formulas_compute_what_they_say() {
    for (formula, expected) in [
        ("=1+2*3", "7"),
        ("=(1+2)*3", "9"),
        ("=2^3^2", "64"),
        ("=-2^2", "-4"),
        ("=10-4-3", "3"),
        ("=0.1+0.2", "0.3"),
        ("=1e3/4", "250"),
        ("=A1+A3", "4"),
        ("=a1+$A$2", "3"),
        ("=A1<A2", "TRUE"),
        ("=A1<>1", "FALSE"),
        ("=\"a\"&A2&\"b\"", "a2b"),
        ("=B1=\"text\"", "TRUE"),
        ("=B1=5", "FALSE"),
        ("=B2", "0"),
        ("=B2=\"\"", "TRUE"),
        ("=SUM(A1:A3)", "6"),
        ("=SUM(A1:B2, 10)", "13"),
        ("=MIN(A1:A3)", "1"),
        ("=MAX(A1:A3, 9)", "9"),
        ("=MAX(B1:B2)", "0"),
        ("=COUNT(A1:B3)", "3"),
        ("=AVERAGE(A1:A3)", "2"),
        ("=IF(A1>A2, \"more\", \"less\")", "less"),
        ("=IF(FALSE, 1)", "FALSE"),
        ("=IF(A1=1, 5, 1/0)", "5"),
        ("=AND(A1, A2>5)", "FALSE"),
        ("=OR(A1>5, TRUE)", "TRUE"),
        ("=NOT(0)", "TRUE"),
        ("=ABS(-3)", "3"),
        ("=ROUND(2.345, 2)", "2.35"),
        ("=LEN(B1)", "4"),
    ] {
        assert_eq!(value(formula), expected, "{formula}");
    }
}

#[test]
fn errors_are_values_and_go_from_cell_to_cell() {
    for (formula, expected) in [
        ("=1/0", "#DIV/0!"),
        ("=B3+1", "#DIV/0!"),
        ("=SUM(B1:B3)", "#DIV/0!"),
        ("=AVERAGE(B1:B2)", "#DIV/0!"),
        ("=B1+1", "#VALUE!"),
        ("=A1:A3+1", "#VALUE!"),
        ("=A1<B1", "#VALUE!"),
        ("=10^999", "#NUM!"),
        ("=-8^0.5", "-2.82842712475"),
        ("=(-8)^0.5", "#NUM!"),
        ("=IF(B3, 1, 2)", "#DIV/0!"),
    ] {
        assert_eq!(value(formula), expected, "{formula}");
    }
}

#[test]
fn a_change_reaches_all_that_depends_on_it_in_order() {
    // D1 is reached on two ways, and needs both.
    let script = "A1 1\nB1 =A1*10\nC1 =A1+B1\nD1 =C1-B1\nshow\nA1 5\nshow\nA1\nC1";
    assert_eq!(
        written(script),
        "   A   B   C  D\n1  1  10  11  1\n\
         \x20  A   B   C  D\n1  5  50  55  5\n\
         A1 = 5\n  used by B1, C1\n\
         C1 = 55   =A1+B1\n  refers to A1, B1\n  used by D1\n"
    );
}

#[test]
fn a_cycle_is_told_by_its_cells_and_goes_when_it_is_broken() {
    let script = "A1 =B2+1\nB2 =A1\nC1 =A1*2\nshow A1:C2\nB2 5\nshow A1:C2";
    assert_eq!(
        written(script),
        "cycle: A1 -> B2 -> A1\ncycle: A1 -> B2 -> A1\n"
            .split_once('\n')
            .expect("lines")
            .1
            .to_owned()
            + "         A        B        C\n\
               1  #CYCLE!           #CYCLE!\n\
               2           #CYCLE!\n\
               \x20  A  B   C\n1  6     12\n2     5\n"
    );
}

#[test]
fn each_knot_is_told_once_by_a_shortest_way_around() {
    assert_eq!(written("A1 =A1"), "cycle: A1 -> A1\n");
    assert_eq!(written("B1 =SUM(A1:C1)"), "cycle: B1 -> B1\n");
    // Two ways around from A1: over B1 and C1, and over D1.
    let script = "B1 =C1\nC1 =A1\nD1 =A1\nA1 =B1+D1\nshow";
    assert_eq!(
        written(script),
        "cycle: A1 -> D1 -> A1\n         A        B        C        D\n\
         1  #CYCLE!  #CYCLE!  #CYCLE!  #CYCLE!\n"
    );
    // Two knots, one of which leads to the other, and a cell that does not care.
    let script = "A1 =B1\nB1 =A1+C1\nC1 =D1\nE1 =COUNT(D1)\nD1 =C1\nE1";
    assert_eq!(
        written(script),
        "cycle: A1 -> B1 -> A1\ncycle: A1 -> B1 -> A1\ncycle: A1 -> B1 -> A1\ncycle: C1 -> D1 -> C1\n\
         E1 = 0   =COUNT(D1)\n  refers to D1\n"
    );
}

#[test]
fn a_wrong_line_is_one_line_with_its_number_and_the_others_go_on() {
    let script = "A1 =1+\n# a comment\n\nB1 =A1+1\nnonsense\nfill A1:A2\nfill A2:A3 =A1\n\
                  fill A1:A2 =ZZ99999\nundo x\nclear\nredo\nstats now\nshow A1:ZZ999\nclear A1:Z9999\n\
                  fill B1:B9999 =SUM(A$1:A$9999)\nshow";
    let (out, errors, left) = outcome(script);
    assert_eq!(out, "   A  B\n1     1\n2  0\n3  0\n");
    let no_cell = "is no cell: they are A1 to ZZ99999";
    let expected = [
        "1: wanted a number, a text, a cell or a function at character 4 of =1+".to_owned(),
        format!("5: `nonsense` {no_cell}; and no command (`help` lists them)"),
        "6: there is nothing to fill with".to_owned(),
        "8: ZZ99999 would leave the sheet".to_owned(),
        "9: `x` is no number of steps".to_owned(),
        format!("10: `` {no_cell}"),
        "11: there is nothing to be redone".to_owned(),
        "12: `stats` stands alone".to_owned(),
        "13: 701 298 cells are too many to show".to_owned(),
        "14: a command can change 100000 cells, not 259974".to_owned(),
        "15: a command can make 2000000 references, not more".to_owned(),
    ];
    let expected: String =
        expected.iter().map(|line| format!("spreadsheet: test:{line}\n")).collect();
    assert_eq!((errors, left), (expected, 0));
    let mut session = Session::new();
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let is_right =
        run(&mut session, "test", &b"A1 \xff\nquit\nnonsense"[..], &mut out, &mut errors);
    assert!(!is_right.expect("memory takes all"));
    assert_eq!(String::from_utf8_lossy(&errors), "spreadsheet: test:1: this is no UTF-8\n");
}

#[test]
fn undo_and_redo_go_through_the_versions() {
    let script = "A1 1\nB1 =A1+1\nA1 7\nundo\nshow\nundo 5\nshow\nredo 2\nshow\nC1 0\nredo\n";
    let (out, errors, left) = outcome(script);
    assert_eq!(
        out,
        "undone: A1 7\n   A  B\n1  1  2\n\
         undone: B1 =A1+1\nundone: A1 1\nthe sheet is blank\n\
         redone: A1 1\nredone: B1 =A1+1\n   A  B\n1  1  2\n"
    );
    assert_eq!((&*errors, left), ("spreadsheet: test:11: there is nothing to be redone\n", 0));
}

#[test]
fn an_undone_cycle_comes_back_with_redo() {
    let script = "A1 =B1\nB1 =A1\nundo\nA1\nredo\nclear B1\nA1";
    assert_eq!(
        written(script),
        "cycle: A1 -> B1 -> A1\nundone: B1 =A1\nA1 = 0   =B1\n  refers to B1\n\
         redone: B1 =A1\ncycle: A1 -> B1 -> A1\nA1 = 0   =B1\n  refers to B1\n"
    );
}

#[test]
fn after_any_steps_the_values_are_those_of_a_sheet_that_was_entered_anew() {
    let mut state = 1_u32;
    // Numbers that look random, the same in each run.
    let mut random = |end: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % end
    };
    let mut session = Session::new();
    let mut cycles = 0;
    for step in 0..1500 {
        let [place, first, second] =
            [(); 3].map(|()| format!("{}{}", ["A", "B", "C"][random(3) as usize], 1 + random(4)));
        let command = match random(10) {
            0 => format!("clear {place}"),
            1 => format!("{place} {step}"),
            2 => format!("{place} =IF({first}>{second},{first},{second}+1)"),
            3 => format!("{place} =COUNT({first}:{second})"),
            4 => format!("{place} =SUM({first}:{second})/2"),
            5 | 6 => "undo".to_owned(),
            7 => "redo".to_owned(),
            _ => format!("{place} ={first}+1"),
        };
        if let Ok(Answer::Text(text)) = session.answer(&command) {
            cycles += usize::from(text.contains("cycle: "));
        }
        let mut anew = Session::new();
        for cell in session.sheet.filled() {
            let entry = cell.entry().expect("it is filled");
            anew.answer(&format!("{} {entry}", cell.place)).expect("a right line");
        }
        assert_eq!(session.answer("show"), anew.answer("show"), "step {step}: {command}");
        assert_eq!(anew.end(), 0);
    }
    assert!(cycles > 100, "{cycles}");
    assert_eq!(session.end(), 0);
}

/// A session after a script, with automatic sweeps off: the figures are the script's own.
fn session(script: &str) -> Session {
    let mut session = Session::new();
    session.heap().set_auto_collect(false);
    for line in script.lines() {
        session.answer(line).expect("a right line");
    }
    session
}

/// How many objects a sweep frees.
fn swept(session: &Session) -> usize {
    let before = session.heap().live_count();
    session.heap().collect();
    before - session.heap().live_count()
}

#[test]
fn a_version_costs_what_it_changes() {
    let mut session = session("fill A1:A1000 =B1*2");
    let before = session.sheet.figures();
    // A thousand formulas share a template, and each holds a blank cell.
    assert_eq!(
        (before.filled, before.blank, before.entries, before.templates),
        (1000, 1000, 1000, 1)
    );
    assert_eq!((before.versions, before.nodes, before.unshared_nodes), (2, 1999, 1999));
    assert_eq!(before.live_objects, before.objects());

    session.answer("A500 7").expect("a right line");
    let after = session.sheet.figures();
    // An entry, a version, a leaf and the branches above it. The blank cell B500 is gone with its handle.
    let added = after.nodes - before.nodes;
    assert!((10..=12).contains(&added), "{added}");
    assert_eq!((after.versions, after.entries, after.blank), (3, 1001, 999));
    assert_eq!(after.unshared_nodes, 2 * 1999);
    assert_eq!(after.live_objects, before.live_objects + added + 2 - 1);
    assert_eq!(after.live_objects, after.objects());

    // The way back makes nothing but the blank cell.
    session.answer("undo").expect("a right line");
    let undone = session.sheet.figures();
    assert_eq!((undone.undo_steps, undone.redo_steps), (1, 1));
    assert_eq!((before.computed, after.computed, undone.computed), (1000, 1, 1));
    assert_eq!(undone.live_objects, after.live_objects + 1);
    assert_eq!(session.end(), 0);
}

#[test]
fn a_forgotten_history_is_swept_but_for_what_the_present_shares() {
    let mut session = session("A1 1\nA2 2\nA1 5\nA3 9\nundo");
    // 5 versions. Nodes: A1 | A1 A2 + branch | A1' A2 + branch | the same, A3 + branch(es).
    let before = session.sheet.figures();
    assert_eq!((before.versions, before.undo_steps, before.redo_steps), (5, 3, 1));
    assert_eq!((before.filled, before.entries, before.live_objects), (2, 4, before.objects()));

    assert_eq!(session.sheet.forget(), 4);
    let after = session.sheet.figures();
    assert_eq!((after.versions, after.nodes, after.entries), (1, 3, 2));
    // By count nothing has died: the versions before hold each other. The one to redo is held by nobody.
    let garbage = after.live_objects - after.objects();
    let swept = swept(&session);
    assert_eq!(swept, garbage);
    // The versions 0 to 2, the first A1 with its entry, and the branch above it.
    assert_eq!(swept, 6);
    assert_eq!(session.sheet.figures().live_objects, 2 + 1 + 3 + 2);
    assert_eq!(session.end(), 0);
}

#[test]
fn what_could_be_redone_goes_with_the_next_change() {
    let mut session = session("A1 1\nA1 2\nA1 3\nA1 4\nundo 3\nA1 5");
    let figures = session.sheet.figures();
    assert_eq!((figures.versions, figures.redo_steps), (3, 0));
    // Three versions that hold each other, and an entry and a leaf of each.
    assert_eq!(figures.live_objects - figures.objects(), 9);
    assert_eq!(swept(&session), 9);
    assert_eq!(
        session.answer("undo").expect("a right line"),
        Answer::Text("undone: A1 5\n".into())
    );
    assert_eq!(session.end(), 0);
}

#[test]
fn a_sheet_that_is_let_go_of_is_swept_as_a_whole() {
    let mut session = session("fill A2:A100 =A1+1\nA1 =A100");
    let figures = session.sheet.figures();
    assert_eq!(figures.filled, 100);
    session.answer("new").expect("a right line");
    assert_eq!(swept(&session), figures.objects());
    assert_eq!(session.sheet.figures().live_objects, 1);
    assert_eq!(session.end(), 0);
}

#[test]
fn stats_tell_what_versions_share() {
    let script =
        "fill A1:A100 =ROUND(B1,2)\nA1 7\nstats\nforget\nstats\ncollect\nstats\nnew\ncollect";
    let stats: Vec<String> = written(script).lines().map(str::to_owned).collect();
    assert!(stats[0].starts_with("objects            511   "), "{stats:#?}");
    assert_eq!(stats[1], "  cells            100   and 99 blank");
    assert_eq!(stats[2], "  versions           3   2 to undo, 0 to redo");
    assert!(stats[3].ends_with("   398 if each version had its own"), "{stats:#?}");
    assert_eq!(stats[4..6], ["  entries          101", "  templates          1"]);
    assert_eq!(stats[6], "computed             1   cells, for the last change");
    assert_eq!(stats[7], "forgot 2 versions");
    assert!(stats[8].contains("11 of them garbage until a sweep"), "{stats:#?}");
    assert!(stats[15] == "freed 11 objects of 496 bytes", "{stats:#?}");
    assert!(!stats[16].contains("garbage"), "{stats:#?}");
}

#[test]
fn the_script_beside_the_example_tells_what_it_says() {
    let out = written(include_str!("loan.txt"));
    for line in [
        "4   a month  909.29070045",
        "5  interest     127344.65",
        "4   a month  1049.33070868",
        "5  interest      177759.06",
        "undone: B2 0.048",
        "B2 = 0.036",
        "forgot 16 versions",
    ] {
        assert!(out.lines().any(|told| told == line), "{line}: {out}");
    }
    assert_eq!(out.matches("cycle: B2 -> B5 -> ").count(), 1, "{out}");
}

#[test]
fn a_column_of_sums_needs_no_stack() {
    let small_stack = std::thread::Builder::new().stack_size(256 << 10);
    let computed = small_stack.spawn(|| {
        let script = "A1 1\nfill A2:A20000 =A1+1\nA1 2\nA20000\nA1 =A20000\nundo 3\nshow A1:A2";
        let (out, errors, left) = outcome(script);
        let (value, rest) = out.split_once('\n').expect("lines");
        assert_eq!(value, "A20000 = 20001   =A19999+1");
        let around = rest.lines().find(|line| line.starts_with("cycle: ")).expect("a cycle");
        assert_eq!(around.split(" -> ").count(), 20_001);
        assert!(rest.ends_with("   A\n1  1\n2\n"), "{}", &rest[rest.len() - 20..]);
        (errors, left)
    });
    let computed = computed.expect("a thread").join().expect("no overflow");
    assert_eq!(computed, (String::new(), 0));
}
