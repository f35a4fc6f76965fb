"""CDC's tables in the forms CDC publishes them."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.cli.cdc_files import LARGEST, read_published
from mockiis.errors import MockIISError

CVX_TEXT = "03        |MMR|measles, mumps and rubella virus vaccine||Active|False|2010/05/28\n"
MVX_TEXT = "AB|Abbott Laboratories|includes Ross Products Division, Solvay|Inactive|2017/11/16\n"
GROUP_TEXT = "MMR|03        |Active|MMR|03\n"
TRADE_TEXT = "M-M-R II|MMR|03        |Merck and Co., Inc.|MSD       |Active|Active|2010/05/28\n"
USE_TEXT = (
    "364|49281|400|88|Adacel|TETANUS TOXOID|Sanofi Pasteur Inc.|20131001||SYRINGE|00349281400889|115       |Tdap"
    "|False     |49281-0400-88|2014-03-31 00:00:00|00349281400889\n"
)
SALE_TEXT = (
    "667|49281|400|10|Adacel|TETANUS TOXOID|Sanofi Pasteur Inc.|20050610|20300101|CARTON|INTRAMUSCULAR"
    "|2022-01-31 00:00:00|115       |Tdap|49281-0400-10|00349281400100\n"
)
LINKER_TEXT = "1|667|364|PMC\n"
CVX_ROW = {
    "code": "03",
    "name": "MMR",
    "full_name": "measles, mumps and rubella virus vaccine",
    "status": "Active",
    "last_updated": "2010-05-28",
    "notes": "",
}


def cvx_xml(status: str = "Active", code: str = "03        ") -> str:
    """CDC's newer form: an element for each field."""
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<CVXCodes>\n  <CVXInfo>\n'
        "    <ShortDescription>MMR</ShortDescription>\n"
        "    <FullVaccinename>measles, mumps and\n      rubella virus vaccine</FullVaccinename>\n"
        f"    <CVXCode>{code}</CVXCode>\n    <Notes/>\n    <Status>{status}</Status>\n"
        "    <LastUpdated>5/28/2010</LastUpdated>\n  </CVXInfo>\n</CVXCodes>\n"
    )


def pairs(root: str, item: str, **fields: str) -> str:
    """CDC's older form: pairs of Name and Value."""
    said = "".join(
        f"<Name>{name.replace('_', ' ')}</Name><Value>{escape(value)}</Value>" for name, value in fields.items()
    )
    return f'<?xml version="1.0"?>\n<{root}><{item}>{said}</{item}></{root}>'


@pytest.mark.parametrize(
    "data",
    [
        CVX_TEXT.encode(),
        CVX_TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + CVX_TEXT.encode("utf-16-le"),
        cvx_xml().encode("iso-8859-1"),
        cvx_xml().replace("ISO-8859-1", "UTF-16").encode("utf-16"),
        pairs(
            "CVXCodes",
            "CVXInfo",
            ShortDescription="MMR",
            Full_Vaccine_Name="measles, mumps and rubella virus vaccine",
            CVX_Code="03        ",
            Notes="",
            Status="Active",
            Last_Updated="5/28/2010",
        ).encode(),
    ],
    ids=["text", "text with mark", "text in UTF-16", "XML", "XML in UTF-16", "XML in pairs"],
)
def test_every_form_of_a_table_gives_the_same_rows(data: bytes) -> None:
    """Blanks are trimmed, dates are YYYY-MM-DD."""
    published = read_published(data, "cvx")
    assert ("cvx", [CVX_ROW]) == (published.table, published.rows)


@pytest.mark.parametrize(
    ("text", "table", "row"),
    [
        (MVX_TEXT, "mvx", {"code": "AB", "status": "Inactive", "last_updated": "2017-11-16"}),
        (GROUP_TEXT, "vaccine_group", {"cvx": "03", "group": "MMR", "group_cvx": "03"}),
        (TRADE_TEXT, "trade_name", {"name": "M-M-R II", "cvx": "03", "mvx": "MSD", "last_updated": "2010-05-28"}),
        (
            USE_TEXT,
            "ndc_use",
            {
                "ndc": "49281-0400-88",
                "printed": "49281-400-88",
                "labeler": "Sanofi Pasteur Inc.",
                "cvx": "115",
                "start": "2013-10-01",
                "end": "",
                "package": "SYRINGE",
                "gtin": "00349281400889",
                "_id": "364",
            },
        ),
        (
            SALE_TEXT,
            "ndc_sale",
            {"ndc": "49281-0400-10", "route": "INTRAMUSCULAR", "end": "2030-01-01", "package": "CARTON", "_id": "667"},
        ),
        (LINKER_TEXT, "ndc_linker", {"_sale": "667", "_use": "364", "mvx": "PMC"}),
        (
            pairs(
                "productnames",
                "prodInfo",
                **{
                    "CDC Product Name": "M-M-R II",
                    "Short Description": "MMR",
                    "CVXCode": "03",
                    "Manufacturer": "Merck",
                },
                **{"MVX Code": "MSD", "MVX Status": "Active", "Product name Status": "Active"},
                **{"Last Updated": "5/28/2010"},
            ),
            "trade_name",
            {"name": "M-M-R II", "cvx": "03", "mvx": "MSD", "status": "Active", "last_updated": "2010-05-28"},
        ),
        (
            pairs(
                "VGCodes",
                "CVXVGInfo",
                **{"ShortDescription": "MMR", "CVXCode": "03", "Status": "Active", "Vaccine Group Name": "MMR"},
                **{"CVX for Vaccine Group": "03"},
            ),
            "vaccine_group",
            {"cvx": "03", "group": "MMR", "group_cvx": "03"},
        ),
    ],
    ids=["MVX", "groups", "trade names", "unit of use", "unit of sale", "linker", "trade names, XML", "groups, XML"],
)
def test_every_table_is_known_by_its_layout(text: str, table: str, row: dict[str, str]) -> None:
    """Whatever the file is called."""
    published = read_published(text.encode(), "download")
    assert table == published.table
    assert row == {column: published.rows[0][column] for column in row}


LAUGHS = '<!DOCTYPE CVXCodes [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "f: is empty"),
        (b"PK\x03\x04", "f: is an Excel workbook or a zip archive"),
        (
            b"<!DOCTYPE html><html><body>CVX</body></html>",
            "f: is a web page; take the XML or text file that CDC offers",
        ),
        (cvx_xml().replace("<CVXCodes>", LAUGHS + "<CVXCodes>").encode(), "f: a DOCTYPE is not allowed"),
        (cvx_xml().partition("</FullV")[0].encode(), "f:6: is not well-formed XML: "),
        (b"<CVXCodes/>", "f: is not XML of a table that CDC publishes; known are: CVX, MVX, "),
        (b"<a><b><c>1</c></b></a>", "f: is not XML of a table that CDC publishes"),
        (cvx_xml().replace("Status>", "State>").encode(), "f:3: there is no element status; is it another table?"),
        (cvx_xml(status="Activ").encode(), "f:3: status 'Activ' is none of Active, Inactive, Non-US, Never Active"),
        (cvx_xml(code="3").encode(), "f:3: code '3' is not a CVX code (two or three digits, such as 03)"),
        (b"code,name\n03,MMR\n", "f:1: is not laid out as a table that CDC publishes; known are: CVX"),
        (
            (CVX_TEXT + CVX_TEXT[:40]).encode(),
            "f:2: expected 7 columns with | between them, found 3; is the file cut off?",
        ),
        ((CVX_TEXT * 2).encode(), "f:2: the code 03 stands in line 1 already"),
        (CVX_TEXT.replace("03 ", "3  ").encode(), "f:1: code '3' is not a CVX code"),
        (USE_TEXT.replace("49281-0400-88", "49281-400-88").encode(), "f:1: ndc '49281-400-88' is not an NDC of 11"),
        (b" " * (LARGEST + 1), "f: is larger than any table of CDC (20 MB)"),
    ],
)
def test_what_cannot_be_taken_is_told(data: bytes, expected: str) -> None:
    """File, line, what was expected, what was found."""
    with pytest.raises(MockIISError) as caught:
        read_published(data, "f")
    assert str(caught.value).startswith(expected)


def test_a_date_that_cannot_be_read_stays_as_it_is() -> None:
    """One odd date is no reason to refuse a table."""
    published = read_published(CVX_TEXT.replace("2010/05/28", "soon").encode(), "f")
    assert "soon" == published.rows[0]["last_updated"]


def cut(text: str) -> Callable[[int], bytes]:
    """The beginning of a text."""
    return lambda length: text[: length % (len(text) + 1)].encode()


BYTES = st.one_of(
    st.binary(),
    st.integers(0).map(cut(cvx_xml())),
    st.integers(0).map(cut(CVX_TEXT + MVX_TEXT)),
    st.text(alphabet=st.sampled_from(list("<>/&;aName Value=\"'é\n")), max_size=80).map(
        lambda text: f"<a>{text}</a>".encode()
    ),
    st.lists(st.lists(st.text(max_size=5), max_size=17).map("|".join)).map(
        lambda lines: "\n".join(lines).encode("utf-8", "replace")
    ),
)


@settings(deadline=None)
@given(BYTES)
def test_any_bytes_are_taken_or_refused_in_words(data: bytes) -> None:
    """Nothing but MockIISError leaves the reader."""
    try:
        said = read_published(data, "f").name
    except MockIISError as error:
        said = str(error)
    assert said.startswith("f")
