"""Code mappings as vendors write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.cli.mapping_file import LONGEST, read_mapping
from mockiis.errors import MockIISError
from mockiis.profile.code_mapping import Entry

ROW = Entry(line=2, local="A1", description="Hep B, ped", cvx="08", mvx="MSD", ndc="00006-4981-00")
HEADING = "Local code,Description,CVX,MVX,NDC"


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        (HEADING, 'A1,"Hep B, ped",08,MSD,00006-4981-00'),
        ("local_code;local_description;cvx_code;mvx_code;ndc_code", "A1;Hep B, ped;08;MSD;00006-4981-00"),
        ("Vaccine Code\tVaccine Name\tCDC CVX\tMVX\tNDC11", "A1\tHep B, ped\t08\tMSD\t00006-4981-00"),
        ("ID|Vaccine|CVX|Manufacturer|NDC #", "A1|Hep B, ped|08|MSD|00006-4981-00"),
        ("NDC,Mfg Code,CVX Code,CVX Description,EHR Code,EHR Text", "00006-4981-00,MSD,08,x,A1,Hep B"),
        ('"our vaccine id","title","cvx","mvx","ndc"', 'A1,"Hep B, ped",="08",MSD,="00006-4981-00"'),
        ("code,name,CVX,MVX,NDC", "'A1,\"Hep B, ped\",'08,MSD,'00006-4981-00"),
    ],
)
def test_headings_and_delimiters_are_recognized(heading: str, row: str) -> None:
    """In the words and dialects of spreadsheets."""
    (entry,) = read_mapping(f"{heading}\n{row}\n".encode(), "m.csv")
    assert (2, "08", "MSD", "00006-4981-00") == (entry.line, entry.cvx, entry.mvx, entry.ndc)
    assert "A1" == entry.local.removeprefix("'")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_are_read(encoding: str, end: str) -> None:
    """Those that Excel writes on any system."""
    text = end.join([HEADING, "A1,Mérieux,08,MSD,00006-4981-00", ""])
    (entry,) = read_mapping(text.encode(encoding), "m.csv")
    assert Entry(line=2, local="A1", description="Mérieux", cvx="08", mvx="MSD", ndc="00006-4981-00") == entry


def test_headings_may_be_missing() -> None:
    """The columns then stand in their order; so they do after Excel's line that names the delimiter."""
    assert [Entry(line=1, local="A1", description="MMR", cvx="03")] == read_mapping(b"A1,MMR,03\n", "m.csv")
    (entry,) = read_mapping(b"sep=;\nA1;MMR;3\n", "m.csv")
    assert Entry(line=2, local="A1", description="MMR", cvx="3") == entry


def test_lines_are_those_of_the_file() -> None:
    """Blank lines count, rows of blanks are left out, and a row with a line end in a cell is where it begins."""
    text = f'\n{HEADING}\n,,,,\nA1,"two\nlines",08\n\nA2,x,03\n'
    assert [("A1", 4), ("A2", 7)] == [(entry.local, entry.line) for entry in read_mapping(text.encode(), "m.csv")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "m.csv: is empty"),
        (b"\xef\xbb\xbf \n", "m.csv: is empty"),
        (b"PK\x03\x04...", "m.csv: is an Excel workbook or a zip archive; save the table as CSV or text"),
        (b"\xd0\xcf\x11\xe0...", "m.csv: is an old Excel workbook; save the table as CSV or text"),
        (b"%PDF-1.7", "m.csv: is a PDF; the table is needed as text"),
        (b"a,b\nc,\0d\n", "m.csv: is not text: there is a zero byte in line 2"),
        (b"\xff\xfea", "m.csv: is not utf-16-le text (byte 1)"),
        (b"code,cvx\n", "m.csv: there are headings and no rows"),
        (
            b"code,name,vaccine\nA,B,C\n",
            "m.csv:1: there is no column of CVX codes; name one 'CVX' (the headings are: code, name, vaccine)",
        ),
        (b"CVX,CVX code\n03,03\n", "m.csv:1: two columns are of CVX codes: CVX, CVX code"),
        (
            b'code,cvx\nA,"03\nB,04\n',
            "m.csv:2: is not CSV: unexpected end of data; is a quote not closed, or not doubled?",
        ),
        (b"code,cvx\n" + b"A,03\n" * (LONGEST + 1), f"m.csv: has more than {LONGEST} rows; a code mapping has one"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, expected: str) -> None:
    """File, line, what it is, and what to do."""
    with pytest.raises(MockIISError) as caught:
        read_mapping(data, "m.csv")
    assert str(caught.value).startswith(expected)


BYTES = st.one_of(
    st.binary(),
    st.text(alphabet=st.sampled_from(list("cvxmndc,;\t|\"\r\n03= é'")), max_size=80).map(
        lambda text: f"code,cvx\n{text}".encode()
    ),
    st.text().map(lambda text: text.encode("utf-16", "replace")),
)


@settings(deadline=None)
@given(BYTES)
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    """Nothing but MockIISError leaves the reader; lines are lines of the file, in order."""
    try:
        lines = [entry.line for entry in read_mapping(data, "m.csv")]
    except MockIISError as error:
        lines, said = [1], str(error)
    else:
        said = "m.csv"
    assert said.startswith("m.csv")
    assert sorted(set(lines)) == lines != []
