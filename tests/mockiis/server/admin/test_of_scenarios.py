"""What the mock answers by, over the admin API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import pytest_twisted

from mockiis.testing import MockIIS, Settings

ALL_AE = "version: 1\nrules:\n  - {name: all, reply: {ack: AE}}\n"


async def names(api: Any) -> list[str]:
    """The scenarios as they are tried."""
    _, found = await api.asked("GET", "/scenarios")
    return [entry["source"] for entry in found["scenarios"]]


@pytest_twisted.ensureDeferred
async def test_scenarios_are_listed_with_their_answers(api: Any) -> None:
    """Each rule with how often it answered and what is expected of it."""
    await api.sent(1)
    status, found = await api.asked("GET", "/scenarios/lots")

    assert (200, "Lot numbers", "lots.yaml") == (status, found["name"], found["source"])
    assert [("no lot number", 0, "1"), ("slow", 0, None), ("the rest", 1, None)] == [
        (rule["name"], rule["answers"], rule["expect"]) for rule in found["rules"]
    ]


@pytest_twisted.ensureDeferred
async def test_scenarios_are_replaced_added_and_removed(api: Any) -> None:
    """As a list, one by one, as text in JSON or as YAML."""
    status, _ = await api.asked("PUT", "/scenarios", [{"name": "x.yaml", "text": ALL_AE}])
    assert (200, ["x.yaml"]) == (status, await names(api))
    assert "\rMSA|AE|1\r" in await api.sent(1)
    status, found = await api.asked("POST", "/scenarios", {"shipped": "accept-all", "front": True})
    assert (201, "Accept everything") == (status, found["name"])
    assert "\rMSA|AA|2\r" in await api.sent(2)
    status, _ = await api.asked("POST", "/scenarios", {"name": "last.yaml", "text": ALL_AE})
    assert (201, "last.yaml") == (status, (await names(api))[-1])
    yaml = await api.asked("PUT", "/scenarios/x", ALL_AE.encode(), Content_Type="application/yaml; charset=utf-8")
    json = await api.asked("PUT", "/scenarios/new.yaml", {"text": ALL_AE})
    assert (200, 200) == (yaml[0], json[0])
    status, found = await api.asked("DELETE", "/scenarios/accept-all")
    assert (200, ["x", "last.yaml", "new.yaml"]) == (status, await names(api))


@pytest_twisted.ensureDeferred
async def test_a_scenario_with_errors_changes_nothing(api: Any) -> None:
    """Every problem of every file is told, with its place."""
    wrong = "version: 1\nrules:\n  - name: one\n    when: {mesage: VXU}\n    reply: {akc: AA}\n"
    status, found = await api.asked(
        "PUT", "/scenarios", [{"name": "a.yaml", "text": wrong}, {"name": "b.yaml", "text": "rules: []"}]
    )

    assert (400, ["lots.yaml"]) == (status, await names(api))
    assert found["error"].startswith("a.yaml has ")
    assert {"file": "a.yaml", "line": 4, "column": 12, "text": found["problems"][0]["text"]} == found["problems"][0]
    assert found["problems"][0]["text"].endswith("unknown key 'mesage'; did you mean 'message'?")
    assert "b.yaml" in {problem["file"] for problem in found["problems"]}


@pytest.mark.parametrize(
    ("asked", "status", "error"),
    [
        (("PUT", "/scenarios", [{"shipped": "acept-all"}]), 404, "no scenario 'acept-all' is shipped; there are: acc"),
        (("PUT", "/scenarios", [{"name": "x"}]), 400, "scenarios.1: write one of: 'text' (YAML, with a 'name')"),
        (("PUT", "/scenarios", [{"text": ALL_AE}]), 400, "a scenario as text needs a 'name'"),
        (("PUT", "/scenarios", {"scenario": []}), 400, "scenario: unknown key 'scenario'; did you mean 'scenarios'?"),
        (("PUT", "/scenarios", [{"path": "/etc/passwd"}]), 404, "there is no file '/etc/passwd' in a folder that"),
        (("PUT", "/scenarios", [{"name": "a", "text": ALL_AE}] * 2), 409, "two scenarios are called 'a'; give each"),
        (("POST", "/scenarios", {"name": "lots.yaml", "text": ALL_AE}), 409, "two scenarios are called 'lots.yaml'"),
        (("POST", "/scenarios", {"name": "added", "text": ALL_AE}), 409, "'added' is the name of the rules that are"),
        (("DELETE", "/scenarios/lot"), 404, "there is no scenario 'lot'; did you mean 'lots'?"),
        (("GET", "/scenarios/xyz"), 404, "there is no scenario 'xyz'; there are: lots.yaml"),
        (("PUT", "/state", {"scenario": "lots", "state": "askd for it"}), 400, "no rule of 'Lot numbers' names the st"),
        (("PUT", "/state", {"scenario": "lost", "state": "start"}), 404, "there is no scenario 'lost'; did you mean"),
        (("PUT", "/state", {"scenario": "lots"}), 400, "'state' is missing"),
        (("GET", "/state?scenario=x"), 404, "there is no scenario 'x'"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_what_cannot_be_is_told_in_a_sentence(api: Any, asked: Any, status: int, error: str) -> None:
    """And nothing changes."""
    found = await api.asked(*asked)

    assert (status, error) == (found[0], found[1]["error"][: len(error)])
    assert ["lots.yaml"] == await names(api)


@pytest_twisted.ensureDeferred
async def test_added_rules_go_in_front_the_latest_first(api: Any) -> None:
    """As JSON, as YAML in JSON, as YAML; one without a name gets one."""
    status, first = await api.asked("POST", "/rules", {"when": {"message": "VXU"}, "reply": {"ack": "AR"}})
    assert (201, {"scenario": "added", "name": "added rule 1"}) == (status, first)
    assert "\rMSA|AR|1\r" in await api.sent(1)
    status, second = await api.asked("POST", "/rules", {"text": "name: mine\nreply: {ack: AE}"})
    assert (201, "mine") == (status, second["name"])
    assert "\rMSA|AE|2\r" in await api.sent(2)
    yaml = b"when: {PID-5.1: Roe}\nreply: {ack: AA}\n"
    assert 201 == (await api.asked("POST", "/rules", yaml, Content_Type="text/yaml"))[0]
    assert "\rMSA|AA|3\r" in await api.sent(3, name="Roe")
    _, found = await api.asked("GET", "/scenarios/added")
    assert [("added rule 2", 1), ("mine", 1), ("added rule 1", 1)] == [
        (rule["name"], rule["answers"]) for rule in found["rules"]
    ]
    assert (200, {"removed": 3}) == await api.asked("DELETE", "/rules")
    assert ["lots.yaml"] == await names(api)


@pytest_twisted.ensureDeferred
async def test_a_rule_with_errors_is_not_added(api: Any) -> None:
    """Its problems are those of a file."""
    status, found = await api.asked("POST", "/rules", {"when": {"PID.7": 1}, "reply": {"akc": "AE"}})
    assert (400, "added has 2 errors; nothing was changed") == (status, found["error"])
    assert [
        "when.PID.7: 'PID.7' is not an HL7 location; did you mean 'PID-7'?",
        "reply.akc: unknown key 'akc'; did you mean 'ack'?",
    ] == [problem["text"] for problem in found["problems"]]
    await api.asked("POST", "/rules", {"name": "mine", "reply": {"ack": "AA"}})
    status, found = await api.asked("POST", "/rules", {"name": "mine", "reply": {"ack": "AA"}})
    assert (409, "a rule 'mine' has been added already; give this one another name") == (status, found["error"])
    for wrong in (["x"], "text", 7, None):
        assert 400 == (await api.asked("POST", "/rules", wrong))[0]
    assert ["added", "lots.yaml"] == await names(api)


@pytest_twisted.ensureDeferred
async def test_states_are_seen_and_set(api: Any) -> None:
    """By the tracked key."""
    await api.sent(1, lot="")
    moved = {"scenario": "lots.yaml", "key": "771", "state": "asked for it"}
    assert (200, {"states": [moved]}) == await api.asked("GET", "/state?scenario=lots")
    set_back = {**moved, "state": "start"}
    assert (200, set_back) == await api.asked("PUT", "/state", {"scenario": "lots", "key": "771", "state": "start"})
    assert "\rMSA|AE|1\r" in await api.sent(1, lot="")


@pytest_twisted.ensureDeferred
async def test_files_come_from_the_folders_of_the_start_only(ask: Any, tmp_path: Path) -> None:
    """Not from beside them, not through a link, and only YAML."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "a.yaml").write_text(ALL_AE)
    (folder / "a.txt").write_text(ALL_AE)
    (tmp_path / "b.yaml").write_text(ALL_AE)
    (folder / "link.yaml").symlink_to(tmp_path / "b.yaml")
    iis = MockIIS(settings=Settings(admin_port=0, scenario_folders=(folder,)))
    api = ask(iis)
    try:
        statuses = [
            (await api.asked("PUT", "/scenarios", [{"path": path}]))[0]
            for path in ("a.yaml", str(folder / "a.yaml"), "a.txt", "../b.yaml", "link.yaml", "none.yaml", "a\0.yaml")
        ]
    finally:
        await iis.stop()

    assert [200, 200, 404, 404, 404, 404, 404] == statuses
