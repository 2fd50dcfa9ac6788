//! A scene: shapes of several types behind `Gc<dyn Shape>`, each of which holds its parent, and listeners
//! that hold what they listen to. With `Rc`, each of these would have to be weak, or would leak.
//!
//! `cargo run --example shapes`

use std::fmt::{self, Write};

mod scene;

use gc_core::{Gc, Heap, coerce, gc_fn};
use scene::{
    Circle, Frame, Group, Listener, Point, Rectangle, Shape, Style, add, click, outline, remove,
};

fn main() {
    let mut page = String::new();
    play(&mut page).expect("a string can be written to");
    print!("{page}");
}

/// Builds a scene, clicks about in it, takes it apart, and writes down what happens.
fn play(out: &mut String) -> fmt::Result {
    let heap = Heap::current();
    let style = std::rc::Rc::new(Style { color: "red" });

    let root = Gc::new(Group { frame: Frame::new("root") });
    let panel = Gc::new(Group { frame: Frame::new("panel") });
    let lamp = Gc::new(Circle {
        frame: Frame::new("lamp"),
        center: Point { x: 8.0, y: 2.0 },
        radius: 1.0,
        style,
    });
    let button = Gc::new(Rectangle {
        frame: Frame::new("button"),
        corner: Point { x: 0.0, y: 0.0 },
        size: Point { x: 4.0, y: 2.0 },
    });
    let root = coerce!(root => dyn Shape);
    let panel = coerce!(panel => dyn Shape);
    add(&root, &panel);
    add(&panel, &coerce!(button.clone() => dyn Shape));
    add(&root, &coerce!(lamp.clone() => dyn Shape));
    write!(out, "{}", outline(&root))?;

    // The button's listener holds the lamp and the panel, which holds the button.
    let log = Gc::new(std::cell::RefCell::new(String::new()));
    button.frame.listen(gc_fn! {
        [lamp, log = log.clone()] |click| {
            let is_on = !lamp.frame.is_lit.replace(!lamp.frame.is_lit.get());
            log.borrow_mut()
                .push_str(&format!("{} switches {} {is_on}\n", click.target, lamp.frame.name));
        }
    });
    // It bubbles up to this one, which hears of what is inside, and lets go of itself the second time.
    let counter: Listener = gc_fn! {
        [panel = panel.clone(), log = log.clone(), count = std::cell::Cell::new(0)] |click| {
            count.set(count.get() + 1);
            log.borrow_mut().push_str(&format!(
                "{} heard {} ({})\n",
                panel.frame().name,
                click.target,
                count.get()
            ));
            if count.get() == 2 {
                panel.frame().listeners.take();
            }
        }
    };
    panel.frame().listen(counter);

    for at in [
        Point { x: 1.0, y: 1.0 },
        Point { x: 8.5, y: 2.0 },
        Point { x: 2.0, y: 0.5 },
        Point { x: 1.0, y: 1.0 },
    ] {
        match click(&root, at) {
            Some(hit) => writeln!(out, "click at {at}: {} of {}", hit.frame().name, hit.path())?,
            None => writeln!(out, "click at {at}: nothing")?,
        }
    }
    write!(out, "{}", log.borrow())?;

    // Out of the scene, the panel and the button hold each other, and their listeners.
    let before = heap.live_count();
    remove(&panel);
    drop((panel, button));
    write!(out, "{}", outline(&root))?;
    let freed = heap.collect().collected;
    writeln!(out, "the panel: {freed} of {before} objects")?;

    drop((root, log));
    let freed = heap.collect().collected;
    writeln!(out, "the rest: {freed}, {} left", heap.live_count())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_scene_plays_as_written_and_nothing_is_left() {
        let mut page = String::new();
        super::play(&mut page).unwrap();
        assert_eq!(page, include_str!("expected.txt"));
    }
}
