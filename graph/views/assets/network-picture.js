"use strict";
// The whole picture for a view, drawn at once: what the canvas renderer caches, and what is saved as PNG or SVG.
(() => {
  const { paint } = window.kgnet;
  const MOST_LABELS = 420;
  const wideChar = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/;

  function columns(text) {
    let found = 0;
    for (const char of text) found += wideChar.test(char) ? 2 : 1;
    return found;
  }

  /** Things and links inside a view, with their places on it. */
  function inside(model, view, size) {
    const to = paint.screen(view, size);
    const spots = model.spots();
    const [x, y] = [new Float32Array(model.total), new Float32Array(model.total)];
    const nodes = [];
    for (let at = 0; at < model.total; at++) {
      [x[at], y[at]] = [to.x(spots[2 * at]), to.y(spots[2 * at + 1])];
      if (model.shown.nodes[at] && x[at] > -60 && x[at] < size.w + 60 && y[at] > -60 && y[at] < size.h + 60) nodes.push(at);
    }
    return { x, y, nodes, edges: crossing(model, x, y, size) };
  }

  function crossing(model, x, y, size) {
    const { edges, shown } = model;
    const found = [];
    for (let at = 0; at < edges.total; at++) {
      if (!shown.edges[at]) continue;
      const [a, b] = [edges.a[at], edges.b[at]];
      if ((x[a] < 0 && x[b] < 0) || (y[a] < 0 && y[b] < 0)) continue;
      if ((x[a] > size.w && x[b] > size.w) || (y[a] > size.h && y[b] > size.h)) continue;
      found.push(at);
    }
    return found;
  }

  const isLit = (lit, at) => !lit || lit.has(at);

  /** Strength of a link: all alike where nothing stands out, else those among what does. */
  const weight = (lit, model, count) => (edge) => {
    const calm = count > 3000 ? 0.1 : count > 600 ? 0.35 : 0.6;
    if (!lit) return calm;
    return lit.has(model.edges.a[edge]) && lit.has(model.edges.b[edge]) ? 0.9 : 0.06;
  };

  function links(ctx, model, seen, view, theme, lit) {
    const strength = weight(lit, model, seen.edges.length);
    const groups = new Map();
    for (const edge of seen.edges) {
      const key = strength(edge);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(edge);
    }
    ctx.strokeStyle = theme.edge;
    ctx.lineWidth = 1;
    for (const [alpha, each] of groups) {
      ctx.globalAlpha = alpha;
      strokes(ctx, model, seen, view, each);
    }
    ctx.globalAlpha = 1;
  }

  // One long path is slow to stroke: some hundred lines at a time are not.
  function strokes(ctx, model, seen, view, each) {
    const { edges } = model;
    for (let from = 0; from < each.length; from += 250) {
      ctx.beginPath();
      for (const edge of each.slice(from, from + 250)) {
        const [a, b] = [edges.a[edge], edges.b[edge]];
        const arrow = view.k > 0.55 ? paint.radius(model.kind(b)[4], view.k) + 1 : 0;
        paint.line(ctx, seen.x[a], seen.y[a], seen.x[b], seen.y[b], arrow);
      }
      ctx.stroke();
    }
  }

  function shapes(ctx, model, seen, view, lit) {
    for (const bright of lit ? [false, true] : [true]) {
      ctx.globalAlpha = bright ? 1 : 0.14;
      const groups = new Map();
      for (const at of seen.nodes) {
        if (isLit(lit, at) !== bright) continue;
        const kind = model.kindOf(at);
        if (!groups.has(kind)) groups.set(kind, []);
        groups.get(kind).push(at);
      }
      for (const [kind, each] of groups) filled(ctx, model, seen, view, model.data.kinds[kind], each);
    }
    ctx.globalAlpha = 1;
  }

  function filled(ctx, model, seen, view, [, , colour, shape, size], each) {
    ctx.fillStyle = colour;
    const r = paint.radius(size, view.k);
    if (r < 2.6) {
      for (const at of each) ctx.fillRect(seen.x[at] - r, seen.y[at] - r, 2 * r, 2 * r);
      return;
    }
    for (let from = 0; from < each.length; from += 400) {
      ctx.beginPath();
      for (const at of each.slice(from, from + 400)) {
        paint.trace(ctx, shape, seen.x[at], seen.y[at], model.isFold(at) ? r + 4 * view.k : r);
      }
      ctx.fill();
    }
  }

  // Who gets a label first where there is no room for all: kinds in their order of weight, then the best linked.
  const FIRST = ["release", "meeting", "feature", "topic", "person", "note"];
  let ranked = null;
  function ranking(model) {
    if (!ranked) {
      const weights = new Map(FIRST.map((name, at) => [name, FIRST.length - at]));
      const weigh = (at) => (weights.get(model.kind(at)[0]) || 0) * 1000 + Math.min(999, model.near[at].length);
      const order = Array.from({ length: model.total }, (_, at) => at).sort((a, b) => weigh(b) - weigh(a));
      ranked = new Int32Array(model.total);
      order.forEach((at, rank) => { ranked[at] = rank; });
    }
    return ranked;
  }

  /** Labels for which there is room, as [thing, lines, x, y]; from near, all that do not lie on one another. */
  function labels(model, seen, view, lit, limit = MOST_LABELS) {
    const rank = ranking(model);
    const tell = (at) => (lit && lit.has(at) ? -model.total : 0) + rank[at];
    const font = view.k > 0.7 ? 13 : 11;
    const taken = occupied(model, seen, view);
    const found = [];
    const [most, named] = view.k < 0.3 ? [Math.min(90, limit), FIRST] : [limit, null];
    for (const at of [...seen.nodes].sort((a, b) => tell(a) - tell(b))) {
      if (found.length >= most || (lit && !lit.has(at))) break;
      if (!lit && named && !named.includes(model.kind(at)[0])) continue;
      const y = seen.y[at] + paint.radius(model.kind(at)[4], view.k) + 3;
      const lines = fitting(taken, model.lines(at).split("\n"), seen.x[at], y, font);
      if (lines) found.push([at, lines, seen.x[at], y]);
    }
    return { font, found };
  }

  /** The lines of a label for which there is room: all, the first alone, or null. */
  function fitting(taken, lines, x, y, font) {
    const tries = lines.length > 1 ? [lines, [`${lines[0]}…`]] : [lines];
    return tries.find((some) => {
      const width = Math.max(...some.map(columns)) * font * 0.54;
      return claim(taken, x - width / 2, y, width, some.length * (font + 2) - 5);
    }) || null;
  }

  // From near, labels keep off the things themselves; far off there would be no room left.
  function occupied(model, seen, view) {
    const taken = new Set();
    if (view.k < 0.42 && seen.nodes.length > 300) return taken;
    // A little above the middle, so that no thing is in the way of its own label.
    for (const at of seen.nodes) claim(taken, seen.x[at] - 2, seen.y[at] - 4, 4, 0, true);
    return taken;
  }

  function claim(taken, x, y, width, height, anyway = false) {
    const cells = [];
    for (let cx = Math.floor(x / 14); cx <= Math.floor((x + width) / 14); cx++) {
      for (let cy = Math.floor(y / 9); cy <= Math.floor((y + height) / 9); cy++) {
        if (!anyway && taken.has(cx * 100003 + cy)) return false;
        cells.push(cx * 100003 + cy);
      }
    }
    for (const cell of cells) taken.add(cell);
    return true;
  }

  function written(ctx, model, seen, view, theme, lit, most = MOST_LABELS) {
    const { font, found } = labels(model, seen, view, lit, most);
    ctx.font = `${font}px ${theme.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    [ctx.fillStyle, ctx.strokeStyle, ctx.lineWidth, ctx.lineJoin] = [theme.ink, theme.surface, 3, "round"];
    for (const [, lines, x, y] of found) {
      lines.forEach((text, n) => {
        ctx.globalAlpha = 0.85;
        ctx.strokeText(text, x, y + n * (font + 2));
        ctx.globalAlpha = 1;
        ctx.fillText(text, x, y + n * (font + 2));
      });
    }
  }

  /** Draws a view of {w, h} pixels; what is not in `lit` (a Set, or null for all) recedes. */
  function picture(ctx, model, view, size, theme, lit) {
    ctx.fillStyle = theme.surface;
    ctx.fillRect(0, 0, size.w, size.h);
    paint.strips(ctx, model, view, size, theme);
    const seen = inside(model, view, size);
    links(ctx, model, seen, view, theme, lit);
    shapes(ctx, model, seen, view, lit);
    written(ctx, model, seen, view, theme, lit);
  }

  /** The labels of a view alone, for a renderer that draws the rest itself. */
  function lettered(ctx, model, view, size, theme, lit) {
    const to = paint.screen(view, size);
    const spots = model.spots();
    const [x, y] = [new Float32Array(model.total), new Float32Array(model.total)];
    const nodes = [];
    for (let at = 0; at < model.total; at++) {
      if (!model.shown.nodes[at]) continue;
      [x[at], y[at]] = [to.x(spots[2 * at]), to.y(spots[2 * at + 1])];
      if (x[at] > -40 && x[at] < size.w + 40 && y[at] > -20 && y[at] < size.h + 10) nodes.push(at);
    }
    written(ctx, model, { x, y, nodes }, view, theme, lit, 180);
  }

  function png(model, view, size, theme, lit, mark) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [size.w * 2, size.h * 2];
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    picture(ctx, model, view, size, theme, lit);
    paint.over(ctx, model, view, size, theme, mark);
    paint.names(ctx, model, view, size, theme);
    return new Promise((done) => { canvas.toBlob(done, "image/png"); });
  }

  const SVG = "http://www.w3.org/2000/svg";
  function svg(model, view, size, theme, lit) {
    const root = document.createElementNS(SVG, "svg");
    const add = (tag, attributes, text) => {
      const element = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      if (text) element.textContent = text;
      root.append(element);
    };
    for (const [name, value] of [["viewBox", `0 0 ${size.w} ${size.h}`], ["width", size.w], ["height", size.h]]) root.setAttribute(name, value);
    add("rect", { width: size.w, height: size.h, fill: theme.surface });
    svgParts(add, model, inside(model, view, size), view, theme, lit);
    svgNames(add, model, view, size, theme);
    return new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" });
  }

  function svgParts(add, model, seen, view, theme, lit) {
    const strength = weight(lit, model, seen.edges.length);
    for (const edge of seen.edges) {
      const [a, b] = [model.edges.a[edge], model.edges.b[edge]];
      const d = `M${seen.x[a].toFixed(1)} ${seen.y[a].toFixed(1)}L${seen.x[b].toFixed(1)} ${seen.y[b].toFixed(1)}`;
      add("path", { d, stroke: theme.edge, "stroke-opacity": strength(edge), fill: "none" });
    }
    for (const at of seen.nodes) {
      const [, , colour, shape, size] = model.kind(at);
      const [tag, attributes] = paint.svgShape(shape, seen.x[at], seen.y[at], paint.radius(size, view.k));
      add(tag, { ...attributes, fill: colour, "fill-opacity": isLit(lit, at) ? 1 : 0.14 });
    }
    const { font, found } = labels(model, seen, view, lit);
    for (const [, lines, x, y] of found) {
      lines.forEach((text, n) => add("text", {
        x: x.toFixed(1), y: (y + font + n * (font + 2)).toFixed(1), "font-size": font, "text-anchor": "middle",
        fill: theme.ink, "font-family": theme.font,
      }, text));
    }
  }

  function svgNames(add, model, view, size, theme) {
    const write = (text, x, y) => add("text", { x: x.toFixed(1), y: y.toFixed(1), "font-size": 12, "font-weight": 600, fill: theme.soft, "font-family": theme.font }, text);
    const ctx = { measureText: (text) => ({ width: columns(text) * 6.6 }), fillText: (text, x, y) => write(text, x, y + 4), fillRect() {} };
    paint.names(ctx, model, view, size, theme);
  }

  Object.assign(window.kgnet, { picture, lettered, png, svg });
})();
