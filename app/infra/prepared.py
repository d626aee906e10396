"""Statements made once, for the driver itself: what every request asks.

SQLAlchemy takes longer over a small statement than PostgreSQL. What is asked all the time is put
into words once, when its module is imported, and goes straight to the driver from then on.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import BindParameter, ClauseElement, Executable, make_url
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
        compiled = written_out(statement)
        self.sql = str(compiled)
        self._row = row
        names: Sequence[str] = compiled.positiontup or ()
        self._asked = [(name, going(compiled.binds[name].type)) for name in names]
        columns: Any = getattr(statement, "selected_columns", ())
        turns = [coming(column.type) for column in columns]
        self._turns = turns if any(turns) else []

    def arguments(self, asked: Mapping[str, Any]) -> list[Any]:
        return [asked[name] if turn is None else turn(asked[name]) for name, turn in self._asked]

    def answer(self, record: Sequence[Any]) -> R:
        if not self._turns:
            return self._row(record)
        told = zip(self._turns, record, strict=True)
        return self._row([value if turn is None else turn(value) for turn, value in told])


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
