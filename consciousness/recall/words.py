"""Text as recall compares it: stems of words, without case, accents and the words that every sentence has."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from threading import local
from zlib import crc32

import numpy as np
import Stemmer
from numpy.typing import NDArray

Terms = NDArray[np.uint32]

DEFAULT_LANGUAGE = "english"
MOST_CHARACTERS = 20_000
LONGEST_WORD = 64

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# Scripts without spaces: a word is not to be had there, but two signs in a row say nearly as much.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_CONTRACTED = re.compile(r"['\u2019](?:s|m|re|ve|ll|d|t)$")

# Words that hold sentences together. None of them says what a sentence is about.
_STOP_WORDS = """
    a an the this that these those there here it its he she they we you i me him her them us my your his our their
    mine yours hers ours theirs myself yourself himself herself itself ourselves themselves someone something anyone
    anything everyone everything nothing one ones who whom whose which what when where why how am is are was were be
    been being do does did done doing have has had having will would shall should can could may might must ought isn
    aren wasn weren don doesn didn haven hasn hadn won wouldn shan shouldn couldn mustn im ive id ill youre youve
    youll youd hes shes theyre theyve weve dont doesnt didnt cant couldnt wont wouldnt isnt arent wasnt werent
    havent hasnt hadnt thats whats and or but nor so yet if then else because as than though although while whereas
    whether until unless since of to in on at by for from with without about into onto over under between among
    through during before after above below up down out off again against toward towards upon within along across
    per via not no yes too very just also only even still already ever never always often sometimes much many more
    most less least few little lot lots some any all both each every either neither other another such same own now
    well oh ok okay hi hello hey please thanks thank say said says tell told tells ask asked asks talk talked
    mention mentioned get got gets getting go went goes gone going come came comes make made makes know knew known
    think thought like really thing things way kind sort
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def stems(text: str, language: str = DEFAULT_LANGUAGE) -> list[str]:
    """The stems of the words of a text that say something, in order; never fails.

    Of a very long text the beginning counts, and words that are longer than words are do not.
    """
    words = [word for word in words_of(text) if word not in STOP_WORDS]
    return list(_stemmer(language).stemWords(words))


def terms_of(text: str, language: str = DEFAULT_LANGUAGE) -> Terms:
    """The stems as numbers: what an index needs of them, and nothing that could be read."""
    return numbered(stems(text, language))


def numbered(words: Iterable[str]) -> Terms:
    """Each stem as its number, the same in every process."""
    return np.fromiter((crc32(word.encode()) for word in words), np.uint32)


def words_of(text: str) -> Iterator[str]:
    """All its words without case and accents."""
    for found in _WORD.finditer(_folded(text[:MOST_CHARACTERS])):
        word = _CONTRACTED.sub("", found[0]).replace("'", "").replace("\u2019", "")
        if _UNSPACED.search(word):
            yield from _pairs(word)
        elif len(word) <= LONGEST_WORD:
            yield word


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))


def _pairs(run: str) -> Iterator[str]:
    yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))


# A stemmer holds a buffer, so each thread has its own.
_stemmers = local()


def _stemmer(language: str) -> Stemmer.Stemmer:
    name = language if language in Stemmer.algorithms() else DEFAULT_LANGUAGE
    stemmer: Stemmer.Stemmer | None = getattr(_stemmers, name, None)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(name)
        setattr(_stemmers, name, stemmer)
    return stemmer
