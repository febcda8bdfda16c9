"""Tie goals to the goals above them, and actions and indicators to the goal they serve, by where they stand.

Three ties are trusted, in this order: the row of a table whose goal column names the goal; the innermost heading that is
itself a goal; the goal stated last in the same section. What none of them covers is left untied.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from docmine.records import Action, Cell, Finding, Goal, Indicator, Report

__all__ = ["link"]

#: a goal of a lower rank may stand above one of a higher; which of council and focus area is above differs between kommuner
_RANK = {"vision": 0, "council": 1, "focus_area": 1, "board": 2, "sub_goal": 3, "milestone": 4, "other": 5}


def link(findings: Iterable[Finding], report: Report) -> tuple[Finding, ...]:
    """The findings in reading order, with `Goal.parent`, `Action.goal` and `Indicator.goal` set where a tie is sure."""
    ordered = sorted(findings, key=lambda f: (f.start, f.end))
    goals = [f for f in ordered if isinstance(f, Goal)]
    if not goals:
        return tuple(ordered)
    ties = _Ties(report, goals)
    return tuple(ties.tied(f) for f in ordered)


class _Ties:
    def __init__(self, report: Report, goals: Sequence[Goal]) -> None:
        self._sections = report.sections
        self._starts = [g.start for g in goals]
        self._goals = goals
        by_start = {g.start: g for g in goals}
        self._headed: dict[int, Goal] = {}  # the goal that a section's heading states
        for section in report.sections:
            i = bisect_left(self._starts, section.start)
            if i < len(goals) and goals[i].start < section.body_start:
                self._headed[section.index] = goals[i]
        self._higher = self._stacked()
        self._rows = [_goal_rows(table.cells, by_start) for table in report.tables]
        self._tables = [(t.start, t.end) for t in report.tables]
        self._table_starts = [start for start, _ in self._tables]
        self._cells = [{c.start: c.row for c in t.cells} for t in report.tables]

    def tied(self, finding: Finding) -> Finding:
        if isinstance(finding, Goal) and finding.parent is None:
            parent = self._parent(finding)
            return finding if parent is None else replace(finding, parent=parent.start)
        if isinstance(finding, Action | Indicator) and finding.goal is None:
            goal = self._in_row(finding) or self._above(finding)
            return finding if goal is None else replace(finding, goal=goal.start)
        return finding

    def _parent(self, goal: Goal) -> Goal | None:
        section = self._sections.at(goal.start)
        chain = self._sections.path(section) if section else ()
        for s in reversed(chain):
            headed = self._headed.get(s.index)
            if headed is not None and headed is not goal:
                return headed
        return self._higher.get(goal.start)

    def _stacked(self) -> dict[int, Goal]:
        """For each goal the last one before it in the same section that ranks above it."""
        higher: dict[int, Goal] = {}
        section, stack = -1, list[Goal]()
        for goal in self._goals:
            here = self._sections.at(goal.start)
            if here is None or here.index != section:
                section, stack = here.index if here else -1, []
            while stack and _RANK[stack[-1].level] >= _RANK[goal.level]:
                stack.pop()
            if stack:
                higher[goal.start] = stack[-1]
            stack.append(goal)
        return higher

    def _in_row(self, finding: Action | Indicator) -> Goal | None:
        """The goal of the finding's table row: in the row itself, or in the last row above whose goal cell is filled."""
        i = bisect_right(self._table_starts, finding.start) - 1
        if i < 0 or finding.start >= self._tables[i][1] or not self._rows[i]:
            return None
        row = finding.row if isinstance(finding, Indicator) and finding.row is not None else self._cells[i].get(finding.start)
        if row is None:
            return None
        rows = [r for r, _ in self._rows[i]]
        at = bisect_right(rows, row) - 1
        return self._rows[i][at][1] if at >= 0 else None

    def _above(self, finding: Finding) -> Goal | None:
        """The goal of the innermost heading that is one, unless the same section states another after it."""
        section = self._sections.at(finding.start)
        if section is None:
            return None
        i = bisect_right(self._starts, finding.start) - 1
        if i >= 0 and self._starts[i] >= section.start:
            return self._goals[i]
        for s in reversed(self._sections.path(section)):
            if s.index in self._headed:
                return self._headed[s.index]
        return None


def _goal_rows(cells: Iterable[Cell], by_start: dict[int, Goal]) -> list[tuple[int, Goal]]:
    """The rows of a table in which a goal begins, from top to bottom."""
    return sorted(((c.row, by_start[c.start]) for c in cells if c.start in by_start), key=lambda pair: pair[0])
