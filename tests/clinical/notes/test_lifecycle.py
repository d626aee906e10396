"""Every pair of states of a note."""

from itertools import product

import pytest

from app.clinical.notes.lifecycle import NOTE, NoteStatus
from app.kernel.lifecycle import IllegalMove

ALLOWED = {
    ("draft", "signed"),
    ("draft", "entered-in-error"),
    ("signed", "amended"),
    ("signed", "entered-in-error"),
    ("amended", "amended"),
    ("amended", "entered-in-error"),
}


@pytest.mark.parametrize(("current", "target"), list(product(NoteStatus, NoteStatus)))
def test_only_these_moves_are_allowed(current: NoteStatus, target: NoteStatus) -> None:
    if (current, target) in ALLOWED:
        assert NOTE.check(current, target) is target
    else:
        with pytest.raises(IllegalMove):
            NOTE.check(current, target)
