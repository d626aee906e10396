"""Why the board may be refused."""

from app.kernel.errors import Forbidden


class MayNotSeeBoard(Forbidden):
    """Only supervisors and administrators see the board of all queues."""
