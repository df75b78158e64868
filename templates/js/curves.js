// A curve read at a time: a thin line at the pointer, or moved by the arrow keys, and what holds there.
(() => {
  const { data, words, make } = report;

  function reader(figure, { plot, high, unit, lines }) {
    const [left, right, top, bottom] = plot;
    const svg = figure.querySelector("svg");
    const cursor = document.createElementNS("http://www.w3.org/2000/svg", "path");
    cursor.setAttribute("class", "cursor");
    const slider = make("div", { class: lines.length > 1 ? "readout many" : "readout", role: "slider", tabindex: "0", "aria-label": words.read,
      "aria-valuemin": "0", "aria-valuemax": String(high), "aria-orientation": "horizontal" });
    // What holds lies over the caption, so that nothing moves, and many lines leave no gap while nothing is read.
    const hint = make("span", { class: "hint" }, words.read_hint);
    const held = make("span", { class: "held", hidden: "" });
    slider.append(hint, held);
    figure.classList.add("readable");
    figure.querySelector("figcaption").before(slider);
    // The times at which what is said changes: where the arrow keys stop.
    const stops = [0, ...new Set(lines.flatMap((line) =>
      line.times.filter((_, i) => line.said[i] !== (line.said[i - 1] ?? line.start))))].sort((a, b) => a - b);
    if (stops.at(-1) < high) stops.push(high);
    let now = null;

    const shown = (time) => time.toFixed(unit === words.whole_unit ? 0 : 1).replace(".", words.decimal);

    function heldBy(line, time) {
      let last = -1;
      while (last + 1 < line.times.length && line.times[last + 1] <= time) last += 1;
      if (!line.times.length || time > line.times.at(-1)) return words.beyond;
      const next = last >= 0 && line.times[last] === time ? last : last + 1;
      return `${last < 0 ? line.start : line.said[last]}; ${line.at_risk[next]} ${words.at_risk_there}`;
    }

    function show(time) {
      now = time;
      const heading = `${shown(time)} ${unit}`;
      const said = lines.map((line) => [line.name, heldBy(line, time)]);
      slider.classList.add("reading");
      held.hidden = false;
      held.replaceChildren(make("b", {}, heading), ...said.map(([name, text]) =>
        make("span", { class: name ? "line" : "" }, " ", ...(name ? [make("b", {}, name), " "] : []), text)));
      slider.setAttribute("aria-valuenow", String(time));
      slider.setAttribute("aria-valuetext",
        `${heading}: ${said.map(([name, text]) => (name ? `${name}: ${text}` : text)).join(". ")}`);
      const x = left + ((right - left) * time) / high;
      cursor.setAttribute("d", `M${x} ${top}V${bottom}`);
      if (!cursor.parentNode) svg.append(cursor);
    }

    function rest() {
      now = null;
      cursor.remove();
      slider.classList.remove("reading");
      held.hidden = true;
      held.replaceChildren();
      slider.setAttribute("aria-valuenow", "0");
      slider.setAttribute("aria-valuetext", words.read_hint);
    }

    function point(event) {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      show(Math.max(0, Math.min(high, (high * (x - left)) / (right - left))));
    }

    function press(event) {
      const next = {
        ArrowRight: () => stops.find((stop) => now === null || stop > now + 1e-9) ?? stops.at(-1),
        ArrowLeft: () => stops.findLast((stop) => now !== null && stop < now - 1e-9) ?? stops[0],
        Home: () => stops[0],
        End: () => stops.at(-1),
      };
      next.ArrowUp = next.ArrowRight;
      next.ArrowDown = next.ArrowLeft;
      if (event.key === "Escape") rest();
      else if (event.key in next) show(next[event.key]());
      else return;
      event.preventDefault();
    }

    svg.addEventListener("pointermove", point);
    svg.addEventListener("pointerdown", point);
    // A finger that is lifted has not left: what it read stays until something else is touched.
    svg.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType !== "touch" && document.activeElement !== slider) rest();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (now !== null && !figure.contains(target)) rest();
    });
    slider.addEventListener("keydown", press);
    slider.addEventListener("blur", rest);
    rest();
  }

  for (const [id, read] of Object.entries(data.curves)) reader(document.getElementById(id), read);
})();
