"""Reports as the transcripts in which they circulate: three forms, each flattened in its own way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .answers import answer, focus_of, forget, quoted, table_truth, with_marks
from .dice import Dice
from .layout import Layout
from .model import Break, Grid, GridRow, Heading, Paragraph, Record, Sentence, Story
from .phrases import bank
from .swedish import break_points

Printed = tuple[bytes, list[Record], list[dict[str, Any]]]

YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass
class Chunk:
    """A piece of text that stays together on a page, with the records that it states."""

    text: str
    records: tuple[Record, ...] = ()
    focus: str = ""
    keep: bool = False  # on the page of what follows
    grid: Grid | None = None  # the table that begins here
    heading: Heading | None = None
    row: GridRow | None = None


def print_text(story: Story, layout: Layout, form: str, dice: Dice) -> Printed:
    """The report as a transcript of the form."""
    if form == "c":
        return Lines(story, layout, dice).printed()
    return Flat(story, layout, form, dice).printed()


def worn(sentence: Sentence, layout: Layout, dice: Dice, *, last: bool = True) -> Sentence:
    """The sentence as a transcription leaves it: line-end hyphens kept in words, years lost at its end."""
    text, records = sentence.text, sentence.records
    if layout.lost_years and last and re.search(r" (?:19|20)\d\d\.$", text):
        text = re.sub(r" (?:19|20)\d\d\.$", "", text)
        records = tuple(forget(r, "year", "period") for r in records)
    if layout.kept_hyphens:
        text = " ".join(_hyphened(word, dice) for word in text.split(" "))
        if dice.chance(0.5):
            text = re.sub(r"\b(\w+)- och ", r"\1och ", text)
    return replace(sentence, text=text, records=records)


def _hyphened(word: str, dice: Dice) -> str:
    points = break_points(word)
    if not points or not dice.chance(0.03):
        return word
    at = dice.pick(points)
    return f"{word[:at]}-{word[at:]}"


class Flat:
    """Forms a and b: a paragraph a page, in which headings, sentences and tables run together."""

    def __init__(self, story: Story, layout: Layout, form: str, dice: Dice) -> None:
        self.story, self.layout, self.form, self.dice = story, layout, form, dice
        self.bullet = dice.weighted({"- ": 0.6, "• ": 0.3, "": 0.1})

    def printed(self) -> Printed:
        pages = self._paged(list(self._chunks()))
        first = 2 if self.layout.contents else 1
        if self.form == "b":
            first += 1
        covers = (self.story.title, " ".join(self.story.cover))
        gold: list[Record] = [answer({"record": "section", "title": title, "type": None, "optional": True}, None, "") for title in covers]
        tables: list[dict[str, Any]] = []
        texts: list[tuple[int, str]] = []
        listed: list[tuple[str, int]] = []
        for number, page in enumerate(pages, first):
            texts.append((number, " ".join(c.text for c in page)))
            for chunk in page:
                if chunk.grid:
                    tables.append(table_truth(chunk.grid, number, "flattened"))
                if chunk.heading and chunk.heading.level < 3:
                    listed.append((chunk.heading.printed, number))
                gold += [answer(r, number, quoted(chunk.text, focus_of(r, chunk.row) if chunk.row else chunk.focus)) for r in chunk.records]
        if self.layout.contents:
            texts.insert(0, (first - 1, self._contents(listed)))
            gold.insert(
                1, answer({"record": "section", "title": self.story.contents_title, "type": "contents", "optional": True}, first - 1, "")
            )
        return self._file(texts).encode(), gold, tables

    def _contents(self, listed: list[tuple[str, int]]) -> str:
        off = (1 if self.layout.contents_off else 0) + (1 if self.form == "b" else 0)
        dots = self.dice.pick(("... ", "...", "... "))
        return " ".join([self.story.contents_title, *(f"{title}{dots}{max(page - off, 1)}" for title, page in listed)])

    def _file(self, texts: list[tuple[int, str]]) -> str:
        story, dice = self.story, self.dice
        decoys = bank("common")["decoys"]
        titles = [
            t.format(year=dice.integer(2008, 2024), body=dice.pick(bank("bodies")["body"])["name"])
            for t in dice.sample(decoys["titles"], dice.integer(6, 14))
        ]
        heading = f"{story.title} {story.body}"
        if self.form == "a":
            parts = [
                heading,
                "Relevanta dokument\n" + heading,
                *titles,
                "Transkript:",
                " ".join(story.cover),
                *(f"{text} {number}" for number, text in texts),
            ]
            return "\n\n".join(parts) + "\n"
        parts = [
            f"{heading}\n\nStorlek: px\nStarta visningen från sidan:",
            f'Download "{heading}"',
            "Transkript",
            "1 " + " ".join(story.cover),
            *(f"{number} {text} {number - 1}" for number, text in texts),
        ]
        for title in titles:
            parts += [title, f"{title} {dice.pick(decoys['texts']).format(year=dice.integer(2008, 2024))}", "Läs mer"]
        return "\n\n".join(parts) + "\n"

    def _paged(self, chunks: list[Chunk]) -> list[list[Chunk]]:
        """Chunks dealt to pages of about the layout's length; a heading stays with what follows it."""
        pages: list[list[Chunk]] = [[]]
        length = 0
        for i, chunk in enumerate(chunks):
            ahead = len(chunk.text)
            j = i
            while chunks[j].keep and j + 1 < len(chunks):
                j += 1
                ahead += len(chunks[j].text)
            pinned = bool(pages[-1]) and pages[-1][-1].keep
            if pages[-1] and not pinned and length + ahead > self.layout.page_length:
                if not chunk.records and not chunk.keep and self.dice.chance(0.4) and " " in chunk.text:
                    words = chunk.text.split(" ")
                    cut = self.dice.integer(1, len(words) - 1)
                    pages[-1].append(Chunk(" ".join(words[:cut])))
                    chunk = Chunk(" ".join(words[cut:]))
                pages.append([])
                length = 0
            pages[-1].append(chunk)
            length += len(chunk.text) + 1
        return pages

    def _chunks(self) -> Iterator[Chunk]:
        for block in self.story.blocks:
            if isinstance(block, Heading):
                yield Chunk(block.printed, block.records, block.text, keep=True, heading=block)
            elif isinstance(block, Paragraph):
                for sentence in block.sentences:
                    made = worn(sentence, self.layout, self.dice)
                    text = self.bullet + made.text if block.kind == "bullet" else made.text
                    yield Chunk(text, made.records, made.focus, keep=block.kind == "lead")
            elif isinstance(block, Grid):
                yield from self._table(block)

    def _table(self, grid: Grid) -> Iterator[Chunk]:
        lost = self.layout.lost_years
        heads = [" ".join(filter(None, head)) for head in grid.head]
        if lost:
            heads = [" ".join(re.sub(YEAR, "", h).split()) for h in heads]
        head = " ".join(filter(None, heads))
        lines = [c for c in (grid.title, head) if c]
        if grid.title:
            yield Chunk(grid.title, grid.title_records, keep=True, grid=grid)
        if head:
            yield Chunk(head, (), keep=True, grid=None if grid.title else grid)
        for i, row in enumerate(grid.rows):
            records = row.records
            if lost:
                bare = [not re.sub(YEAR, "", "".join(head[c] for head in grid.head)).strip() for c in range(len(row.cells))]
                fields = ("year", "period"), ("year", "period", "kind", "measure")
                records = tuple(forget(r, *fields[bare[c]]) for r, c in zip(records, row.columns, strict=True))
            if any(not cell for cell in row.cells[grid.texts :]) and row.kind != "group":
                records = tuple(forget(r, "year", "period", "kind", "measure") for r in records)
            yield Chunk(
                self._row(grid, row),
                records,
                row.label,
                keep=len(grid.rows) < 16 and i < len(grid.rows) - 1,
                grid=None if lines or i else grid,
                row=row,
            )
        for note in grid.footnotes:
            yield Chunk(note)

    def _row(self, grid: Grid, row: GridRow) -> str:
        cells = with_marks(row)
        words, numbers = [c for c in cells[: grid.texts] if c], [c for c in cells[grid.texts :] if c]
        text = " ".join(words)
        money = grid.unit is not None and grid.texts == 1
        full = len(numbers) == len(cells) - grid.texts
        for cell in numbers:
            glued = money and (
                (self.layout.glue == "all" and full) or (self.layout.glue == "sign" and cell[0] in "-–−" and cell is not numbers[0])
            )
            text += cell if glued else f" {cell}"
        return text.strip()


class Lines:
    """Form c: running text with headings on lines of their own and tabs between the cells of tables; no page marks."""

    def __init__(self, story: Story, layout: Layout, dice: Dice) -> None:
        self.story, self.layout, self.dice = story, layout, dice
        self.bullet = dice.pick(("- ", "• ", " "))

    def printed(self) -> Printed:
        story = self.story
        gold: list[Record] = [answer({"record": "section", "title": story.title, "type": None, "optional": True}, None, "")]
        tables: list[dict[str, Any]] = []
        parts = ["\n\n".join([f"{story.kommun.upper()} KOMMUN" if line.endswith("kommun") else line for line in story.cover])]
        if self.layout.contents:
            entries, page = [], 3
            for block in story.blocks:
                if isinstance(block, Heading) and block.level < 3:
                    entries.append(f"{block.printed}{self.dice.pick(('', '', '.....'))}\t{page}")
                    page += self.dice.integer(0, 2)
            parts.append(story.contents_title + "\n\n" + "\n".join(entries))
            gold.append(answer({"record": "section", "title": story.contents_title, "type": "contents", "optional": True}, None, ""))
        previous = ""
        for block in story.blocks:
            if isinstance(block, Break):
                continue
            text = self._block(block, gold, tables)
            if isinstance(block, Paragraph) and block.kind == "bullet" and previous == "bullet":
                parts[-1] += "\n" + text
            else:
                parts.append(text)
            previous = block.kind if isinstance(block, Paragraph) else ""
        return ("\n\n" + "\n\n".join(parts) + "\n").encode(), gold, tables

    def _block(self, block: Heading | Paragraph | Grid, gold: list[Record], tables: list[dict[str, Any]]) -> str:
        if isinstance(block, Heading):
            gold += [answer(r, None, block.text) for r in block.records]
            return block.printed
        if isinstance(block, Paragraph):
            made = [worn(s, self.layout, self.dice) for s in block.sentences]
            for sentence in made:
                gold += [answer(r, None, quoted(sentence.text, sentence.focus)) for r in sentence.records]
            return (self.bullet if block.kind == "bullet" else "") + " ".join(s.text for s in made)
        gold += [answer(r, None, "") for r in block.title_records]
        single = self.layout.one_cell_a_line and block.texts == 1
        tables.append(table_truth(block, None, "flattened" if single else "tabbed"))
        lines = [block.title] if block.title else []
        if single:
            for head in block.head:
                lines += [cell for cell in head if cell]
        else:
            lines += ["\t".join(head) for head in block.head]
        for row in block.rows:
            cells = with_marks(row)
            text = "\n".join(filter(None, cells)) if single else "\t".join(cells)
            records = row.records
            if single and any(not c for c in cells[block.texts :]) and row.kind != "group":
                records = tuple(forget(r, "year", "period", "kind", "measure") for r in records)
            gold += [answer(r, None, text.strip() if single else quoted(text.strip("\t"), focus_of(r, row))) for r in records]
            lines.append(text)
        return "\n".join([*lines, *block.footnotes])
