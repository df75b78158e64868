// A curve read at a time: a thin line at the pointer, or moved by the arrow keys, a dot on each curve, and over the
// drawing, level with the pointer, what holds there. Nothing is covered: the room for it is always there.
(() => {
  const { data, words, make } = report;
  const SVG = "http://www.w3.org/2000/svg";
  const mark = (tag, name) => {
    const made = document.createElementNS(SVG, tag);
    made.setAttribute("class", name);
    return made;
  };

  function reader(figure, { drawings, unit, lines }) {
    // A figure may be drawn twice, of which one is in sight: for the width of the text, and for a narrow screen.
    const svgs = [...figure.querySelectorAll("svg")];
    const seen = () => Math.max(0, svgs.findIndex((svg) => svg.getClientRects().length));
    const { high } = drawings[0];
    const several = drawings[0].plots.length > 1;  // a panel for each line
    const plotOf = (i) => drawings[seen()].plots[several ? i : 0];
    const cursor = mark("path", "cursor");
    const dots = lines.map(() => mark("circle", "cursor dot"));
    const slider = make("div", { class: "readout", role: "slider", tabindex: "0", "aria-label": words.read,
      "aria-valuemin": "0", "aria-valuemax": String(high), "aria-orientation": "horizontal" });
    const hinted = matchMedia("(hover: none)").matches ? words.touch_hint : words.read_hint;  // a phone has no keys
    const hint = make("span", { class: "hint" }, hinted);
    const held = make("span", { class: "held" });
    slider.append(hint, held);
    if (lines.length > 1) slider.classList.add(several ? "one" : "many");
    figure.classList.add("readable");
    (figure.querySelector(".scroll") ?? svgs[0]).before(slider);
    // The times at which what is said changes: where the arrow keys stop.
    const stops = [0, ...new Set(lines.flatMap((line) =>
      line.times.filter((_, i) => line.said[i] !== (line.said[i - 1] ?? line.start))))].sort((a, b) => a - b);
    if (stops.at(-1) < high) stops.push(high);
    let now = null;

    const shown = (time) => time.toFixed(unit === words.whole_unit ? 0 : 1).replace(".", words.decimal);
    const xOf = (time, [left, right]) => left + ((right - left) * time) / high;

    // The last of a line's times that is not after this one; -1 before the first.
    function lastOf(line, time) {
      let last = -1;
      while (last + 1 < line.times.length && line.times[last + 1] <= time) last += 1;
      return last;
    }

    const ended = (line, time) => !line.times.length || time > line.times.at(-1);

    function heldBy(line, time) {
      if (ended(line, time)) return words.beyond;
      const last = lastOf(line, time);
      const next = last >= 0 && line.times[last] === time ? last : last + 1;
      return `${last < 0 ? line.start : line.said[last]}; ${line.at_risk[next]} ${words.at_risk_there}`;
    }

    function draw(time) {
      const svg = svgs[seen()];
      cursor.setAttribute("d", drawings[seen()].plots.map((plot) => `M${xOf(time, plot)} ${plot[2]}V${plot[3]}`).join(""));
      if (cursor.parentNode !== svg) svg.append(cursor);
      lines.forEach((line, i) => {
        const plot = plotOf(i);
        if (ended(line, time)) return dots[i].remove();
        dots[i].setAttribute("cx", xOf(time, plot));
        dots[i].setAttribute("cy", plot[3] - (plot[3] - plot[2]) * line.heights[lastOf(line, time) + 1]);
        dots[i].setAttribute("r", 2.4);
        if (dots[i].parentNode !== svg) svg.append(dots[i]);
      });
    }

    // Level with the cursor, within the figure.
    function place(time, plot) {
      const svg = svgs[seen()];
      const box = svg.getBoundingClientRect();
      const room = slider.getBoundingClientRect();
      const x = box.left - room.left + (xOf(time, plot) * box.width) / svg.viewBox.baseVal.width;
      held.style.marginLeft = "0";
      const wide = held.getBoundingClientRect().width;
      held.style.marginLeft = `${Math.max(0, Math.min(x - wide / 2, room.width - wide))}px`;
    }

    function show(time, own = 0) {
      now = time;
      const heading = `${shown(time)} ${unit}`;
      const said = lines.map((line) => [line.name, heldBy(line, time)]);
      const told = several ? [said[own]] : said;
      slider.classList.add("reading");
      held.replaceChildren(make("b", {}, heading), ...told.map(([name, text]) =>
        make("span", { class: name ? "line" : "" }, " ", ...(name ? [make("b", {}, name), " "] : []), text)));
      slider.setAttribute("aria-valuenow", String(time));
      slider.setAttribute("aria-valuetext",
        `${heading}: ${said.map(([name, text]) => (name ? `${name}: ${text}` : text)).join(". ")}`);
      draw(time);
      place(time, plotOf(own));
    }

    function rest() {
      now = null;
      for (const drawn of [cursor, ...dots]) drawn.remove();
      slider.classList.remove("reading");
      held.replaceChildren();
      slider.setAttribute("aria-valuenow", "0");
      slider.setAttribute("aria-valuetext", hinted);
    }

    function point(event) {
      const svg = event.currentTarget;
      const { plots } = drawings[seen()];
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
      const far = ([left, right, top, bottom]) =>
        Math.max(left - x, 0, x - right) + Math.max(top - y, 0, y - bottom);
      const own = plots.reduce((best, plot, i) => (far(plot) < far(plots[best]) ? i : best), 0);
      const [left, right] = plots[own];
      show(Math.max(0, Math.min(high, (high * (x - left)) / (right - left))), own);
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

    for (const svg of svgs) {
      svg.addEventListener("pointermove", point);
      svg.addEventListener("pointerdown", point);
      // A finger that is lifted has not left: what it read stays until something else is touched.
      svg.addEventListener("pointerleave", ({ pointerType }) => {
        if (pointerType !== "touch" && document.activeElement !== slider) rest();
      });
    }
    document.addEventListener("pointerdown", ({ target }) => {
      if (now !== null && !figure.contains(target)) rest();
    });
    slider.addEventListener("keydown", press);
    slider.addEventListener("blur", rest);
    rest();
  }

  for (const [id, read] of Object.entries(data.curves)) reader(document.getElementById(id), read);
})();
