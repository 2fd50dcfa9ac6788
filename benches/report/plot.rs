//! Pictures: the table, with a line for each row and a dot for each contestant, further left is better;
//! and the series, with a line for each contestant, lower is better.

use plotters::prelude::*;

use super::table;
use crate::args::Plan;
use crate::contestants::{self, OURS, RC};
use crate::driver::Measured;
use crate::rows::{ROWS, Row, Series};

/// The ratios that are shown; what lies outside is put on the edge.
const SHOWN: std::ops::Range<f64> = 0.05..50.0;
const COLOURS: [RGBColor; 12] = [
    RGBColor(0, 0, 0),
    RGBColor(130, 130, 130),
    RGBColor(200, 0, 0),
    RGBColor(255, 140, 120),
    RGBColor(0, 90, 180),
    RGBColor(90, 170, 230),
    RGBColor(0, 130, 80),
    RGBColor(120, 190, 90),
    RGBColor(150, 80, 0),
    RGBColor(220, 160, 0),
    RGBColor(120, 40, 150),
    RGBColor(200, 110, 200),
];

pub(crate) fn table(plan: &Plan, measured: &Measured) -> Result<String, String> {
    let mut text = String::new();
    draw_table(plan, measured, &mut text).map_err(|error| format!("cannot draw: {error}"))?;
    Ok(text)
}

pub(crate) fn series(plan: &Plan, measured: &Measured) -> Result<String, String> {
    let mut text = String::new();
    draw_series(plan, measured, &mut text).map_err(|error| format!("cannot draw: {error}"))?;
    Ok(text)
}

/// The points of a contestant on a series, by size.
fn points(measured: &Measured, series: Series, contestant: &str) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = ROWS
        .iter()
        .filter_map(|row| {
            let (_, at) = row.point.filter(|(of, _)| *of == series)?;
            Some((at, measured.value(row.name, contestant)?))
        })
        .collect();
    points.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    points
}

fn draw_series(
    plan: &Plan,
    measured: &Measured,
    text: &mut String,
) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::with_string(text, (1100, 500)).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, right) = root.split_horizontally(500);
    let captions = [
        (left, Series::Garbage, 1e2..1e6, "against the objects of garbage", 12),
        (right, Series::Live, 1e4..1e6, "of 10⁴, against the objects that live", 150),
    ];
    for (area, series, sizes, caption, margin) in captions {
        let mut chart = ChartBuilder::on(&area)
            .caption(format!("ns for an object of a garbage ring {caption}"), ("sans-serif", 15))
            .margin(12)
            .margin_right(margin)
            .x_label_area_size(30)
            .y_label_area_size(50)
            .build_cartesian_2d(sizes.log_scale(), (5.0..20_000.0).log_scale())?;
        chart.configure_mesh().light_line_style(WHITE).draw()?;
        for (contestant, colour) in contestants::ALL.iter().zip(COLOURS) {
            let points = points(measured, series, contestant.name);
            if points.is_empty() || !plan.wants_contestant(contestant.name) {
                continue;
            }
            let line = PathElement::new(points.clone(), colour.stroke_width(2)).into_dyn();
            let dots = points.iter().map(|&dot| Circle::new(dot, 3, colour.filled()).into_dyn());
            chart
                .draw_series(dots.chain([line]))?
                .label(contestant.name)
                .legend(move |(x, y)| Circle::new((x + 8, y), 4, colour.filled()));
        }
        if series == Series::Live {
            chart
                .configure_series_labels()
                .position(SeriesLabelPosition::Coordinate(400, 0))
                .border_style(BLACK.mix(0.3))
                .background_style(WHITE)
                .draw()?;
        }
    }
    root.present()?;
    Ok(())
}

fn draw_table(
    plan: &Plan,
    measured: &Measured,
    text: &mut String,
) -> Result<(), Box<dyn std::error::Error>> {
    let rows: Vec<&Row> = table::rows(plan)
        .filter(|row| measured.value(row.name, RC).is_some_and(|value| value > 0.0))
        .collect();
    let lines = rows.len() as i32;
    let root =
        SVGBackend::with_string(text, (1100, 120 + 26 * rows.len() as u32)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption("Times what Rc takes, less is better", ("sans-serif", 18))
        .margin(12)
        .margin_right(190)
        .x_label_area_size(30)
        .y_label_area_size(290)
        .build_cartesian_2d(SHOWN.log_scale(), (-1..lines).into_segmented())?;
    let title = |place: &SegmentValue<i32>| match place {
        SegmentValue::CenterOf(place) => {
            let row = usize::try_from(lines - 1 - place).ok().and_then(|line| rows.get(line));
            row.map_or_else(String::new, |row| row.title.to_string())
        }
        _ => String::new(),
    };
    chart
        .configure_mesh()
        .y_labels(rows.len() + 2)
        .y_label_formatter(&title)
        .x_label_formatter(&|ratio| table::number(*ratio))
        .light_line_style(WHITE)
        .draw()?;
    for (contestant, colour) in contestants::ALL.iter().zip(COLOURS) {
        if !plan.wants_contestant(contestant.name) {
            continue;
        }
        let size = if contestant.name == OURS { 6 } else { 4 };
        let dots = rows.iter().enumerate().filter_map(|(line, row)| {
            let ratio = measured.cell(row.name, contestant.name)?.ratio()?;
            let shown = ratio.clamp(SHOWN.start, SHOWN.end);
            Some((shown, SegmentValue::CenterOf(lines - 1 - line as i32)))
        });
        chart
            .draw_series(dots.map(|dot| Circle::new(dot, size, colour.filled())))?
            .label(contestant.name)
            .legend(move |(x, y)| Circle::new((x + 8, y), size, colour.filled()));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::Coordinate(625, 0))
        .border_style(BLACK.mix(0.3))
        .background_style(WHITE)
        .draw()?;
    root.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::Cell;

    #[test]
    fn a_series_is_in_the_order_of_sizes_and_leaves_out_what_was_not_measured() {
        let mut measured = Measured::default();
        for (row, value) in [("ring", 9.0), ("ring-100", 7.0), ("ring-small-beside", 8.0)] {
            let cell = Cell { values: vec![value], ..Cell::default() };
            measured.cells.insert((row, OURS), cell);
        }
        assert_eq!(points(&measured, Series::Garbage, OURS), [(1e2, 7.0), (1e6, 9.0)]);
        assert_eq!(points(&measured, Series::Live, OURS), [(1e6, 8.0)]);
        assert!(points(&measured, Series::Live, RC).is_empty());
    }
}
