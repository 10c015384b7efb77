"use strict";
// Puts the timeline together: search, order, filters and buttons, then what the address asks for.
(() => {
  const ready = () => { document.documentElement.dataset.ready = "true"; };
  if (!kgt.view) { ready(); return; }
  const { state, FACETS, view, say, scroller } = kgt;
  const by = (name) => document.getElementById(name);
  const [search, order, grouped, clear, person, shown, fold] = ["search", "tl-order", "tl-grouped", "tl-clear", "tl-person", "tl-shown", "tl-fold"].map(by);
  const boxes = [...document.querySelectorAll("[data-facet]")];

  function foldedAll() { return view.rows.length > 0 && view.rows.every((row) => row.group); }

  function controls() {
    if (search.value !== state.query) search.value = state.query;
    order.value = state.order;
    grouped.checked = state.grouped;
    for (const box of boxes) box.checked = state[box.dataset.facet].has(box.value);
    clear.hidden = !kgt.searching();
    person.hidden = !state.person;
    const who = kgt.features.flatMap((feature) => feature.people).find((one) => one.person === state.person);
    if (state.person) person.textContent = say("only-person", { name: who?.name ?? state.person });
    shown.textContent = view.fit.length === kgt.features.length ? say("features", { n: view.fit.length }) : say("shown", { n: view.fit.length, all: kgt.features.length });
    fold.hidden = !view.rows.some((row) => row.group);
    fold.textContent = say(foldedAll() ? "unfold-all" : "fold-all");
  }

  /** Draws anew after a change of what is listed. */
  kgt.changed = (remember = true) => {
    kgt.setRows();
    kgt.overview();
    controls();
    if (remember) kgt.remember();
  };

  function narrowedTo(change) {
    change();
    state.foldedHits.clear();
    scroller.scrollTop = 0;
    Object.assign(kgt.tongue, { row: 0, item: -1 });
    kgt.changed();
    kgt.goToRows();
  }

  kgt.clear = () => narrowedTo(() => {
    Object.assign(state, { query: "", person: "" });
    for (const name of FACETS) state[name].clear();
  });
  kgt.onlyPerson = (who) => narrowedTo(() => { state.person = who.person; });
  kgt.foldOrNot = () => { kgt.foldAll(!foldedAll()); kgt.changed(); };

  search.addEventListener("input", () => narrowedTo(() => { state.query = search.value; }));
  search.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); scroller.focus(); } });
  order.addEventListener("change", () => narrowedTo(() => { state.order = order.value; }));
  grouped.addEventListener("change", () => narrowedTo(() => { state.grouped = grouped.checked; }));
  clear.addEventListener("click", () => { kgt.clear(); search.focus(); });
  for (const box of boxes) {
    box.addEventListener("change", () => narrowedTo(() => { if (box.checked) state[box.dataset.facet].add(box.value); else state[box.dataset.facet].delete(box.value); }));
  }
  fold.addEventListener("click", kgt.foldOrNot);
  by("tl-in").addEventListener("click", () => kgt.zoom(view.scale.ppd * 1.5));
  by("tl-out").addEventListener("click", () => kgt.zoom(view.scale.ppd / 1.5));
  by("tl-whole").addEventListener("click", () => kgt.show(view.whole.first, view.whole.last));
  by("tl-today").addEventListener("click", kgt.today);
  by("tl-help").addEventListener("click", kgt.help);

  kgt.restore();
  ready();
})();
