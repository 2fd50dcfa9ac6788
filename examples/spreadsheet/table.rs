//! The table in the terminal. Arrows choose a cell, and what is typed goes into it.

use std::io;

use ratatui::Frame;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Style, Stylize};
use ratatui::widgets::{Block, Paragraph, Row, Table};

use crate::command::{Answer, Session};
use crate::place::{Place, column_name};

const COLUMN_WIDTH: u16 = 11;
const NUMBER_WIDTH: u16 = 6;
const KEYS: &str = "arrows: choose  =…: type  enter: put in  del: clear  ^Z ^Y: undo, redo  \
                    :…: command  ^Q: end";

/// Shows the sheet until the user has seen enough.
pub(crate) fn show(session: &mut Session) -> io::Result<()> {
    let mut terminal = ratatui::try_init()?;
    let mut table = View::new(session);
    let outcome = loop {
        if let Err(error) = terminal.draw(|frame| table.draw(frame)) {
            break Err(error);
        }
        match event::read() {
            Err(error) => break Err(error),
            Ok(Event::Key(key)) if key.kind == KeyEventKind::Press => {
                if !table.press(key) {
                    break Ok(());
                }
            }
            Ok(_) => {}
        }
    };
    ratatui::restore();
    outcome
}

/// What is on the screen.
struct View<'s> {
    session: &'s mut Session,
    chosen: Place,
    /// The cell in the corner.
    corner: Place,
    /// How many rows and columns there were room for, when it was last drawn.
    room: (u32, u32),
    /// What is being typed.
    typed: Option<String>,
    /// What the last command answered.
    answer: String,
}

impl<'s> View<'s> {
    fn new(session: &'s mut Session) -> Self {
        let corner = Place { row: 0, column: 0 };
        let (typed, answer) = Default::default();
        Self { session, chosen: corner, corner, room: (1, 1), typed, answer }
    }

    /// Does what a key says. False: it says that this is the end.
    fn press(&mut self, key: KeyEvent) -> bool {
        let chosen = self.chosen;
        match (key.code, &mut self.typed) {
            (KeyCode::Char('q' | 'c'), _) if key.modifiers == KeyModifiers::CONTROL => {
                return false;
            }
            (KeyCode::Char('z'), None) if key.modifiers == KeyModifiers::CONTROL => {
                return self.say("undo");
            }
            (KeyCode::Char('y'), None) if key.modifiers == KeyModifiers::CONTROL => {
                return self.say("redo");
            }
            (KeyCode::Char(c), typed) if !key.modifiers.contains(KeyModifiers::CONTROL) => {
                typed.get_or_insert_default().push(c);
            }
            (KeyCode::Backspace, typed @ Some(_)) => {
                *typed = typed.take().filter(|typed| !typed.is_empty()).map(|mut typed| {
                    typed.pop();
                    typed
                });
            }
            (KeyCode::Esc, typed) => *typed = None,
            (KeyCode::Enter, typed) => {
                let Some(typed) = typed.take() else {
                    // To go on with what is there.
                    let entry = self.session.sheet.cell(chosen).and_then(|cell| cell.entry());
                    self.typed = entry.map(|entry| entry.to_string());
                    return true;
                };
                return match typed.strip_prefix(':') {
                    Some(command) => self.say(command),
                    None if typed.trim().is_empty() => self.say(&format!("clear {chosen}")),
                    None => {
                        self.go(1, 0);
                        self.say(&format!("{chosen} {typed}"))
                    }
                };
            }
            (KeyCode::Delete | KeyCode::Backspace, None) => {
                return self.say(&format!("clear {chosen}"));
            }
            (KeyCode::Up, None) => self.go(-1, 0),
            (KeyCode::Down, None) => self.go(1, 0),
            (KeyCode::Left, None) => self.go(0, -1),
            (KeyCode::Right, None) => self.go(0, 1),
            (KeyCode::PageUp, None) => self.go(-i64::from(self.room.0).min(chosen.row.into()), 0),
            (KeyCode::PageDown, None) => self.go(i64::from(self.room.0), 0),
            _ => {}
        }
        true
    }

    /// Has a command carried out.
    fn say(&mut self, command: &str) -> bool {
        self.answer = match self.session.answer(command) {
            Ok(Answer::End) => return false,
            Ok(Answer::Text(text)) => text,
            Err(error) => error,
        };
        true
    }

    fn go(&mut self, rows: i64, columns: i64) {
        self.chosen = self.chosen.moved(rows, columns).unwrap_or(self.chosen);
    }

    /// Moves the corner as little as shows the chosen cell.
    fn follow(&mut self) {
        let within = |corner: u32, chosen: u32, room: u32| {
            corner.clamp((chosen + 1).saturating_sub(room), chosen)
        };
        self.corner.row = within(self.corner.row, self.chosen.row, self.room.0);
        self.corner.column = within(self.corner.column, self.chosen.column, self.room.1);
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        let answer_height = self.answer.lines().count().min(14) as u16;
        let [line, body, answer, keys] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(4),
            Constraint::Length(answer_height),
            Constraint::Length(1),
        ])
        .areas(frame.area());

        let content = match &self.typed {
            Some(typed) => format!("{typed}▏"),
            None => {
                let cell = self.session.sheet.cell(self.chosen);
                cell.and_then(|cell| cell.entry()).map_or_else(String::new, |it| it.to_string())
            }
        };
        frame.render_widget(Paragraph::new(format!("{}  {content}", self.chosen)).bold(), line);

        let block = Block::bordered();
        let inner = block.inner(body);
        let columns = inner.width.saturating_sub(NUMBER_WIDTH) / (COLUMN_WIDTH + 1);
        self.room = (u32::from(inner.height.saturating_sub(1)).max(1), u32::from(columns).max(1));
        self.follow();
        let last_row = Place::ROWS.min(self.corner.row + self.room.0);
        let columns = self.corner.column..Place::COLUMNS.min(self.corner.column + self.room.1);
        let header = [String::new()].into_iter().chain(columns.clone().map(column_name));
        let rows = (self.corner.row..last_row).map(|row| {
            let number = ratatui::text::Text::from((row + 1).to_string()).dim();
            Row::new([number].into_iter().chain(columns.clone().map(|column| {
                let place = Place { row, column };
                let value = self.session.sheet.shown(place);
                let style = Style::new();
                let style = if place == self.chosen { style.reversed() } else { style };
                let width = usize::from(COLUMN_WIDTH);
                ratatui::text::Text::styled(format!("{value:>width$.width$}"), style)
            })))
        });
        let widths = [NUMBER_WIDTH].into_iter().chain(columns.clone().map(|_| COLUMN_WIDTH));
        let header = Row::new(header.map(|name| ratatui::text::Text::from(name).right_aligned()));
        let table = Table::new(rows, widths).header(header.dim()).block(block);
        frame.render_widget(table, body);
        frame.render_widget(Paragraph::new(self.answer.as_str()), answer);
        frame.render_widget(Paragraph::new(KEYS).dim(), keys);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    fn screen(view: &mut View<'_>) -> Vec<String> {
        let mut terminal = Terminal::new(TestBackend::new(60, 12)).expect("a terminal");
        terminal.draw(|frame| view.draw(frame)).expect("it is drawn");
        let buffer = terminal.backend().buffer();
        let lines = buffer.content().chunks(60);
        lines.map(|line| line.iter().map(|cell| cell.symbol()).collect::<String>()).collect()
    }

    fn type_in(view: &mut View<'_>, keys: &str) -> bool {
        keys.chars().all(|c| {
            let code = match c {
                '\n' => KeyCode::Enter,
                '→' => KeyCode::Right,
                '↓' => KeyCode::PageDown,
                c => KeyCode::Char(c),
            };
            view.press(KeyEvent::new(code, KeyModifiers::NONE))
        })
    }

    #[test]
    fn what_is_typed_goes_into_the_chosen_cell_and_is_shown() {
        let mut session = Session::new();
        let mut view = View::new(&mut session);
        assert!(type_in(&mut view, "2\n=A1*21\n"));
        let lines = screen(&mut view);
        assert!(lines[0].starts_with("A3  "), "{lines:#?}");
        assert!(lines[2].contains("A"), "{lines:#?}");
        assert!(lines[3].starts_with("│1                2 "), "{lines:#?}");
        assert!(lines[4].starts_with("│2               42 "), "{lines:#?}");
        let undo = KeyEvent::new(KeyCode::Char('z'), KeyModifiers::CONTROL);
        assert!(view.press(undo));
        let lines = screen(&mut view);
        assert!(!lines.concat().contains("42"), "{lines:#?}");
        assert!(lines.concat().contains("undone: A2 =A1*21"), "{lines:#?}");
        assert!(!type_in(&mut view, ":quit\n"));
    }

    #[test]
    fn the_table_follows_the_chosen_cell() {
        let mut session = Session::new();
        let mut view = View::new(&mut session);
        screen(&mut view);
        assert!(type_in(&mut view, "→→→→→→↓↓↓x"));
        let lines = screen(&mut view);
        let (top, bottom) = (lines[2].clone(), lines[9].clone());
        assert!(lines[0].starts_with("G22  x"), "{lines:#?}");
        assert!(top.contains('G') && !top.contains('A') && bottom.contains("22"), "{lines:#?}");
    }
}
