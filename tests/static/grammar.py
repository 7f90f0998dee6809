"""Texts over the grammar of versions, and near it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

SMALL = ("0", "1", "2", "10")
NUMBERS = (*SMALL, "00", "01", "007", "9", "20261122", str(2**53), str(2**53 + 1), "1" * 60, "0" * 40 + "3")
SEPARATORS = ("", ".", "-", "_")
PRE = ("a", "b", "c", "rc", "alpha", "beta", "pre", "preview")
POST = ("post", "rev", "r")
DEV = ("dev",)
LOCAL = ("a", "b", "abc", "a1", "1a", "0a", "cu118", "ubuntu", *NUMBERS)
SPACE = ("", "", "", " ", "\t\n", "\x1c", "\x85", "\xa0", "\u2003 ", "\v\f\r")
STRANGE = ("\ufeff", "\u212a", "\u017f", "\u0661", "\uff11", "\u0130", "\x00", "é", "😀", "\u200b")
TOKENS = ("0", "1", ".", "-", "_", "a", "c", "rc", "pre", "post", "r", "dev", "+", "!", "v", " ")


def number(random: Random) -> str:
    """Small ones mostly, so that two versions often share them."""
    return random.choice(SMALL) if random.random() < 0.8 else random.choice(NUMBERS)


def version(random: Random) -> str:
    """A version in any spelling that is allowed."""
    text = f"{number(random)}!" if random.random() < 0.15 else ""
    text += ".".join(number(random) for _ in range(random.choice((1, 1, 2, 2, 2, 3, 4))))
    if random.random() < 0.4:
        text += labelled(random, PRE)
    if random.random() < 0.3:
        text += f"-{number(random)}" if random.random() < 0.3 else labelled(random, POST)
    if random.random() < 0.3:
        text += labelled(random, DEV)
    if random.random() < 0.3:
        segments = [random.choice(LOCAL) for _ in range(random.randint(1, 3))]
        text += "+" + segments[0] + "".join(random.choice(SEPARATORS[1:]) + segment for segment in segments[1:])
    text = "".join(letter.upper() if random.random() < 0.1 else letter for letter in text)
    prefix = random.choice(("v", "V")) if random.random() < 0.1 else ""
    return random.choice(SPACE) + prefix + text + random.choice(SPACE)


def labelled(random: Random, words: tuple[str, ...]) -> str:
    """A word such as `a` or `dev`, with its number or without, and the separators around it."""
    parts = random.choice(SEPARATORS), random.choice(words), random.choice(SEPARATORS)
    return "".join(parts) + (number(random) if random.random() < 0.8 else "")


def damaged(random: Random, text: str) -> str:
    """The text with one to three characters taken out, put in or put in another's place."""
    letters = list(text)
    for _ in range(random.randint(1, 3)):
        place = random.randint(0, len(letters))
        put = random.choice((*TOKENS, *STRANGE, *"bdxz19", ""))
        letters[place : place + random.randint(0, 1)] = [put]
    return "".join(letters)
