"""The works of `works.rs` that CPython can do, with the same rows and units.

An object is an instance with slots, the cheapest that may be in a cycle. Collections are CPython's own,
by its own thresholds. Called with the name of a work and "quick" or "full".
"""

import gc
import os
import random
import sys
import time


class Node:
    __slots__ = ("left", "right", "parent")

    def __init__(self, left=None, right=None, parent=None):
        self.left = left
        self.right = right
        self.parent = parent


work, size = sys.argv[1:3]
quick = size == "quick"


def large(objects):
    return objects // 10 if quick else objects


def value(row, number):
    print(row, number, flush=True)


def clock(action):
    start = time.perf_counter_ns()
    action()
    return time.perf_counter_ns() - start


def repeat(row, operations, turn):
    """The mean time of one of a turn's operations."""
    enough = 20_000_000 if quick else 60_000_000
    turn()
    turns, total = 0, 0
    while turns < 2 or total < enough:
        turns += 1
        total += clock(turn)
    value(row, total / (turns * operations))


def memory(field):
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field):
                return int(line.split()[1]) << 10
    raise SystemExit("no such field")


def family(depth):
    root = Node()
    if depth > 0:
        root.left = family(depth - 1)
        root.right = family(depth - 1)
        root.left.parent = root.right.parent = root
    return root


def tree(depth):
    return Node(tree(depth - 1), tree(depth - 1)) if depth else Node()


def ring(objects):
    first = last = Node()
    for _ in range(1, objects):
        last = Node(last)
    first.left = last
    return first


def shuffled_ring(objects):
    nodes = [Node() for _ in range(objects)]
    random.Random(20).shuffle(nodes)
    for here, there in zip(nodes, nodes[1:] + nodes[:1]):
        here.left = there
    return nodes[0]


def live():
    root = family(large(1_000_000).bit_length() - 1)
    gc.collect()
    return root


def gcbench():
    nodes = 1 << 15
    depths = (4, 6, 8, 10, 12)
    stays = family(14)

    def turn():
        for depth in depths:
            for _ in range(nodes // (2 << depth)):
                family(depth)

    repeat("gcbench", nodes * len(depths), turn)
    del stays


def lists():
    def turn():
        for _ in range(200):
            last = Node()
            for _ in range(99):
                new = Node(parent=last)
                last.left = new
                last = new

    repeat("lists", 20_000, turn)


def cycles():
    def turn():
        for _ in range(2000):
            ring(2)

    repeat("cycles", 2000, turn)


def churn(rows, make):
    root = live()
    taken = []
    start = time.perf_counter()

    def step():
        for _ in range(100):
            make(root)

    while len(taken) < (600 if quick else 3000) and time.perf_counter() - start < 2:
        taken.append(clock(step))
    cycle, longest, p99 = rows
    value(cycle, sum(taken) / (100 * len(taken)))
    taken.sort()
    value(longest, taken[-1] / 1e6)
    value(p99, taken[len(taken) * 99 // 100] / 1e6)


def linked(root):
    first = ring(3)
    first.right = root
    return first


def peak():
    before = memory("VmRSS:")
    for _ in range(large(1_000_000)):
        ring(2)
    value("peak", (memory("VmHWM:") - before) / (1 << 20))


def full():
    root = live()
    total = sum(clock(gc.collect) for _ in range(3))
    for row in ("full-none", "full-one", "full-1000", "full-all"):
        value(row, total / 3e6)
    del root


def rings(row, make, objects, turns, beside=None):
    total = 0
    for _ in range(turns):
        held = [make(objects)]
        gc.collect()
        total += clock(lambda: (held.clear(), gc.collect()))
    value(row, total / (turns * objects))


def long_list():
    objects = large(1_000_000)

    def turn():
        first = None
        for _ in range(objects):
            first = Node(first)

    value("long-list", clock(turn) / objects)


WORKS = {
    "trees": lambda: repeat("trees", (2 << 16) - 1, lambda: tree(16)),
    "gcbench": gcbench,
    "lists": lists,
    "cycles": cycles,
    "beside": lambda: churn(("beside", "longest", "p99"), lambda _: ring(3)),
    "linked": lambda: churn(("linked", "linked-longest", "linked-p99"), linked),
    "peak": peak,
    "full": full,
    "ring": lambda: rings("ring", ring, large(1_000_000), 2),
    "ring-shuffled": lambda: rings("ring-shuffled", shuffled_ring, large(1_000_000), 1),
    "ring-small": lambda: rings("ring-small", ring, 10_000, 20),
    "ring-small-beside": lambda: rings("ring-small-beside", ring, 10_000, 4, live()),
    "long-list": long_list,
}

if work in WORKS:
    WORKS[work]()
    print("end", flush=True)
    os._exit(0)
print("cannot", flush=True)
