// What the desk's pages do beyond forms and links: files that are dropped, pages that fill, work that goes on.
"use strict";

const main = document.getElementById("main");

// A page of ours that was fetched, put in place of what is shown; what had the focus has it still.
async function show(response, focus) {
  const text = await response.text();
  const next = new DOMParser().parseFromString(text, "text/html").getElementById("main");
  const held = focus && document.activeElement ? document.activeElement.id : "";
  main.replaceChildren(...document.importNode(next, true).childNodes);
  prepare();
  const again = held && document.getElementById(held);
  if (again) again.focus(); else if (!focus) main.focus();
}

// Said where the desk does not answer any more.
function lost() {
  let said = document.getElementById("lost");
  if (!said) {
    said = document.createElement("p");
    said.id = "lost";
    said.className = "bad";
    said.setAttribute("role", "alert");
    main.prepend(said);
  }
  said.textContent = document.body.dataset.lost;
  said.scrollIntoView({ block: "nearest" });
}

async function fill(place) {
  const address = new URL(location.href);
  address.searchParams.set("part", "1");
  try {
    await show(await fetch(address, { credentials: "same-origin" }), false);
  } catch {
    place.remove();
    lost();
  }
}

// A form that shows at once what comes of each change.
function live(form) {
  let asked = 0;
  async function send(saving) {
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(form));
    body.append("do", saving ? "save" : "look");
    document.body.classList.add("working");
    try {
      const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      if (mine === asked) await show(response, !saving);
      if (saving) window.scrollTo(0, 0);
    } catch {
      lost();
    } finally {
      if (mine === asked) document.body.classList.remove("working");
    }
  }
  form.addEventListener("change", () => send(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.submitter && event.submitter.value === "save");
  });
}

// A list that is there at once and filled when the source is read.
async function offer(list) {
  const status = document.getElementById(list.getAttribute("aria-describedby"));
  let found = [];
  try {
    const response = await fetch(list.dataset.options, { credentials: "same-origin" });
    if (response.ok) found = await response.json();
  } catch {
    found = [];
  }
  list.append(...found.map(([name, label]) => new Option(label, name)));
  status.textContent = found.length ? "" : list.dataset.none;
}

function follow(place) {
  const said = document.getElementById("said");
  const share = document.getElementById("share");
  const timer = setInterval(async () => {
    try {
      const state = await (await fetch(place.dataset.job, { credentials: "same-origin" })).json();
      if (state.state !== "running") { clearInterval(timer); location.reload(); return; }
      if (state.said) said.textContent = state.said;
      if (state.share) share.value = state.share;
    } catch {
      clearInterval(timer);
      lost();
    }
  }, 250);
}

let take = null;  // what is done with a file that is dropped anywhere on the page

function receive(drop) {
  const status = document.getElementById("status");
  async function send(file) {
    status.textContent = drop.dataset.sending;
    try {
      const response = await fetch(drop.dataset.to, {
        method: "POST", body: file, credentials: "same-origin",
        headers: { "x-file-name": encodeURIComponent(file.name), "content-type": "application/octet-stream" },
      });
      const json = (response.headers.get("content-type") || "").startsWith("application/json");
      if (response.ok && json) { location.href = (await response.json()).to; return; }
      if (response.status === 413) { status.textContent = drop.dataset.large; return; }
      await show(response, false);
    } catch {
      status.textContent = "";
      lost();
    }
  }
  take = send;
  document.getElementById("file").addEventListener("change", (event) => {
    if (event.target.files.length) send(event.target.files[0]);
  });
}

function over(is) {
  const drop = document.getElementById("drop");
  if (drop) drop.classList.toggle("over", is);
  return drop;
}

function prepare() {
  document.querySelectorAll("[data-load]").forEach(fill);
  document.querySelectorAll("form[data-live]").forEach(live);
  document.querySelectorAll("select[data-options]").forEach(offer);
  document.querySelectorAll("[data-job]").forEach(follow);
  document.querySelectorAll("#drop").forEach(receive);
  const cell = document.getElementById("cell");
  if (cell) cell.scrollIntoView({ block: "center", inline: "center" });
}

window.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
window.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
window.addEventListener("drop", (event) => {
  event.preventDefault();
  if (over(false) && event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
});
prepare();
