"""Why a column is taken for what it is: by what, and what it holds."""

from __future__ import annotations

from reportgen.base.message import message

HOW_SAID = {
    "settings": message("the settings say so"),
    "name": message("its name"),
    "dictionary": message("the dictionary says so"),
    "synonym": message("a synonym"),
    "similar": message("a similar name"),
    "content": message("its values are ids of the patients"),
}

HOLDS = {
    "date": message("a similar name, and it holds dates"),
    "word": message("a similar name, and its words are known"),
    "number": message("a similar name, and it holds numbers"),
    "id": message("a similar name, and its values tell rows apart"),
}

KNOWN_AT_START = {
    "number": message("it holds numbers known at the start"),
    "category": message("it holds groups known at the start"),
    "yes/no": message("it holds yes and no known at the start"),
}
