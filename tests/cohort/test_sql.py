"""Databases: SQLite always, PostgreSQL against a real server; no password gets out."""

from __future__ import annotations

import sys
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

import pandas as pd
import pytest
import sqlalchemy
from sqlalchemy import Column, Date, Float, MetaData, Numeric, String, Table, create_engine

from reportgen.base.errors import DataRefused, MachineFailed, UsageError
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.cohort.readers import sql
from reportgen.cohort.source import beside, stem_of
from tests.commands import command
from tests.servers import PASSWORD, postgresql, programs
from tests.tables import PATIENTS, TOXICITIES, assert_the_cohort

KINDS = {str: String, float: Float, int: Numeric, date: Date}


def fill(url, schema=None, **tables):
    """Write the rows into tables of typed columns."""
    engine = create_engine(url, poolclass=sqlalchemy.NullPool)
    metadata = MetaData(schema=schema)
    with engine.begin() as connection:
        for name, rows in tables.items():
            names = list(rows[0])
            kind = {n: next((type(row[n]) for row in rows if row[n] is not None), str) for n in names}
            table = Table(name, metadata, *(Column(n, KINDS[kind[n]]) for n in names))
            table.create(connection)
            connection.execute(table.insert(), [dict(row) for row in rows])
    engine.dispose()


@pytest.fixture
def sqlite(tmp_path):
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    fill(url, patients=PATIENTS, toxicities=TOXICITIES)
    return url


def settings_file(tmp_path, text):
    path = tmp_path / "tables.toml"
    path.write_text(f"[tables]\n{text}\n")
    return path


def test_tables_of_the_right_name_are_found(sqlite):
    cohort = load_cohort(sqlite)
    assert_the_cohort(cohort)
    assert cohort.source.name == "registry" and len(cohort.source.sha256) == 64


def test_tables_and_queries_are_named_in_the_settings(tmp_path, sqlite):
    config = settings_file(
        tmp_path,
        'patients = """SELECT p.*, \'2020-01-01 10:30\' AS visit FROM patients p WHERE patient_id <> \':x\'"""\n'
        'toxicities = "toxicities"',
    )
    assert_the_cohort(load_cohort(sqlite, config=config))


def test_the_settings_beside_an_sqlite_file_count(tmp_path, sqlite):
    (tmp_path / "report.toml").write_text('[report]\ntitle = "Registry"\n')
    assert load_cohort(sqlite).settings.title == "Registry"
    assert beside("postgresql://host/registry") is None and beside("sqlite://") is None


def test_an_issue_names_table_column_row_and_patient(tmp_path):
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    fill(url, patients=[row | {"sex": "banana" if row["patient_id"] == "P3" else "male"} for row in PATIENTS])
    book = read_source(url)
    _, issues = check_cohort(book, settings_for(book, url))
    (issue,) = [issue for issue in issues if issue.code == "UNKNOWN_VALUE"]
    assert (issue.sheet, issue.cell, issue.patient) == ("patients", "sex, row 3", "P3")


def test_the_order_of_rows_in_the_database_does_not_matter(tmp_path):
    urls = [f"sqlite:///{tmp_path / name}" for name in ("a.db", "b.db")]
    fill(urls[0], patients=PATIENTS)
    fill(urls[1], patients=PATIENTS[::-1])
    assert read_source(urls[0]).sha256 == read_source(urls[1]).sha256


def test_what_is_no_database_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no database file 'none.db'"):
        read_source(f"sqlite:///{tmp_path / 'none.db'}")
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(UsageError, match="no database file"):
        read_source("sqlite://")
    (tmp_path / "text.db").write_text("patient_id")
    with pytest.raises(DataRefused) as caught:
        read_source(f"sqlite:///{tmp_path / 'text.db'}")
    assert caught.value.issues[0].code == "NOT_A_DATABASE"
    (tmp_path / "half.db").write_bytes(b"SQLite format 3\0" + b"\1" * 200)
    with pytest.raises(MachineFailed, match="half can't be read"):
        read_source(f"sqlite:///{tmp_path / 'half.db'}")


@pytest.mark.parametrize("url", ["nonsense://user:pa55@host/db", "postgresql+pa55://user:pa55@host:no/db"])
def test_an_address_that_is_not_understood(url):
    with pytest.raises((UsageError, MachineFailed)) as caught:
        read_source(url)
    assert "pa55" not in str(caught.value).replace("postgresql+pa55", "")


def test_a_missing_table_or_a_wrong_query_is_said(tmp_path, sqlite):
    for text, problem in (
        ('patients = "people"', "The table 'people' for patients can't be read: no such table: people."),
        ('patients = "SELECT absent FROM patients"', "no such column: absent"),
        ('patients = "patients; DROP TABLE patients"', "can't be read"),
        ('patients = "WITH x AS (SELECT 1) DELETE FROM patients"', "can't be read"),
    ):
        with pytest.raises(DataRefused) as caught:
            read_source(sqlite, settings_file(tmp_path, text))
        assert caught.value.issues[0].code == "MISSING_SHEET" and problem in caught.value.issues[0].problem
    assert load_cohort(sqlite).n == 4


def test_a_database_without_patients_is_said(tmp_path):
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    fill(url, people=PATIENTS)
    with pytest.raises(DataRefused) as caught:
        read_source(url)
    assert caught.value.issues[0].code == "MISSING_SHEET"
    fill(url, patients=PATIENTS, cohort=PATIENTS)
    with pytest.raises(DataRefused) as caught:
        read_source(url)
    assert caught.value.issues[0].code == "AMBIGUOUS_SHEET"


def test_without_the_library_it_is_said_what_to_install(monkeypatch, sqlite):
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(MachineFailed, match=r"reportgen\[sql\]"):
        read_source(sqlite)


def test_cells_come_as_python_has_them():
    now = datetime(2020, 1, 1)
    found = (Decimal("1.5"), b"a\xff", memoryview(b"b"), pd.Timedelta("2D"), now, None)
    assert [sql._cell(cell) for cell in found] == [1.5, "a\ufffd", "b", 2.0, now, None]


@pytest.fixture(scope="module")
def server():
    if programs() is None:
        pytest.skip("PostgreSQL is not installed: initdb and pg_ctl were not found")
    with postgresql() as port:
        fill(f"postgresql+psycopg://reader:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/postgres",
             patients=PATIENTS, toxicities=TOXICITIES)  # fmt: skip
        yield port


def address(port, password=PASSWORD, database="postgres"):
    return f"postgresql+psycopg://reader:{quote(password, safe='')}@127.0.0.1:{port}/{database}"


def test_a_postgresql_server(server):
    cohort = load_cohort(address(server))
    assert_the_cohort(cohort)
    assert cohort.source.name == "postgres"


def test_schemas_casts_and_read_only_transactions_in_postgresql(tmp_path, server):
    config = settings_file(
        tmp_path,
        'patients = """SELECT patient_id, sex, age_at_start::numeric(6,2), treatment_start::timestamptz, relapse_date, '
        'vital_status, death_date, last_contact FROM public.patients ORDER BY patient_id"""\n'
        'toxicities = "public.toxicities"',
    )
    book = read_source(address(server), config)
    assert book.sheets[0].frame[2].tolist() == [34.5, 51.0, 46.25, 60.0]
    for text in (
        "WITH gone AS (DELETE FROM patients RETURNING *) SELECT * FROM gone",
        "SELECT 1/0 AS patient_id",
    ):
        with pytest.raises(DataRefused):
            read_source(address(server), settings_file(tmp_path, f'patients = "{text}"'))
    assert load_cohort(address(server)).n == 4


def test_a_wrong_password_or_database_says_what_is_wrong_and_no_password(server):
    for url in (address(server, password="wr0ng-one"), address(server, database="none"), address(1)):
        with pytest.raises(MachineFailed, match="is not within reach") as caught:
            read_source(url)
        said = "".join((str(caught.value), *map(str, (caught.value.__cause__,))))
        assert PASSWORD not in said and quote(PASSWORD, safe="") not in said and "wr0ng" not in said
    assert stem_of(address(server)) == "postgres"


@pytest.mark.parametrize("traceback", ["", "1"])
def test_no_file_and_no_line_holds_the_password(tmp_path, server, traceback):
    (tmp_path / "run.toml").write_text('[report]\ntitle = "Registry"\n')
    for url, status in ((address(server), 0), (address(server, password=PASSWORD + "x"), 4)):
        environment = {"REPORTGEN_TRACEBACK": traceback}
        done = command(
            "build", url, "--config", "run.toml", "--format", "html", cwd=tmp_path, env=environment
        )
        assert done.returncode == status, done.stderr
        secrets = (PASSWORD, quote(PASSWORD, safe=""), "s3cr3t")
        assert not [secret for secret in secrets if secret in done.stdout + done.stderr]
    folder = tmp_path / "output" / "postgres"
    names = {path.name for path in folder.iterdir()}
    assert {"report.html", "results.json", "manifest.json", "queries.xlsx"} <= names
    for path in (tmp_path / "output").rglob("*"):
        assert "s3cr3t" not in path.name
        assert path.is_dir() or b"s3cr3t" not in path.read_bytes()
