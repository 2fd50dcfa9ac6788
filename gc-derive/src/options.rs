//! The words that may stand in `#[trace(..)]`: where each belongs, how it is written, and which of
//! them a misspelt one was meant to be.

/// One word of `#[trace(..)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Skip,
    UnsafeWith,
    Leaf,
    Finalize,
    Bound,
    Crate,
    UnsafeDrop,
}

/// What an attribute stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Type,
    Variant,
    Field,
    /// A type, lifetime or const parameter, which takes no option at all.
    Parameter,
}

impl Word {
    const ALL: [Word; 7] = [
        Word::Skip,
        Word::UnsafeWith,
        Word::Leaf,
        Word::Finalize,
        Word::Bound,
        Word::Crate,
        Word::UnsafeDrop,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Word::Skip => "skip",
            Word::UnsafeWith => "unsafe_with",
            Word::Leaf => "leaf",
            Word::Finalize => "finalize",
            Word::Bound => "bound",
            Word::Crate => "crate",
            Word::UnsafeDrop => "unsafe_drop",
        }
    }

    /// What stands right of the `=`, by example; `None` for a word that stands alone.
    pub(crate) fn example_value(self) -> Option<&'static str> {
        match self {
            Word::UnsafeWith => Some("path::to::function"),
            Word::Bound => Some("T: Trace"),
            Word::Crate => Some("path::to::gc_core"),
            Word::Skip | Word::Leaf | Word::Finalize | Word::UnsafeDrop => None,
        }
    }

    /// The word as it is written, with a value where it takes one.
    pub(crate) fn usage(self) -> String {
        match self.example_value() {
            Some(value) => format!("{} = \"{value}\"", self.name()),
            None => self.name().to_owned(),
        }
    }

    pub(crate) fn belongs_on(self, place: Place) -> bool {
        match self {
            Word::Skip => matches!(place, Place::Field | Place::Variant),
            Word::UnsafeWith => place == Place::Field,
            Word::Leaf | Word::Finalize | Word::Bound | Word::Crate | Word::UnsafeDrop => {
                place == Place::Type
            }
        }
    }

    /// The places of this word, for a sentence.
    pub(crate) fn home(self) -> &'static str {
        match self {
            Word::Skip => "a field or a variant",
            Word::UnsafeWith => "a field",
            Word::Leaf | Word::Finalize | Word::Bound | Word::Crate | Word::UnsafeDrop => {
                "the type"
            }
        }
    }

    /// What says the same at a place where this word does not belong.
    pub(crate) fn counterpart(self, place: Place) -> Option<Word> {
        match (self, place) {
            (Word::Skip, Place::Type) => Some(Word::Leaf),
            (Word::Leaf, Place::Field | Place::Variant) | (Word::UnsafeWith, Place::Variant) => {
                Some(Word::Skip)
            }
            _ => None,
        }
    }

    pub(crate) fn named(name: &str) -> Option<Word> {
        Self::ALL.into_iter().find(|word| word.name() == name)
    }

    /// The word that `name` was probably meant to be: the nearest of those that belong on `place`,
    /// else the nearest of all.
    pub(crate) fn nearest(name: &str, place: Place) -> Option<Word> {
        let near = |word: &Word| {
            let distance = distance(&name.to_lowercase(), word.name());
            let half_said = word.name().strip_prefix("unsafe_") == Some(name);
            (half_said || distance <= 1 + word.name().len() / 4).then_some((distance, *word))
        };
        let nearest = |here: bool| {
            Self::ALL
                .iter()
                .filter(|word| word.belongs_on(place) == here)
                .filter_map(near)
                .min_by_key(|(distance, _)| *distance)
                .map(|(_, word)| word)
        };
        nearest(true).or_else(|| nearest(false))
    }
}

impl Place {
    /// What may stand here, as a sentence.
    pub(crate) fn allowed(self) -> String {
        let words: Vec<String> = Word::ALL
            .into_iter()
            .filter(|word| word.belongs_on(self))
            .map(|word| format!("`{}`", word.usage()))
            .collect();
        let list = match words.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, [first])) => format!("{first} or {last}"),
            Some((last, others)) => format!("{}, or {last}", others.join(", ")),
            None => return format!("{} takes no option; remove it", self.name()),
        };
        format!("{} takes {list}", self.name())
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Place::Type => "a type",
            Place::Variant => "a variant",
            Place::Field => "a field",
            Place::Parameter => "a parameter",
        }
    }
}

/// How many letters must be put in, left out, replaced, or swapped with their neighbour to make
/// one word of the other. Three rows of the usual table are enough.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().collect();
    let to: Vec<char> = to.chars().collect();
    let mut before_last = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for i in 0..from.len() {
        let mut row = vec![i + 1];
        for j in 0..to.len() {
            let replaced = last[j] + usize::from(from[i] != to[j]);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from[i] == to[j - 1] && from[i - 1] == to[j] {
                let earlier: &Vec<usize> = &before_last;
                best = best.min(earlier[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{Place, Word, distance};

    #[test]
    fn distance_counts_single_steps() {
        assert_eq!(distance("skip", "skip"), 0);
        assert_eq!(distance("skp", "skip"), 1);
        assert_eq!(distance("sikp", "skip"), 1); // neighbours swapped
        assert_eq!(distance("leaves", "leaf"), 3);
        assert_eq!(distance("", "leaf"), 4);
        assert_eq!(distance("leaf", ""), 4);
    }

    #[test]
    fn the_nearest_word_is_found() {
        for (said, place, meant) in [
            ("skp", Place::Field, Some(Word::Skip)),
            ("Skip", Place::Variant, Some(Word::Skip)),
            ("finalise", Place::Type, Some(Word::Finalize)),
            ("finalizer", Place::Type, Some(Word::Finalize)),
            ("bounds", Place::Type, Some(Word::Bound)),
            ("krate", Place::Type, Some(Word::Crate)),
            ("with", Place::Field, Some(Word::UnsafeWith)),
            ("drop", Place::Type, Some(Word::UnsafeDrop)),
            ("unsafe_wiht", Place::Field, Some(Word::UnsafeWith)),
            ("laef", Place::Field, Some(Word::Leaf)), // of another place, if none of this
            ("transparent", Place::Type, None),
            ("x", Place::Field, None),
        ] {
            assert_eq!(Word::nearest(said, place), meant, "{said}");
        }
    }

    #[test]
    fn every_word_is_near_to_itself_and_to_no_other() {
        for word in Word::ALL {
            assert_eq!(Word::named(word.name()), Some(word));
            for place in [Place::Type, Place::Variant, Place::Field] {
                if word.belongs_on(place) {
                    assert_eq!(Word::nearest(word.name(), place), Some(word));
                }
            }
        }
    }

    #[test]
    fn each_place_tells_what_it_takes() {
        assert_eq!(Place::Variant.allowed(), "a variant takes `skip`");
        assert_eq!(
            Place::Field.allowed(),
            "a field takes `skip` or `unsafe_with = \"path::to::function\"`"
        );
        assert_eq!(
            Place::Type.allowed(),
            "a type takes `leaf`, `finalize`, `bound = \"T: Trace\"`, \
             `crate = \"path::to::gc_core\"`, or `unsafe_drop`"
        );
        assert_eq!(Place::Parameter.allowed(), "a parameter takes no option; remove it");
    }
}
