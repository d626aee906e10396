"""Statements made once, for the driver itself: what every request asks.

SQLAlchemy takes longer over a small statement than PostgreSQL. What is asked all the time is put
into words once, when its module is imported, and goes straight to the driver from then on.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import CTE, BindParameter, ClauseElement, Executable, Select, make_url
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import cloned_traverse
from sqlalchemy.types import TypeEngine

R = TypeVar("R")
Turn = Callable[[Any], Any]

ASYNCPG: Any = make_url("postgresql+asyncpg://").get_dialect()
DIALECT = ASYNCPG(dbapi=ASYNCPG.import_dbapi())


class Prepared(Generic[R]):
    """A statement whose parameters and columns are what SQLAlchemy's types say they are.

    `row` makes the answer out of the values of one row, such as `_make` of a named tuple. What
    never changes is a part of the text: only so can PostgreSQL plan it once for all that is asked.
    """

    def __init__(self, statement: Executable, row: Callable[[Sequence[Any]], R]) -> None:
        self.statement, self.row = statement, row
        compiled = written_out(statement)
        self.sql = str(compiled)
        names: Sequence[str] = compiled.positiontup or ()
        self._asked = [(name, going(compiled.binds[name].type)) for name in names]
        columns: Any = getattr(statement, "selected_columns", ())
        turns = [coming(column.type) for column in columns]
        self._turns = turns if any(turns) else []

    def arguments(self, asked: Mapping[str, Any]) -> list[Any]:
        return [asked[name] if turn is None else turn(asked[name]) for name, turn in self._asked]

    def answer(self, record: Sequence[Any]) -> R:
        if not self._turns:
            return self.row(record)
        told = zip(self._turns, record, strict=True)
        return self.row([value if turn is None else turn(value) for turn, value in told])


WRITING = re.compile(r"\b(insert|update|delete|for share|for key share|pg_advisory\w*)\b", re.I)


class Look(Prepared[R]):
    """A statement that only looks: it writes nothing, locks nothing, and needs no transaction."""

    def __init__(self, statement: Executable, row: Callable[[Sequence[Any]], R]) -> None:
        super().__init__(statement, row)
        if found := WRITING.search(self.sql):
            raise TypeError(f"a look that says {found[0]!r} needs a transaction")


class Deed(Prepared[R]):
    """A statement that does one thing, or nothing at all where something is in the way.

    It selects from a CTE `done` that has a row where it was done. What is to be said of it can be
    made a part of it.
    """

    statement: Select[Any]

    def __init__(self, statement: Select[Any], row: Callable[[Sequence[Any]], R]) -> None:
        super().__init__(statement, row)

    def followed_by(self, *said: CTE) -> "Deed[R]":
        """The same with more to be written; its words may ask `done`."""
        (done,) = (each for each in self.statement.get_final_froms() if isinstance(each, CTE))
        return Deed(self.statement.add_cte(done, *said), self.row)


def written_out(statement: Executable) -> SQLCompiler:
    """In PostgreSQL's words, with a place for each parameter and every other value in the text."""

    def write_out(bind: BindParameter[Any]) -> None:
        bind.literal_execute, bind.required = not bind.required, False

    fixed = cloned_traverse(cast("ClauseElement", statement), {}, {"bindparam": write_out})
    compiled = fixed.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    assert isinstance(compiled, SQLCompiler)
    return compiled


def going(kind: TypeEngine[Any]) -> Turn | None:
    """From what we have to what the driver takes; None: it takes it as it is."""
    return kind.dialect_impl(DIALECT).bind_processor(DIALECT)


def coming(kind: TypeEngine[Any]) -> Turn | None:
    """From what the driver hands over to what we have; None: it is that already."""
    return kind.dialect_impl(DIALECT).result_processor(DIALECT, None)
