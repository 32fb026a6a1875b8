"""A worker with more connections than another one closes some, and no others."""

from __future__ import annotations

import pytest

from search_service.cli.balance import Balance


class Worker:
    """As gunicorn has it, for as much as is looked at."""

    def __init__(self, connections: int) -> None:
        self.nr_conns = connections


class Request:
    closed = False

    def force_close(self) -> None:
        self.closed = True


def one_request(balance: Balance, worker: Worker) -> bool:
    """Return whether the connection of a request that ``worker`` gets is closed.

    In one process here, so that it is told anew which worker it is.
    """
    balance._own = balance._places[worker]
    request = Request()
    balance.look(worker, request)
    return request.closed


def started(balance: Balance, *connections: int) -> list[Worker]:
    workers = [Worker(count) for count in connections]
    for worker in workers:
        balance.begin(None, worker)
        balance.forked(None, worker)
    return workers


@pytest.mark.parametrize(
    ("connections", "closed"),
    [
        ((8, 0), True),
        ((2, 0), True),
        ((1, 0), False),
        ((4, 4), False),
        ((5, 4), False),
        ((3, 5), False),
        ((500, 3), True),
    ],
)
def test_only_the_worker_with_more_connections_closes_one(connections, closed):
    balance = Balance(2)
    first, second = started(balance, *connections)
    one_request(balance, second)
    assert one_request(balance, first) is closed


def test_a_single_worker_closes_none():
    balance = Balance(1)
    (worker,) = started(balance, 300)
    assert not one_request(balance, worker)


def test_a_worker_that_ended_is_not_waited_for():
    balance = Balance(2)
    first, second = started(balance, 8, 0)
    balance.end(None, second)
    assert not one_request(balance, first)
    (third,) = started(balance, 7)
    assert not one_request(balance, third)


def test_a_worker_without_a_place_leaves_connections_alone():
    balance = Balance(1)
    started(balance, 0, 0)
    late = Worker(9)
    balance.begin(None, late)
    balance.forked(None, late)
    request = Request()
    balance.look(late, request)
    assert not request.closed
