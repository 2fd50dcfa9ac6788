//! Runs the examples of the guide, each as a documentation test.

/// Makes the examples of a chapter tests, and lists the chapters.
macro_rules! chapters {
    ($($name:ident)+) => {
        $(
            #[cfg(doctest)]
            #[doc = include_str!(concat!("src/", stringify!($name), ".md"))]
            mod $name {}
        )+

        #[cfg(test)]
        const CHAPTERS: &[&str] = &[$(stringify!($name)),+];
    };
}

chapters! {
    introduction
    first_graph
    cells_and_slots
    finalizers_or_drop
    weak_handles
    closures_and_trait_objects
    finding_a_leak
    tuning
    trace_by_hand
    porting_from_rc
    porting_from_rust_gc
    porting_from_dumpster
    porting_from_gcmodule
    porting_from_gc_arena
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::CHAPTERS;

    fn source() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
    }

    #[test]
    fn summary_lists_the_chapters_that_are_tested() {
        let summary = fs::read_to_string(source().join("SUMMARY.md")).expect("there is a summary");
        let listed: Vec<_> = summary
            .lines()
            .filter_map(|line| line.split_once("](")?.1.strip_suffix(".md)"))
            .collect();
        assert_eq!(listed, CHAPTERS);
    }

    #[test]
    fn links_between_chapters_lead_to_chapters() {
        for chapter in CHAPTERS {
            let path = source().join(format!("{chapter}.md"));
            let text = fs::read_to_string(path).expect("the chapter is a file");
            let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            for link in links.filter(|link| !link.starts_with("https://")) {
                let (file, place) = link.split_once('#').unwrap_or((link, ""));
                let target = if file.is_empty() { *chapter } else { file.trim_end_matches(".md") };
                assert!(CHAPTERS.contains(&target), "{chapter}.md links to {link}");
                let target = fs::read_to_string(source().join(format!("{target}.md")));
                let headings: Vec<_> = target.expect("the chapter is a file").lines().filter_map(anchor).collect();
                assert!(
                    place.is_empty() || headings.iter().any(|heading| heading == place),
                    "{chapter}.md links to {link}"
                );
            }
        }
    }

    /// The name under which a heading can be linked to.
    fn anchor(line: &str) -> Option<String> {
        let heading = line.strip_prefix('#')?.trim_start_matches('#').trim();
        let kept = heading.chars().filter_map(|letter| match letter {
            ' ' | '-' => Some('-'),
            '_' => Some('_'),
            other => other.is_alphanumeric().then(|| other.to_ascii_lowercase()),
        });
        Some(kept.collect())
    }
}
