"""The areas of the catalogue: codes, dates, what is made of what, what is the same ground, names and boundaries."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from wellfounded.core import AreaCode
from wellfounded.evidence.areas import AreaGraph, NoSuchArea, NoSuchKindOfNeighbour
from wellfounded.evidence.areas_build import HistoriesDisagree, build_areas
from wellfounded.evidence.areas_geometry import Shapes, draw_boundaries, read_topojson
from wellfounded.evidence.catalogue import DATA
from wellfounded.evidence.types import Level

CHESHIRE_AND_WARRINGTON = ("E06000007", "E06000049", "E06000050")


@pytest.fixture(scope="module")
def areas() -> AreaGraph:
    return AreaGraph.read(DATA)


def rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    """The exterior rings of a GeoJSON geometry."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [polygon[0] for polygon in polygons]


def signed_area(ring: list[list[float]]) -> float:
    """Twice the area that a ring encloses: negative if it runs clockwise on a map with north up."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


class TestWhatIsMadeOfWhat:
    @pytest.mark.parametrize("code", ["TLD6", "UKD6", "E37000003", "E69000004"])
    def test_cheshire_and_warrington_is_its_three_councils_under_each_of_its_codes(
        self, areas: AreaGraph, code: str
    ) -> None:
        assert areas.members(code) == CHESHIRE_AND_WARRINGTON

    def test_all_codes_of_cheshire_and_warrington_are_the_same_ground(self, areas: AreaGraph) -> None:
        assert areas.same_as("TLD6") == ("E37000003", "E69000004", "UKD6")
        assert "TLD6" in areas.same_as("E69000004")

    @pytest.mark.parametrize(
        ("itl", "authority"), [("TLD61", "E06000007"), ("TLD62", "E06000049"), ("TLD63", "E06000050")]
    )
    def test_a_third_level_area_of_one_council_is_the_same_ground(
        self, areas: AreaGraph, itl: str, authority: str
    ) -> None:
        assert authority in areas.same_as(itl)
        assert areas.members(itl) == (authority,)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("E12000002", "TLD"),
            ("W92000004", "TLL"),
            ("N92000002", "TLN"),
            ("E47000001", "TLD3"),
            ("E47000001", "E11000001"),
            ("UKD", "TLD"),
        ],
    )
    def test_areas_with_the_same_members_are_the_same_ground(self, areas: AreaGraph, one: str, other: str) -> None:
        assert other in areas.same_as(one)
        assert one in areas.same_as(other)

    def test_areas_of_the_same_ground_have_the_same_members_where_both_are_known(self, areas: AreaGraph) -> None:
        for code in areas.areas:
            for other in areas.same_as(code):
                if areas.members(code) and areas.members(other):
                    assert set(areas.members(code)) == set(areas.members(other)), (code, other)

    def test_an_area_that_holds_a_part_of_a_council_has_no_members(self, areas: AreaGraph) -> None:
        assert areas.members("TLM93") == ()  # the mainland of North Ayrshire
        assert "S12000021" in areas.members("TLM")

    def test_every_local_authority_lies_in_one_region_or_one_country_without_regions(self, areas: AreaGraph) -> None:
        for code in areas.of_level(Level.LOCAL_AUTHORITY):
            regions, countries = areas.parents(code, Level.REGION), areas.parents(code, Level.COUNTRY)
            own = [country for country in countries if country[1:3] == "92"]
            assert len(own) == 1, code
            assert len(regions) == (1 if code.startswith("E") else 0), code

    @pytest.mark.parametrize(
        ("region", "holds", "lacks"),
        [
            ("E12000002", "E06000049", "E07000223"),
            ("E12000003", "E08000038", "E06000049"),
            ("K03000001", "W06000001", "N09000001"),
        ],
    )
    def test_regions_and_unions_are_made_of_their_local_authorities(
        self, areas: AreaGraph, region: str, holds: str, lacks: str
    ) -> None:
        assert holds in areas.members(region)
        assert lacks not in areas.members(region)

    def test_the_regions_and_countries_are_made_of_every_local_authority_once(self, areas: AreaGraph) -> None:
        wholes = [*areas.of_level(Level.REGION), "W92000004", "S92000003", "N92000002"]
        members = [member for code in wholes for member in areas.members(code)]
        assert sorted(members) == sorted(areas.of_level(Level.LOCAL_AUTHORITY))
        assert len(members) == 361
        assert set(areas.members("K02000001")) == set(members)

    def test_a_combined_authority_that_spans_two_regions_lies_in_neither(self, areas: AreaGraph) -> None:
        assert areas.parents("E47000017", Level.REGION) == ()  # Greater Lincolnshire
        assert areas.parents("E47000001", Level.REGION) == ("E12000002",)

    def test_children_can_be_asked_for_by_level(self, areas: AreaGraph) -> None:
        assert set(areas.children("TLD6", Level.ITL3)) == {"TLD61", "TLD62", "TLD63"}
        assert len(areas.children("E47000001", Level.LOCAL_AUTHORITY)) == 10


class TestCodesThatStandForAnother:
    def test_the_uk_without_offshore_stands_for_the_uk(self, areas: AreaGraph) -> None:
        assert areas.stands_for("K02000001") == ("K99000002", "UKX")
        assert areas.members("K99000002") == areas.members("K02000001")

    def test_such_codes_are_not_listed_as_countries(self, areas: AreaGraph) -> None:
        countries = areas.of_level(Level.COUNTRY)
        assert "K02000001" in countries
        assert not {"K99000002", "UKX", "TLB"} & set(countries)


class TestChangesOfCode:
    def test_barnsley_has_an_old_and_a_new_code(self, areas: AreaGraph) -> None:
        assert areas.get("E08000016").end == date(2025, 3, 31)
        assert areas.get("E08000038").start == date(2025, 4, 1)
        assert areas.current("E08000016") == ("E08000038",)
        assert areas.current("E08000016", on=date(2024, 6, 30)) == ("E08000016",)

    def test_cumberland_was_three_districts(self, areas: AreaGraph) -> None:
        assert set(areas.predecessors("E06000063")) == {"E07000026", "E07000028", "E07000029"}
        assert areas.current("E07000028") == ("E06000063",)

    def test_a_district_that_merged_twice_is_followed_to_the_day_asked_for(self, areas: AreaGraph) -> None:
        assert areas.current("E07000190") == ("E06000066",)  # Taunton Deane, now Somerset
        assert areas.current("E07000190", on=date(2020, 1, 1)) == ("E07000246",)  # Somerset West and Taunton

    def test_every_area_that_ended_before_2025_leads_to_areas_that_exist(self, areas: AreaGraph) -> None:
        for area in areas.areas.values():
            if area.level is Level.LOCAL_AUTHORITY:
                assert all(areas.get(code).end is None for code in areas.current(area.code)), area

    def test_there_were_391_councils_in_2018(self, areas: AreaGraph) -> None:
        assert len(areas.of_level(Level.LOCAL_AUTHORITY, on=date(2018, 6, 1))) == 391

    def test_a_former_district_keeps_the_county_it_was_in(self, areas: AreaGraph) -> None:
        assert areas.parents("E07000028", Level.COUNTY) == ("E10000006",)


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("cheshire east", "E06000049"),
            ("E06000049", "E06000049"),
            ("e06000049 ", "E06000049"),
            ("chester", "E06000050"),
            ("Herefordshire", "E06000019"),
            ("bristol", "E06000023"),
            ("Manchester", "E08000003"),
            ("greater manchester", "E47000001"),
            ("the north west", "E12000002"),
            ("st helens", "E08000013"),
            ("Barnsley", "E08000038"),
            ("armagh", "N09000002"),
            ("UK", "K02000001"),
            ("england & wales", "K04000001"),
        ],
    )
    def test_the_area_that_is_meant_comes_first(self, areas: AreaGraph, text: str, code: str) -> None:
        assert areas.find(text)[0].code == code

    @pytest.mark.parametrize(
        ("text", "code"), [("cheshir eest", "E06000049"), ("warringtn", "E06000007"), ("E0600049", "E06000049")]
    )
    def test_a_near_miss_is_understood(self, areas: AreaGraph, text: str, code: str) -> None:
        assert areas.find(text)[0].code == code

    @pytest.mark.parametrize("text", ["", "   ", "xyzzy plugh"])
    def test_nonsense_finds_nothing(self, areas: AreaGraph, text: str) -> None:
        assert areas.find(text) == []

    def test_an_unknown_code_names_what_is_near(self, areas: AreaGraph) -> None:
        with pytest.raises(NoSuchArea, match=r"'E0600049'.*E06000049 \(Cheshire East\)"):
            areas.get("E0600049")


class TestNeighbours:
    def test_neighbours_come_nearest_first_and_as_many_as_asked_for(self, areas: AreaGraph) -> None:
        assert areas.neighbours("E06000049", n=3) == areas.neighbours("E06000049")[:3]
        assert len(areas.neighbours("E06000049", kind="economic")) == 20

    def test_a_region_has_none(self, areas: AreaGraph) -> None:
        assert areas.neighbours("E12000002") == ()

    def test_an_unknown_kind_is_refused(self, areas: AreaGraph) -> None:
        with pytest.raises(NoSuchKindOfNeighbour, match="demographic, economic, global"):
            areas.neighbours("E06000049", kind="noisy")


class TestBoundaries:
    def test_every_current_authority_region_country_and_combined_authority_has_one(self, areas: AreaGraph) -> None:
        levels = (Level.LOCAL_AUTHORITY, Level.REGION, Level.COUNTRY, Level.COMBINED_AUTHORITY)
        assert [c for level in levels for c in areas.of_level(level) if areas.boundary(c) is None] == []
        assert areas.boundary("TLD6") is None

    def test_exterior_rings_run_clockwise_and_are_closed(self, areas: AreaGraph) -> None:
        for code in areas.of_level(Level.LOCAL_AUTHORITY):
            geometry = areas.boundary(code)
            assert geometry is not None
            for ring in rings(geometry):
                assert ring[0] == ring[-1], code
                assert len(ring) >= 4, code
                assert signed_area(ring) < 0, code

    def test_they_lie_in_the_united_kingdom_and_labels_inside_them(self, areas: AreaGraph) -> None:
        import shapely

        for code in areas.of_level(Level.LOCAL_AUTHORITY):
            shape = shapely.geometry.shape(areas.boundary(code))
            west, south, east, north = shape.bounds
            assert -8.7 < west < east < 1.8, code
            assert 49.8 < south < north < 60.9, code
            label = areas.label_point(code)
            assert label is not None
            assert shape.buffer(0.005).contains(shapely.Point(label)), code

    def test_neighbouring_authorities_share_their_border(self, areas: AreaGraph) -> None:
        east, west = areas.boundary("E06000049"), areas.boundary("E06000050")
        assert east is not None
        assert west is not None
        points = [{tuple(point) for ring in rings(shape) for point in ring} for shape in (east, west)]
        assert len(points[0] & points[1]) > 5

    def test_shetland_and_the_isles_of_scilly_are_there(self, areas: AreaGraph) -> None:
        for code, south in (("S12000027", 59.8), ("E06000053", 49.85)):
            point = areas.label_point(code)
            assert point is not None
            assert south < point[1] < south + 1

    def test_they_are_small_enough_to_send(self) -> None:
        table = pq.read_table(DATA / "boundaries.parquet", columns=["geojson"])
        assert sum(len(text) for text in table["geojson"].to_pylist()) < 1_200_000


def test_every_code_has_the_form_of_an_area_code(areas: AreaGraph) -> None:
    assert [code for code in areas.areas if AreaCode(code) != code] == []
    assert all(area.name and area.name == area.name.strip() for area in areas.areas.values())


class TestGeometry:
    SQUARES = (
        '{"type": "Topology", "transform": {"scale": [0.1, 0.1], "translate": [-3, 53]},'
        ' "arcs": [[[1, 0], [0, 1]], [[1, 1], [-1, 0], [0, -1], [1, 0]], [[1, 1], [1, 0], [0, -1], [-1, 0]]],'
        ' "objects": {"la": {"type": "GeometryCollection", "geometries": ['
        '  {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "E06000001"}},'
        '  {"type": "Polygon", "arcs": [[2, 0]], "properties": {"code": "E06000002"}}]}}}'
    )

    def squares(self, folder: Path) -> Shapes:
        path = folder / "squares.json"
        path.write_text(self.SQUARES)
        return read_topojson(path, code="code")

    def test_arcs_are_summed_scaled_and_shared(self, tmp_path: Path) -> None:
        shapes = self.squares(tmp_path).shapes
        assert shapes["E06000001"].bounds == pytest.approx((-3.0, 53.0, -2.9, 53.1))
        assert shapes["E06000002"].bounds == pytest.approx((-2.9, 53.0, -2.8, 53.1))
        assert shapes["E06000001"].area == pytest.approx(0.01)

    def test_a_group_is_drawn_as_one_shape_without_the_border_inside(self, tmp_path: Path) -> None:
        groups = {
            "E12000001": (Level.REGION, ["E06000001", "E06000002"]),
            "E06000001": (Level.LOCAL_AUTHORITY, ["E06000001"]),
        }
        table = draw_boundaries(self.squares(tmp_path), groups)
        assert table["code"].to_pylist() == ["E06000001", "E12000001"]
        region = table["geojson"].to_pylist()[1]
        assert "-3.0" in region
        assert "-2.8" in region
        assert table["label_x"].to_pylist()[1] == pytest.approx(-2.9, abs=0.001)


class TestBuilding:
    @pytest.mark.slow
    def test_the_shipped_areas_are_what_the_official_lists_give(self, shared_data: Path, tmp_path: Path) -> None:
        said = build_areas(shared_data, tmp_path)
        for name, rows in said.items():
            assert pq.read_table(tmp_path / f"{name}.parquet").equals(pq.read_table(DATA / f"{name}.parquet")), name
            assert rows == pq.read_metadata(DATA / f"{name}.parquet").num_rows

    @pytest.mark.slow
    def test_histories_that_disagree_stop_the_build(self, shared_data: Path, tmp_path: Path) -> None:
        for path in shared_data.iterdir():
            if path.name != "areas":
                (tmp_path / path.name).symlink_to(path)
        folder = tmp_path / "areas"
        folder.mkdir()
        for path in (shared_data / "areas").iterdir():
            (folder / path.name).symlink_to(path)
        history = folder / "local-authority-code-history.csv"
        text = history.read_text(encoding="utf-8-sig")
        history.unlink()
        history.write_text(text.replace("E07000028,Carlisle,E06000063", "E07000028,Carlisle,E06000064"))
        with pytest.raises(HistoriesDisagree, match="E07000028 became E06000064"):
            build_areas(tmp_path, tmp_path / "to")
