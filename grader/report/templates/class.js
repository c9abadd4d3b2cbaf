"use strict";
// The table of students: sorted by its headings, filtered by a word, a state, a section, or the students of one mistake or answer.
const table = document.getElementById("students");
const body = table.tBodies[0];
const rows = [...body.rows];
const controls = document.getElementById("controls");
const [word, state, section] = ["word", "state", "section"].map(id => document.getElementById(id));
const count = document.getElementById("count");
const chosen = document.getElementById("chosen");
const all = document.getElementById("all");
let only = null;

function value(row, column) {
  const text = row.cells[column].textContent.trim();
  if (column === 0 || column === 2) return text;
  const number = parseFloat(text) * (text.endsWith("d") ? 1440 : text.endsWith("h") ? 60 : 1);
  return Number.isNaN(number) ? (text === "" || text === "–" ? -1 : text) : number;
}

function show() {
  const wanted = word.value.trim().toLowerCase();
  let shown = 0;
  rows.forEach((row, place) => {
    const fits = (!only || only.has(place)) && (!state.value || row.cells[2].textContent === state.value)
      && (!section || !section.value || row.cells[4].textContent === section.value)
      && (!wanted || row.cells[0].textContent.toLowerCase().includes(wanted));
    row.hidden = !fits;
    shown += fits;
  });
  count.textContent = shown === rows.length ? `${shown} students` : `${shown} of ${rows.length} students`;
  all.hidden = shown === rows.length;
}

function sort(column, head) {
  const up = head.getAttribute("aria-sort") !== "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const sorted = rows.map(row => [value(row, column), row]).sort(([a], [b]) => {
    if (typeof a === "number" && typeof b === "number") return up ? a - b : b - a; // what is late: in minutes
    return up ? String(a).localeCompare(String(b)) : String(b).localeCompare(String(a));
  });
  body.append(...sorted.map(([, row]) => row));
}

[...table.tHead.rows[0].cells].forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  button.addEventListener("click", () => sort(column, head));
  head.replaceChildren(button);
});
for (const control of [word, state, section]) if (control) control.addEventListener("input", show);
all.addEventListener("click", () => {
  only = null;
  chosen.textContent = "";
  for (const control of [word, state, section]) if (control) control.value = "";
  show();
  word.focus();
});
for (const button of document.querySelectorAll("button[data-who]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    only = new Set(button.dataset.who.split(" ").map(Number));
    for (const control of [word, state, section]) if (control) control.value = "";
    chosen.textContent = `(${button.dataset.what})`;
    show();
    const title = document.getElementById("of-students");
    title.scrollIntoView();
    title.focus({ preventScroll: true });
  });
}
controls.hidden = false;
show();
