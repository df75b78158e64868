"""Dockerfile, compose.yaml and the workflow, looked at without a builder: what they promise, and what they name."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
STEPS = [
    line.split(maxsplit=1) for line in re.sub(r"\\\n|^#.*\n", "", DOCKERFILE, flags=re.M).splitlines() if line
]
SETUP = (ROOT / "scripts" / "setup.sh").read_text("utf-8")


def of(kind: str) -> list[str]:
    return [rest for name, rest in STEPS if name == kind]


def test_the_image_is_slim_and_nobody_s():
    assert all(re.match(r"python:3\.\d+-slim-\w+( AS \w+)?$", image) for image in of("FROM"))
    assert of("USER") == ["10001:10001"] and STEPS[-2:] == [
        ["ENTRYPOINT", '["reportgen"]'],
        ["CMD", '["--help"]'],
    ]
    assert of("ADD") == [] and "sudo" not in DOCKERFILE and "chmod 777" not in DOCKERFILE
    pip = [command for run in of("RUN") for command in run.split("&&") if "pip install" in command]
    assert len(pip) == 2 and "--require-hashes" in pip[0] and "--no-deps" in pip[1]
    assert all("--no-cache-dir" in command for command in pip)


def test_it_has_what_setup_installs_for_the_pdf_and_leaves_no_lists():
    wanted = re.search(r'linux_packages="([^"]+)"', SETUP)[1].split()
    (run,) = [run for run in of("RUN") if "apt-get" in run]
    assert [name for name in wanted if name not in run.split()] == []
    assert "--no-install-recommends" in run and "rm -rf /var/lib/apt/lists/*" in run


def test_what_is_copied_is_there_and_not_ignored():
    shown = {
        line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")
    }
    copied = {name for line in of("COPY") if "--from" not in line for name in line.split()[:-1]}
    assert copied == shown and [name for name in copied if not (ROOT / name).exists()] == []
    wheel = (ROOT / "pyproject.toml").read_text("utf-8")
    packed = re.search(r"^only-include = \[(.*?)\]", wheel, re.M)[1]
    assert all(name in copied for name in re.findall(r"\"(.*?)\"", packed))


def test_the_month_can_write_to_its_output_alone():
    month = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["month"]
    assert month["read_only"] and month["network_mode"] == "none" and month["cap_drop"] == ["ALL"]
    assert [volume for volume in month["volumes"] if not volume.endswith(":ro")] == ["./output:/output"]
    assert month["user"] == of("USER")[0] and month["security_opt"] == ["no-new-privileges:true"]
    from reportgen.cli.app import PLACES  # its command is one that there is

    assert month["command"][0] in PLACES
    assert "--catch-up" in month["command"]


def test_compose_has_the_published_form():
    spec = json.loads(gzip.decompress((ROOT / "tests" / "golden" / "compose_spec.json.gz").read_bytes()))
    published = Draft7Validator(spec)
    month = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    assert [error.message for error in published.iter_errors(month)] == []
    month["services"]["month"]["memory"] = "2g"
    assert not published.is_valid(month)


def test_the_workflow_covers_every_system_and_only_targets_that_exist():
    work = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))
    matrix = work["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"] and "3.11" in matrix["python"]
    assert work["permissions"] == {"contents": "read"}
    steps = [step.get("run", "") for job in work["jobs"].values() for step in job["steps"]]
    targets = {target for run in steps for target in re.findall(r"^make (\w+)", run, re.M)}
    made = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert targets and targets <= made
    folders = {folder for run in steps for folder in re.findall(r"^mkdir .*?(\w+)(?: #.*)?$", run, re.M)}
    assert folders and not [folder for folder in folders if (ROOT / folder).exists()]  # mkdir would fail
    outputs = re.findall(r"steps\.(\w+)\.outputs", " ".join(steps))
    ids = {step.get("id") for job in work["jobs"].values() for step in job["steps"]}
    assert set(outputs) <= ids


@pytest.mark.skipif(not shutil.which("hadolint"), reason="needs hadolint")
def test_hadolint_has_nothing_to_say():
    done = subprocess.run(["hadolint", "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "" and done.returncode == 0
