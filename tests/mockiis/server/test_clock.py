"""The clock that tests move, over a reactor whose time stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet import task
from twisted.internet.error import AlreadyCalled, AlreadyCancelled
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import LogEvent
from zope.interface.verify import verifyObject

from mockiis.server.clock import Clock

NOON = datetime(2024, 4, 3, 12, tzinfo=UTC)


class Machine(task.Clock):
    """A reactor, and the wall clock of its machine."""

    def wall(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds())


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> Clock:
    return Clock(machine, machine.wall)


def test_it_is_a_clock_of_twisted(clock: Clock) -> None:
    """Whatever takes the time of a reactor takes this."""
    assert verifyObject(IReactorTime, clock)
    assert verifyObject(IDelayedCall, clock.callLater(1, list))


def test_it_runs_with_the_reactor(clock: Clock, machine: Machine) -> None:
    """Calls come in the order of their times, and of their making at the same time."""
    done: list[str] = []
    for seconds, name in ((2, "b"), (1, "a"), (2, "c"), (9, "z")):
        clock.callLater(seconds, done.append, name)
    machine.pump([1, 1])

    assert ["a", "b", "c"] == done
    assert NOON + timedelta(seconds=2) == clock.now()
    assert [9] == [call.getTime() for call in clock.getDelayedCalls()]


def test_advancing_runs_what_comes_due(clock: Clock, machine: Machine) -> None:
    """At once and each at its own time, what a call has called later included; the reactor's time stays."""
    times: list[tuple[float, datetime]] = []

    def note(more: int) -> None:
        times.append((clock.seconds(), clock.now()))
        if more:
            clock.callLater(2, note, more - 1)

    clock.callLater(1, note, 3)
    clock.advance(6)

    assert [1, 3, 5] == [seconds for seconds, _ in times]
    assert NOON + timedelta(seconds=3) == times[1][1]
    assert (6, 0) == (clock.seconds(), machine.seconds())
    machine.advance(1)
    assert 7 == times[3][0]


def test_frozen_it_stands_still(clock: Clock, machine: Machine) -> None:
    """Only ``advance`` moves it, and nothing is left on the reactor; then it goes on from where it stood."""
    done: list[str] = []
    clock.callLater(5, done.append, "five")
    clock.freeze()
    machine.advance(3600)
    assert (True, [], NOON, []) == (clock.frozen, done, clock.now(), machine.getDelayedCalls())

    clock.advance(4)
    clock.resume()
    clock.resume()
    assert ([], NOON + timedelta(seconds=4), False) == (done, clock.now(), clock.frozen)
    machine.advance(1)
    assert ["five"] == done


def test_frozen_at_another_moment(clock: Clock, machine: Machine) -> None:
    """The date may be any; waiting calls are none the nearer."""
    clock.callLater(5, list)
    clock.freeze(at=datetime(1999, 12, 31, tzinfo=UTC))
    clock.advance(1)
    assert datetime(1999, 12, 31, 0, 0, 1, tzinfo=UTC) == clock.now()

    clock.resume()
    machine.advance(1)
    assert datetime(1999, 12, 31, 0, 0, 2, tzinfo=UTC) == clock.now()
    assert 1 == len(clock.getDelayedCalls())


def test_a_call_can_be_cancelled_and_moved(clock: Clock, machine: Machine) -> None:
    """As with any reactor; once it is over, nothing more can be done about it."""
    done: list[str] = []
    gone, later, sooner = (clock.callLater(5, done.append, name) for name in ("gone", "later", "sooner"))
    gone.cancel()
    later.delay(5)
    sooner.reset(1)
    clock.advance(5)
    assert ["sooner"] == done
    clock.advance(5)
    assert ["sooner", "later"] == done

    with pytest.raises(AlreadyCancelled):
        gone.reset(1)
    with pytest.raises(AlreadyCalled):
        later.cancel()
    assert [] == machine.getDelayedCalls()


def test_nothing_is_left_on_the_reactor(clock: Clock, machine: Machine) -> None:
    """Not even for calls that were cancelled."""
    calls = [clock.callLater(1, list), clock.callLater(2, list)]
    for call in calls:
        call.cancel()

    assert [] == machine.getDelayedCalls()
    assert [] == clock.getDelayedCalls()


def test_a_call_that_fails_costs_no_other(clock: Clock, observe_errors: list[LogEvent]) -> None:
    """It is logged."""
    done: list[int] = []
    clock.callLater(1, int, "no number")
    clock.callLater(1, done.append, 1)
    clock.advance(1)

    assert [1] == done
    assert ValueError is observe_errors.pop()["log_failure"].type


def test_a_call_may_freeze_the_clock(clock: Clock, machine: Machine) -> None:
    """What is due with it waits then."""
    done: list[int] = []
    clock.callLater(1, clock.freeze)
    clock.callLater(1, done.append, 1)
    machine.advance(1)
    assert [] == done
    clock.advance(0)
    assert [1] == done


def test_many_calls_are_one_on_the_reactor(clock: Clock, machine: Machine) -> None:
    """However many wait, and half of them cancelled."""
    done: list[int] = []
    calls = [clock.callLater(1 + number % 7, done.append, number) for number in range(10_000)]
    for call in calls[::2]:
        call.cancel()
    assert 1 == len(machine.getDelayedCalls())
    clock.advance(7)

    assert 5_000 == len(done)


@given(st.lists(st.tuples(st.sampled_from(["call", "cancel", "reset", "advance", "run"]), st.integers(0, 9))))
def test_it_keeps_the_same_time_as_twisted_s_own(steps: list[tuple[str, int]]) -> None:
    """Whatever is called, moved and cancelled, the same calls have run."""
    machine, theirs = Machine(), task.Clock()
    ours = Clock(machine, machine.wall)
    done: list[list[int]] = [[], []]
    calls: list[tuple[IDelayedCall, IDelayedCall]] = []
    for act, number in steps:
        if act == "call":
            name = len(calls)
            calls.append((ours.callLater(number, done[0].append, name), theirs.callLater(number, done[1].append, name)))
        elif act == "advance":
            ours.advance(number)
            theirs.advance(number)
        elif act == "run":
            machine.advance(number)
            theirs.advance(number)
        elif number < len(calls) and calls[number][0].active():
            for call in calls[number]:
                call.cancel() if act == "cancel" else call.reset(number)

    assert sorted(done[1]) == sorted(done[0])
    assert len(theirs.getDelayedCalls()) == len(ours.getDelayedCalls())
    assert bool(ours.getDelayedCalls()) == bool(machine.getDelayedCalls())


def test_restarted_it_shows_the_time_of_the_machine(clock: Clock, machine: Machine) -> None:
    """And what waited has its turn as if nothing had happened."""
    run: list[str] = []
    clock.callLater(10, run.append, "due")
    clock.freeze(NOON + timedelta(days=900))
    clock.advance(8)
    assert 1 == clock.waiting
    clock.restart()

    assert (False, NOON) == (clock.frozen, clock.now())
    machine.advance(2)
    assert (["due"], 0) == (run, clock.waiting)


def test_a_call_that_is_put_off_again_and_again_costs_no_memory(clock: Clock, machine: Machine) -> None:
    """Its earlier times are swept out, and it runs once, at the last one."""
    done: list[str] = []
    call = clock.callLater(1, done.append, "late")
    for _ in range(10_000):
        call.reset(1)
    assert len(clock._heap) < 200
    machine.advance(1)
    assert ["late"] == done
