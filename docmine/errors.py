"""Everything docmine raises on purpose, one small tree.

```
DocmineError
├── InputError            the file cannot be read as a report; names the file and what to do
│   ├── NotFoundError     no such file or folder
│   ├── EmptyFileError    nothing in it
│   ├── UnsupportedError  not a PDF or a text that docmine reads
│   ├── EncryptedError    needs a password
│   ├── DamagedError      truncated or broken beyond repair
│   ├── NoTextError       pages without a text layer (a scan)
│   └── LimitError        larger than the limits allow
├── SectionError          a report has no such section (also a KeyError)
├── VocabularyError       a vocabulary file with an unknown key or an empty group
├── SchemaError           a table that breaks its contract
├── WorkerError           no process can be started that mines, or it was stopped
└── UsageError            a call or a command line that asks for something impossible
```
"""

from __future__ import annotations

__all__ = [
    "DamagedError",
    "DocmineError",
    "EmptyFileError",
    "EncryptedError",
    "InputError",
    "LimitError",
    "NoTextError",
    "NotFoundError",
    "SchemaError",
    "SectionError",
    "UnsupportedError",
    "UsageError",
    "VocabularyError",
    "WorkerError",
]


class DocmineError(Exception):
    """Base of all errors that docmine raises on purpose.

    Parameters
    ----------
    message : str
        What was wrong, with the value, in one line.
    hint : str, optional
        What to do about it, in one line.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message if hint is None else f"{message} ({hint})")
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[DocmineError], tuple[str, str | None]]:
        # the default would call the class with the joined text and lose the hint on its way between processes
        return type(self), (self.message, self.hint)


class InputError(DocmineError):
    """A file cannot be read as a report."""


class NotFoundError(InputError):
    """No such file or folder."""


class EmptyFileError(InputError):
    """The file has no content."""


class UnsupportedError(InputError):
    """The file is not of a kind that docmine reads."""


class EncryptedError(InputError):
    """The file needs a password."""


class DamagedError(InputError):
    """The file is truncated or broken beyond repair."""


class NoTextError(InputError):
    """The file has pages but no text on them."""


class LimitError(InputError):
    """The file is larger than the limits allow."""


class SectionError(DocmineError, KeyError):
    """A report has no such section."""

    __str__ = Exception.__str__  # a KeyError would show its message as a quoted literal


class VocabularyError(DocmineError):
    """A vocabulary file is not as it must be."""


class SchemaError(DocmineError):
    """A table breaks its contract."""


class UsageError(DocmineError):
    """A call or a command line asks for something impossible."""


class WorkerError(DocmineError):
    """No process can be started that mines files, or it was stopped."""
