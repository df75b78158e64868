"""What is free is what the machine has left, or less where a container has a limit."""

from reportgen.base import memory

MACHINE = "MemTotal:       24684136 kB\nMemAvailable:    8000000 kB\n"


def test_the_smaller_of_machine_and_container_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "CONTAINER", tmp_path)
    assert memory.available() is None  # as on a system that does not tell
    (tmp_path / "meminfo").write_text(MACHINE)
    assert memory.available() == 8_000_000 * 1024
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available() == 8_000_000 * 1024
    (tmp_path / "memory.max").write_text("2000000000\n")
    (tmp_path / "memory.stat").write_text("anon 500000000\nfile 900000000\n")
    assert memory.available() == 1_500_000_000
