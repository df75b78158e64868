// A page that shows the report in a frame asks where it is read, and has the next report go there: the part that was
// at the top of the window, and what of it was past already; and what was unfolded.
(() => {
  const folds = () => [...document.querySelectorAll("details")];
  const top = (each) => each.getBoundingClientRect().top;

  function here() {
    const shown = [...document.querySelectorAll("[id]")].filter((each) => each.getClientRects().length);
    const part = shown.findLast((each) => top(each) <= 0);
    return { id: part?.id ?? "", past: part ? -top(part) : 0, open: folds().map((fold) => fold.open) };
  }

  function go({ id, past, open }) {
    const all = folds();
    if (all.length === open.length) all.forEach((fold, i) => { fold.open = open[i]; });
    const part = document.getElementById(id);
    if (part) scrollTo({ top: scrollY + top(part) + past, behavior: "instant" });
  }

  addEventListener("message", ({ data, source }) => {
    if (parent === window || source !== parent) return;
    if (data === "where") parent.postMessage({ here: here() }, "*");
    if (data?.go) document.fonts.ready.then(() => go(data.go));
  });
})();
