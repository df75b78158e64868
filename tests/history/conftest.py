"""A PostgreSQL server for the tests of the history."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.servers import PASSWORD, postgresql, programs


@pytest.fixture(scope="session")
def running():
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    pytest.importorskip("sqlalchemy")
    with postgresql() as port:
        yield f"postgresql+psycopg://reader:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/postgres"


@pytest.fixture
def server(running):
    """The address of an empty database: whoever uses it leaves nothing to the next, in whatever order they come."""
    yield running
    empty(running)


def empty(address: str) -> None:
    from sqlalchemy import create_engine

    engine = create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
