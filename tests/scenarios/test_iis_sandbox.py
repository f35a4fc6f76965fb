"""Every flavor of IIS-Sandbox and endpoint of the SMM demo that can be scripted: what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_twisted

from mockiis.er7 import Message, read
from mockiis.message import Answer, FaultReply, MessageReply, read_answer
from mockiis.scenario.memory import Memory

Make = Callable[..., Message]
Replies = Callable[..., Any]
NOON = datetime(2024, 4, 3, 12, tzinfo=UTC)
OLD_BIRTH = {"PID-7": "20240403"}
LONG = "Muster-Hohenwart"


def read_back(reply: Any) -> Answer:
    assert isinstance(reply, MessageReply)
    return read_answer(read(reply.text))


UPDATES = [
    # the flavor, what is wrong, a segment left out, the rule, MSA-1, of the ERR location, code and severity; and what
    # the same message gets without the flavor: MSA-1 and severity
    ("Cranberry", {"RXA-20": "RE"}, "", "AE", ("", "101", "E"), ("AA", "")),
    ("Cranberry", {}, "RXA", "AE", ("", "101", "E"), ("AE", "E")),
    ("Bilberry", {"RXA-5.1": "998"}, "", "AE", ("", "101", "E"), ("AA", "")),
    ("Pear", {}, "", "AE", ("RXA^1^11", "103", "E"), ("AA", "")),
    ("Blackberry", {"PID-11.5": ""}, "", "AE", ("PID^1^11", "101", "E"), ("AA", "")),
    ("Blackberry", {"PID-11": ""}, "", "AE", ("PID^1^11", "101", "E"), ("AA", "")),
    ("Spruce", {}, "RXR", "AE", ("RXA^1", "100", "E"), ("AA", "")),
    ("Fig", {"PID-10.1": "X"}, "", "AE", ("PID^1^10", "103", "E"), ("AE", "W")),
    ("Fig", {"PID-22.1": "X"}, "", "AE", ("PID^1^22", "103", "E"), ("AE", "W")),
    ("Quinze", {"PID-13.2": "ORN"}, "", "AE", ("PID^1^13", "103", "E"), ("AE", "W")),
    ("RejectLongName", {"PID-5.1": LONG}, "", "AE", ("PID^1^5", "999", "E"), ("AA", "")),
    ("RejectLongName", {"PID-5.2": LONG}, "", "AE", ("PID^1^5", "999", "E"), ("AA", "")),
    ("MandatoryLegalName", {"PID-5.7": "A"}, "", "AE", ("PID^1^5", "101", "E"), ("AA", "")),
    ("NonAsciiReject", {"PID-5.2": "Noëlle"}, "", "AE", ("PID^1^5", "999", "E"), ("AA", "")),
    ("NoSingleCharName", {"PID-5.1": "M"}, "", "AE", ("PID^1^5", "999", "E"), ("AA", "")),
    ("NoSingleCharName", {"PID-5.2": "N"}, "", "AE", ("PID^1^5", "999", "E"), ("AA", "")),
    ("Cantaloupe", {"PID-7": "2019-03-15"}, "", "AA", None, ("AE", "E")),
    ("Clementine", OLD_BIRTH, "", "AA", None, ("AE", "E")),
    ("Elderberries", {"PID-8": "X"}, "", "AA", None, ("AE", "W")),
    ("Guava", {"PID-11.4": "ZZ"}, "", "AE", ("PID^1^11^1^4", "103", "W"), ("AE", "E")),
    ("Guava", {"PID-11.6": "Freedonia"}, "", "AE", ("PID^1^11^1^6", "103", "W"), ("AE", "E")),
    ("Plantain", {"PID-24": "X"}, "", "AE", ("PID^1^24", "103", "W"), ("AE", "E")),
    ("Plantain", {"PID-25": "11"}, "", "AE", ("PID^1^25", "999", "W"), ("AE", "E")),
    ("Plantain", {"PID-25": "2"}, "", "AE", ("PID^1^25", "999", "W"), ("AE", "E")),
    ("Medlar", {"PID-7": "", "PID-8": "X"}, "", "AE", ("PID^1^7", "101", "E"), ("AE", "E")),
    ("Medlar", {"PID-8": "X"}, "", "AE", None, ("AE", "W")),
    ("Notice", {"PID-7": ""}, "", "AE", ("PID^1^7", "101", "W"), ("AE", "E")),
]


@pytest.mark.parametrize(("flavor", "changes", "without", "code", "error", "plain"), UPDATES)
def test_flavors_of_updates(
    update: Make,
    answer: Replies,
    flavor: str,
    changes: dict[str, str],
    without: str,
    code: str,
    error: tuple[str, str, str] | None,
    plain: tuple[str, str],
) -> None:
    """What the flavor changes, over both transports; a sound message is accepted with it."""
    wrong = {"MSH-4": f"FITS {flavor} 7", **changes}
    for transport in ("soap", "mllp"):
        reply = answer("iis-sandbox", update(wrong, without), transport=transport)
        got = read_back(reply)
        assert reply.rule.startswith(f"{flavor.upper()}: ")
        assert ("M1", code) == (got.message_control_id, got.acknowledgment_code)
        assert [error] * bool(error) == [(e.err_2, e.code, e.severity) for e in got.findings]
    without_flavor = read_back(answer("iis-sandbox", update(changes, without)))
    assert plain == (without_flavor.acknowledgment_code, "".join(e.severity for e in without_flavor.findings)[:1])
    sound = read_back(answer("iis-sandbox", update({"MSH-4": f"FITS {flavor} 7", "RXA-11": ""})))
    assert ("AA", ()) == (sound.acknowledgment_code, sound.findings)


def test_the_word_may_stand_in_the_soap_request(update: Make, answer: Replies) -> None:
    """In facilityID, alone or with others."""
    for facility in ("Spruce", "FITS_Spruce", "FITS Lime Spruce"):
        assert "AE" == read_back(answer("iis-sandbox", update(None, "RXR"), facility=facility)).acknowledgment_code
    assert "AA" == read_back(answer("iis-sandbox", update(None, "RXR"), facility="Sprucewood")).acknowledgment_code


def test_soursop(update: Make, answer: Replies) -> None:
    """MSH-4 must be the facility of the SOAP request."""
    got = read_back(answer("iis-sandbox", update({"MSH-4": "Other"}), facility="FITS Soursop"))
    assert [("MSH^1^4", "999", "E")] == [(e.err_2, e.code, e.severity) for e in got.findings]
    same = read_back(answer("iis-sandbox", update({"MSH-4": "FITS Soursop"}), facility="FITS Soursop"))
    assert "AA" == same.acknowledgment_code


def test_a_notice_and_a_lone_code(update: Make, answer: Replies) -> None:
    """ERR-4 N, which no table of the guide has, and MSH-9 ACK."""
    assert "|N|" in answer("iis-sandbox", update({"MSH-4": "Notice x", "PID-8": "X"})).text
    assert "ACK" == read(answer("iis-sandbox", update({"MSH-4": "Melon x"})).text).get("MSH-9")


def test_half_of_the_vaccinations(update: Make, answer: Replies) -> None:
    """Grapefruit, and the other half is accepted."""
    message = update({"MSH-4": "FITS Grapefruit"})
    codes = Counter(read_back(answer("iis-sandbox", message, seed=seed)).acknowledgment_code for seed in range(400))

    assert {"AA", "AE"} == set(codes)
    assert 150 < codes["AE"] < 250


QUERIES = [
    # the flavor, what stands in the answer, what does not
    ("Lime", "RXA|0|1|20190520||20^DTaP", "|CP"),
    ("Coconut", "Z32^CDCPHINVS", "30980-7"),
    ("Orange", "Z32^CDCPHINVS", "30980-7"),
    ("Cherry", "RXA|0|1|||20^DTaP", "RXA|0|1|20190520"),
    ("Kumquat", "^LN|1|BADCVX^", "\rERR"),
    ("Punkin", "|UNK^Unknown^NULLFL|", "\rERR"),
]


@pytest.mark.parametrize(("flavor", "there", "not_there"), QUERIES)
def test_flavors_of_answers(query: Make, answer: Replies, flavor: str, there: str, not_there: str) -> None:
    """What the flavor changes in a response, which else is the answer to the query."""
    reply = answer("iis-sandbox", query({"MSH-4": f"FITS {flavor}"}))
    got = read_back(reply)

    assert reply.rule.startswith(f"{flavor.upper()}: ")
    assert ("Q1", "OK", "T1", 1) == (got.message_control_id, got.query_status, got.query_tag, len(got.persons))
    assert there in reply.text
    assert not_there not in reply.text


def test_lime_in_full(query: Make, answer: Replies) -> None:
    """No type of address, and no order number for the forecast."""
    message = read(answer("iis-sandbox", query({"MSH-4": "FITS Lime"})).text)

    assert ("", "USA") == (message.get("PID-11.7"), message.get("PID-11.6"))
    assert ["5501", ""] == [segment.get(3, 1) for segment in message.named("ORC")]
    assert ["", ""] == [segment.get(20) for segment in message.named("RXA")]


def test_punkin_in_full(query: Make, answer: Replies) -> None:
    """Race and ethnic group are in their places."""
    message = read(answer("iis-sandbox", query({"MSH-4": "FITS Punkin"})).text)

    assert ("UNK", "UNK") == (message.get("PID-10.1"), message.get("PID-22.1"))


@pytest.mark.parametrize(("flavor", "profile"), [("Coconut", "Z42"), ("Orange", "Z32"), ("Lemon", "Z42")])
def test_evaluated_queries(query: Make, answer: Replies, flavor: str, profile: str) -> None:
    """Only Orange answers Z44 by Z32."""
    assert profile == read_back(answer("iis-sandbox", query({"MSH-4": f"FITS {flavor}", "QPD-1.1": "Z44"}))).profile


def drawn(query: Make, answer: Replies, flavor: str, what: Callable[[Message], Any]) -> Counter[Any]:
    """What came of four hundred queries."""
    message = query({"MSH-4": f"FITS {flavor}"})
    return Counter(what(read(answer("iis-sandbox", message, seed=seed).text)) for seed in range(400))


def test_what_chance_decides(query: Make, answer: Replies) -> None:
    """Every variant comes, about as often as it should."""
    melon = drawn(query, answer, "Melon", lambda m: m.get("MSH-9"))
    assert {"RSP", "RSP^ZZZ"} == set(drawn(query, answer, "Melon", lambda m: m.header.raw(9)))
    assert 150 < melon["RSP"]
    lemon = drawn(query, answer, "Lemon", lambda m: tuple(s.get(5, 1) for s in m.named("RXA")))
    assert {("20", "03"), ("20",), ("03",), ()} == set(lemon)
    assert 190 < lemon["20", "03"] < 260
    citrus = drawn(query, answer, "Citrus", lambda m: (m.get("PID-5.1"), m.get("PID-5.2"), m.get("PID-7")))
    assert {("Muster", "", "20190315"), ("", "Nora", "20190315"), ("Muster", "Nora", "")} == set(citrus)
    phi = drawn(query, answer, "PHI", lambda m: m.get("PID-5.1"))
    assert {"TorresAIRA", "Torres"} == set(phi)
    assert 20 < phi["Torres"] < 65


@pytest.mark.parametrize("flavor", ["Lemon", "Melon", "Citrus", "PHI"])
def test_the_same_seed_the_same_answer(query: Make, answer: Replies, flavor: str) -> None:
    """So a run can be repeated."""
    message = query({"MSH-4": f"FITS {flavor}"})
    assert answer("iis-sandbox", message, seed=7).text == answer("iis-sandbox", message, seed=7).text


@pytest.mark.parametrize("seconds", [30, 60, 90])
def test_visible_after_a_while(update: Make, query: Make, answer: Replies, seconds: int) -> None:
    """Snail30, Snail60 and Snail90: not a moment earlier, and for each patient by itself."""
    memory, facility = Memory(), {"MSH-4": f"FITS Snail{seconds}"}
    memory.apply(answer("iis-sandbox", update(facility), memory=memory).changes, NOON)

    def found(after: float, **other: str) -> str:
        moment = NOON + timedelta(seconds=after)
        return read_back(
            answer("iis-sandbox", query(facility | {"QPD-3.1": "P1"} | other), memory=memory, received=moment)
        ).query_status

    assert ["NF", "NF", "OK", "OK"] == [found(after) for after in (0, seconds - 1, seconds, 3600)]
    assert "NF" == found(3600, **{"QPD-3.1": "P2"})


def test_one_of_four_times(update: Make, query: Make, answer: Replies) -> None:
    """Snail: 0, 30, 60 or 90 seconds, a quarter each."""
    message = update({"MSH-4": "FITS Snail"})
    waits = Counter(answer("iis-sandbox", message, seed=seed).changes[-1].after for seed in range(400))

    assert {0.0, 30.0, 60.0, 90.0} == set(waits)
    assert all(65 < count < 135 for count in waits.values())


def test_who_is_found_is_who_was_asked_for(update: Make, query: Make, answer: Replies) -> None:
    """The response of Snail30 has the names of the query."""
    memory, facility = Memory(), {"MSH-4": "FITS Snail30"}
    memory.apply(answer("iis-sandbox", update(facility), memory=memory).changes, NOON)
    later = answer("iis-sandbox", query(facility), memory=memory, received=NOON + timedelta(minutes=1))
    [person] = read_back(later).persons

    assert ("Muster", "Nora", "20190315") == (person.name.family, person.name.given, person.birth_date)


@pytest.mark.parametrize("flavor", ["Starfruit", "Moonfruit"])
def test_never_shared(update: Make, query: Make, answer: Replies, flavor: str) -> None:
    """The update is accepted, the query finds nobody."""
    facility = {"MSH-4": f"FITS {flavor}"}
    assert "AA" == read_back(answer("iis-sandbox", update(facility))).acknowledgment_code
    assert "NF" == read_back(answer("iis-sandbox", query(facility))).query_status


PLAIN = [
    ("update", {}, "PID", "AE", "PID^1"),
    ("update", {"PID-3.5": "SR"}, "", "AE", "PID^1^3"),
    ("update", {"PID-5.1": ""}, "", "AE", "PID^1^5^1^1"),
    ("update", {"PID-5.2": ""}, "", "AE", "PID^1^5^1^2"),
    ("update", {"PID-7": ""}, "", "AE", "PID^1^7"),
    ("update", {"PID-7": "20300101"}, "", "AE", "PID^1^7"),
    ("update", {}, "RXA", "AE", "ORC^1"),
    ("update", {"RXA-5": ""}, "", "AE", "RXA^1^5"),
    ("update", {"ORC-3": ""}, "", "AE", "ORC^1^3"),
    ("update", {"RXA-3": ""}, "", "AE", "RXA^1^3"),
    ("update", {"RXA-3": "20240404"}, "", "AE", "RXA^1^3"),
    ("update", {"MSH-9.1": "ADT"}, "", "AE", "MSH^1^9"),
    ("update", {}, "", "AA", ""),
    ("query", {"QPD-4.1": ""}, "", "AE", "QPD^1^4^1^1"),
    ("query", {"QPD-4.2": ""}, "", "AE", "QPD^1^4^1^2"),
    ("query", {"QPD-6": ""}, "", "AE", "QPD^1^6"),
    ("query", {}, "", "AA", ""),
]


@pytest.mark.parametrize(("kind", "changes", "without", "code", "place"), PLAIN)
def test_without_a_flavor(
    request: pytest.FixtureRequest,
    answer: Replies,
    kind: str,
    changes: dict[str, str],
    without: str,
    code: str,
    place: str,
) -> None:
    """What is rejected, and where."""
    got = read_back(answer("iis-sandbox", request.getfixturevalue(kind)(changes, without)))

    assert (code, place) == (got.acknowledgment_code, "".join(entry.err_2 for entry in got.findings))


@pytest.mark.parametrize(
    ("changes", "profile", "count"),
    [
        ({"QPD-4.3": "MULTI"}, "Z31", 2),
        ({"QPD-4.3": "MULTI", "QPD-1.1": "Z44"}, "Z33", 0),
        ({"QPD-4.1": "Torres", "QPD-4.2": "Elena"}, "Z32", 1),
        ({"QPD-4.1": "Torres", "QPD-4.2": "Elena", "QPD-1.1": "Z44"}, "Z42", 1),
    ],
)
def test_queries_without_a_flavor(
    query: Make, answer: Replies, changes: dict[str, str], profile: str, count: int
) -> None:
    """One patient, and one with a double."""
    got = read_back(answer("iis-sandbox", query(changes)))

    assert (profile, count) == (got.profile, len(got.persons))


ENDPOINTS = [
    # the word, what stands in the response, what does not
    ("default", b"<![CDATA[MSH|", b"&#"),
    ("nowhitespace", b"MSA|AA|M1", b"\n<soap12env:Body"),
    ("mistakes", b"ack>", b"return>"),
    ("badxml", b"MSA|AA|M1", b"</soap12env:Envelope>"),
    ("base64", b"TVNIfF5+XCZ8", b"MSH|"),
    ("urlEncoded", b"MSH%7C", b"MSH|"),
    ("additionalTag", b"additionalTag", b"Fault"),
    ("incorrectImplementation", b"The message was received", b"MSH|"),
]


@pytest.mark.parametrize(("word", "there", "not_there"), ENDPOINTS)
@pytest_twisted.ensureDeferred
async def test_smm_endpoints(update: Make, sockets: Any, word: str, there: bytes, not_there: bytes) -> None:
    """The body on the socket, whether the word stands in MSH-4 or in facilityID."""
    mock = sockets.start("smm-endpoints")

    for response in (
        await sockets.soap(mock, update({"MSH-4": f"Clinic {word}"})),
        await sockets.soap(mock, update(), facility=word),
    ):
        head, _, body = response.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert there in body
        assert not_there not in body


@pytest.mark.parametrize(("username", "fault"), [("BAD", "SecurityFault"), ("NPE", "UnknownFault")])
def test_smm_users(update: Make, answer: Replies, username: str, fault: str) -> None:
    """Names with a meaning."""
    reply = answer("smm-endpoints", update(), username=username)

    assert isinstance(reply, FaultReply)
    assert fault == reply.kind


@pytest_twisted.ensureDeferred
async def test_two_messages_in_one(update: Make, sockets: Any) -> None:
    """Are too large, by the mock itself; MLLP, which no endpoint of the demo has, is answered soundly."""
    double = update()
    double = Message([*double.lines, *double.lines], None, delimiters=double.delimiters)

    assert b"MessageTooLarge" in await sockets.soap(sockets.start("smm-endpoints"), double)
    assert b"MSA|AA|M1" in (await sockets.mllp(sockets.start("smm-endpoints"), update())).data
