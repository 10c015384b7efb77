"use strict";
// vis-network behind the same interface as our own renderer.
(() => {
  const { paint } = window.kgnet;

  window.kgnet.renderer = (box, model, on) => {
    const { data } = model;
    const raw = data.vis;
    const size = () => ({ w: Math.max(1, box.clientWidth), h: Math.max(1, box.clientHeight) });
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const calmEdge = raw.edges.length > 600 ? 0.4 : 0.6;
    const mark = { at: null, steps: null };
    const bright = new Int8Array(model.total).fill(1);
    const off = new Int8Array(model.total);
    const edgeOff = new Int8Array(model.edges.total);
    const glow = new Float32Array(model.edges.total).fill(calmEdge);
    let [theme, lit] = [paint.readTheme(), null];
    // Far off, nodes grow, so that they can still be told apart. Labels are written by us, where there is room for them.
    const far = { node: 1 };
    const farAt = (k) => ({ node: Math.round(4 * Math.min(2, Math.max(1, 0.45 / k))) / 4 });
    const dress = (n) => ({
      id: n.id, opacity: bright[n.id] ? 1 : 0.13, size: n.size * far.node,
      color: { background: n.color, border: n.color, highlight: { background: n.color, border: theme.ink }, hover: { background: n.color, border: theme.ink } },
    });
    const dressEdge = (at) => ({ id: at, color: { color: theme.edge, highlight: theme.edge, hover: theme.edge, opacity: glow[at] } });

    // What all share at first is said once in the options: vis-network is slow to merge it for each node and edge.
    model.compute();
    for (let at = 0; at < model.total; at++) off[at] = 1 - model.shown.nodes[at];
    for (let at = 0; at < model.edges.total; at++) edgeOff[at] = 1 - model.shown.edges[at];
    Object.assign(far, farAt(paint.fitted(model, size()).k));
    raw.options.edges.color = { color: theme.edge, highlight: theme.edge, hover: theme.edge, opacity: calmEdge };
    const first = (n) => ({ id: n.id, shape: n.shape, x: n.x, y: n.y, size: n.size * far.node, color: dress(n).color, hidden: Boolean(off[n.id]) });
    const nodes = new vis.DataSet(raw.nodes.map(first));
    const edges = new vis.DataSet(raw.edges.map(({ id, from, to }) => ({ id, from, to, hidden: Boolean(edgeOff[id]) })));
    const network = new vis.Network(box, { nodes, edges }, raw.options);
    for (const inner of box.querySelectorAll("[tabindex]")) inner.tabIndex = -1;

    const view = () => ({ ...network.getViewPosition(), k: network.getScale() });

    function behind(ctx) {
      ctx.save();
      const { x, y } = network.canvasToDOM({ x: 0, y: 0 });
      const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      const k = network.getScale();
      const { w, h } = size();
      paint.strips(ctx, model, { x: (w / 2 - x) / k, y: (h / 2 - y) / k, k }, { w, h }, theme);
      ctx.restore();
    }

    function above(ctx) {
      ctx.save();
      const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      window.kgnet.lettered(ctx, model, view(), size(), theme, lit);
      paint.over(ctx, model, view(), size(), theme, mark);
      paint.names(ctx, model, view(), size(), theme);
      ctx.restore();
    }

    /** Sends to vis-network only what has changed. */
    function hide() {
      const changed = [];
      for (let at = 0; at < model.total; at++) {
        const now = 1 - model.shown.nodes[at];
        if (now !== off[at]) changed.push({ id: at, hidden: Boolean(off[at] = now) });
      }
      const cut = [];
      for (let at = 0; at < model.edges.total; at++) {
        const now = 1 - model.shown.edges[at];
        if (now !== edgeOff[at]) cut.push({ id: at, hidden: Boolean(edgeOff[at] = now) });
      }
      if (changed.length) nodes.update(changed);
      if (cut.length) edges.update(cut);
    }

    function light(some, steps) {
      [lit, mark.steps] = [some, steps];
      const changed = raw.nodes.filter(({ id }) => {
        const now = !lit || lit.has(id) ? 1 : 0;
        const differs = now !== bright[id];
        bright[id] = now;
        return differs;
      });
      if (changed.length) nodes.update(changed.map(dress));
      const cut = [];
      for (let at = 0; at < model.edges.total; at++) {
        const near = lit && lit.has(model.edges.a[at]) && lit.has(model.edges.b[at]);
        const now = lit ? (near ? 0.95 : 0.07) : calmEdge;
        if (Math.abs(now - glow[at]) > 0.001) { glow[at] = now; cut.push(dressEdge(at)); }
      }
      if (cut.length) edges.update(cut);
      network.redraw();
    }

    function grow() {
      const { node } = farAt(network.getScale());
      if (node === far.node) return;
      far.node = node;
      nodes.update(raw.nodes.map(dress));
    }

    // vis-network learns of a new size later than we do, and would go to the middle of the old one.
    let known = "";
    function measured() {
      const { w, h } = size();
      if (known === `${w} ${h}`) return;
      known = `${w} ${h}`;
      network.setSize("100%", "100%");
    }

    function go(to, quick) {
      measured();
      network.moveTo({ position: { x: to.x, y: to.y }, scale: to.k, animation: quick || calm.matches ? false : { duration: 260, easingFunction: "easeInOutQuad" } });
      if (quick || calm.matches) { grow(); on.moved(); }
    }

    function place() {
      const spots = model.spots();
      nodes.update(raw.nodes.map(({ id }) => ({ id, x: spots[2 * id], y: spots[2 * id + 1] })));
    }

    const moveBy = (dx, dy) => { const v = view(); go({ ...v, x: v.x - dx / v.k, y: v.y - dy / v.k }, true); };
    const at = (x, y) => { const found = network.getNodeAt({ x, y }); return found === undefined ? null : found; };
    network.on("beforeDrawing", behind);
    network.on("afterDrawing", above);
    network.on("click", ({ pointer }) => on.pick(at(pointer.DOM.x, pointer.DOM.y)));
    network.on("hoverNode", ({ node }) => on.hover(node));
    network.on("blurNode", () => on.hover(null));
    network.on("zoom", () => { grow(); on.moved(); });
    network.on("dragEnd", on.moved);
    new ResizeObserver(() => {
      measured();
      on.resized();
    }).observe(box);
    network.on("animationFinished", () => { grow(); on.moved(); });

    return {
      hide, light, place, at, size, draw: () => network.redraw(),
      fit: (on) => go(paint.fitted(model, size(), on), true),
      focus(one, { near = true } = {}) {
        const spots = model.spots();
        go({ x: spots[2 * one], y: spots[2 * one + 1], k: near ? Math.max(network.getScale(), 0.75) : network.getScale() });
      },
      select: (one) => network.selectNodes(one === null || !model.shown.nodes[one] ? [] : [one]),
      mark(one) { mark.at = one; network.redraw(); },
      pan: moveBy, zoom: (factor) => { const v = view(); go({ ...v, k: Math.min(4, Math.max(0.01, v.k * factor)) }, true); },
      positions: (one) => network.canvasToDOM({ x: model.spots()[2 * one], y: model.spots()[2 * one + 1] }),
      view(wanted) { if (wanted) go(wanted, true); return view(); },
      theme() { theme = paint.readTheme(); nodes.update(raw.nodes.map(dress)); edges.update(raw.edges.map(({ id }) => dressEdge(id))); },
      settings: () => ({ theme, lit, mark }),
    };
  };
})();
