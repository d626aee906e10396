"""One address for several web processes, and for nobody else."""

import os
import selectors
import socket
import sys

import pytest

from app.cli.serving import bound, listening_at


def address_of(line: int) -> tuple[str, int]:
    with socket.socket(fileno=line) as held:
        address: tuple[str, int] = held.getsockname()
        held.detach()
    return address


def test_a_second_site_is_told_that_the_address_is_taken_before_anybody_listens() -> None:
    host, port = address_of(bound("127.0.0.1", 0))
    with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}"):
        bound(host, port)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the processes share one socket")
def test_connections_are_dealt_out_among_the_web_processes() -> None:
    line = bound("127.0.0.1", 0)
    address = address_of(line)
    processes = [listening_at(line, one_of_many=True) for _ in range(2)]
    for each in processes:
        each.listen(128)
    clients = [socket.create_connection(address) for _ in range(64)]
    accepted = [count_waiting(each) for each in processes]
    assert sum(accepted) == len(clients)
    assert min(accepted) > 0
    processes[0].close()  # it died: whoever comes now is served by the other
    clients += [socket.create_connection(address) for _ in range(16)]
    assert count_waiting(processes[1]) == 16
    for each in (*clients, processes[1]):
        each.close()


def count_waiting(listening: socket.socket) -> int:
    count = 0
    with selectors.DefaultSelector() as waiting:
        waiting.register(listening, selectors.EVENT_READ)
        while waiting.select(0):
            listening.accept()[0].close()
            count += 1
    return count


def test_whoever_comes_while_a_single_process_starts_again_waits_for_it() -> None:
    line = bound("127.0.0.1", 0)
    address = address_of(line)
    process = listening_at(os.dup(line), one_of_many=False)
    process.listen(128)
    process.close()
    client = socket.create_connection(address)
    again = listening_at(line, one_of_many=False)
    assert count_waiting(again) == 1
    client.close()
    again.close()
