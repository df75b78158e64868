// On a narrow screen the chapters of the supplement are folded. What a link leads to unfolds, what a search finds the
// browser unfolds by itself, and all of it unfolds to be printed.
(() => {
  const folds = [...document.querySelectorAll("details.fold")];
  const NARROW = "(max-width: 46rem)";

  function show() {
    const there = document.getElementById(location.hash.slice(1));
    const fold = there?.closest("section.chapter")?.querySelector("details.fold");
    if (!fold || fold.open) return;
    fold.open = true;
    there.scrollIntoView();
  }

  let closed = [];
  if (matchMedia(NARROW).matches) for (const fold of folds) fold.open = false;
  addEventListener("hashchange", show);
  document.addEventListener("click", ({ target }) => { if (target.closest?.("a[href^='#']")) setTimeout(show); });
  addEventListener("beforeprint", () => {
    closed = folds.filter((fold) => !fold.open);
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of closed) fold.open = false; });
  show();
})();
