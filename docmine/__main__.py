"""The command line: ``docmine mine``, ``sections``, ``show``, ``archive``, ``query``, ``export``, ``cite``, ``compare``, ``evaluate``,
``sample``, ``review``, ``apply``.

The only module that prints. Exit status: 0 all well, 1 some files failed, 2 wrong usage, 130 stopped by the user.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.tree import Tree

import docmine
from docmine import compare
from docmine.archive import mine_archive, open_store
from docmine.archive.progress import ConsoleProgress
from docmine.archive.store import EXPORTS, is_store
from docmine.citation import CITATIONS, cite
from docmine.compare.files import SUFFIXES
from docmine.compare.panel import SIGNS
from docmine.desk import tables_of
from docmine.errors import DocmineError, UsageError, VocabularyError
from docmine.evaluate import KINDS, evaluate
from docmine.extract.own import named
from docmine.load import Limits
from docmine.pipeline import find_files, mine, mine_report, read
from docmine.publish import LICENSES, About
from docmine.result import FORMATS, Result
from docmine.review import apply_decisions, write_review
from docmine.review.page import LANGUAGES
from docmine.sample import checked, draw_sample

__all__ = ["main"]

_LIMITS = [field.name for field in dataclasses.fields(Limits)]
_SHOWN = {
    "sections": ["title", "type", "level"],
    "goals": ["text", "level", "status"],
    "actions": ["number", "text", "type", "status"],
    "indicators": ["name", "measure", "year", "comparator", "value", "unit"],
    "amounts": ["label", "kind", "year", "value", "unit"],
    "checks": ["rule", "expected", "found", "passed"],
}
_COMPARED: dict[str, Callable[..., pd.DataFrame]] = {
    "amounts": compare.amounts,
    "goals": compare.goals,
    "indicators": compare.indicators,
    "matches": compare.matches,
    "overview": compare.overview,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    args = _parser().parse_args(arguments)
    # legacy consoles on Windows cannot show every letter: a replaced letter is better than a lost run
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return int(args.run(args))
    except (UsageError, VocabularyError) as error:
        print(f"docmine: {error}", file=sys.stderr)
        return 2
    except DocmineError as error:
        print(f"docmine: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("docmine: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as in `docmine sections FILE | head`
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="docmine", description="Swedish municipal reports into tidy tables.")
    parser.add_argument("--version", action="version", version=f"docmine {docmine.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("mine", help="mine reports (PDF, text, folders) into tables")
    command.add_argument("inputs", nargs="+", metavar="INPUT", help="a file or a folder")
    command.add_argument("-o", "--output", required=True, metavar="DIR", help="folder for the tables")
    command.add_argument("--format", choices=sorted(FORMATS), default="parquet", help="default: parquet")
    command.add_argument("--password", help="for encrypted PDFs")
    words_help = "words of your own beside docmine's (docs/vocabulary.md)"
    extractor_help = "an extractor of your own beside docmine's (docs/extractor.md); may be repeated"
    limit_help = f"one of {', '.join(_LIMITS)}; may be repeated"
    command.add_argument("--limit", action="append", default=[], metavar="NAME=NUMBER", help=limit_help)
    command.add_argument("--vocabulary", metavar="TOML", help=words_help)
    command.add_argument("--extractor", action="append", default=[], metavar="MODULE:FUNCTION", help=extractor_help)
    command.set_defaults(run=_mine)

    command = commands.add_parser("sections", help="print the section tree of a report")
    command.add_argument("file")
    command.add_argument("--password", help="for an encrypted PDF")
    command.add_argument("--vocabulary", metavar="TOML", help=words_help)
    command.set_defaults(run=_sections)

    command = commands.add_parser("show", help="print what was found on a page of a report")
    command.add_argument("file")
    command.add_argument("--page", type=int, help="page number; all pages if left out")
    command.add_argument("--image", metavar="PNG", help="also draw the page with boxes around what was found (PDF only)")
    command.add_argument("--password", help="for an encrypted PDF")
    command.add_argument("--vocabulary", metavar="TOML", help=words_help)
    command.set_defaults(run=_show)

    command = commands.add_parser("archive", help="mine an archive into a store; what is there already is skipped")
    command.add_argument("inputs", nargs="+", metavar="INPUT", help="a file, a folder, a zip archive, a pattern, or @LIST of these")
    command.add_argument("-o", "--output", required=True, metavar="STORE", help="folder of the store")
    command.add_argument("--workers", type=int, metavar="N", help="processes that mine at a time (default: one for each core)")
    command.add_argument("--dask", metavar="ADDRESS", help="scheduler of a Dask cluster that does the work instead, as tcp://host:8786")
    command.add_argument("--memory", type=int, metavar="BYTES", help="address space that a worker may take (default: 4 GB)")
    command.add_argument("--password", help="for encrypted PDFs")
    command.add_argument("--force", action="store_true", help="mine all files again")
    command.add_argument("--retry", action="store_true", help="mine those again that failed")
    command.add_argument("--prune", action="store_true", help="take files out of the store that are no longer among the inputs")
    command.add_argument("--limit", action="append", default=[], metavar="NAME=NUMBER", help=limit_help)
    command.add_argument("--vocabulary", metavar="TOML", help=words_help)
    command.add_argument("--extractor", action="append", default=[], metavar="MODULE:FUNCTION", help=extractor_help)
    command.set_defaults(run=_archive)

    command = commands.add_parser("query", help="run SQL over the tables of a store")
    command.add_argument("store", metavar="STORE")
    command.add_argument("sql", metavar="SQL")
    command.add_argument("--duplicates", action="store_true", help="also count reports that repeat another")
    command.add_argument("--csv", action="store_true", help="print CSV rather than a table")
    command.set_defaults(run=_query)

    command = commands.add_parser("export", help="write the tables of a store, of a folder of tables or of a report in another format")
    command.add_argument("source", metavar="SOURCE")
    command.add_argument("-o", "--output", required=True, metavar="DIR")
    command.add_argument("--format", required=True, choices=sorted({*EXPORTS, *FORMATS}))
    command.add_argument("--duplicates", action="store_true", help="also count reports that repeat another")
    command.add_argument("--title", help="of a data package")
    command.add_argument("--license", choices=list(LICENSES), help="of a data package")
    command.add_argument("--author", action="append", default=[], help="who answers for a data package; may be repeated")
    command.set_defaults(run=_export)

    command = commands.add_parser("cite", help="print the report, page and quote of a row")
    command.add_argument("source", metavar="SOURCE", help="a store, a folder of tables or a report")
    command.add_argument("row", metavar="ROW", help="an id, as in the columns amount_id, goal_id, indicator_id …")
    command.add_argument("--format", choices=list(CITATIONS), default="text", help="default: text")
    command.add_argument("--language", choices=LANGUAGES, default="sv", help="of the text; default: sv")
    command.set_defaults(run=_cite)

    command = commands.add_parser("compare", help="set kommuner side by side over the years")
    command.add_argument("sources", nargs="+", metavar="SOURCE", help="a store, a folder of tables, a report or a folder of reports")
    command.add_argument("-o", "--output", required=True, metavar="FILE", help=f"ends with {', '.join(SUFFIXES)}")
    command.add_argument("--what", choices=list(_COMPARED), default="amounts", help="default: amounts")
    command.add_argument("--wide", action="store_true", help="a column for each measure (amounts, indicators)")
    command.add_argument("--population", metavar="CSV", help="kommun_code (or kommun), year, population; otherwise that of 2016")
    command.add_argument("--signs", choices=SIGNS, default="printed", help="of amounts; default: printed")
    command.add_argument("--matches", metavar="CSV", help="what --what matches wrote, corrected: names and links to Kolada")
    command.add_argument("--no-kolada", action="store_true", help="do not link indicators to Kolada")
    command.add_argument("--vocabulary", metavar="TOML", help="synonyms of indicators (docs/vocabulary.md)")
    command.set_defaults(run=_compare)

    command = commands.add_parser("evaluate", help="score tables against answers made by hand, or a sample that was checked")
    command.add_argument("tables", help="folder that docmine mine wrote (parquet or csv); not needed with a checked sample", nargs="?")
    command.add_argument("gold", metavar="GOLD", help="answers (.jsonl, .csv or a folder of them), or the filled CSV of docmine sample")
    command.add_argument("--show", type=int, default=0, metavar="N", help="also list up to N misses of each kind")
    command.add_argument("--documents", action="store_true", help="also the scores of every document")
    command.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    command.set_defaults(run=_evaluate)

    command = commands.add_parser("sample", help="draw rows to check by hand, from every kommun and band of confidence")
    command.add_argument("tables", help="folder that docmine mine wrote (parquet or csv)")
    command.add_argument("-o", "--output", required=True, metavar="CSV")
    command.add_argument("-n", type=int, default=200, help="how many rows (default: 200)")
    command.add_argument("--kind", action="append", choices=list(KINDS), help="only this kind of record; may be repeated")
    command.add_argument("--seed", type=int, default=0, help="the same seed draws the same rows")
    command.set_defaults(run=_sample)

    command = commands.add_parser("review", help="write a page on which rows are checked by eye, beside the place that they were read from")
    command.add_argument("source", metavar="STORE_OR_FILE", help="a report, a store, or a folder of tables")
    command.add_argument("-o", "--output", required=True, metavar="HTML", help="the page; it needs no network and no other file")
    command.add_argument("--language", choices=LANGUAGES, default="sv", help="of the page's own words; can be switched there (default: sv)")
    command.add_argument("--doc-id", action="append", default=[], metavar="ID", help="only this report, or file name; may be repeated")
    command.add_argument("--documents", type=int, metavar="N", help="only the first N reports")
    command.add_argument("--megabytes", type=float, default=25.0, help="what the page may weigh (default: 25)")
    command.add_argument("--password", help="for encrypted PDFs")
    command.set_defaults(run=_review)

    command = commands.add_parser("apply", help="fold the decisions that the review page exported back into the tables")
    command.add_argument("decisions", metavar="DECISIONS", help="the JSONL that the page exported")
    command.add_argument("source", metavar="STORE_OR_TABLES", help="what the page was made from")
    command.add_argument("-o", "--output", required=True, metavar="DIR", help="folder for the tables")
    command.add_argument("--format", choices=sorted(FORMATS), default="parquet", help="default: parquet")
    command.set_defaults(run=_apply)
    return parser


def _mine(args: argparse.Namespace) -> int:
    console = Console(stderr=True)
    limits, extractors = _limits(args.limit), [named(place) for place in args.extractor]
    files = list(find_files(args.inputs, limits=limits))
    if not files:
        raise UsageError(f"nothing that docmine reads among {', '.join(args.inputs)}", "name a file or a folder that holds some")
    output = Path(args.output)
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file", "name a folder for the tables")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("mining", total=len(files))

        def progress(done: int, _: int, name: str) -> None:
            bar.update(task, completed=done, description=escape(Path(name).name[:40]))

        result = mine(files, password=args.password, limits=limits, vocabulary=args.vocabulary, extractors=extractors, progress=progress)
    written = result.write(output, format=args.format)
    _summary(result, written)
    return 1 if len(result.failed) else 0


def _limits(given: Sequence[str]) -> Limits:
    values: dict[str, float] = {}
    for setting in given:
        name, _, value = setting.partition("=")
        if name not in _LIMITS:
            raise UsageError(f"no limit is called {name!r}", f"known are {', '.join(_LIMITS)}")
        try:
            values[name] = float(value) if name == "seconds" else int(value.replace("_", ""))
        except ValueError:
            raise UsageError(f"the limit {name} is {value!r}", "give a number, as in --limit pages=10000") from None
    return Limits(**values)  # type: ignore[arg-type]


def _summary(result: Result, written: Sequence[Path]) -> None:
    console = Console()
    states = result.documents["state"].value_counts()
    files = ", ".join(f"{states[state]} {state}" for state in ("ok", "partial", "failed") if state in states)
    console.print(f"{len(result.documents)} files: {files}")
    table = Table("table", "rows", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for name, frame in result.frames.items():
        table.add_row(name, str(len(frame)))
    console.print(table)
    for row in result.documents[result.documents["state"] != "ok"].itertuples():
        console.print(f"{row.state}: {row.error}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"written to {written[0].parent}", markup=False, highlight=False, soft_wrap=True)


def _sections(args: argparse.Namespace) -> int:
    report = read(args.file, password=args.password, vocabulary=args.vocabulary)
    root = Tree(escape(Path(args.file).name))
    nodes: dict[int | None, Tree] = {}
    for section in report.sections:
        if section.rule == "preamble":
            continue
        pages = "–".join(dict.fromkeys(map(str, section.pages)))
        remark = f"[dim]{section.type}{f' p. {pages}' if pages else ''}[/dim]"
        label = f"{escape(' '.join(filter(None, (section.number, section.title))))} {remark}"
        nodes[section.index] = nodes.get(section.parent, root).add(label)
    Console().print(root)
    return 0


def _show(args: argparse.Namespace) -> int:
    report = read(args.file, password=args.password, vocabulary=args.vocabulary)
    known = [page.number for page in report.pages if page.number is not None]
    if args.page is not None and args.page not in known:
        raise UsageError(f"{args.file} has no page {args.page}", f"it has {known[0]}–{known[-1]}" if known else "it has no page marks")
    frames = mine_report(report, vocabulary=args.vocabulary)
    console = Console()
    for name, columns in _SHOWN.items():
        frame = frames[name]
        if args.page is not None:
            frame = frame[frame["page"] == args.page]
        if len(frame):
            console.print(_grid(name, frame[[*columns, "confidence"]]))
    if args.image:
        if args.page is None:
            raise UsageError("--image draws one page", "say which with --page")
        next(page for page in report.pages if page.number == args.page).draw(frames).save(args.image)
    return 0


def _archive(args: argparse.Namespace) -> int:
    run = mine_archive(
        args.inputs,
        args.output,
        workers=args.workers,
        dask=args.dask,
        limits=_limits(args.limit),
        **({} if args.memory is None else {"memory": args.memory}),
        password=args.password,
        vocabulary=args.vocabulary,
        extractors=args.extractor,
        force=args.force,
        retry=args.retry,
        prune=args.prune,
        progress=ConsoleProgress(),
    )
    console = Console()
    speed = f", {run.mined_pages / run.seconds:.0f} pages a second" if run.mined_pages else ""
    console.print(f"{run.mined:,} files mined in {run.seconds:,.1f} s{speed}")
    console.print(
        f"the store holds {run.files:,} files: {run.ok:,} ok, {run.partial:,} partial, {run.failed:,} failed; {run.copies:,} repeat another"
    )
    for cause, number, files in run.causes[:10]:
        console.print(f"failed, {number:,}: {cause} ({files[0]})", markup=False, highlight=False, soft_wrap=True)
    if run.gone:
        kept = "taken out" if args.prune else "still in the store; --prune takes them out"
        console.print(f"{len(run.gone):,} files are no longer there ({kept})", highlight=False)
    console.print(f"report: {Path(args.output) / 'run.html'}", markup=False, highlight=False, soft_wrap=True)
    return 1 if run.failed else 0


def _query(args: argparse.Namespace) -> int:
    frame = open_store(args.store).query(args.sql, duplicates=args.duplicates)
    if args.csv:
        frame.to_csv(sys.stdout, index=False)
    else:
        Console().print(_grid("rows", frame))
    return 0


def _export(args: argparse.Namespace) -> int:
    about = About(args.title, args.license, tuple(args.author))
    if args.format in EXPORTS and (args.format not in FORMATS or is_store(args.source)):
        written = open_store(args.source).export(args.output, format=args.format, duplicates=args.duplicates, about=about)
    else:
        written = tables_of(args.source, duplicates=args.duplicates).write(args.output, format=args.format, about=about)
    for path in written:
        Console().print(str(path), markup=False, highlight=False, soft_wrap=True)
    return 0


def _cite(args: argparse.Namespace) -> int:
    text = cite(args.source, args.row, format=args.format, language=args.language)
    Console().print(text, markup=False, highlight=False, soft_wrap=True, emoji=False)
    return 0


def _compare(args: argparse.Namespace) -> int:
    if args.wide and args.what not in ("amounts", "indicators"):
        raise UsageError(f"there is no wide form of {args.what}", "leave --wide out")
    if args.vocabulary and args.what not in ("indicators", "matches"):
        raise UsageError(f"words of your own do not count for {args.what}", "mine with --vocabulary, then compare what came out")
    named = {"overrides": args.matches, "kolada": not args.no_kolada, "vocabulary": args.vocabulary}
    options = {"amounts": {"population": args.population, "signs": args.signs}, "indicators": named, "matches": named}
    panel = _COMPARED[args.what](args.sources, **options.get(args.what, {}))
    panel = compare.wide(panel) if args.wide else panel
    path = compare.write(panel, args.output)
    doubtful = int(panel["conflict"].sum()) if "conflict" in panel else int(panel["conflicts"].notna().sum()) if "conflicts" in panel else 0
    told = f", {doubtful:,} of them in conflict" if doubtful else ""
    Console().print(f"{len(panel):,} rows{told}: {path}", markup=False, highlight=False, soft_wrap=True)
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    console = Console()
    if args.tables is None:
        console.print(_grid("checked rows", checked(args.gold).round(3)))
        return 0
    outcome = evaluate(args.tables, args.gold)
    scores = outcome.scores if args.documents else outcome.scores[outcome.scores["document"] == "all"].drop(columns="document")
    console.print(_grid("scores", scores.round(3)))
    console.print("mean F1 over the kinds: " + ", ".join(f"{name} {value:.3f}" for name, value in outcome.headline.items()))
    console.print("document facts right: " + ", ".join(f"{f.field} {f.right}/{f.asked}" for f in outcome.facts.itertuples()))
    console.print(_grid("reliability", outcome.reliability[outcome.reliability["kind"] == "all"].drop(columns="kind").round(3)))
    if args.show:
        for kind, misses in outcome.misses.groupby("kind", sort=False):
            console.print(_grid(f"misses, {kind}", misses.drop(columns="kind").head(args.show)))
    if args.json:
        figures = {name: getattr(outcome, name).to_dict("records") for name in ("scores", "facts", "reliability")}
        args.json.write_text(json.dumps({"headline": outcome.headline, **figures}, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0


def _sample(args: argparse.Namespace) -> int:
    rows = draw_sample(args.tables, args.n, kinds=args.kind or tuple(KINDS), seed=args.seed)
    rows.to_csv(args.output, index=False, encoding="utf-8-sig")  # with the mark by which spreadsheets know UTF-8
    Console().print(f"{len(rows)} rows written to {args.output}: fill its column 'right' with yes or no", markup=False, soft_wrap=True)
    return 0


def _review(args: argparse.Namespace) -> int:
    options = {"language": args.language, "doc_ids": args.doc_id, "documents": args.documents, "password": args.password}
    page = write_review(args.source, args.output, megabytes=args.megabytes, **options)
    console = Console()
    size = f"{page.bytes / 1e6:.1f} MB"
    console.print(
        f"{page.documents:,} reports, {page.pages:,} pages, {page.rows:,} rows, {size}: {page.path}", highlight=False, soft_wrap=True
    )
    for name in page.without_pages:
        console.print(f"by quotes alone, since the report is not there as it was: {name}", markup=False, highlight=False, soft_wrap=True)
    return 0


def _apply(args: argparse.Namespace) -> int:
    result = apply_decisions(args.source, args.decisions, args.output, format=args.format)
    human = sum(int((frame["method"] == "human").sum()) for frame in result.frames.values() if "method" in frame)
    Console().print(f"{human:,} rows accepted or corrected; written to {args.output}", markup=False, highlight=False, soft_wrap=True)
    return 0


def _grid(title: str, frame: pd.DataFrame) -> Table:
    table = Table(*frame.columns, title=f"{title}: {len(frame)}", title_justify="left")
    for row in frame.astype(object).where(frame.notna(), "").itertuples(index=False):
        table.add_row(*(f"{v:.10g}" if isinstance(v, float) else escape(str(v)) for v in row))
    return table


if __name__ == "__main__":
    sys.exit(main())
