"""How the demo looks: a line a step, in columns, and a table of what was left behind."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from ..screen import Screen
from .cancels import Tick
from .findings import Findings, Live, Outcome, Step, Visit

_ROOMY = 90
"""The width from which a line has room for words about what is live."""

_ERRORS_FROM = 400
_WIDEST = len("GET /3/guest_session/{guest_session_id}/rated/movies")


class Show:
    """Shows the demo on a screen, or nothing where the answer is to be JSON."""

    def __init__(self, screen: Screen) -> None:
        """Show on the standard output of *screen*."""
        self._screen = screen
        self._phase = ""
        self._service = ""

    def say(self, *words: str | tuple[str, str]) -> None:
        """Show a line of words, each with a style or without."""
        self._print(Text.assemble(*words))

    def visit(self, visit: Visit, /) -> None:
        """Show the name of a strategy, and the service's where another one begins."""
        self._phase = ""
        if visit.service != self._service:
            self._service = visit.service
            self.say()
            live = "live at the service" if self._is_roomy else "live"
            self.say((f"{visit.service:<8}{'':<{_WIDEST}}  {'':>3}{'ms':>7}  {live}", "bold cyan"))
        self.say()
        self.say((visit.strategy, "bold"), (", to its end" if visit.steps else "", "dim"))

    def step(self, visit: Visit, step: Step, /) -> None:
        """Show one request, and what is live at the service after it."""
        del visit
        phase = step.phase if step.phase != self._phase else ""
        self._phase = step.phase
        is_refusal = step.status is not None and step.status >= _ERRORS_FROM
        self.say(
            (f"  {phase:<6}", "cyan"),
            (f"{step.asked:<{_WIDEST}}", "dim" if step.status is None else ""),
            (f"  {step.status or '':>3}", "yellow" if is_refusal else "green"),
            (f"{step.took_ms:7.1f}" if step.took_ms else f"{'':>7}", "dim"),
            "  ",
            self._live(step.live),
        )

    @contextmanager
    def progress(self, title: str, total: int) -> Generator[Tick]:
        """Show a bar; each call of what is given moves it on by one of *total*."""
        out = self._screen.out
        bar = Progress(
            TextColumn("  {task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            console=out,
            transient=True,
            disable=self._screen.as_json or not out.is_terminal,
        )
        with bar:
            task = bar.add_task(title, total=total)
            yield lambda: bar.advance(task)

    def outcomes(self, findings: Findings) -> None:
        """Show how the visits of both clients ended, and what they left behind."""
        self.say()
        self.say(
            (
                f"{findings.manager.scopes} visits, each cancelled at a random moment: what is live when all is over",
                "bold cyan",
            )
        )
        self.say()
        heads = ("finished", "cancelled", "failed", "seconds", "left behind")
        self.say((f"  {'':<16}" + "".join(f"{head:>12}" for head in heads), "dim"))
        self._outcome("try/finally", findings.by_hand)
        self._outcome("SessionManager", findings.manager)
        self.say()
        self.say(
            ("The manager has left nothing behind.", "bold green")
            if findings.is_clean
            else ("The manager has left sessions behind: this must never be.", "bold red")
        )

    def _outcome(self, who: str, outcome: Outcome) -> None:
        counts = (outcome.finished, outcome.cancelled, outcome.failed)
        self.say(
            (f"  {who:<16}", "bold"),
            "".join(f"{count:>12}" for count in counts),
            f"{outcome.took_s:>12.1f}",
            (f"{outcome.left_behind:>12}", "bold red" if outcome.left_behind else "bold green"),
        )

    def _live(self, live: Live) -> tuple[str, str]:
        total = live.to_close + live.guest_sessions
        return str(live) if self._is_roomy else str(total or "-"), "magenta" if total else "dim"

    @property
    def _is_roomy(self) -> bool:
        out = self._screen.out
        return not out.is_terminal or out.width >= _ROOMY

    def _print(self, line: Text) -> None:
        if not self._screen.as_json:
            line.rstrip()
            self._screen.out.print(line, soft_wrap=True)
