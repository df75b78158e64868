"""A PostgreSQL server for the tests of the history."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.servers import PASSWORD, postgresql, programs


@pytest.fixture(scope="session")
def server():
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    pytest.importorskip("sqlalchemy")
    with postgresql() as port:
        yield f"postgresql+psycopg://reader:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/postgres"
