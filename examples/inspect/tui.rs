//! The terminal form: types, the objects of one, and of an object its sizes, its path, who holds it and
//! what it holds. Enter goes further, escape back, `q` ends.

use std::io;

use gc_core::{Object, Snapshot};
use ratatui::Frame;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Style, Stylize};
use ratatui::widgets::{Block, List, ListState, Paragraph};

/// How many objects of a type, and edges of an object, are listed.
const MOST: usize = 1000;

/// Shows the snapshot until the user has seen enough.
pub(crate) fn browse(snapshot: &Snapshot) -> io::Result<()> {
    let mut terminal = ratatui::init();
    let mut browser = Browser::new(snapshot);
    let outcome = loop {
        if let Err(error) = terminal.draw(|frame| browser.draw(frame)) {
            break Err(error);
        }
        match event::read() {
            Err(error) => break Err(error),
            Ok(Event::Key(key)) if key.kind == KeyEventKind::Press => {
                if key.code == KeyCode::Char('q') {
                    break Ok(());
                }
                browser.press(key.code);
            }
            Ok(_) => {}
        }
    };
    ratatui::restore();
    outcome
}

/// What can be looked at.
#[derive(Clone, Copy)]
enum View<'s> {
    Types,
    Type(&'static str),
    Object(Object<'s>),
}

/// A line of a view, and where it leads.
struct Line<'s> {
    text: String,
    to: Option<View<'s>>,
}

/// A view, and which of its lines is chosen.
struct Page<'s> {
    title: String,
    lines: Vec<Line<'s>>,
    chosen: ListState,
}

/// The way through the views; never empty.
struct Browser<'s> {
    snapshot: &'s Snapshot,
    pages: Vec<Page<'s>>,
}

impl<'s> Browser<'s> {
    fn new(snapshot: &'s Snapshot) -> Self {
        let mut browser = Self { snapshot, pages: Vec::new() };
        browser.open(View::Types);
        browser
    }

    fn open(&mut self, view: View<'s>) {
        let (title, lines) = match view {
            View::Types => ("types by bytes".to_owned(), types(self.snapshot)),
            View::Type(name) => (format!("objects of {name}"), objects(self.snapshot, name)),
            View::Object(object) => (format!("{object:?}"), facts(self.snapshot, object)),
        };
        let first = lines.iter().position(|line| line.to.is_some()).unwrap_or(0);
        self.pages.push(Page {
            title,
            lines,
            chosen: ListState::default().with_selected(Some(first)),
        });
    }

    fn press(&mut self, key: KeyCode) {
        let Some(page) = self.pages.last_mut() else { return };
        match key {
            KeyCode::Down | KeyCode::Char('j') => page.chosen.select_next(),
            KeyCode::Up | KeyCode::Char('k') => page.chosen.select_previous(),
            KeyCode::PageDown => page.chosen.scroll_down_by(20),
            KeyCode::PageUp => page.chosen.scroll_up_by(20),
            KeyCode::Enter | KeyCode::Right => {
                let line = page.chosen.selected().and_then(|at| page.lines.get(at));
                if let Some(view) = line.and_then(|line| line.to) {
                    self.open(view);
                }
            }
            KeyCode::Esc | KeyCode::Backspace | KeyCode::Left if self.pages.len() > 1 => {
                self.pages.pop();
            }
            _ => {}
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        let [body, help] =
            Layout::vertical([Constraint::Min(1), Constraint::Length(1)]).areas(frame.area());
        let depth = self.pages.len();
        let Some(page) = self.pages.last_mut() else { return };
        let lines = page.lines.iter().map(|line| line.text.as_str());
        let list = List::new(lines)
            .block(Block::bordered().title(page.title.as_str()))
            .highlight_style(Style::new().reversed());
        frame.render_stateful_widget(list, body, &mut page.chosen);
        let back = if depth > 1 { "  esc: back" } else { "" };
        let keys = Paragraph::new(format!("up, down: choose  enter: go there{back}  q: end"));
        frame.render_widget(keys.dim(), help);
    }
}

fn types(snapshot: &Snapshot) -> Vec<Line<'_>> {
    let row = |row: &gc_core::HistogramRow| Line {
        text: format!("{:>8} objects {:>10} bytes  {}", row.count, row.bytes(), row.type_name),
        to: Some(View::Type(row.type_name)),
    };
    snapshot.histogram().rows().iter().map(row).collect()
}

fn objects<'s>(snapshot: &'s Snapshot, name: &'static str) -> Vec<Line<'s>> {
    let mut objects: Vec<_> = snapshot.objects().filter(|o| o.type_name() == name).collect();
    objects.sort_by_key(|object| std::cmp::Reverse(object.retained_bytes()));
    let line = |object: Object<'s>| Line {
        text: format!("{:>10} bytes retained  {object:?}", object.retained_bytes()),
        to: Some(View::Object(object)),
    };
    objects.into_iter().take(MOST).map(line).collect()
}

fn facts<'s>(snapshot: &'s Snapshot, object: Object<'s>) -> Vec<Line<'s>> {
    let said = |text: String| Line { text, to: None };
    let (own, owned, retained) =
        (object.own_bytes(), object.owned_bytes(), object.retained_bytes());
    let (handles, outside) = (object.strong_count(), object.external_count());
    let mut lines = vec![
        said(format!("{own} bytes, {owned} owned elsewhere, {retained} retained")),
        said(format!(
            "{handles} handles, {outside} of them from outside, {:?}",
            object.generation()
        )),
    ];
    match snapshot.why_alive(object).map(|path| path.steps().to_vec()) {
        None => lines.push(said("garbage: nothing outside leads here".to_owned())),
        Some(steps) if steps.is_empty() => lines.push(said("held from outside".to_owned())),
        Some(steps) => {
            lines.push(said("alive because of".to_owned()));
            lines.extend(steps.into_iter().map(|edge| Line {
                text: format!("  {:?}.{}", edge.from(), edge.label()),
                to: Some(View::Object(edge.from())),
            }));
        }
    }
    lines.push(said(format!("referrers ({})", object.referrers().len())));
    lines.extend(object.referrers().take(MOST).map(|edge| Line {
        text: format!("  {:?}.{}", edge.from(), edge.label()),
        to: Some(View::Object(edge.from())),
    }));
    lines.push(said(format!("referents ({})", object.edges().len())));
    lines.extend(object.edges().take(MOST).map(|edge| Line {
        text: format!("  {} → {:?}", edge.label(), edge.to()),
        to: Some(View::Object(edge.to())),
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Scene;
    use gc_core::Heap;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    /// What is on the screen.
    fn screen(browser: &mut Browser<'_>) -> String {
        let mut terminal = Terminal::new(TestBackend::new(100, 30)).expect("a screen in memory");
        terminal.draw(|frame| browser.draw(frame)).expect("it takes all");
        terminal.backend().to_string()
    }

    #[test]
    fn types_lead_to_objects_and_those_to_paths_and_referrers() {
        let heap = Heap::new();
        let scene = Scene::play(&heap, b"<body><div><ul><li>a<li>b</ul></div>");
        let mut browser = Browser::new(&scene.after);
        assert!(screen(&mut browser).contains("types by bytes"));
        assert!(screen(&mut browser).contains("node::Node"));
        browser.press(KeyCode::Enter);
        assert!(screen(&mut browser).contains("bytes retained  Node#"));
        browser.press(KeyCode::Esc);
        browser.open(View::Object(scene.after.find(&scene.leaked).expect("the leak")));
        let text = screen(&mut browser);
        assert!(text.contains("alive because of"), "{text}");
        assert!(text.contains("History#") && text.contains(".visited[0]"), "{text}");
        assert!(text.contains("referrers (") && text.contains("referents ("), "{text}");
        // The first line that leads anywhere is the path's: to the history.
        browser.press(KeyCode::Enter);
        let text = screen(&mut browser);
        assert!(
            text.contains("held from outside") && text.contains("settings → Settings#"),
            "{text}"
        );
        browser.press(KeyCode::Esc);
        browser.press(KeyCode::Esc);
        browser.press(KeyCode::Esc);
        assert!(screen(&mut browser).contains("types by bytes"), "the first view stays");
        heap.collect();
    }
}
