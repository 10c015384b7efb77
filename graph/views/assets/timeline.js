"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { words } = data;
  const panel = document.getElementById("panel");
  const ready = () => { document.documentElement.dataset.ready = "true"; };
  if (!panel) { window.kg = {}; ready(); return; }

  const ROW = 48;
  const rest = panel.firstElementChild;
  const hidden = new Set();
  const marks = [...document.querySelectorAll("svg.rows .mark")];
  const rows = [...document.querySelectorAll("svg.rows .row")];
  const names = [...document.querySelectorAll(".names .name")];
  const drawing = document.querySelector("svg.rows");
  const folded = data.names.map((name) => fold(name));
  let pinned = null;

  function fold(text) { return text.normalize("NFKC").toLowerCase(); }

  // Text reaches the document through text nodes only, never as markup.
  function make(tag, name, ...children) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...children);
    return element;
  }

  function cellsOf(mark) {
    return mark.dataset.slip === undefined ? data.marks[mark.dataset.mark] : data.slips[mark.dataset.slip];
  }

  function facts(cells, titles) {
    const list = make("dl");
    for (const at of [1, 2, 3, 4, 5, 6]) {
      if (cells[at]) list.append(make("dt", "", titles[at]), make("dd", "", cells[at]));
    }
    return list;
  }

  function show(mark) {
    for (const other of marks) other.classList.toggle("on", other === mark);
    if (!mark) { delete panel.dataset.selected; panel.replaceChildren(rest); return; }
    const cells = cellsOf(mark);
    const close = make("button", "", words.close);
    close.type = "button";
    close.addEventListener("click", () => { pinned = null; show(null); });
    const slip = mark.dataset.slip !== undefined;
    panel.dataset.selected = slip ? `slip-${mark.dataset.slip}` : `mark-${mark.dataset.mark}`;
    const said = make("blockquote", "", cells[7], make("cite", "", cells[8]));
    panel.replaceChildren(make("div", "top", make("h2", "", cells[0]), close), facts(cells, slip ? data.slipColumns : data.columns), said);
  }

  function pin(mark) { pinned = mark; show(mark); }

  // Only one mark is a tab stop; arrow keys go on from it, so that many marks do not bar the way.
  function step(mark, by) {
    const open = marks.filter((m) => !m.hasAttribute("hidden") && !m.closest(".row").hasAttribute("hidden"));
    const next = open[open.indexOf(mark) + by];
    if (!next) return;
    mark.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function tabStop() {
    const open = marks.filter((m) => !m.hasAttribute("hidden") && !m.closest(".row").hasAttribute("hidden"));
    marks.forEach((m) => m.setAttribute("tabindex", m === open[0] ? "0" : "-1"));
  }

  function onKey(event) {
    const mark = event.currentTarget;
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by) { event.preventDefault(); step(mark, by); }
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pin(mark); }
  }

  for (const mark of marks) {
    mark.setAttribute("role", "button");
    const title = mark.querySelector("title");
    mark.setAttribute("aria-label", `${cellsOf(mark)[0]} ${title.textContent}`);
    title.remove(); // the panel says it; two boxes at once would cover the marks
    mark.addEventListener("mouseenter", () => show(mark));
    mark.addEventListener("mouseleave", () => show(pinned));
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("click", () => pin(mark));
    mark.addEventListener("keydown", onKey);
  }

  function toggle(status) {
    if (hidden.has(status)) hidden.delete(status); else hidden.add(status);
    document.querySelector(`.legend [data-status="${status}"]`).setAttribute("aria-pressed", String(!hidden.has(status)));
    for (const mark of marks) mark.toggleAttribute("hidden", hidden.has(mark.dataset.status));
    if (pinned && pinned.hasAttribute("hidden")) pin(null);
    tabStop();
  }

  function search(query) {
    const parts = fold(query).split(/\s+/).filter(Boolean);
    let at = 0;
    folded.forEach((name, row) => {
      const fits = parts.every((part) => name.includes(part));
      names[row].toggleAttribute("hidden", !fits);
      rows[row].toggleAttribute("hidden", !fits);
      if (fits) rows[row].setAttribute("transform", `translate(0 ${ROW * at++})`);
    });
    drawing.setAttribute("height", String(ROW * at));
    document.getElementById("none").hidden = at > 0;
    tabStop();
    return at;
  }

  for (const button of document.querySelectorAll(".legend button")) {
    button.addEventListener("click", () => toggle(button.dataset.status));
  }
  const box = document.getElementById("search");
  box.addEventListener("input", () => search(box.value));
  addEventListener("keydown", (event) => { if (event.key === "Escape") pin(null); });
  tabStop();
  // What was reported last stands in the upper rows: that is where reading begins.
  const scroller = document.querySelector(".scroll");
  const dots = marks.filter((mark) => mark.dataset.slip === undefined);
  const told = dots.filter((mark) => mark.dataset.status !== "none");
  const ends = (told.length ? told : dots).map((mark) => mark.getBoundingClientRect().right);
  const reach = Math.max(0, ...ends) - scroller.getBoundingClientRect().right;
  if (reach > 0) scroller.scrollLeft = reach + 60;
  window.kg = { select: (at) => pin(marks[at]), search, toggle };
  ready();
})();
