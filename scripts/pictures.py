"""The pictures of README and docs/gallery.md, made from the synthetic samples: pages of the PDF, and the screen."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SAMPLES = {"eight": "ap_imt_crizotinib", "many": "two_groups"}
MOST = 150_000  # bytes
PFS = "survival.pfs.all.survival@365.25"

# Picture → sample, words that stand on its page and on no earlier one
PAGES = {
    "page-one": ("eight", "Key results"),
    "page-survival": ("many", "Progression-free survival (n = 120): the event in"),
    "page-toxicity": ("many", "Most frequent: fatigue (57 of 112)"),
    "page-forest": ("many", "the ratio of each feature alone"),
    "page-swimmer": ("many", "A bar per patient from the start of"),
    "page-waterfall": ("many", "At best the tumour was smaller"),
    "page-two-groups": ("many", "Key results"),
    "page-after-relapse": ("many", "From relapse to the present status"),
}
CASE, QUESTION = "S01", "Stop treatment?"
SHARP, PLAIN = 100, 80  # dots to the inch: of the first page, and of the others


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = {name: build(source, Path(folder)) for name, source in SAMPLES.items()}
        for picture, (sample, words) in PAGES.items():
            pdf = made[sample] / "report.pdf"
            save(picture, page_of(pdf, page_with(pdf, words), SHARP if picture == "page-one" else PLAIN))
        save("page-case", page_of(case(Path(folder)), "1", PLAIN))
        screens(made)


def build(source: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "reportgen", "build", ROOT / "sample_data" / f"{source}.xlsx", "--quiet"]
    subprocess.run([*command, "--output", folder], check=True, cwd=ROOT)
    return folder / source


def case(folder: Path) -> Path:
    """The review of one patient."""
    source = ROOT / "sample_data" / f"{SAMPLES['eight']}.xlsx"
    command = [sys.executable, "-m", "reportgen", "case", source, CASE, "--question", QUESTION, "--quiet"]
    subprocess.run([*command, "--output", folder / "case"], check=True, cwd=ROOT)
    return next((folder / "case").rglob("*.pdf"))


def page_of(pdf: Path, number: str, dots: int) -> bytes:
    command = ["pdftoppm", "-r", str(dots), "-f", number, "-l", number, "-png", "-singlefile", pdf]
    return subprocess.run(command, check=True, capture_output=True).stdout


def page_with(pdf: Path, words: str) -> str:
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = (" ".join(page.split()) for page in text.split("\f"))
    return str(next(number for number, page in enumerate(pages, start=1) if words in page))


def save(name: str, png: bytes) -> None:
    """With as many colours as its size allows: the pictures are few, but are fetched with every clone."""
    with Image.open(io.BytesIO(png)) as picture:
        picture = picture.convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        written = io.BytesIO()
        # By coverage, not by count: a small orange sign is not to become brown.
        fewer = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        fewer.save(written, "PNG", optimize=True)
        if len(written.getvalue()) <= MOST:
            break
    (IMAGES / f"{name}.png").write_bytes(written.getvalue())
    print(f"docs/images/{name}.png", f"{len(written.getvalue()) // 1000} kB")


def screens(made: dict[str, Path]) -> None:
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])

        def page(sample: str, width: int, height: int, scheme: str = "light"):
            opened = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            opened.goto((made[sample] / "report.html").as_uri())
            return opened

        asked = page("eight", 1280, 760)
        number = asked.locator(f'#main p [data-ref="{PFS}"]').first
        number.scroll_into_view_if_needed()
        asked.mouse.wheel(0, 260)
        asked.wait_for_timeout(300)
        number.click()
        save("screen-question", asked.screenshot())

        dark = page("many", 1000, 760, "dark")
        figure = dark.locator("#figure-survival-pfs")
        figure.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 40)")
        box = figure.locator("svg").first.bounding_box()
        dark.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.3 * box["height"])
        save("screen-curve-dark", dark.screenshot())

        phone = page("eight", 360, 740)
        phone.locator("#toxicity").evaluate(
            "e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY)"
        )
        save("screen-phone", phone.screenshot())
        browser.close()


if __name__ == "__main__":
    main()
