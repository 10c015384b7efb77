"use strict";
// Around a page that is served, what the story names leads to the pages of things and of evidence.
(() => {
  if (!kgt.data.site) return;

  function linked(element, url) {
    if (!url || element.querySelector("a")) return;
    const made = document.createElement("a");
    made.href = url;
    made.append(...element.childNodes);
    element.append(made);
  }

  const story = document.getElementById("tl-story");
  for (const element of story?.querySelectorAll("[data-id]") ?? []) linked(element, kgt.page(`~${element.dataset.id}`));
  for (const element of story?.querySelectorAll("cite[data-source]") ?? []) linked(element, kgt.evidence(element.dataset.source, element.dataset.line));
})();
