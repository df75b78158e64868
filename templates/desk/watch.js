// Shows each new report in the place of the last one, read on where that was.
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
  await readOn(frame);
}, 500);
