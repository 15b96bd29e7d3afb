"""What an engine repeats out of files is nobody's word: it becomes neither an insight nor a memory nor a title."""

from dataclasses import replace

from consciousness.hindsight import Findings
from consciousness.models import Extract, File, Message, Session
from consciousness.runs import NOTHING, Runs, runs_of


def strange_words(session: Session) -> Runs:
    """The runs of words that stand in files of a session, or in their names, and that the person did not say there."""
    names = list(File.objects.filter(message__session=session, user=session.user_id).values_list("name", flat=True))
    if not names:
        return NOTHING
    read = Extract.objects.filter(file__message__session=session, file__user=session.user_id)
    own = session.messages.filter(author=Message.Author.USER).values_list("text", flat=True)
    return Runs(runs_of(*names, *read.values_list("text", flat=True)).known - runs_of(*own).known)


def without_strangers(found: Findings, strange: Runs) -> Findings:
    """What was found, but nothing that repeats them; a title that does is none."""
    return replace(
        found,
        title="" if strange.are_in(found.title) else found.title,
        insights=tuple(one for one in found.insights if not strange.are_in(one.text)),
        memories=tuple(one for one in found.memories if not strange.are_in(one.text)),
    )
