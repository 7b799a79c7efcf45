"""`wellfounded figures`: figures of one indicator with interval, status and release."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wellfounded.cli.bases import folder_of, found, read
from wellfounded.cli.printing import as_json, table

if TYPE_CHECKING:
    import pyarrow as pa

    from wellfounded.core import Figure
    from wellfounded.evidence.base import Base
    from wellfounded.evidence.store import Store

PLACE = "place"  # --area place: the base's place, combined from its members


@click.command()
@click.argument("indicator")
@click.option(
    "--area", "areas", multiple=True, metavar="CODE", help="Only this area (again for more); `place`: the base's."
)
@click.option("--period", default="", metavar="PERIOD", help="Only this period: 2022, 2022/23, 2022-01-01/P1Y.")
@click.option("--category", default=None, metavar="CODE", help="Only this category, such as an industry.")
@click.option("--release", default="latest", show_default=True, help="latest, previous, all, or a release's id.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only what was released by this day.")
@click.option("--base", type=click.Path(path_type=Path), metavar="BASE", help="Also the local sources of this base.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV.")
def figures(
    indicator: str,
    areas: tuple[str, ...],
    period: str,
    category: str | None,
    release: str,
    as_of: datetime | None,
    base: Path | None,
    form: str | None,
) -> None:
    """Print the figures of INDICATOR: value, interval, status and release.

    With `--area place` the base's place itself is shown, as its members combine, and the rule is named.
    """
    from wellfounded.core import NotAPeriod, Period

    try:
        when = Period.parse(period) if period else None
    except NotAPeriod as error:
        raise click.BadParameter(str(error), param_hint="--period") from None
    by = as_of.date() if as_of else None
    opened, store = _opened(base, indicator, place=PLACE in areas)
    rows: list[dict[str, object]] = []
    named = [area for area in areas if area != PLACE]
    if opened is not None and PLACE in areas:
        rows += _of_place(opened, store, indicator, when, category, release=release, as_of=by)
    if named or PLACE not in areas:
        graph = store.catalogue.areas
        for code in named:
            graph.get(code)
        found_rows = store.figures(
            indicator, areas=named or None, period=when, category=category, release=release, as_of=by
        )
        if form == "csv" and PLACE not in areas:
            _print_csv(found_rows, store)
            return
        rows += _rows(found_rows, store)
    if form == "json":
        click.echo(as_json({"indicator": indicator, "figures": rows}))
    elif form == "csv":
        import pyarrow as pa

        _print_csv(pa.Table.from_pylist(rows), store)
    else:
        _print_table(indicator, rows, store)
    if not rows:
        click.echo("No figure fits what was asked for.", err=True)
        raise click.exceptions.Exit(1)


def _opened(base: Path | None, indicator: str, *, place: bool) -> tuple[Base | None, Store]:
    """The base that is meant, if any is needed or at hand for this indicator, and the store to ask."""
    from wellfounded.evidence.store import Store

    if base is not None or place:
        return read(folder_of(base))
    store = Store.open()
    folder = found(None)
    if indicator not in store.catalogue.indicators and folder is not None:
        return read(folder)
    return None, store


def _rows(table: pa.Table, store: Store) -> list[dict[str, object]]:
    from wellfounded.core import Period

    definition, graph = (
        store.indicator(table["indicator"][0].as_py()) if table.num_rows else None,
        store.catalogue.areas,
    )
    rows = []
    for row in table.to_pylist():
        value, lower = row["value"], row["lower"]
        assert definition is not None
        unit = definition.unit
        rows.append(
            row
            | {
                "area_name": graph.name(row["area"]) if row["area"] in graph else row["area"],
                "period": Period(row["start"], row["end"]).label,
                "category_label": definition.category_labels.get(row["category"], row["category"]),
                "text": unit.write(value) if value is not None else "",
                "interval": f"{unit.write(lower)} to {unit.write(row['upper'])}" if lower is not None else "",
                "rule": "",
            }
        )
    return rows


def _of_place(
    base: Base, store: Store, indicator: str, when: object, category: str | None, *, release: str, as_of: date | None
) -> list[dict[str, object]]:
    """A row for each period and category of what the base's place shows, newest last."""
    from wellfounded.conclusions.subjects import Subjects
    from wellfounded.core import Period

    subjects = Subjects.of_base(base, store)
    place = subjects.sets[int(subjects.roles["place"][0])]
    combined = store.combined(indicator, [place], release=release, as_of=as_of)
    definition = store.indicator(indicator)
    rows = []
    for at, period in enumerate(combined.panel.periods):
        year = isinstance(when, Period) and when == Period.year(when.start.year)
        if isinstance(when, Period) and (period.start.year != when.start.year if year else period != when):
            continue
        for which, code in enumerate(combined.panel.categories):
            if category in (None, code):
                rows.append(_row(store.figure(combined, 0, at, which), place.name, definition.category_labels, store))
                if not rows[-1]["text"]:
                    names = {member: store.catalogue.areas.name(member) for member in base.members}
                    rows[-1]["status"] = combined.why_none(0, at, which, names=names)
    return rows


def _row(figure: Figure, name: str, labels: dict[str, str], store: Store) -> dict[str, object]:
    unit, limits = store.indicator(figure.indicator).unit, figure.interval
    value = None if not figure.has_value else float(figure.value)
    return {
        "indicator": figure.indicator,
        "release": figure.release,
        "category": figure.category,
        "area": str(figure.area),
        "start": figure.period.start,
        "end": figure.period.end,
        "value": value,
        "lower": limits.lower if limits else None,
        "upper": limits.upper if limits else None,
        "status": str(figure.status if value is not None else figure.value),
        "area_name": name,
        "period": figure.period.label,
        "category_label": labels.get(figure.category, figure.category),
        "text": unit.write(value) if value is not None else "",
        "interval": f"{unit.write(limits.lower)} to {unit.write(limits.upper)}" if limits else "",
        "rule": figure.rule,
    }


def _print_csv(table: pa.Table, store: Store) -> None:
    """Prints exact values, with the areas' names."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    graph = store.catalogue.areas
    columns = ["indicator", "area", "start", "end", "category", "value", "lower", "upper", "status", "release"]
    chosen = table.select([*columns, *(["rule"] if "rule" in table.column_names else [])]) if table.num_rows else table
    if table.num_rows:
        codes = chosen["area"].combine_chunks().dictionary_encode()
        codes = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
        names = pa.array([graph.name(code) if code in graph else code for code in codes.dictionary.to_pylist()])
        chosen = chosen.add_column(2, "area_name", names.take(codes.indices))
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(chosen, sink, pa_csv.WriteOptions(quoting_style="needed"))
    sys.stdout.write(sink.getvalue().to_pybytes().decode())


def _print_table(indicator: str, rows: list[dict[str, object]], store: Store) -> None:
    """Prints rows for reading; what is the same in all of them stands above the table, or below it."""
    definition = store.indicator(indicator)
    columns = {
        "area": "area",
        "area_name": "name",
        "period": "period",
        "category": "code",
        "category_label": "category",
        "text": "value",
        "interval": "95% interval",
        "status": "status",
        "release": "release",
        "rule": "how combined",
    }
    same = {
        key: str(rows[0][key])
        for key in ("area", "area_name", "category", "category_label", "rule")
        if len(rows) > 1 and rows[0][key] and len({row[key] for row in rows}) == 1
    }
    said = [f"{definition.label}{f', {definition.unit.words}' if definition.unit.words else ''}"]
    said += [same[key] for key in ("area_name", "category_label") if key in same]
    click.echo(". ".join(said))
    kept = [key for key in columns if key not in same and (key in ("text", "release") or any(row[key] for row in rows))]
    shown = [[str(row[key] or ("none" if key == "text" else "")) for key in kept] for row in rows]
    table([columns[key] for key in kept], shown, numbers=("value", "95% interval"))
    if "rule" in same:
        click.echo(f"Each is a {same['rule']}.")
    releases = {str(row["release"]) for row in rows}
    for release in (store.release(name) for name in sorted(releases - {""})):
        basis = "" if release.released_basis == "publisher" else " (date of the file; the publisher's is not known)"
        click.echo(
            f"{release.id}: {release.title}, {release.publisher}, released {release.released}{basis}, {release.licence}"
        )
