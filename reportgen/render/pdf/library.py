"""The PDF library, loaded without what no PDF of ours needs."""

from __future__ import annotations

import contextlib
import ctypes.util
import io
import mimetypes
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from reportgen.base.errors import MachineFailed
from reportgen.base.message import message

# HarfBuzz makes fonts smaller, and ours have no axes: of a quarter of a second that these take, nothing is used.
UNUSED = ("fontTools.subset", "fontTools.varLib.instancer")


@cache
def weasyprint_library() -> ModuleType:
    """The PDF library. MachineFailed where a system library that it needs is missing.

    On Linux its search for libraries by compiler and linker is spared: a build starts no other program.
    """
    _own_types()
    find = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), _deferred(UNUSED):
            warnings.filterwarnings("ignore", message="No fonts configured")  # the page brings its own
            import weasyprint
    except OSError as error:
        raise MachineFailed(
            message(
                "A PDF needs the system libraries Pango, HarfBuzz and fontconfig. Run `reportgen "
                "doctor`, which says how to install them, or leave the PDF out: every other --format needs none "
                "of them."
            )
        ) from error
    finally:
        ctypes.util.find_library = find
    from weasyprint.text import ffi

    if ffi.harfbuzz_subset is None:
        raise MachineFailed(
            message(
                "A PDF needs the system library HarfBuzz-Subset, which embeds the fonts. Run `reportgen "
                "doctor`, which says how to install it."
            )
        )
    return weasyprint


class _Deferred(ModuleType):
    """Stands for a module to those who import it now; it is loaded when something of it is called."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            return getattr(import_module(self.__name__), name)(*args, **kwargs)

        return call


@contextlib.contextmanager
def _deferred(names: tuple[str, ...]) -> Iterator[None]:
    """Who imports one of these modules meanwhile gets a stand-in, if it is not loaded yet; nobody does later."""
    stand_ins = {name: _Deferred(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _own_types() -> None:
    """The kinds of attachments as they are, not as a list on this machine has them: they are in the bytes."""
    mimetypes.knownfiles.clear()
    mimetypes.init()
    for kind, ending in (("application/json", ".json"), ("text/csv", ".csv")):
        mimetypes.add_type(kind, ending)
