"""Charts of a deck as PowerPoint's own: exact values, labels as the publication prints them, gaps for no value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.util import Pt

from wellfounded.publishing.slides.numbers import number_format
from wellfounded.publishing.slides.slide import Chart, Point, Series

Box = tuple[float, float, float, float]  # left, top, width, height in points
GREY, BLACK = "505A5F", "14202B"
LETTERS, FONT = 12, "Arial"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def draw(slide: Any, chart: Chart, box: Box) -> list[Any]:
    """The shapes of a chart on a slide: one, or a panel for each series."""
    if chart.form == "bars":
        return [_bars(slide, chart, box)]
    if chart.form == "lines":
        return [_lines(slide, chart, box)]
    return _panels(slide, chart, box)


def _data(categories: Sequence[str], series: Sequence[Series]) -> CategoryChartData:
    data = CategoryChartData(number_format=_common([p for each in series for p in each.points]) or "General")
    data.categories = list(categories)
    for each in series:
        data.add_series(each.name, [point.value for point in each.points])
    return data


def _added(slide: Any, kind: Any, box: Box, data: CategoryChartData) -> tuple[Any, Any]:
    shape = slide.shapes.add_chart(kind, *(Pt(each) for each in box), data)
    chart = shape.chart
    chart.has_title = False
    chart.font.size, chart.font.name = Pt(LETTERS), FONT
    chart.font.color.rgb = RGBColor.from_string(BLACK)
    blanks = chart._chartSpace.chart.find(f"{{{_C}}}dispBlanksAs")
    if blanks is not None:
        blanks.set("val", "gap")
    return shape, chart


def _bars(slide: Any, chart: Chart, box: Box) -> Any:
    data = _data(chart.categories, chart.series)
    shape, made = _added(slide, XL_CHART_TYPE.BAR_CLUSTERED, box, data)
    made.has_legend = len(chart.series) > 1
    if made.has_legend:
        made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    plot = made.plots[0]
    plot.gap_width, plot.overlap = 45, 0
    plot.vary_by_categories = False
    made.category_axis.reverse_order = True
    made.category_axis.format.line.color.rgb = RGBColor.from_string(GREY)
    made.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    made.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _from_zero(made.value_axis, chart.series)
    made.value_axis.visible = False
    made.value_axis.has_major_gridlines = False
    for at, (given, shown) in enumerate(zip(chart.series, plot.series, strict=True)):
        shown.format.fill.solid()
        shown.format.fill.fore_color.rgb = _rgb(given.colour)
        shown.invert_if_negative = False
        if chart.colours and at == 0:
            for index, colour in enumerate(chart.colours):
                if given.points[index].value is not None:
                    fill = shown.points[index].format.fill
                    fill.solid()
                    fill.fore_color.rgb = _rgb(colour)
        _labels(shown, given)
        _intervals(shown, given)
    return shape


def _lines(slide: Any, chart: Chart, box: Box) -> Any:
    shape, made = _added(slide, XL_CHART_TYPE.LINE, box, _data(chart.categories, chart.series))
    made.has_legend = len(chart.series) > 1
    if made.has_legend:
        made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    axis = made.value_axis
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("D9DEE2")
    axis.format.line.fill.background()
    axis.tick_labels.number_format = _axis_format(chart.series)
    axis.tick_labels.number_format_is_linked = False
    made.category_axis.tick_labels.font.size = Pt(LETTERS)
    made.category_axis.has_major_gridlines = False
    if len(chart.categories) > 12:
        _every(made.category_axis, len(chart.categories) // 8)
    for given, shown in zip(chart.series, made.plots[0].series, strict=True):
        shown.smooth = False
        shown.format.line.width = Pt(2.75 if not given.dashed else 2.0)
        shown.format.line.color.rgb = _rgb(given.colour)
        if given.dashed:
            shown.format.line.dash_style = MSO_LINE.DASH
        last = max((at for at, point in enumerate(given.points) if point.value is not None), default=None)
        if last is not None:
            values = [point.value for point in given.points[: last + 1] if point.value is not None]
            falls = len(values) > 1 and values[-1] < values[-2]  # a label above would lie on the line
            position = XL_LABEL_POSITION.BELOW if falls else XL_LABEL_POSITION.ABOVE
            _label(shown, last, given.points[last].text, colour=given.colour, position=position)
    return shape


def _panels(slide: Any, chart: Chart, box: Box) -> list[Any]:
    """A chart of columns for each series, each from zero, their first values at the same height."""
    left, top, width, height = box
    each_wide = width / len(chart.series)
    tallest = max(_most(series) / _first(series) for series in chart.series)
    shapes = []
    for at, series in enumerate(chart.series):
        place = (left + at * each_wide, top, each_wide, height)
        shape, made = _added(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, place, _data(chart.categories, [series]))
        made.has_title = True
        made.chart_title.text_frame.text = series.name
        made.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(LETTERS + 1)
        made.chart_title.include_in_layout = False
        made.has_legend = False
        made.value_axis.minimum_scale = 0
        made.value_axis.maximum_scale = tallest * _first(series) * 1.12
        made.value_axis.visible = False
        made.value_axis.has_major_gridlines = False
        plot = made.plots[0]
        plot.gap_width = 40
        shown = plot.series[0]
        shown.format.fill.solid()
        shown.format.fill.fore_color.rgb = _rgb(series.colour)
        if len(chart.categories) > 8:
            _every(made.category_axis, len(chart.categories) // 4)
        known = [index for index, point in enumerate(series.points) if point.value is not None]
        for index in dict.fromkeys((known[0], known[-1])):
            _label(
                shown, index, series.points[index].text, colour=series.colour, position=XL_LABEL_POSITION.OUTSIDE_END
            )
        shapes.append(shape)
    return shapes


def _labels(shown: Any, given: Series) -> None:
    """Each value beside its bar, in a number format that writes it as the publication does; else its words."""
    common = _common(given.points)
    labels = shown.data_labels
    labels.show_value = True
    labels.font.size, labels.font.name = Pt(LETTERS), FONT
    bars = any(point.interval for point in given.points)  # of intervals, which end where a label would stand
    position, colour = (XL_LABEL_POSITION.INSIDE_BASE, "#ffffff") if bars else (XL_LABEL_POSITION.OUTSIDE_END, BLACK)
    labels.position = position
    labels.font.bold, labels.font.color.rgb = True, _rgb(colour)
    if common:
        labels.number_format, labels.number_format_is_linked = common, False
    for index, point in enumerate(given.points):
        if point.value is not None and (not common or number_format(point.value, point.text) != common):
            _label(shown, index, point.text, colour=colour, position=position)


def _label(shown: Any, index: int, text: str, *, colour: str, position: Any) -> None:
    label = shown.points[index].data_label
    frame = label.text_frame
    frame.text = text
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold, run.font.name = Pt(LETTERS), True, FONT
    run.font.color.rgb = _rgb(colour)
    label.position = position


def _common(points: Sequence[Point]) -> str:
    """The number format that most points' texts have; empty where none has one."""
    found = Counter(number_format(p.value, p.text) for p in points if p.value is not None)
    found.pop("", None)
    return found.most_common(1)[0][0] if found else ""


def _axis_format(series: Sequence[Series]) -> str:
    """The format of the axis: that of the values, without decimals where they are large."""
    common = _common([point for each in series for point in each.points])
    return common or "General"


def _from_zero(axis: Any, series: Sequence[Series]) -> None:
    """An axis that begins at zero, or has room for the labels of bars below it."""
    values = [point.value for each in series for point in each.points if point.value is not None]
    if not values:
        return
    low, high = min(0.0, *values), max(0.0, *values)
    axis.minimum_scale = low - 0.3 * (high - low) if low < 0 else 0


def _every(axis: Any, step: int) -> None:
    """Names every so many categories along an axis."""
    element = axis._element
    for tag in ("tickLblSkip", "tickMarkSkip"):
        made = parse_xml(f'<c:{tag} xmlns:c="{_C}" val="{max(1, step)}"/>')
        anchor = element.find(f"{{{_C}}}noMultiLvlLbl")
        if anchor is not None:
            anchor.addprevious(made)
        else:
            element.append(made)


def _intervals(shown: Any, given: Series) -> None:
    """The limits of published intervals as error bars."""
    if not any(p.lower is not None and p.upper is not None and p.value is not None for p in given.points):
        return

    def told(side: str) -> str:
        parts = []
        for index, point in enumerate(given.points):
            if point.value is not None and point.lower is not None and point.upper is not None:
                size = point.upper - point.value if side == "plus" else point.value - point.lower
                parts.append(f'<c:pt idx="{index}"><c:v>{size!r}</c:v></c:pt>')
        count = len(given.points)
        return (
            f"<c:{side}><c:numLit><c:formatCode>General</c:formatCode>"
            f'<c:ptCount val="{count}"/>{"".join(parts)}</c:numLit></c:{side}>'
        )

    bars = parse_xml(
        f'<c:errBars xmlns:c="{_C}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"{told('plus')}{told('minus')}"
        f'<c:spPr><a:ln w="12700"><a:solidFill><a:srgbClr val="{BLACK}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    categories = shown._element.find(f"{{{_C}}}cat")
    categories.addprevious(bars)


def _first(series: Series) -> float:
    return next((abs(p.value) for p in series.points if p.value), 1.0)


def _most(series: Series) -> float:
    return max((abs(p.value) for p in series.points if p.value is not None), default=1.0)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())


__all__ = ["Box", "draw"]
