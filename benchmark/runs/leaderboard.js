"use strict";
// Sorting by a column and filtering by words. Without this script the page is a table by rank.
const table = document.querySelector("table.board");
const body = table.tBodies[0];
const rows = [...body.rows];
const heads = [...table.tHead.rows[0].cells];
const filter = document.querySelector("#filter");
const shown = document.querySelector("#shown");
document.querySelector(".tools").hidden = false;

const key = (row, column, textual) => {
  const text = row.cells[column].textContent.trim();
  if (textual) return text || null;
  const number = parseFloat(text.replace("[", ""));
  return Number.isNaN(number) ? null : number;
};

const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b) : a - b);

heads.forEach((head, column) => {
  head.querySelector("button").addEventListener("click", () => {
    // The best first: names and ranks rise, rates fall.
    const rising = head.dataset.first === "ascending";
    const again = head.getAttribute("aria-sort");
    const order = again === null ? rising : again === "descending";
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", order ? "ascending" : "descending");
    const textual = "textual" in head.dataset;
    const keyed = rows.map((row) => [key(row, column, textual), row]);
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null); // empty cells stay last
      return order ? compare(a, b) : compare(b, a);
    });
    body.append(...keyed.map(([, row]) => row));
  });
});

const apply = () => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let number = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    number += !row.hidden;
  }
  shown.textContent = `${number} of ${rows.length} runs`;
};
filter.addEventListener("input", apply);
filter.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    filter.value = "";
    apply();
  }
});
apply();
