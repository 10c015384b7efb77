"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { words, details, kinds } = data;
  const LISTED = 200;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const panel = document.getElementById("panel");
  const box = document.getElementById("search");
  const freeSwitch = document.getElementById("free");
  const hidden = new Set();
  const state = { selected: null, query: "", free: false };

  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const detail = new Map(Object.entries(details));
  const rank = new Map(Object.keys(kinds).map((kind, at) => [kind, at]));
  const order = (a, b) => (a < b ? -1 : Number(a > b));
  const ids = data.nodes.map((node) => node.id).sort((a, b) => {
    const [one, two] = [detail.get(a), detail.get(b)];
    return rank.get(one.kind) - rank.get(two.kind) || order(one.date, two.date) || order(one.label, two.label);
  });
  const home = data.nodes.map(({ id, x, y }) => ({ id, x, y }));
  const calmEdge = data.edges.length > 600 ? 0.22 : 0.5;
  const names = new Map(ids.map((id) => [id, fold(detail.get(id).label)]));
  const haystack = new Map(ids.map((id) => {
    const d = detail.get(id);
    return [id, fold([d.label, kinds[d.kind][0], d.date, d.url, ...d.facts.flat(), ...d.quotes.flat()].join("\n"))];
  }));
  const around = new Map(ids.map((id) => [id, []]));
  for (const edge of data.edges) {
    around.get(edge.from).push({ id: edge.to, label: edge.label, way: "→" });
    around.get(edge.to).push({ id: edge.from, label: edge.label, way: "←" });
  }

  const wide = data.columns.length ? [data.columns[0][1] - 40, data.columns.at(-1)[2] + 40] : [0, 0];
  const high = data.bands.length ? [data.bands[0][1] - 10, data.bands.at(-1)[2] + 10] : [0, 0];

  let theme;
  function readTheme() {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(`--${name}`).trim();
    theme = { ink: of("ink"), soft: of("soft"), line: of("line"), band: of("band"), edge: of("edge"), surface: of("surface") };
    theme.font = getComputedStyle(document.body).fontFamily;
  }
  readTheme();

  // Text reaches the document through text nodes and attributes that run nothing, never as markup.
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function symbol(kind) {
    const drawn = document.querySelector(`.legend [data-kind="${kind}"] svg`);
    return drawn ? drawn.cloneNode(true) : document.createElement("i");
  }

  // ---- what is drawn -------------------------------------------------------------------------------------------
  const shown = (id) => !hidden.has(detail.get(id).kind);
  // Far off, labels grow as long as they can be read, then vanish, and the nodes grow in their place.
  const far = { node: 1, font: 1 };
  function dressNode({ id, color, size }, lit) {
    return {
      id, opacity: lit ? 1 : 0.13, size: size * far.node,
      color: { background: color, border: color, highlight: { background: color, border: theme.ink } },
      font: { color: lit ? theme.ink : "rgba(128,128,128,.22)", face: theme.font, size: 13 * far.font, vadjust: -1 },
    };
  }
  function farAt(scale) {
    return { node: Math.round(4 * Math.min(2, Math.max(1, 0.45 / scale))) / 4, font: scale < 0.7 ? 1.1 : 1 };
  }
  function expectedScale() {
    const { clientWidth, clientHeight } = document.getElementById("graph");
    return Math.min(1, clientWidth / (wide[1] - wide[0] + 1), clientHeight / (high[1] - high[0] + 1));
  }
  const dressEdge = (id, weight) => ({ id, color: { color: theme.edge, highlight: theme.edge, opacity: weight } });

  // What all share at first is said once in the options: vis-network is slow to merge it for each node and edge.
  Object.assign(far, farAt(expectedScale()));
  data.options.nodes.font = dressNode({}, true).font;
  data.options.edges.color = dressEdge(0, calmEdge).color;
  const undressed = (n) => ({ ...n, size: n.size * far.node, color: dressNode(n, true).color });
  const nodes = new vis.DataSet(data.nodes.map(undressed));
  const edges = new vis.DataSet(data.edges.map(({ id, from, to }) => ({ id, from, to })));
  const nodeView = new vis.DataView(nodes, { filter: (n) => shown(n.id) });
  const edgeView = new vis.DataView(edges, { filter: (e) => shown(e.from) && shown(e.to) });
  const network = new vis.Network(document.getElementById("graph"), { nodes: nodeView, edges: edgeView }, data.options);

  function matches(query) {
    const parts = fold(query).split(/\s+/).filter(Boolean);
    if (!parts.length) return [];
    const hits = ids.filter((id) => shown(id) && parts.every((part) => haystack.get(id).includes(part)));
    const distance = (id) => (parts.every((part) => names.get(id).includes(part)) ? 0 : 1);
    return hits.sort((a, b) => distance(a) - distance(b));
  }

  function litNodes() {
    if (state.selected !== null) return new Set([state.selected, ...around.get(state.selected).map((n) => n.id)]);
    return state.query ? new Set(matches(state.query)) : null;
  }

  function paintNodes(lit) {
    nodes.update(data.nodes.map((n) => dressNode(n, !lit || lit.has(n.id))));
  }

  let painted = "";
  function paint(force) {
    const lit = litNodes();
    const key = lit ? [...lit].join("\n") + state.selected : "";
    if (key === painted && !force) return;
    painted = key;
    paintNodes(lit);
    edges.update(data.edges.map((e) => {
      const near = state.selected === null ? lit && lit.has(e.from) && lit.has(e.to) : [e.from, e.to].includes(state.selected);
      return dressEdge(e.id, lit ? (near ? 0.95 : 0.07) : calmEdge);
    }));
  }

  // ---- bands of kinds and columns of dates, behind the nodes; their names stay at the edges of the view -----------

  network.on("beforeDrawing", (ctx) => {
    if (state.free) return;
    ctx.fillStyle = theme.band;
    for (const [, begin, end] of data.bands) ctx.fillRect(wide[0], begin - 8, wide[1] - wide[0], end - begin + 16);
    ctx.strokeStyle = theme.line;
    ctx.lineWidth = 1 / network.getScale();
    for (const [, begin] of data.columns.slice(1)) {
      ctx.beginPath();
      ctx.moveTo(begin - 22, high[0]);
      ctx.lineTo(begin - 22, high[1]);
      ctx.stroke();
    }
  });

  function pill(ctx, text, x, y) {
    const width = ctx.measureText(text).width;
    ctx.globalAlpha = 0.86;
    ctx.fillStyle = theme.surface;
    ctx.fillRect(x - 4, y - 9, width + 8, 18);
    ctx.globalAlpha = 1;
    ctx.fillStyle = theme.soft;
    ctx.fillText(text, x, y);
    return width;
  }

  network.on("afterDrawing", (ctx) => {
    if (state.free) return;
    const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.font = `600 12px ${theme.font}`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    let free = -Infinity;
    for (const [name, begin, end] of data.columns) {
      const from = network.canvasToDOM({ x: begin, y: 0 }).x;
      const to = network.canvasToDOM({ x: end, y: 0 }).x;
      const at = Math.max(from, Math.min(64, to - 70));
      if (at > free && at > 50 && at < ctx.canvas.clientWidth - 20) free = at + pill(ctx, name || words.undated, at, 14) + 16;
    }
    free = 24;
    for (const [kind, begin, end] of data.bands) {
      const y = network.canvasToDOM({ x: 0, y: (begin + end) / 2 }).y;
      if (y > free && y < ctx.canvas.clientHeight - 6) { pill(ctx, kinds[kind][0], 8, y); free = y + 17; }
    }
    ctx.restore();
  });

  // ---- the panel -------------------------------------------------------------------------------------------------
  function entry(id, before, after) {
    const d = detail.get(id);
    const button = make("button", { type: "button", "data-node": id }, symbol(d.kind));
    const name = make("span", {}, d.label);
    if (before) name.prepend(make("small", {}, `${before} `));
    button.append(name, make("small", {}, after));
    button.addEventListener("click", () => select(id));
    return make("li", {}, button);
  }

  function renderList() {
    const found = state.query ? matches(state.query) : ids.filter(shown);
    const title = state.query ? `${found.length} ${words.hits}` : `${words.list} · ${found.length}`;
    const list = make("ul", { "data-list": state.query ? "hits" : "all" });
    list.append(...found.slice(0, LISTED).map((id) => entry(id, "", detail.get(id).date)));
    panel.replaceChildren(make("h2", {}, title), make("h3", {}, ""), list);
    if (!found.length) panel.append(make("p", {}, ids.length ? words.none : words.empty));
    if (found.length > LISTED) panel.append(make("p", {}, `+ ${found.length - LISTED} ${words.more}`));
  }

  function section(title, ...children) {
    if (children.length) panel.append(make("h3", {}, title), ...children);
  }

  function quote([text, place]) {
    return make("blockquote", {}, text, make("cite", {}, place));
  }

  function link(d) {
    if (!d.url) return [];
    return [d.open ? make("a", { href: d.url, rel: "noopener noreferrer", target: "_blank" }, d.url) : make("span", {}, d.url)];
  }

  function renderDetails() {
    const d = detail.get(state.selected);
    const close = make("button", { type: "button", id: "close" }, words.close);
    close.addEventListener("click", () => select(null));
    const facts = d.facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]);
    panel.replaceChildren(
      make("div", { class: "top" }, make("h2", { id: "label" }, d.label), close),
      make("div", { class: "tag" }, symbol(d.kind), [kinds[d.kind][0], d.date].filter(Boolean).join(" · ")),
    );
    if (facts.length) section(words.facts, make("dl", {}, ...facts));
    section(words.quotes, ...d.quotes.map(quote));
    section(words.link, ...link(d));
    const near = around.get(state.selected);
    if (near.length) section(`${words.links} · ${near.length}`, make("ul", { "data-list": "near" }, ...near.map((n) =>
      entry(n.id, `${n.way} ${n.label}`.trim(), shown(n.id) ? detail.get(n.id).date : words.hidden))));
  }

  function render() {
    if (state.selected === null) { delete panel.dataset.selected; renderList(); } else {
      panel.dataset.selected = state.selected;
      renderDetails();
    }
    panel.scrollTop = 0;
    paint(false);
  }

  // ---- what a reader does ----------------------------------------------------------------------------------------
  const move = () => (calm.matches ? false : { duration: 300, easingFunction: "easeInOutQuad" });

  function select(id, { look = true } = {}) {
    if (id !== null && !detail.has(id)) return;
    if (id !== null && !shown(id)) toggle(detail.get(id).kind);
    state.selected = id;
    network.selectNodes(id === null ? [] : [id]);
    render();
    if (id !== null && look) network.focus(id, { scale: Math.max(network.getScale(), 0.75), animation: move() });
  }

  function toggle(kind) {
    const button = document.querySelector(`.legend [data-kind="${kind}"]`);
    if (hidden.has(kind)) hidden.delete(kind); else hidden.add(kind);
    button.setAttribute("aria-pressed", String(!hidden.has(kind)));
    nodeView.refresh();
    edgeView.refresh();
    if (state.selected !== null && !shown(state.selected)) state.selected = null;
    network.selectNodes(state.selected === null ? [] : [state.selected]);
    render();
  }

  function search(query) {
    state.query = query.trim();
    state.selected = null;
    network.unselectAll();
    render();
    return state.query ? matches(state.query) : [];
  }

  function fit() {
    const least = innerWidth < 720 ? 0.45 : 0.02;
    network.fit({ minZoomLevel: least, animation: false });
    if (network.getScale() <= least && !state.free) {
      const { clientWidth, clientHeight } = document.getElementById("graph");
      const corner = { x: wide[0] + clientWidth / 2 / least - 60, y: high[0] + clientHeight / 2 / least - 70 };
      network.moveTo({ position: corner, scale: least });
    }
    grow();
  }

  function grow() {
    const { node, font } = farAt(network.getScale());
    if (node === far.node && font === far.font) return;
    Object.assign(far, { node, font });
    paintNodes(litNodes());
  }

  let follow = [];
  function setFree(on) {
    state.free = on;
    freeSwitch.setAttribute("aria-checked", String(on));
    network.setOptions({ physics: { enabled: on } });
    // An update writes x and y back to the network, so free nodes must not carry any.
    nodes.update(on ? ids.map((id) => ({ id, x: undefined, y: undefined })) : home);
    follow.forEach(clearTimeout);
    if (on) network.startSimulation(); else { network.stopSimulation(); fit(); }
    // The view follows the moving nodes until somebody takes hold of it.
    follow = on ? [250, 900, 2000, 4000].map((wait) => setTimeout(fit, wait)) : [];
  }

  network.on("click", ({ nodes: [id] }) => select(id === undefined ? null : id, { look: false }));
  network.on("zoom", () => { follow.forEach(clearTimeout); grow(); });
  network.on("dragStart", () => follow.forEach(clearTimeout));
  network.on("animationFinished", grow);
  network.on("dragEnd", ({ nodes: dragged }) => {
    if (!state.free) nodes.update(dragged.map((id) => ({ id, ...network.getPosition(id) })));
  });
  for (const button of document.querySelectorAll(".legend button")) {
    button.addEventListener("click", () => toggle(button.dataset.kind));
  }
  box.addEventListener("input", () => search(box.value));
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const [first] = event.key === "Enter" ? search(box.value) : [];
    if (first !== undefined) select(first);
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape" && state.selected !== null) select(null); });
  freeSwitch.addEventListener("click", () => setFree(!state.free));
  document.getElementById("fit").addEventListener("click", fit);
  dark.addEventListener("change", () => { readTheme(); paint(true); });

  render();
  fit();
  network.once("afterDrawing", () => { document.documentElement.dataset.ready = "true"; });
  network.redraw();
  window.kg = { network, nodes: nodeView, edges: edgeView, state, select, search, toggle, setFree, fit };
})();
