"""The proof: a tiny report is rendered, in a process of its own, because a broken library may kill it."""

from __future__ import annotations

import subprocess
import sys

from reportgen.base.required import required
from reportgen.doctor.finding import OK, WRONG, Check
from reportgen.doctor.libraries import AGAIN

SECONDS = 120
PROOF = "a PDF"


def check_proof() -> Check:
    """Whether a PDF comes out, whatever the checks before it have said."""
    command = [sys.executable, "-c", "from reportgen.doctor import trial_report; trial_report.make()"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Check(PROOF, WRONG, f"not made within {SECONDS} seconds", "fc-cache --force")
    if done.returncode == 0 and done.stdout.startswith("made"):
        return Check(PROOF, OK, done.stdout.strip())
    if done.returncode < 0:
        found = f"the PDF library was killed by signal {-done.returncode}"
    else:
        found = "not made: " + (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
    return Check(PROOF, WRONG, found, f"mend what is wrong above; else {AGAIN}")


def make() -> None:
    """Print how large a PDF of one sentence is, or end with what this machine lacks for it."""
    from reportgen.base.errors import MachineFailed
    from reportgen.render.pdf.document import render_pdf
    from reportgen.report import Paragraph, Report, Section

    text = Section("proof", "Proof", (Paragraph(("0 ≤ S(t) ≤ 1",)),))
    try:
        pdf = required(render_pdf(Report("Proof", "", None, (), (text,))))
    except MachineFailed as error:
        print(error, file=sys.stderr)
        sys.exit(MachineFailed.status)
    if not pdf.startswith(b"%PDF-"):
        raise ValueError("what came out is no PDF")
    print(f"made, {len(pdf) / 1000:.0f} kB")
