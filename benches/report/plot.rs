//! The table, as a picture: a line for each row, a dot for each contestant, further left is better.

use plotters::prelude::*;

use super::table;
use crate::args::Plan;
use crate::contestants::{self, OURS, RC};
use crate::driver::Measured;
use crate::rows::Row;

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

pub(crate) fn svg(plan: &Plan, measured: &Measured) -> Result<String, String> {
    let mut text = String::new();
    draw(plan, measured, &mut text).map_err(|error| format!("cannot draw: {error}"))?;
    Ok(text)
}

fn draw(
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
