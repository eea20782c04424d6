"""For profiling and quick comparisons: CPU a request of the cycle, a candidate against those written by hand."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from statistics import median

from .candidates import CANDIDATES
from .lines import Child

REQUESTS = 7


def main() -> None:
    """Run the rounds and print each candidate's CPU a request, and its ratio to the tuned one's, round by round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidate", action="append", choices=CANDIDATES, help="may be given more than once")
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=int, help="cycles a round (512), or requests with --get (2048)")
    parser.add_argument("--loop", choices=("asyncio", "uvloop"), default="asyncio")
    parser.add_argument("--get", action="store_true", help="one GET of a kept session instead of the whole cycle")
    options = parser.parse_args()
    names = dict.fromkeys(["tuned", "plain", *(options.candidate or ["ours"])])
    what, requests = ("get", 1) if options.get else ("cycle", REQUESTS)
    times = options.times or (2048 if options.get else 512)
    spent: dict[str, list[float]] = {name: [] for name in names}
    with ExitStack() as stack:
        server = stack.enter_context(Child("server"))
        workers = {name: stack.enter_context(Child("worker", name, options.loop)) for name in names}
        for worker in workers.values():
            worker.ask(what="start", target=server.ask(what="target"))
        before = server.ask(what="begin")
        for _ in range(options.rounds):
            for name, worker in workers.items():
                took = worker.ask(what=what, times=times, concurrency=options.concurrency)
                spent[name].append(took["cpu_s"] / times / requests * 1e6)
        after = server.ask(what="report")
    print(f"{'candidate':24} {'µs CPU a request':>17}  {'to tuned':>8}  min..max")
    for name, each in spent.items():
        ratios = [one / tuned for one, tuned in zip(each, spent["tuned"], strict=True)]
        print(f"{name:24} {median(each):17.1f}  {median(ratios):8.3f}  {min(ratios):.3f}..{max(ratios):.3f}")
    share = (after["cpu_s"] - before["cpu_s"]) / (after["wall_s"] - before["wall_s"])
    print(f"the server was busy for {share:.0%} of the time")


if __name__ == "__main__":
    main()
