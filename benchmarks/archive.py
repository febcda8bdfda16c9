"""An archive of ten thousand made reports, from its making to its store: memory, time a document, workers, a cluster.

    python benchmarks/archive.py                     10,000 documents; about half an hour on two cores
    python benchmarks/archive.py --count 2000        fewer, the smaller archive a tenth of them
    python benchmarks/archive.py --write             also into archive.md beside this file

A tenth of the documents are PDFs, one in fifty is damaged, in twenty ways by turns. Each run is a process of its own, so that its
peak of memory is its own. The pace of a machine swings: what is compared takes turns, and is compared within a turn; the longest runs,
which no turn holds, are counted in a fixed piece of work that is timed beside them. Needs ``pip install ".[test]"``.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event, Thread

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "corpus"))

#: so many files of an archive stand in one folder
_FOLDER = 1_000
TWO, ONE, DASK = "two workers", "one worker", "Dask, two workers"
TENTH, WHOLE, AGAIN = "two workers, a tenth", "two workers, all", "two workers, again"


def _flip(data: bytes, every: int) -> bytes:
    flipped = bytearray(data)
    flipped[::every] = bytes(byte ^ 0x55 for byte in flipped[::every])
    return bytes(flipped)


def _locked(data: bytes) -> bytes:
    import pikepdf

    if not data.startswith(b"%PDF"):
        return data[:40]
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="egen", user="hemlig"))
    return out.getvalue()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "one byte": lambda data: data[:1],
    "cut after a twentieth": lambda data: data[: len(data) // 20],
    "cut in half": lambda data: data[: len(data) // 2],
    "cut before its end": lambda data: data[: len(data) * 19 // 20],
    "without its beginning": lambda data: data[len(data) // 10 :],
    "head overwritten": lambda data: bytes(1_024) + data[1_024:],
    "tail overwritten": lambda data: data[:-1_024] + bytes(1_024),
    "all zeros": lambda data: bytes(len(data)),
    "every 10th byte flipped": lambda data: _flip(data, 10),
    "every 1,000th byte flipped": lambda data: _flip(data, 1_000),
    "blocks of 512 bytes swapped": lambda data: b"".join(
        data[at + 512 : at + 1_024] + data[at : at + 512] for at in range(0, len(data), 1_024)
    ),
    "a block missing": lambda data: data[: len(data) // 3] + data[len(data) // 3 + 700 :],
    "line ends rewritten": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "packed with gzip": gzip.compress,
    "packed with zlib": zlib.compress,
    "as UTF-16": lambda data: data.decode("latin-1").encode("utf-16-le"),
    "an error page of a web server": lambda data: b"<!doctype html><html><title>404</title><body>Sidan finns inte</body></html>",
    "noise": lambda data: b"".join(zlib.crc32(bytes([n % 256, n // 256])).to_bytes(4, "big") for n in range(2_000)),
    "locked, or 40 bytes": _locked,
}


def _make(folder: Path, numbers: range) -> None:
    from generator import make_report

    ways = list(DAMAGE.values())
    for number in numbers:
        # a tenth are PDFs; of the damaged ones, one in fifty of all, half are
        damaged = number % 50 == 7
        pdf = (number // 50) % 2 == 0 if damaged else number % 10 == 0
        made = make_report(number, None, ("reportlab", "fpdf2")[number % 20 // 10] if pdf else "abc"[number % 3])  # type: ignore[arg-type]
        data = ways[number // 100 % len(ways)](made.data) if damaged else made.data
        path = folder / f"{number // _FOLDER:03d}" / f"{made.name}{made.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def make_archive(folder: Path, count: int, processes: int = 2) -> None:
    """Write the documents of an archive, a thousand a folder."""
    pieces = [range(at, min(at + 100, count)) for at in range(0, count, 100)]
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(_make, [folder] * len(pieces), pieces))


_RUN = """
import json, resource, sys, time
import docmine

inputs, store, options = json.loads(sys.argv[1])
if __name__ == "__main__":
    cluster = None
    if options.pop("cluster", None):
        import dask
        from distributed import LocalCluster
        # as docs/archive.md advises: a cluster's workers only wait here, so that a hundred samples a second of what they do are lost time
        dask.config.set({"distributed.worker.profile.enabled": False, "distributed.admin.tick.interval": "1s"})
        cluster = LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None)
        options = {"dask": cluster.scheduler_address}
    begun = time.perf_counter()
    run = docmine.mine_archive(inputs, store, ocr=False, **options)
    seconds = time.perf_counter() - begun
    if cluster:
        cluster.close()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"seconds": seconds, "peak": used[0].ru_maxrss / 1024, "cpu": sum(u.ru_utime + u.ru_stime for u in used),
                      "files": run.files, "ok": run.ok, "partial": run.partial, "failed": run.failed, "pages": run.pages,
                      "rows": sum(run.rows.values())}))
"""


@contextmanager
def timed(told: dict[str, float]) -> Iterator[None]:
    """Note the milliseconds of processor time that a fixed piece of work takes while others are at work: the median of one a second."""
    text, took, done = "Nettokostnad 1 234,5 tkr " * 20_000, [], Event()

    def work() -> None:
        while not done.wait(1.0):
            begun = time.thread_time()
            sum(map(len, sorted(text.split())))
            took.append(1_000 * (time.thread_time() - begun))

    beside = Thread(target=work)
    beside.start()
    try:
        yield
    finally:
        done.set()
        beside.join()
        told["piece"] = median(took) if took else float("nan")


def run(inputs: list[Path], store: Path, **options: object) -> dict[str, float]:
    """Mine files into a store in a process of its own; what it told of the run."""
    piece: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        script, names = Path(folder) / "run.py", Path(folder) / "files.txt"
        script.write_text(_RUN, encoding="utf-8")  # a file, since a cluster's workers begin by reading it
        names.write_text("".join(f"{path}\n" for path in inputs), encoding="utf-8")
        call = [sys.executable, str(script), json.dumps([f"@{names}", str(store), options])]
        with timed(piece):
            done = subprocess.run(call, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return told | piece


def main() -> None:
    """Make the archive, mine it in every way, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3, help="turns of one worker, two workers and Dask")
    parser.add_argument("--folder", type=Path, help="where to make it; kept, and used again by the next call")
    parser.add_argument("--write", action="store_true", help="write the figures into archive.md")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        base = args.folder or Path(temporary)
        archive, stores = base / f"archive-{args.count}", Path(temporary)
        if not archive.exists():
            begun = time.perf_counter()
            make_archive(archive, args.count)
            print(f"made {args.count:,} documents in {time.perf_counter() - begun:.0f} s", flush=True)
        files = sorted(path for folder in archive.iterdir() for path in folder.iterdir())
        tenth, some = files[: args.count // 10], files[: args.count // 20]
        runs: dict[str, list[dict[str, float]]] = defaultdict(list)

        def measure(name: str, inputs: list[Path], **options: object) -> None:
            store = stores / name.replace(" ", "-")
            if name != AGAIN:
                shutil.rmtree(store, ignore_errors=True)
            runs[name].append(run(inputs, store if name != AGAIN else stores / WHOLE.replace(" ", "-"), **options))
            print(name, runs[name][-1], flush=True)

        for _ in range(args.rounds):
            measure(TWO, some, workers=2)
            measure(ONE, some, workers=1)
            measure(DASK, some, cluster=True)
        measure(TENTH, tenth, workers=2)
        measure(WHOLE, files, workers=2)
        measure(TENTH, tenth, workers=2)
        measure(AGAIN, files, workers=2)
        text = _report(runs, args.count)
        print(text)
        if args.write:
            (HERE / "archive.md").write_text(text, encoding="utf-8")


def _report(runs: Mapping[str, list[dict[str, float]]], count: int) -> str:
    whole, again, few = runs[WHOLE][0], runs[AGAIN][0], count // 10
    tenths = runs[TENTH]
    clock = {name: median(one["seconds"] / one["files"] for one in runs[name]) for name in (WHOLE, TENTH)}
    paced = {name: median(one["seconds"] / one["files"] / one["piece"] for one in runs[name]) for name in (WHOLE, TENTH)}
    turns = {
        name: median(one["seconds"] / other["seconds"] for one, other in zip(runs[ONE], runs[name], strict=True)) for name in (TWO, DASK)
    }
    lines = [
        f"# An archive of {count:,} made reports on two cores",
        "",
        "Written by `python benchmarks/archive.py --write`: transcripts, a tenth PDFs, one in fifty damaged, in twenty ways.",
        "",
        "| run | documents | ok | partial | failed | pages | rows | seconds | processor seconds | fixed piece, ms | peak of the run, MiB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {name} | {one['files']:,.0f} | {one['ok']:,.0f} | {one['partial']:,.0f} | {one['failed']:,.0f} | {one['pages']:,.0f} | "
        f"{one['rows']:,.0f} | {one['seconds']:,.1f} | {one['cpu']:,.1f} | {one['piece']:.2f} | {one['peak']:.0f} |"
        for name, told in runs.items()
        for one in told
    ]
    lines += [
        "",
        f"- Documents lost: {count - whole['files']:,.0f} of {count:,}.",
        f"- Peak of memory with {count:,} documents: {whole['peak'] / min(one['peak'] for one in tenths):.2f} × the lowest with {few:,} "
        "(asked: at most 1.15).",
        f"- Time a document with {count:,}: {1_000 * clock[WHOLE]:.1f} ms on the clock, {clock[WHOLE] / clock[TENTH]:.2f} × that with "
        f"{few:,} before and after it; counted in the fixed piece of work, {paced[WHOLE] / paced[TENTH]:.2f} × (asked: at most 1.10).",
        f"- Two workers do {turns[TWO]:.2f} times the work of one (asked: 1.8).",
        f"- A Dask cluster of two workers does {turns[DASK]:.2f} times the work of one (asked: 1.6).",
        f"- A second run over all, with nothing new: {again['seconds']:.0f} s.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
