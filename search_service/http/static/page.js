// Everything on the pages works without this; it adds suggestions and a few keys.

import { suggestIn } from "./suggest.js";
import { stepThroughMatches } from "./steps.js";

const form = document.querySelector("form.search");
const box = form.elements.q;

suggestIn(form, box);
stepThroughMatches();

// A slash goes to the box, as on most pages that search.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// What is empty or as ever needs no place in a URL that people share.
for (const one of document.querySelectorAll("form")) {
  one.addEventListener("submit", () => {
    for (const field of one.elements) {
      if (field.name && field.name !== "q" && field.value === "") {
        field.disabled = true;
      }
    }
  });
}
// A page that comes back out of the browser's memory has its fields again.
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form :disabled")) {
    field.disabled = false;
  }
});
