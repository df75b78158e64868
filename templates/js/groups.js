// With groups, a switch that stays in sight: all of them, or one, while the others step back in curves, tables, figures
// of patients and sentences.
(() => {
  const { data, words, make } = report;
  const COLOURS = 4;  // after which those of groups begin anew
  if (!data.groups.length) return;
  const marks = [...document.querySelectorAll("[data-group]")];

  function show(chosen) {
    for (const mark of marks) {
      mark.classList.toggle("mine", chosen !== "" && mark.dataset.group === chosen);
      mark.classList.toggle("other", chosen !== "" && mark.dataset.group !== chosen);
    }
  }

  const choices = [words.all, ...data.groups].map((name, i) => {
    const choice = make("input", { type: "radio", name: "group", value: i ? String(i) : "" });
    choice.checked = i === 0;
    return make("label", { class: i ? `choice c${(i - 1) % COLOURS + 1}` : "choice" }, choice, make("span", {}, name));
  });
  const name = make("span", { class: "name", id: "switch-name" }, data.grouped);
  const switcher = make("div", { class: "switch", role: "radiogroup", "aria-labelledby": "switch-name" }, name, ...choices);
  switcher.addEventListener("change", ({ target }) => show(target.value));

  // Over the contents where they stand beside the text, otherwise at the head of what is read.
  const beside = matchMedia("(min-width: 70rem)");
  const place = () => document.getElementById(beside.matches ? "contents" : "main").prepend(switcher);
  beside.addEventListener("change", place);
  document.documentElement.classList.add("grouped");
  place();
})();
