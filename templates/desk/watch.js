// Shows each new report in the place of the last one, scrolled to where that was read.
"use strict";

const frame = document.getElementById("report");
const wrong = document.getElementById("wrong");
let version = 0;

setInterval(async () => {
  let state;
  try {
    state = await (await fetch("/state", { credentials: "same-origin" })).json();
  } catch {
    return;  // the program was ended; the page stays as it is
  }
  if (state.version === version) return;
  version = state.version;
  document.getElementById("making").textContent = "";
  wrong.textContent = state.wrong;
  if (state.wrong) return;
  const read = frame.contentWindow.scrollY;
  frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, read), { once: true });
  frame.contentWindow.location.reload();
}, 500);
