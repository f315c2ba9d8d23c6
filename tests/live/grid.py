# SPDX-License-Identifier: MIT
"""A small terminal: what a program writes becomes a grid of characters with their colours.

It knows what `voq live` uses, with the meaning that ECMA-48 and xterm have for it, and fails on
anything else.
"""
import codecs
import dataclasses
import re
import unicodedata

TOKEN = re.compile(r"\x1b\[(\??)([\d;]*)([A-Za-z])|([\r\n])|([^\x00-\x1f\x7f])", re.S)
UNFINISHED = re.compile(r"(\x1b(\[[?\d;]*)?)?\Z")


@dataclasses.dataclass
class Cell:
    text: str = " "
    style: str = ""


class Grid:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.row = self.column = 0
        self.style, self.rest = "", ""
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.wraps = self.cursor = True
        self.alternate, self.main, self.seen = False, None, None
        self.cells = self.blank(rows)
        self.n_byte = self.n_scrolled = 0

    def blank(self, rows):
        return [[Cell() for _ in range(self.columns)] for _ in range(rows)]

    def resize(self, columns, rows):
        """As xterm does: what fits stays."""
        self.columns, self.rows = columns, rows
        for name in "cells", "main":
            kept = getattr(self, name)
            if kept is None:
                continue
            new = self.blank(rows)
            for y, line in enumerate(kept[:rows]):
                new[y][:min(columns, len(line))] = line[:columns]
            setattr(self, name, new)
        self.row, self.column = min(self.row, rows - 1), min(self.column, columns - 1)

    def feed(self, data):
        self.n_byte += len(data)
        text, at = self.rest + self.decoder.decode(data), 0
        until = UNFINISHED.search(text).start()
        self.rest = text[until:]
        while at < until:
            match = TOKEN.match(text, at)
            assert match, f"what does {text[at:at + 20]!r} do?"
            at = match.end()
            private, numbers, final, control, letter = match.groups()
            if letter:
                self.write(letter)
            elif control:
                self.control(control)
            else:
                self.sequence(private + final, numbers)

    def write(self, letter):
        if unicodedata.combining(letter):
            self.cells[self.row][self.column - 1].text += letter
            return
        width = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if self.column + width > self.columns:
            if self.wraps:
                self.control("\r")
                self.control("\n")
            else:
                self.column = self.columns - width
        self.cells[self.row][self.column] = Cell(letter, self.style)
        if width == 2:
            self.cells[self.row][self.column + 1] = Cell("", self.style)
        self.column += width

    def control(self, control):
        if control == "\r":
            self.column = 0
        elif self.row + 1 < self.rows:
            self.row += 1
        else:
            self.cells.append(self.cells.pop(0))
            self.cells[-1] = self.blank(1)[0]
            self.n_scrolled += 1

    def sequence(self, final, numbers):
        number = [int(n or 0) for n in numbers.split(";")]
        if final == "m":
            self.style = "" if number == [0] else ";".join(filter(None, [self.style, numbers]))
        elif final == "H":
            row, column = (number + [1])[:2] if numbers else (1, 1)
            self.row, self.column = min(row, self.rows) - 1, min(column, self.columns) - 1
        elif final == "J":
            assert number == [2] and not self.style
            self.cells = self.blank(self.rows)
        elif final in "ML":
            assert not self.style, "lines of the current colour would come in"
            for _ in range(number[0]):
                self.cells.pop(self.row if final == "M" else self.rows - 1)
                self.cells.insert(self.rows - 1 if final == "M" else self.row, self.blank(1)[0])
            self.n_scrolled += number[0] if final == "M" else 0
        elif final[0] == "?":
            self.mode(number[0], final[1] == "h")
        else:
            raise AssertionError(f"what does CSI {numbers}{final} do?")

    def mode(self, number, on):
        if number == 25:
            self.cursor = on
        elif number == 7:
            self.wraps = on
        else:
            assert number == 1049 and on != self.alternate, f"mode {number} {on}"
            self.alternate = on
            if on:
                self.main, self.place = self.cells, (self.row, self.column)
                self.cells = self.blank(self.rows)
            else:
                self.seen, self.cells, self.main = self.cells, self.main, None
                self.row, self.column = self.place

    def lines(self, last_picture=False):
        """With last_picture, as it was before the alternate screen was left."""
        cells = self.seen if last_picture else self.cells
        return ["".join(cell.text for cell in line).rstrip() for line in cells]

    def is_clean(self):
        return not self.alternate and self.cursor and self.wraps and not self.style
