// What the desk's pages do beyond forms and links: files that are dropped, pages that fill, work that goes on.
"use strict";

const main = document.getElementById("main");

// A page of ours that was fetched, put in place of what is shown; what had the focus or was opened stays so.
async function show(response, focus) {
  put(new DOMParser().parseFromString(await response.text(), "text/html"), focus);
}

function put(page, focus) {
  const next = page.getElementById("main");
  const held = focus && document.activeElement ? document.activeElement.id : "";
  const opened = [...document.querySelectorAll("details[id][open]")].map((part) => part.id);
  main.replaceChildren(...document.importNode(next, true).childNodes);
  if (!focus) window.scrollTo(0, 0);
  for (const id of opened) { const part = document.getElementById(id); if (part) part.open = true; }
  prepare();
  const again = held && document.getElementById(held);
  if (again) again.focus(); else if (!focus) main.focus({ preventScroll: true });  // what stands above stays in sight
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
    const asked = location.hash && document.getElementById(location.hash.slice(1));  // it is there only now
    if (asked) { asked.scrollIntoView(); asked.focus({ preventScroll: true }); }
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

// The page of a report that follows its source, as it is now: the report itself is read on where it was.
async function renew(made) {
  const response = await fetch(location.href, { credentials: "same-origin" });
  const next = new DOMParser().parseFromString(await response.text(), "text/html");
  const frame = document.querySelector("iframe.report");
  if (!frame || !next.querySelector("iframe.report")) {
    put(next, true);
    return;
  }
  const opened = [...document.querySelectorAll("details[id][open]")].map((part) => part.id);
  const held = document.activeElement && document.activeElement.closest("#following") ? "button" : "";
  for (const id of ["following", "news"]) {
    document.getElementById(id).replaceWith(document.importNode(next.getElementById(id), true));
  }
  for (const id of opened) { const part = document.getElementById(id); if (part) part.open = true; }
  const again = held && document.querySelector(`#following ${held}`);
  if (again) again.focus();
  const place = document.querySelector("[data-follow]");
  if (place) keepUp(place);
  if (document.querySelector("#news > [role=alert]")) return;  // what is shown is the last good one
  const now = document.getElementById("now");
  if (now) now.textContent = `${made} ${new Date().toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23" })}`;
  await readOn(frame);
}

function keepUp(place) {
  const now = document.getElementById("now");
  const version = Number(place.dataset.version);
  const timer = setInterval(async () => {
    if (!place.isConnected) { clearInterval(timer); return; }
    try {
      const state = await (await fetch(place.dataset.follow, { credentials: "same-origin" })).json();
      if (state.again) now.textContent = state.said || place.dataset.again;
      if (state.version === version || !place.isConnected) return;
      clearInterval(timer);
      await renew(place.dataset.made);
    } catch {
      clearInterval(timer);
      lost();
    }
  }, 500);
}

let take = null;  // what is done with files that are dropped anywhere on the page

const TABLES = /\.(xlsx|xlsm|ods|csv|tsv|txt|tab|zip|parquet|json|ndjson|sas7bdat|xpt|dta|sav|rds|rdata|xls)$/i;

// What is dropped or picked: files, and the name of the folder that they were in.
async function held(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
  const folder = entries.length === 1 && entries[0] && entries[0].isDirectory ? entries[0] : null;
  if (!folder) return { name: "", files: [...transfer.files] };
  const reader = folder.createReader();
  const files = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return { name: folder.name, files };
    for (const entry of some) {
      if (entry.isFile) files.push(await new Promise((done, failed) => entry.file(done, failed)));
    }
  }
}

// Several files are one source, as a folder of them is; what is no table stays where it is.
function tables(given) {
  const files = given.files.filter((file) => TABLES.test(file.name) && !file.name.startsWith(".") && file.size);
  const name = given.name || (files.length ? files[0].name.replace(/\.[^.]*$/, "") : "");
  return { name, body: new Blob(files), list: files.map((file) => [file.name, file.size]) };
}

function receive(drop) {
  const status = document.getElementById("status");
  async function send(given) {
    status.textContent = drop.dataset.sending;
    const many = drop.dataset.folder && (given.name || given.files.length > 1);
    const headers = { "content-type": "application/octet-stream" };
    let body = given.files[0];
    if (many) {
      const found = tables(given);
      body = found.body;
      headers["x-files"] = encodeURIComponent(JSON.stringify(found.list));
      headers["x-file-name"] = encodeURIComponent(found.name);
    } else {
      headers["x-file-name"] = encodeURIComponent(body.name);
    }
    try {
      const to = many ? drop.dataset.folder : drop.dataset.to;
      const response = await fetch(to, { method: "POST", body, credentials: "same-origin", headers });
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
  for (const input of drop.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      const all = [...input.files];
      const path = input.webkitdirectory && all.length ? all[0].webkitRelativePath.split("/") : [];
      const files = path.length ? all.filter((file) => file.webkitRelativePath.split("/").length === 2) : all;
      if (all.length) send({ name: path[0] || "", files });
    });
  }
}

// The names of patients are others for other readers; what was written meanwhile stays.
function renames(list) {
  list.addEventListener("change", async () => {
    const address = new URL(location.href);
    address.searchParams.set("part", "1");
    address.searchParams.set("profile", list.value);
    document.body.classList.add("working");
    try {
      const response = await fetch(address, { credentials: "same-origin" });
      const next = new DOMParser().parseFromString(await response.text(), "text/html");
      const names = next.getElementById(list.dataset.renames);
      if (names) document.getElementById(list.dataset.renames).replaceWith(document.importNode(names, true));
    } catch {
      lost();
    } finally {
      document.body.classList.remove("working");
    }
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
  document.querySelectorAll("[data-follow]").forEach(keepUp);
  document.querySelectorAll("#drop").forEach(receive);
  document.querySelectorAll("select[data-renames]").forEach(renames);
  const cell = document.getElementById("cell");
  if (cell) cell.scrollIntoView({ block: "center", inline: "center" });
}

// A link to a part of this page that is not there: something else was put in its place without going elsewhere.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !link.hash || link.href.split("#")[0] !== location.href.split("#")[0]) return;
  if (document.getElementById(link.hash.slice(1))) return;
  event.preventDefault();
  location.hash = link.hash;
  location.reload();
});
window.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
window.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
window.addEventListener("drop", (event) => {
  event.preventDefault();
  if (over(false) && event.dataTransfer.files.length) held(event.dataTransfer).then(take, lost);
});
// A sign at once that a page is asked for: one that reads a large file takes a while.
window.addEventListener("beforeunload", () => document.body.classList.add("working"));
window.addEventListener("pageshow", () => document.body.classList.remove("working"));
prepare();
