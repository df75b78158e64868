// Every number can be asked where it comes from: a click, Enter or the space bar opens a plain panel.
(() => {
  const { data, words, make, button, rove } = report;
  const ROOM = 17;  // rem that a panel takes
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  let asked = null;

  // One stop for the Tab key per paragraph or table.
  const places = new Map();
  for (const number of document.querySelectorAll("[data-ref]")) {
    if (!Object.hasOwn(data.estimates, number.dataset.ref)) continue;
    const place = number.closest("table, p, figcaption, .bullets, .remarks") ?? number.parentElement;
    places.set(place, null);
    number.classList.add("ask");
    number.setAttribute("role", "button");
    number.setAttribute("aria-haspopup", "dialog");
    number.setAttribute("aria-expanded", "false");
  }
  for (const place of places.keys()) places.set(place, rove(place, ".ask"));
  // A filter may take the number that was the stop out of sight.
  document.addEventListener("input", ({ target }) => {
    const holder = target.closest(".table");
    for (const [place, settle] of places) if (holder?.contains(place)) settle();
  });

  const title = make("p", { class: "term", id: "asked-title" });
  const told = make("p", { class: "story" });
  const list = make("dl");
  const steps = make("details", { class: "steps" });
  const digits = make("details", { class: "digits" });
  const close = button("×", () => shut(true));
  close.setAttribute("aria-label", words.close);
  const panel = make("div", { class: "asked", id: "asked", role: "dialog", tabindex: "-1", hidden: "",
                              "aria-labelledby": "asked-title" }, close, title, told, list, steps, digits);
  document.body.append(panel);

  function row(name, text, to = list) {
    if (text === null || text === undefined || text === "") return;
    to.append(make("dt", {}, name), make("dd", {}, text));
  }

  // "2-4,7" → [2, 3, 4, 7]
  function rowsOf(ranges) {
    return ranges.split(",").filter(Boolean).flatMap((part) => {
      const [first, last] = part.split("-").map(Number);
      return Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i);
    });
  }

  // Patients as chips: one that is pressed lights up wherever the page draws or lists that patient.
  function cells(trace, exact) {
    const who = new Set();
    const where = [];
    for (const [sheet, column, ranges] of trace) {
      const rows = rowsOf(ranges);
      for (const row of rows) who.add(data.patients[sheet][row]);
      const runs = ranges.split(",").map((part) => part.split("-").map((row) => column + row).join("–"));
      if (rows.length) where.push(`${sheet} ${runs.join(", ")}`);
    }
    const chips = make("span", { class: "chips" }, ...[...who].map((name) => {
      const chip = button(name, () => light(chip));
      chip.className = "chip";
      chip.setAttribute("aria-pressed", String(lit === name));
      return chip;
    }));
    row(words.patients, who.size ? chips : "–");
    row(words.cells, where.join("; "), exact);
  }

  let lit = "";
  function light(chip) {
    lit = lit === chip.textContent ? "" : chip.textContent;
    for (const other of list.querySelectorAll(".chip"))
      other.setAttribute("aria-pressed", String(other.textContent === lit));
    for (const band of document.querySelectorAll("[data-patient]"))
      band.classList.toggle("lit", band.dataset.patient === lit);
    for (const head of document.querySelectorAll("tbody th[scope=row]"))
      head.parentNode.classList.toggle("lit", lit !== "" && head.textContent.trim() === lit);
  }

  const said = (number) => (number === undefined ? "–" : String(number).replace(".", words.decimal));

  function table({ heads, rows, left }) {
    const line = (tag, cells) => make("tr", {}, ...cells.map((cell) => make(tag, tag === "th" ? { scope: "col" } : {}, cell)));
    const made = make("table", {}, make("thead", {}, line("th", heads)),
      make("tbody", {}, ...rows.map((cells) => line("td", cells))));
    return left ? [made, make("p", {}, `${left} ${words.earlier}`)] : [made];
  }

  function fill(id) {
    const estimate = data.estimates[id];
    const unit = estimate.unit ? ` ${estimate.unit}` : "";
    const exact = make("dl");
    title.textContent = estimate.label;
    told.textContent = estimate.story ?? "";
    told.hidden = !estimate.story;
    list.replaceChildren();
    if (!estimate.story) for (const name of ["n", "events", "at_risk"]) row(words[name], estimate[name]);
    else for (const name of ["n", "events", "at_risk"]) row(words[name], estimate[name], exact);
    if (estimate.cells) cells(estimate.cells, exact);
    for (const name of ["method", "note"]) row(words[name], estimate[name]);
    steps.hidden = !estimate.steps;
    if (estimate.steps) steps.replaceChildren(make("summary", {}, words.steps), ...table(estimate.steps));
    row(words.value, estimate.value === undefined ? "–" : `${said(estimate.value)}${unit}`, exact);
    if (estimate.low !== undefined || estimate.high !== undefined)
      row(`${words.interval}${estimate.level ? ` (${+(100 * estimate.level).toPrecision(6)}%)` : ""}`,
        `${said(estimate.low)} ${words.to} ${said(estimate.high)}${unit}`, exact);
    row(words.se, estimate.se === undefined ? undefined : said(estimate.se), exact);
    row(words.time, estimate.time === undefined ? "" : `${said(estimate.time)} ${words.days}`, exact);
    row(words.id, make("code", {}, estimate.id ?? id), exact);
    digits.replaceChildren(make("summary", {}, words.digits), exact);
    digits.open = !estimate.story;
  }

  // At the right of the text where there is room, level with the number; otherwise below it.
  function place() {
    const number = asked.getBoundingClientRect();
    const column = document.getElementById("main").getBoundingClientRect();
    const seen = document.documentElement.clientWidth;
    const width = Math.min(ROOM * rem, seen - 1.5 * rem);
    const beside = column.right + 1.5 * rem;
    const fits = beside + width + 0.5 * rem <= seen;
    const left = fits ? beside : Math.max(0.75 * rem, Math.min(number.left, seen - width - 0.75 * rem));
    panel.style.width = `${width}px`;
    panel.style.left = `${left + window.scrollX}px`;
    panel.style.top = `${(fits ? number.top : number.bottom + 0.375 * rem) + window.scrollY}px`;
  }

  function open(number) {
    if (asked) shut(false);
    asked = number;
    number.setAttribute("aria-expanded", "true");
    number.setAttribute("aria-controls", "asked");
    fill(number.dataset.ref);
    panel.hidden = false;
    place();
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }

  function shut(back) {
    if (!asked) return;
    const number = asked;
    asked = null;
    number.setAttribute("aria-expanded", "false");
    number.removeAttribute("aria-controls");
    panel.hidden = true;
    if (back) number.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const number = event.target.closest(".ask");
    if (number) {
      if (number === asked) return shut(true);
      if (!window.getSelection().toString()) open(number);
    } else if (!event.target.closest("#asked")) shut(false);
  });
  document.addEventListener("keydown", (event) => {
    const number = event.target.closest(".ask");
    if (event.key === "Escape" && asked) shut(true);
    else if (number && (event.key === "Enter" || event.key === " ")) open(number);
    else return;
    event.preventDefault();
  });
  // From the panel the Tab key goes on from its number.
  panel.addEventListener("keydown", (event) => {
    const stops = [...panel.querySelectorAll("button, summary")].filter((each) => each.offsetParent);
    const here = document.activeElement;
    if (event.key !== "Tab") return;
    if (event.shiftKey ? here !== panel && here !== stops[0] : here !== stops.at(-1)) return;
    if (event.shiftKey) event.preventDefault();
    shut(true);
  });
  window.addEventListener("resize", () => { if (asked) place(); });
})();
