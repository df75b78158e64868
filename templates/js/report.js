// What the parts of the page's script share. Without scripts the page says all that it says with them;
// the script adds questions to numbers, a cursor to curves, order and files to tables and figures.
"use strict";

const report = (() => {
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const status = make("p", { class: "status", role: "status" });
  document.body.append(status);
  document.documentElement.classList.add("scripted");

  // An element with attributes and children; text is only ever set as text.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function button(words, act) {
    const made = make("button", { type: "button" }, words);
    made.addEventListener("click", act);
    return made;
  }

  // Said to those who hear the page, and shown for a moment at its foot.
  function say(words) {
    status.textContent = words;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { status.textContent = ""; }, 4000);
  }

  function save(name, type, content) {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = make("a", { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    say(`${data.words.saved} ${name}`);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // an old browser, or a page that may not: by way of a selection
      const field = make("textarea", { class: "status", readonly: "" });
      const before = document.activeElement;
      field.value = text;
      document.body.append(field);
      field.select();
      const copied = document.execCommand("copy");
      field.remove();
      before.focus();
      if (!copied) return say(data.words.not_copied);
    }
    say(data.words.copied);
  }

  // A region that need not be scrolled is no stop for the keyboard, and its table's head can stay in sight;
  // over one that must be, it is said.
  const hints = new Map();
  const regions = new ResizeObserver((entries) => {
    const moves = entries.map(({ target }) => target.scrollWidth > target.clientWidth + 1);
    entries.forEach(({ target }, i) => {
      target.classList.toggle("still", !moves[i]);
      if (moves[i] && !hints.has(target)) {
        hints.set(target, make("p", { class: "moves", "aria-hidden": "true" }, data.words.moves));
        target.before(hints.get(target));
      }
      if (hints.has(target)) hints.get(target).hidden = !moves[i];
      if (moves[i]) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    });
  });
  for (const region of document.querySelectorAll(".scroll")) regions.observe(region);

  // What is alike within a place is one stop for the Tab key; the arrow keys go from one to the next in sight.
  // Returns how to find a new stop when the present one may have gone out of sight.
  function rove(place, alike) {
    const shown = () => [...place.querySelectorAll(alike)].filter((each) => each.offsetParent);
    const all = [...place.querySelectorAll(alike)];
    for (const each of all) each.tabIndex = -1;
    let now = all[0];
    now.tabIndex = 0;

    function stop(at) {
      now.tabIndex = -1;
      now = at;
      now.tabIndex = 0;
    }
    place.addEventListener("focusin", ({ target }) => {
      const at = target.closest(alike);
      if (at && at !== now) stop(at);
    });
    place.addEventListener("keydown", (event) => {
      const at = event.target.closest(alike);
      if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
      const there = next(shown(), at, event.key);
      if (!there) return;
      event.preventDefault();
      there.focus();
    });
    return () => { if (!now.offsetParent && shown().length) stop(shown()[0]); };
  }

  // Left and right in reading order; up and down within the same column of a table.
  function next(all, at, key) {
    const here = all.indexOf(at);
    const last = all.length - 1;
    const cell = at.closest("td, th");
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
    if (key === "Home" || key === "End") return all[key === "Home" ? 0 : last];
    if (!step) return null;
    if (!cell || key === "ArrowRight" || key === "ArrowLeft") return all[Math.max(0, Math.min(last, here + step))];
    for (let i = here + step; i >= 0 && i <= last; i += step) {
      const other = all[i].closest("td, th");
      if (other && other.parentNode !== cell.parentNode && other.cellIndex === cell.cellIndex) return all[i];
    }
    return at;
  }

  // Light or dark as the reader's system has it, until the reader chooses: then every rule that asks is told.
  const asking = (rules) => [...rules].flatMap((rule) => [
    ...(rule.media?.mediaText.includes("prefers-color-scheme") ? [rule] : []), ...asking(rule.cssRules ?? [])]);
  const themes = asking(document.styleSheets[0].cssRules);
  let dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = button("", () => {
    dark = !dark;
    for (const rule of themes) rule.media.mediaText = dark ? "screen" : "not all";
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    name();
  });
  const name = () => { theme.textContent = dark ? data.words.light : data.words.dark; };
  name();
  document.getElementById("contents")?.append(make("p", { class: "tools" }, theme));

  // The contents mark the chapter that is read: the last whose head has passed the top third of the window.
  const links = new Map([...document.querySelectorAll("#contents a")].map((link) => [link.hash.slice(1), link]));
  const chapters = [...document.querySelectorAll("section.chapter")].filter(({ id }) => links.has(id));
  function mark() {
    const here = chapters.findLast((each) => each.getBoundingClientRect().top < innerHeight / 3);
    for (const [id, link] of links) {
      if (id === here?.id) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  }
  if (chapters.length) {
    new IntersectionObserver(mark, { threshold: [0, 1] }).observe(chapters[0]);
    document.addEventListener("scroll", mark, { passive: true });
    mark();
  }

  return { data, words: data.words, make, button, say, save, copy, rove };
})();
