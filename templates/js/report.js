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

  // A region that need not be scrolled is no stop for the keyboard.
  const regions = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const region of document.querySelectorAll(".scroll")) regions.observe(region);

  return { data, words: data.words, make, button, say, save, copy };
})();
