"use strict";
// The page: joins the model, a renderer, the panel and the controls. What a reader does ends in `refresh`.
(() => {
  const net = window.kgnet;
  const { fill } = net;
  const data = JSON.parse(document.getElementById("data").textContent);
  const { words } = data;
  const model = net.model(data);
  const { state } = model;
  const [graph, box, side, sheet, status, said] = ["graph", "search", "side", "sheet", "status", "said"].map((id) => document.getElementById(id));
  const narrow = matchMedia("(max-width: 720px)");

  const say = (text) => { status.textContent = text; };
  const app = { model, say, select, pick, refresh, soon, pathFrom, endPath, unfold, unfoldAll, layout, back, tell, steps, fit };

  // ---- what stands out -------------------------------------------------------------------------------------------
  let found = { key: "", steps: null };
  function steps() {
    if (state.from === null || state.to === null) return null;
    const key = [state.from, state.to, state.since, state.until, ...state.hidden, "|", ...state.cut].join(" ");
    if (found.key !== key) found = { key, steps: model.path(state.from, state.to) };
    return found.steps;
  }

  function lit() {
    if (state.from !== null && state.to !== null) {
      const way = steps();
      return new Set([state.from, state.to, ...(way || []).map((step) => step.to)]);
    }
    if (state.from !== null) return null;
    if (state.selected !== null) return new Set([state.selected, ...model.near[state.selected].map(({ other }) => other)]);
    return state.query ? new Set(model.search(state.query).flatMap((at) => (model.foldOf[at] < 0 ? [at] : [at, model.count + model.foldOf[at]]))) : null;
  }

  // ---- from the state to the page --------------------------------------------------------------------------------
  let painted = "";
  function paint() {
    const some = lit();
    const way = steps();
    const key = some ? `${state.selected} ${state.from} ${[...some].join(" ")}` : "";
    if (key !== painted || way) app.view.light(some, way && way.length ? way : null);
    painted = key;
    app.view.select(state.from === null ? state.selected : state.to);
  }

  function refresh() {
    if (state.selected !== null && !model.passes(state.selected)) state.selected = null;
    for (const { at, to } of steps() || []) { openFor(at); openFor(to); }
    model.compute();
    if (state.cursor !== null && !model.shown.nodes[state.cursor]) { state.cursor = null; app.view.mark(null); }
    app.view.hide();
    paint();
    panel.render();
    for (const show of shows) show();
    foldsSaid();
    keep();
  }

  let waiting = 0;
  function soon() {
    waiting = waiting || requestAnimationFrame(() => { waiting = 0; refresh(); });
  }

  let [moved, keeping] = [false, 0];
  function keep() {
    clearTimeout(keeping);
    keeping = setTimeout(() => address.write(moved ? app.view.view() : null), 160);
  }

  // ---- what a reader does ----------------------------------------------------------------------------------------
  function openFor(at) {
    const group = at < model.count ? model.foldOf[at] : -1;
    if (group >= 0) state.open.add(group);
    return group >= 0;
  }

  function show(at) {
    const [kind] = model.kind(at);
    state.hidden.delete(kind);
    if (!model.passes(at)) [state.since, state.until] = model.range;
    openFor(at);
  }

  function select(at, { look = true } = {}) {
    if (at !== null) show(at);
    if (state.from !== null && at !== null) state.to = at;
    state.selected = at;
    state.cursor = at;
    refresh();
    if (at !== null) openSheet(true); // first, as it takes room from the graph
    if (at !== null && steps()) fitPath();
    else if (at !== null && look) { moved = ready; app.view.focus(at); }
  }

  /** The whole of a path that was found is seen at once. */
  function fitPath() {
    const on = new Uint8Array(model.total);
    for (const one of lit()) on[one] = 1;
    app.view.fit(on);
    moved = ready;
  }

  function pick(at) {
    if (at === null) { if (state.from === null) select(null); return; }
    if (model.isFold(at)) unfold(at - model.count, true);
    else select(at, { look: false });
  }

  function unfold(group, open) {
    if (open) state.open.add(group); else state.open.delete(group);
    const hub = data.folds[group][0];
    if (state.from === null) { state.selected = model.passes(hub) ? hub : null; state.cursor = state.selected; }
    refresh();
    say(`${open ? words.unfold : words.fold}: ${fill(words.group, { count: data.folds[group][3].length, kind: model.kind(model.count + group)[1] })}`);
  }

  function unfoldAll() {
    const all = state.open.size === data.folds.length;
    data.folds.forEach((_, at) => (all ? state.open.delete(at) : state.open.add(at)));
    refresh();
  }

  function pathFrom(at) {
    [state.from, state.to, state.query] = [at, null, ""];
    box.value = "";
    refresh();
    say(fill(words["path-pick"], { name: data.labels[at] }));
  }

  function endPath() {
    [state.from, state.to] = [null, null];
    refresh();
  }

  function search(query) {
    state.query = query.trim();
    if (state.from === null) state.selected = null;
    refresh();
    const hits = state.query ? model.search(state.query) : [];
    if (state.query) say(`${hits.length} ${words.hits}`);
    return hits;
  }

  function layout(name) {
    if (!model.both || name === state.layout) return;
    state.layout = name;
    app.view.place();
    fit();
    refresh();
  }

  /** What is selected stays in view when the room for the graph changes. */
  function seeSelected() {
    const at = state.selected;
    if (at === null || !model.shown.nodes[at]) return;
    const [{ x, y }, { w, h }] = [app.view.positions(at), app.view.size()];
    if (x < 20 || y < 20 || x > w - 20 || y > h - 20) app.view.focus(at, { near: false });
  }

  function fit() {
    app.view.fit();
    moved = false;
  }

  function back() {
    if (state.from !== null) endPath();
    else if (state.selected !== null) select(null);
    else if (state.query) { box.value = ""; search(""); }
    else if (narrow.matches) openSheet(false);
  }

  function tell(at) {
    const near = model.near[at].filter(({ edge }) => model.shown.edges[edge]).length;
    const name = model.isFold(at) ? fill(words.group, { count: model.shown.counts[at - model.count], kind: model.kind(at)[1] }) : data.labels[at];
    say([name, model.kind(at)[1], model.isFold(at) ? "" : data.dates[at], fill(words.neighbours, { count: near })].filter(Boolean).join(" · "));
  }

  function openSheet(open) {
    side.dataset.open = String(open);
    sheet.setAttribute("aria-expanded", String(open));
  }

  // ---- what the page says of folds ---------------------------------------------------------------------------------
  const all = net.button("", unfoldAll, { id: "unfold-all" });
  function foldsSaid() {
    all.textContent = state.open.size === data.folds.length ? words["fold-all"] : words["unfold-all"];
    all.setAttribute("aria-pressed", String(state.open.size === data.folds.length));
  }

  function saySaid() {
    said.hidden = !data.said.length && !data.folds.length;
    said.append(data.said.join(" "), " ");
    if (data.folds.length) said.append(all);
  }

  function layouts() {
    const both = document.getElementById("layouts");
    both.hidden = !model.both;
    for (const one of both.children) one.addEventListener("click", () => layout(one.dataset.layout));
    return () => { for (const one of both.children) one.setAttribute("aria-pressed", String(one.dataset.layout === state.layout)); };
  }

  // ---- joined together -----------------------------------------------------------------------------------------------
  const address = net.address(app);
  const wanted = address.read();
  for (const { at, to } of steps() || []) { openFor(at); openFor(to); }
  if (state.selected !== null) openFor(state.selected);
  model.compute();
  const on = {
    pick,
    hover: (at) => { app.view.mark(steps() ? null : at === null && document.activeElement === graph ? state.cursor : at); graph.dataset.on = at === null ? "" : "thing"; },
    moved: () => { moved = ready; keep(); },
    resized: () => { if (ready) (moved ? seeSelected : fit)(); },
  };
  let ready = false;
  app.view = net.renderer(graph, model, on);
  const panel = net.panel(app);
  const shows = [net.legend(app), net.time(app), net.tables(app), layouts()];
  net.images(app);
  net.keys(app);

  box.value = state.query;
  box.addEventListener("input", () => search(box.value));
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key !== "Enter") return;
    const [first] = search(box.value);
    if (first !== undefined) select(first);
  });
  sheet.addEventListener("click", () => openSheet(side.dataset.open !== "true"));
  document.getElementById("fit").addEventListener("click", () => { fit(); keep(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { app.view.theme(); painted = " "; paint(); });
  addEventListener("hashchange", () => {
    if (!address.changed()) return;
    const view = address.read();
    box.value = state.query;
    app.view.place();
    if (view) app.view.view(view); else app.view.fit();
    refresh();
  });

  saySaid();
  if (state.layout !== data.start) app.view.place();
  refresh();
  if (wanted) app.view.view(wanted); else app.view.fit();
  if (!wanted && state.selected !== null) app.view.focus(state.selected);
  moved = Boolean(wanted);
  app.view.draw();
  requestAnimationFrame(() => requestAnimationFrame(() => {
    ready = true;
    on.resized();
    document.documentElement.dataset.ready = "true";
  }));
  window.kg = { model, view: app.view, state, shown: model.shown, select: (key) => select(key === null ? null : model.byKey.get(key)), app };
})();
