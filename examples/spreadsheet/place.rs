//! Where a cell is: `B7`, and rectangles of such places: `A1:C9`.

use std::fmt;
use std::str::FromStr;

use gc_core::Trace;

/// A place of the sheet. The order is that of reading: row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Trace)]
pub(crate) struct Place {
    /// From 0 on, as the columns are.
    pub(crate) row: u32,
    pub(crate) column: u32,
}

impl Place {
    /// A to Z, and AA to ZZ.
    pub(crate) const COLUMNS: u32 = 26 + 26 * 26;
    pub(crate) const ROWS: u32 = 99_999;

    const COLUMN_BITS: u32 = 10;

    /// A number by which the place is known in maps, in the order of places.
    pub(crate) fn key(self) -> u32 {
        self.row << Self::COLUMN_BITS | self.column
    }

    pub(crate) fn from_key(key: u32) -> Self {
        Self { row: key >> Self::COLUMN_BITS, column: key & ((1 << Self::COLUMN_BITS) - 1) }
    }

    /// The place that is so many rows and columns away, if the sheet has it.
    pub(crate) fn moved(self, rows: i64, columns: i64) -> Option<Self> {
        let within = |from: u32, by: i64, end: u32| {
            u32::try_from(i64::from(from) + by).ok().filter(|&to| to < end)
        };
        Some(Self {
            row: within(self.row, rows, Self::ROWS)?,
            column: within(self.column, columns, Self::COLUMNS)?,
        })
    }

    /// Reads a column's letters and a row's digits.
    pub(crate) fn from_parts(letters: &str, digits: &str) -> Option<Self> {
        let mut column = 0;
        for letter in letters.bytes() {
            let digit =
                letter.to_ascii_uppercase().checked_sub(b'A').filter(|&digit| digit < 26)?;
            column = column * 26 + u32::from(digit) + 1;
            if column > Self::COLUMNS {
                return None;
            }
        }
        let row: u32 = digits.parse().ok()?;
        Some(Self {
            row: row.checked_sub(1).filter(|&row| row < Self::ROWS)?,
            column: column.checked_sub(1)?,
        })
    }
}

/// A column's letters.
pub(crate) fn column_name(column: u32) -> String {
    let letter = |digit: u32| char::from(b'A' + (digit % 26) as u8);
    match column.checked_sub(26) {
        None => letter(column).to_string(),
        Some(rest) => [letter(rest / 26), letter(rest)].iter().collect(),
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_name(self.column), self.row + 1)
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (letters, digits) = text.split_at(digits);
        Self::from_parts(letters, digits).ok_or_else(|| {
            let last = Self { row: Self::ROWS - 1, column: Self::COLUMNS - 1 };
            format!("`{text}` is no cell: they are A1 to {last}")
        })
    }
}

/// A rectangle of places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    /// Top and left.
    first: Place,
    /// Bottom and right.
    last: Place,
}

impl Area {
    /// The rectangle with these corners, in whatever order.
    pub(crate) fn between(a: Place, b: Place) -> Self {
        Self {
            first: Place { row: a.row.min(b.row), column: a.column.min(b.column) },
            last: Place { row: a.row.max(b.row), column: a.column.max(b.column) },
        }
    }

    /// The smallest that has this place, too.
    pub(crate) fn with(self, place: Place) -> Self {
        Self {
            first: Self::between(self.first, place).first,
            last: Self::between(self.last, place).last,
        }
    }

    pub(crate) fn first(self) -> Place {
        self.first
    }

    pub(crate) fn rows(self) -> std::ops::RangeInclusive<u32> {
        self.first.row..=self.last.row
    }

    pub(crate) fn columns(self) -> std::ops::RangeInclusive<u32> {
        self.first.column..=self.last.column
    }

    /// How many places it has.
    pub(crate) fn size(self) -> usize {
        let side = |first: u32, last: u32| (last - first + 1) as usize;
        side(self.first.row, self.last.row) * side(self.first.column, self.last.column)
    }

    pub(crate) fn places(self) -> impl Iterator<Item = Place> {
        self.rows().flat_map(move |row| self.columns().map(move |column| Place { row, column }))
    }
}

impl FromStr for Area {
    type Err = String;

    /// `A1:C9`, or one cell.
    fn from_str(text: &str) -> Result<Self, String> {
        let (a, b) = text.split_once(':').unwrap_or((text, text));
        Ok(Self::between(a.parse()?, b.parse()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_written_as_they_are_read() {
        for name in ["A1", "Z9", "AA10", "AZ1", "BA1", "ZZ99999"] {
            let place: Place = name.parse().expect("a place");
            assert_eq!((place.to_string(), Place::from_key(place.key())), (name.into(), place));
        }
        assert_eq!("aB3".parse::<Place>().expect("a place").to_string(), "AB3");
    }

    #[test]
    fn what_is_outside_of_the_sheet_is_no_place() {
        for name in ["", "A", "1", "A0", "A100000", "AAA1", "A1x", "A-1", "É1", "A99999999999"] {
            assert!(name.parse::<Place>().is_err(), "{name}");
        }
        let corner: Place = "A1".parse().expect("a place");
        assert_eq!((corner.moved(-1, 0), corner.moved(0, -1)), (None, None));
        assert_eq!(corner.moved(1, 2).map(|place| place.to_string()), Some("C2".into()));
    }

    #[test]
    fn an_area_is_read_from_any_two_corners_and_goes_row_by_row() {
        let area: Area = "B3:A2".parse().expect("an area");
        let places: Vec<String> = area.places().map(|place| place.to_string()).collect();
        assert_eq!((places.join(" "), area.size()), ("A2 B2 A3 B3".into(), 4));
    }
}
