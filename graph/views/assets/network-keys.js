"use strict";
// Everything by keyboard: arrows go from thing to thing on the graph, letters do what the buttons do.
(() => {
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /** The nearest thing shown in a direction; what lies aside counts as farther. */
  function beyond(model, x, y, [dx, dy], from) {
    const spots = model.spots();
    let [found, nearest] = [null, Infinity];
    for (let at = 0; at < model.total; at++) {
      if (!model.shown.nodes[at] || at === from) continue;
      const [ax, ay] = [spots[2 * at] - x, spots[2 * at + 1] - y];
      const [along, aside] = [ax * dx + ay * dy, Math.abs(ax * dy - ay * dx)];
      const away = along + 2.2 * aside;
      if (along > 0.5 && away < nearest) [found, nearest] = [at, away];
    }
    return found;
  }

  window.kgnet.keys = (app) => {
    const { model, view } = app;
    const { state } = model;
    const [graph, search, help] = ["graph", "search", "keys"].map((id) => document.getElementById(id));

    function inView(at) {
      const { x, y } = view.positions(at);
      const { w, h } = view.size();
      if (x < 40 || y < 40 || x > w - 40 || y > h - 40) view.focus(at, { near: false });
    }

    function go(at) {
      if (at === null) return;
      state.cursor = at;
      view.mark(at);
      inView(at);
      app.tell(at);
    }

    function arrow(way) {
      const at = state.cursor !== null && model.shown.nodes[state.cursor] ? state.cursor : state.selected;
      const middle = view.view();
      const spots = model.spots();
      const [x, y] = at === null ? [middle.x - way[0] * 1e-3, middle.y - way[1] * 1e-3] : [spots[2 * at], spots[2 * at + 1]];
      go(beyond(model, x, y, way, at));
    }

    function neighbour(step) {
      const centre = state.selected === null ? state.cursor : state.selected;
      if (centre === null) return;
      const each = [...new Set(model.near[centre].filter(({ edge }) => model.shown.edges[edge]).map(({ other }) => other))];
      if (each.length) go(each[(each.indexOf(state.cursor) + step + each.length + (each.includes(state.cursor) || step > 0 ? 0 : 1)) % each.length]);
    }

    function enter() {
      const at = state.cursor === null ? state.selected : state.cursor;
      if (at === null) return;
      if (at === state.selected && model.page(at)) location.assign(model.page(at));
      else app.pick(at);
    }

    function onGraph(event) {
      const way = WAYS[event.key];
      if (way && event.shiftKey) view.pan(-way[0] * 80, -way[1] * 80);
      else if (way) arrow(way);
      else if (event.key === "Enter" || event.key === " ") enter();
      else if (event.key === "]") neighbour(1);
      else if (event.key === "[") neighbour(-1);
      else return;
      event.preventDefault();
    }

    const LETTERS = {
      "/": () => search.focus(), "?": () => help.showModal(), "+": () => view.zoom(1.4), "=": () => view.zoom(1.4),
      "-": () => view.zoom(1 / 1.4), 0: () => app.fit(), l: () => app.layout(state.layout === "free" ? "meaning" : "free"),
      u: () => app.unfoldAll(), p: () => { const at = state.selected === null ? state.cursor : state.selected; if (at !== null && !model.isFold(at)) app.pathFrom(at); },
    };

    function anywhere(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
      if (event.key === "Escape") { app.back(); return; }
      const typing = event.target.closest && event.target.closest("input, select, textarea, dialog, [contenteditable]");
      if (typing || !LETTERS[event.key]) return;
      event.preventDefault();
      LETTERS[event.key]();
    }

    graph.addEventListener("keydown", onGraph);
    graph.addEventListener("blur", () => view.mark(null));
    graph.addEventListener("focus", () => view.mark(state.cursor));
    addEventListener("keydown", anywhere);
    document.getElementById("help").addEventListener("click", () => help.showModal());
    help.addEventListener("close", () => graph.focus({ preventScroll: true }));
  };
})();
