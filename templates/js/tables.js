// Long tables put in order and filtered, every table as CSV, every figure as SVG.
(() => {
  const { words, make, button, save, copy, rove } = report;
  const LONG = 8;  // rows from which on an order is worth choosing
  const LONGER = 12;  // … and a filter is worth its place
  const MISSING = /^(–|NR|NE|\*|)$/;

  const textOf = (cell) => cell.innerText.replace(/\u200e/g, "").replace(/\s+/g, " ").trim();
  const plain = (text) => text.replace(/[\u00a0\u202f\u2060]/g, (c) => (c === "\u2060" ? "" : " "));

  // A number to sort by, or null: 5/8 is a share, <0.01 is less than 0.01, thousands are set apart.
  function number(text) {
    const thousands = words.decimal === "," ? /[.\s](?=\d{3}(?!\d))/g : /[,\s](?=\d{3}(?!\d))/g;
    const found = plain(text).replace(/^−/, "-").replace(thousands, "").replace(words.decimal, ".")
      .match(/^([<>≥≤]?)\s*(-?\d+(?:\.\d+)?)(?:\/(\d+))?/);
    if (!found) return null;
    const value = found[3] ? found[2] / (found[3] || 1) : +found[2];
    return found[1] === "<" ? value - 1e-9 : found[1] === ">" ? value + 1e-9 : value;
  }

  function compare(one, other, down) {
    const [a, b] = [one.key, other.key];
    const [missing, absent] = [MISSING.test(a), MISSING.test(b)];
    if (missing || absent) return missing - absent;  // what is missing stands last either way
    const [x, y] = [number(a), number(b)];
    const order = x !== null && y !== null ? x - y : a.localeCompare(b, undefined, { numeric: true });
    return down ? -order : order;
  }

  // Rows that move together: a row with those indented under it.
  function blocks(rows) {
    const depth = (row) => +(row.cells[0].className.match(/\bi(\d)/)?.[1] ?? 0);
    const least = Math.min(...rows.map(depth));
    const found = [];
    for (const row of rows) {
      if (depth(row) === least || !found.length) found.push([]);
      found.at(-1).push(row);
    }
    return found;
  }

  function sortable(table, bodies) {
    const heads = [...[...table.tHead.rows].at(-1).cells];
    function sort(column, way) {
      heads.forEach((head, i) => {
        if (i === column && way) head.setAttribute("aria-sort", way);
        else head.removeAttribute("aria-sort");
      });
      for (const { body, head, rows } of bodies) {
        const order = blocks(rows).map((block) => ({ block, key: block[0].cells[column] ? textOf(block[0].cells[column]) : "" }));
        if (way) order.sort((a, b) => compare(a, b, way === "descending"));
        body.replaceChildren(...(head ? [head] : []), ...order.flatMap(({ block }) => block));
      }
    }
    heads.forEach((head, column) => {
      if (head.tagName !== "TH" || !textOf(head)) return;
      const sorter = make("button", { type: "button", class: "sort" }, ...head.childNodes);
      sorter.addEventListener("click", () => {
        const next = { ascending: "descending", descending: "" };
        const way = head.getAttribute("aria-sort");
        sort(column, way ? next[way] : "ascending");
      });
      head.replaceChildren(sorter);
    });
    rove(table.tHead, ".sort");
  }

  function filter(holder, bodies) {
    const total = bodies.reduce((sum, { rows }) => sum + rows.length, 0);
    const field = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    const found = make("output", { class: "found" });
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLocaleLowerCase();
      let left = 0;
      for (const { head, rows } of bodies) {
        const whole = head !== null && textOf(head).toLocaleLowerCase().includes(wanted);
        let shown = 0;
        for (const row of rows) {
          row.hidden = !whole && !textContent(row).includes(wanted);
          shown += !row.hidden;
        }
        if (head) head.hidden = !shown && !whole;
        left += shown;
      }
      found.textContent = wanted ? `${left} ${words.of} ${total} ${words.rows}` : "";
    });
    holder.prepend(make("p", { class: "filter" }, found, " ", make("label", {}, `${words.filter} `, field)));
  }
  const textContent = (row) => [...row.cells].map((cell) => cell.textContent).join(" ").toLocaleLowerCase();

  // A cell that a spreadsheet would take for a formula is led by an apostrophe; numbers stay numbers. 3/8 alone
  // would be taken for a date in March or August, so it is said in words.
  function csvCell(text) {
    const said = plain(text).trim();
    const bare = /^[−+-]?\d[\d.,]*%?$/.test(said);
    const safe = bare ? said.replace("−", "-")
      : /^[=+\-@＝＋－＠]/.test(said) ? `'${said}`
      : said.replace(/^(\d+)\/(\d+)$/, `$1 ${words.of} $2`);
    return `"${safe.replaceAll('"', '""')}"`;
  }

  // Every row with as many cells, also those whose head spans the table.
  function csv(table) {
    const rows = [...table.rows].filter((row) => !row.hidden);
    const comma = words.decimal === "," ? ";" : ",";
    const cells = (row) => [...row.cells].flatMap((cell) => [textOf(cell), ...Array(cell.colSpan - 1).fill("")]);
    return rows.map((row) => cells(row).map(csvCell).join(comma)).join("\r\n") + "\r\n";
  }

  function svg(figure) {
    const copied = figure.querySelector("svg").cloneNode(true);
    const { width, height } = copied.viewBox.baseVal;
    const fonts = "'Source Sans Pro', 'Source Sans 3', Arial, sans-serif";
    for (const part of copied.querySelectorAll(".cursor")) part.remove();
    for (const part of copied.querySelectorAll("[font-family]")) part.setAttribute("font-family", fonts);
    const named = { xmlns: "http://www.w3.org/2000/svg", width: `${width}pt`, height: `${height}pt`, "font-family": fonts };
    for (const [name, value] of Object.entries(named)) copied.setAttribute(name, value);
    const title = document.createElementNS(named.xmlns, "title");
    title.textContent = copied.getAttribute("aria-label");
    copied.prepend(title);
    return new XMLSerializer().serializeToString(copied);
  }

  for (const holder of document.querySelectorAll(".table")) {
    const table = holder.querySelector("table");
    const bodies = [...table.tBodies].map((body) => {
      const rows = [...body.rows];
      const head = rows[0]?.classList.contains("head") ? rows.shift() : null;
      return { body, head, rows };
    });
    const count = bodies.reduce((sum, { rows }) => sum + rows.length, 0);
    if (count >= LONG) sortable(table, bodies);
    if (count >= LONGER) filter(holder, bodies);
    const number = table.caption?.querySelector(".label")?.textContent ?? holder.id;
    const tools = make("div", { class: "tools", role: "toolbar", "aria-label": number },
      button(words.copy_csv, () => copy(csv(table))),
      button(words.save_csv, () => save(`${holder.id}.csv`, "text/csv", `\ufeff${csv(table)}`)));
    holder.append(tools);
    rove(tools, "button");
  }
  for (const figure of document.querySelectorAll("figure"))
    figure.append(make("div", { class: "tools" },
      button(words.save_svg, () => save(`${figure.id}.svg`, "image/svg+xml", svg(figure)))));
})();
