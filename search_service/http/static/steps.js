// Stepping through the matches of a document. The links do it alone; this keeps them out of
// the history, so that Back leads to the results, and keeps the keyboard where it was.

function go(link) {
  const rel = link.rel;
  location.replace(link.href);
  const mark = document.getElementById(link.hash.slice(1));
  const steps = mark.nextElementSibling;
  const same = rel && steps.querySelector(`[rel="${rel}"]`);
  (same || steps.querySelector("a"))?.focus({ preventScroll: true });
}

export function stepThroughMatches() {
  const article = document.querySelector("article.document");
  if (!article) {
    return;
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.step, a.first");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go(link);
    }
  });
}
