"""Every regular expression of docmine against long texts made to be slow: ``python benchmarks/patterns.py``.

The patterns are not listed anywhere: the package is run on the sample reports while the compilers of ``re`` and ``regex`` are
watched, so that those made in functions, in closures and from the vocabulary are met too, and a new one is covered by itself. What
no sample leads to is found as a constant in the source.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import io
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import regex

if TYPE_CHECKING:
    from docmine.vocabulary import Terms

__all__ = ["LONG", "UNITS", "Adversary", "Found", "adversaries", "collect", "growth", "samples_text", "searcher"]

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "docmine"
ENGINES: dict[str, Any] = {"re": re, "regex": regex}

LONG = 100_000
#: what takes fewer seconds on LONG cannot grow with the square: not even the fastest loop makes 5 · 10^9 steps in them
FLOOR = 0.2
#: ten times the text takes ten times the time in straight growth and a hundred times with the square
MOST = 25
#: seconds that a run may take before it is given up
PATIENCE = 2.0

UNITS = {
    "letter": "a", "capital": "A", "digit": "1", "digits": "1 ", "thousands": "1 234 ", "commas": "1,", "points": "1.", "dashes": "- ",
    "minus": "-1", "tabs": "\t", "cells": "1\t", "lines": "\n", "spaces": " ", "words": "a ", "capitals": "Exby ", "open": "(",
    "closed": ")", "dots": ".", "ellipsis": "…", "quote": '"', "percent": "1 % ", "money": "1 tkr ", "year": "2021 ", "range": "1–2 ",
    "row": "Netto 1-2-3 ", "heading": "Mål\n\n", "bullet": "- Mål\n", "comma": "mål, ", "leaders": "Mål ..... 3\n", "hyphens": "a-",
    "gaps": "a\n\n", "numbers": "1.2.3 ", "slashes": "1/2/", "colons": "mål: ", "dates": "2021-08-31 ", "marks": "a\u0301",
}  # fmt: skip
QUICK = ("letter", "digits", "minus", "words", "dots", "heading", "comma")


class Found(NamedTuple):
    """A pattern where it is compiled: file and line, the name it is given, its module, and how the source uses that name."""

    where: str
    name: str
    engine: str
    pattern: str
    flags: int
    binary: bool
    ways: tuple[str, ...]

    @property
    def loads(self) -> bool:
        """Whether it sees files as they come; all others see what the loader has made of them."""
        return self.where.startswith("load/")


class Adversary(NamedTuple):
    """A text of any length: something at its beginning, something over and over, something at its end."""

    before: str
    unit: str
    after: str = "\u241fx"

    def text(self, size: int) -> str:
        size = max(size - len(self.before) - len(self.after), 0)
        return self.before + (self.unit * (size // len(self.unit) + 1))[:size] + self.after


# ------------------------------------------------------------------------------------------------------------------ collecting


def collect() -> list[Found]:
    """Every pattern of the package, met in a process of its own, since a module compiles its patterns once.

    Those that are made of the vocabulary's groups alone are left to `slow_terms`.
    """
    done = subprocess.run([sys.executable, __file__, "--list"], capture_output=True, check=True, text=True, cwd=ROOT)
    met = {(item[0], item[3]): Found(*item[:-1], tuple(item[-1])) for item in json.loads(done.stdout)}
    return sorted({(f.where, f.pattern): f for f in (*met.values(), *_constants(met))}.values())


def _watched() -> list[Found]:
    """Watch the compilers while the package is imported and does its work."""
    met: dict[tuple[str, str, int], Found] = {}
    per_line: dict[str, int] = {}

    def watch(engine: str) -> None:
        module = inspect.getmodule(ENGINES[engine].compile)
        compiled = module._compile  # type: ignore[union-attr]

        def record(pattern: Any, flags: Any, *args: Any) -> Any:
            where = _where()
            if (
                where
                and not where.startswith("vocabulary.")
                and isinstance(pattern, str | bytes)
                and (where, str(pattern), int(flags)) not in met
            ):
                # those made of a document's own words come in any number, and a few of each do
                per_line[where] = per_line.get(where, 0) + 1
                if per_line[where] <= 5:
                    text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
                    met[where, str(pattern), int(flags)] = Found(
                        where, name_at(where), engine, text, int(flags), isinstance(pattern, bytes), ()
                    )
            return compiled(pattern, flags, *args)

        module._compile = record  # type: ignore[union-attr]

    for engine in ENGINES:
        watch(engine)
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    import hostile

    import docmine

    for path in sorted((ROOT / "corpus" / "reports").iterdir()):
        docmine.mine([path])
    for data in (hostile.report_docx(), hostile.report_html().encode(), b"# Ekonomi\n\n- 1 tkr\n"):
        docmine.mine([io.BytesIO(data)])
    docmine.mine([io.BytesIO(hostile.report_pdf())], engine="pdfplumber")
    return list(met.values())


def _where() -> str | None:
    """The line of the package that has a pattern compiled; None if it is another package's."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_globals["__name__"].partition(".")[0] in (__name__, *ENGINES):
        frame = frame.f_back
    path = Path(frame.f_code.co_filename) if frame else ROOT
    return f"{path.relative_to(PACKAGE).as_posix()}:{frame.f_lineno}" if frame and path.is_relative_to(PACKAGE) else None


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_at(where: str) -> str:
    """What a pattern is bound to on a line: a name, a field, or the function that makes it."""
    file, _, number = where.rpartition(":")
    line = int(number)
    best = "?"
    for node in ast.walk(_tree(PACKAGE / file)):
        if not (hasattr(node, "lineno") and node.lineno <= line <= (node.end_lineno or 0)):  # type: ignore[attr-defined]
            continue
        if isinstance(node, ast.FunctionDef):
            best = node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            best = ast.unparse(target)
        elif isinstance(node, ast.keyword) and node.arg:
            best = node.arg
    return best


def _constants(met: Mapping[tuple[str, str], Found]) -> Iterator[Found]:
    """Patterns that stand in the source as they are, whether or not a sample leads to them, and how those in calls are used."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(_tree(path)):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="re" | "regex" as engine), attr=way),
                    args=[ast.Constant(value=str() | bytes() as given), *_],
                ) if way != "escape":
                    where = f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}"
                    text = given if isinstance(given, str) else given.decode("latin-1")
                    flags = met[where, text].flags if (where, text) in met else 0
                    yield Found(where, name_at(where), engine, text, flags, isinstance(given, bytes), () if way == "compile" else (way,))


# -------------------------------------------------------------------------------------------------------------------- texts


@cache
def samples_text() -> str:
    """The sample reports as one text, to take from it what patterns really match."""
    sys.path[:0] = [str(ROOT)]
    from docmine.load import load

    return "\n".join(load(path).text[:6_000] for path in sorted((ROOT / "corpus" / "reports").iterdir()))


_WORD = re.compile(r"(?<!\\)[^\W\d_]{3,}")
_RUN = re.compile(r"\s+|\d+|\w|[^\w\s]+")


def adversaries(found: Found, *, quick: bool = False) -> dict[str, Adversary]:
    """Texts to be slow on: runs of all kinds, the pattern's own words, and what it matches in reports, drawn out or cut short."""
    made = {unit: Adversary("", UNITS[unit]) for unit in (QUICK if quick else UNITS)}
    words = list(dict.fromkeys(_WORD.findall(found.pattern)))
    few = words[:: max(len(words) // (2 if quick else 6), 1)]
    for n, word in enumerate(few):
        made[f"word {n}"] = Adversary("", word + " ")
        if not quick:
            made[f"glued word {n}"] = Adversary("", word)
            made[f"most of word {n}"] = Adversary("", word[:-1] + " ")
    if few:
        made["words"] = Adversary("", " ".join(few) + " ")
    for n, match in enumerate(_matches(found, 1 if quick else 3)):
        made[f"match {n}"] = Adversary("", match)
        made[f"most of match {n}"] = Adversary("", match[:-1] or match)
        if not quick:
            made[f"matches {n}"] = Adversary("", match + " ")
        for k, run in enumerate(islice(_RUN.finditer(match), 2 if quick else 8)):
            made[f"match {n} drawn at {k}"] = Adversary(match[: run.start()], run.group(), match[run.end() :] + "\u241f")
            made[f"match {n} ending at {k}"] = Adversary(match[: run.start()], run.group())
    return made


def _matches(found: Found, most: int) -> list[str]:
    pattern = compiled(found)
    text: Any = samples_text().encode() if found.binary else samples_text()
    met: dict[str, None] = {}
    try:
        with Timer(PATIENCE):
            for match in islice(pattern.finditer(text), 200):
                said = match.group() if isinstance(match.group(), str) else match.group().decode("latin-1")
                if said:
                    met.setdefault(said[:200])
    except TimeUp:
        pass
    # short and long ones
    return sorted(met, key=len)[:: max((len(met) - 1) // max(most - 1, 1), 1)][:most]


# ------------------------------------------------------------------------------------------------------------------ measuring


class TimeUp(BaseException):
    """The time of a run is up."""


class Timer:
    """Ends what runs within it after some seconds of CPU time, be it inside a search."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        def end(*_: object) -> None:
            raise TimeUp

        self.before = signal.signal(signal.SIGVTALRM, end)
        signal.setitimer(signal.ITIMER_VIRTUAL, self.seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, self.before)


def compiled(found: Found) -> Any:
    given: Any = found.pattern.encode("latin-1") if found.binary else found.pattern
    flags = found.flags if found.engine == "regex" else found.flags & ~re.DEBUG
    return ENGINES[found.engine].compile(given, flags)


def searcher(found: Found) -> Callable[[str], object]:
    """Run a pattern as the package does: from one place on where nothing searches with it, everywhere otherwise."""
    pattern = compiled(found)
    ways = set(found.ways) or _ways(found)
    anchored = bool(ways) and ways <= {"match", "fullmatch"}

    def run(text: str) -> None:
        given: Any = text.encode("utf-8", "replace") if found.binary else text
        if anchored:
            pattern.match(given)
            pattern.fullmatch(given)
        else:
            for _ in pattern.finditer(given):
                pass

    return run


@cache
def _uses(file: str) -> dict[str, tuple[set[str], int]]:
    """By names in a file, or in all: what is asked of them, and how often they stand alone."""
    uses: dict[str, tuple[set[str], int]] = {}
    for path in sorted(PACKAGE.rglob(file)):
        for name, way in re.findall(r"(?<![\w.])(\w+)\b(?:\.(\w+))?", path.read_text(encoding="utf-8")):
            ways, alone = uses.get(name, (set(), 0))
            uses[name] = (ways | {way} if way else ways, alone + (not way))
    return uses


def _ways(found: Found) -> set[str]:
    file = found.where.partition(":")[0].rpartition("/")[2]
    ways, alone = _uses(file if found.name.startswith("_") else "*.py").get(found.name, (set(), 0))
    # a name that goes about as a value may be used in any way
    return ways if alone <= 1 else set()


def growth(run: Callable[[str], object], text_of: Callable[[int], str], *, quick: bool = False) -> str | None:
    """What to say if the time of a run grows faster than its text; None if all is well."""

    def took(size: int) -> float:
        text = text_of(size)
        begun = time.process_time()
        try:
            with Timer(PATIENCE):
                run(text)
        except TimeUp:
            return float("inf")
        return time.process_time() - begun

    # a tenth of the text first: what is slow there already would not end on all of it
    short = took(LONG // 10)
    if short == float("inf"):
        return f"not done with {LONG // 10:,} characters in {PATIENCE:g} s"
    if quick and short < FLOOR / 100:
        return None  # not even the square would be slow
    whole = took(LONG)
    if whole > max(FLOOR, MOST * short):
        # on a busy machine once is not enough
        short, whole = max(short, took(LONG // 10)), min(whole, took(LONG)) if whole < float("inf") else whole
    return f"{short:.3f} s, {whole:.2f} s for ten times the text" if whole > max(FLOOR, MOST * short) else None


@cache
def text_of(adversary: Adversary, size: int, loads: bool) -> str:
    from docmine.load.text import tidy

    text = adversary.text(size)
    # what the loader lets through can be shorter
    return text if loads else tidy(text)


def slow(found: Found, *, quick: bool = False) -> dict[str, str]:
    """The texts on which a pattern is slower than it should be, and by how much."""
    return _slow(searcher(found), adversaries(found, quick=quick), found.loads, quick)


def slow_terms(terms: Terms, *, quick: bool = False) -> dict[str, str]:
    """The same of a group of the vocabulary, whichever way it finds its words."""

    def run(text: str) -> None:
        for _ in terms.finditer(text):
            pass

    made = {unit: Adversary("", UNITS[unit]) for unit in (("letter", "words") if quick else UNITS)}
    forms = [form.replace("*", "") for given in terms.values() for form in given]
    for n, form in enumerate(forms[:: max(len(forms) // (1 if quick else 12), 1)][: 1 if quick else None]):
        made[f"form {n}"] = Adversary("", form + " ")
        made[f"most of form {n}"] = Adversary("", form[:-1] + " ")
        if not quick:
            made[f"glued form {n}"] = Adversary("", form)
            made[f"form {n} drawn"] = Adversary(form, form[-1])
    made["forms"] = Adversary("", " ".join(forms[:200]) + " ")
    return _slow(run, made, False, quick)


def _slow(run: Callable[[str], object], texts: Mapping[str, Adversary], loads: bool, quick: bool) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, adversary in texts.items():
        answer = growth(run, lambda size, a=adversary: text_of(a, size, loads), quick=quick)  # type: ignore[misc]
        if answer:
            said[name] = answer
        if len(said) == 3:
            break
    return said


def main() -> int:
    """List the patterns, or print those that are slow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print the patterns as JSON and end")
    parser.add_argument("--quick", action="store_true", help="fewer texts")
    parser.add_argument("--only", default="", help="part of a file's name or of a pattern's")
    args = parser.parse_args()
    if args.list:
        print(json.dumps(_watched()))
        return 0
    sys.path[:0] = [str(ROOT)]
    from docmine.vocabulary import load_vocabulary

    checks: dict[str, Callable[[], dict[str, str]]] = {
        f"{f.where} {f.name} {f.pattern[:150]!r}": partial(slow, f, quick=args.quick) for f in collect()
    }
    checks |= {f"vocabulary {'.'.join(key)}": partial(slow_terms, t, quick=args.quick) for key, t in load_vocabulary().groups.items()}
    worst = done = 0
    begun = time.process_time()
    for name, check in checks.items():
        if args.only not in name:
            continue
        done += 1
        said = check()
        if said:
            worst += 1
            print(name, *(f"    {text}: {answer}" for text, answer in said.items()), sep="\n", flush=True)
    print(f"{done} patterns and groups of words, {worst} slow, {time.process_time() - begun:.0f} s")
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main())
