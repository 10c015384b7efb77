"use strict";
// How things look on a canvas and in SVG: shapes, links, labels, and the strips of dates and kinds behind them.
(() => {
  const STAR = Array.from({ length: 10 }, (_, n) => {
    const [radius, turn] = [0.82 * (n % 2 ? 0.5 : 1.3), (n * Math.PI) / 5];
    return [radius * Math.sin(turn), 0.08 - radius * Math.cos(turn)];
  });
  const POLYGONS = {
    square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
    diamond: [[0, 1], [1, 0], [0, -1], [-1, 0]],
    triangle: [[0, -1.01], [1.15, 0.98], [-1.15, 0.98]],
    triangleDown: [[0, 1.01], [1.15, -0.98], [-1.15, -0.98]],
    hexagon: Array.from({ length: 6 }, (_, n) => [Math.cos((n * Math.PI) / 3), Math.sin((n * Math.PI) / 3)]),
    star: STAR,
  };

  function trace(ctx, shape, x, y, r) {
    const points = POLYGONS[shape];
    if (!points) {
      ctx.moveTo(x + r, y);
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      return;
    }
    ctx.moveTo(x + r * points[0][0], y + r * points[0][1]);
    for (let n = 1; n < points.length; n++) ctx.lineTo(x + r * points[n][0], y + r * points[n][1]);
    ctx.closePath();
  }

  function svgShape(shape, x, y, r) {
    const points = POLYGONS[shape];
    if (!points) return ["circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: r.toFixed(1) }];
    const d = points.map(([dx, dy]) => `${(x + r * dx).toFixed(1)} ${(y + r * dy).toFixed(1)}`).join("L");
    return ["path", { d: `M${d}Z` }];
  }

  function readTheme() {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(`--${name}`).trim();
    const names = ["ink", "soft", "line", "band", "edge", "surface", "accent"];
    return { ...Object.fromEntries(names.map((name) => [name, of(name)])), font: getComputedStyle(document.body).fontFamily };
  }

  // Far off, things shrink less than their distances, so that they can still be told apart.
  const radius = (size, k) => Math.max(1.6, size * k * Math.min(2, Math.max(1, 0.45 / k)));

  /** view: {x, y} in the middle and k pixels per layout pixel; size: {w, h} in pixels. */
  const screen = (view, size) => ({
    x: (x) => (x - view.x) * view.k + size.w / 2, y: (y) => (y - view.y) * view.k + size.h / 2,
  });

  function extent(spots, on) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let at = 0; at < on.length; at++) {
      if (!on[at]) continue;
      [left, right] = [Math.min(left, spots[2 * at]), Math.max(right, spots[2 * at])];
      [top, bottom] = [Math.min(top, spots[2 * at + 1]), Math.max(bottom, spots[2 * at + 1])];
    }
    return left > right ? { left: 0, top: 0, right: 0, bottom: 0 } : { left, top, right, bottom };
  }

  /** The view that shows everything, or what is `on`, or as much of it as can still be made out. */
  function fitted(model, size, on = model.shown.nodes) {
    const box = extent(model.spots(), on);
    const [left, top] = model.free() ? [0, 0] : [Math.min(80, size.w / 8), 20]; // room for the names of kinds and dates
    const k = Math.min(1, (size.w - left - 40) / (box.right - box.left + 120), (size.h - top - 30) / (box.bottom - box.top + 90));
    const least = size.w < 620 ? 0.3 : 0.02;
    if (k >= least || model.free()) {
      const close = Math.max(k, 0.01);
      return { x: (box.left + box.right - left / close) / 2, y: (box.top + box.bottom - top / close) / 2, k: close };
    }
    return { x: box.left - 70 + size.w / 2 / least, y: box.top - 80 + size.h / 2 / least, k: least };
  }

  function strips(ctx, model, view, size, theme) {
    if (model.free()) return;
    const to = screen(view, size);
    const { bands, columns } = model.data;
    const [left, right] = [to.x(columns[0][1] - 40), to.x(columns.at(-1)[2] + 40)];
    ctx.fillStyle = theme.band;
    for (const [, begin, end] of bands) ctx.fillRect(left, to.y(begin - 8), right - left, (end - begin + 16) * view.k);
    ctx.strokeStyle = theme.line;
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (const [, begin] of columns.slice(1)) {
      ctx.moveTo(to.x(begin - 22), to.y(bands[0][1] - 10));
      ctx.lineTo(to.x(begin - 22), to.y(bands.at(-1)[2] + 10));
    }
    ctx.stroke();
  }

  function pill(ctx, text, x, y, theme) {
    const width = ctx.measureText(text).width;
    ctx.globalAlpha = 0.88;
    ctx.fillStyle = theme.surface;
    ctx.fillRect(x - 4, y - 9, width + 8, 18);
    ctx.globalAlpha = 1;
    ctx.fillStyle = theme.soft;
    ctx.fillText(text, x, y);
    return width;
  }

  // Names of dates and kinds stay at the edges of the view.
  function names(ctx, model, view, size, theme) {
    if (model.free()) return;
    const to = screen(view, size);
    ctx.font = `600 12px ${theme.font}`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    let free = -Infinity;
    for (const [name, begin, end] of model.data.columns) {
      const at = Math.max(to.x(begin), Math.min(84, to.x(end) - 70));
      if (at > free && at > 60 && at < size.w - 20) free = at + pill(ctx, name || model.data.words.undated, at, 14, theme) + 16;
    }
    free = 24;
    const words = new Map(model.data.kinds.map(([kind, word]) => [kind, word]));
    for (const [kind, begin, end] of model.data.bands) {
      const y = to.y((begin + end) / 2);
      if (y > free && y < size.h - 6) { pill(ctx, words.get(kind), 8, y, theme); free = y + 17; }
    }
  }

  function line(ctx, x1, y1, x2, y2, arrow) {
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    if (!arrow) return;
    const length = Math.hypot(x2 - x1, y2 - y1);
    if (length < 2 * arrow) return;
    const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
    const [tx, ty] = [x2 - dx * arrow, y2 - dy * arrow];
    ctx.moveTo(tx - dx * 6 - dy * 3, ty - dy * 6 + dx * 3);
    ctx.lineTo(tx, ty);
    ctx.lineTo(tx - dx * 6 + dy * 3, ty - dy * 6 - dx * 3);
  }

  /** Ring and links of what the pointer or the keyboard is on, and the links of a path, above all else. */
  function over(ctx, model, view, size, theme, { at, steps }) {
    const to = screen(view, size);
    const spots = model.spots();
    const { edges, shown } = model;
    ctx.strokeStyle = theme.accent;
    ctx.lineWidth = 2;
    const ring = (one, width) => {
      const r = radius(model.kind(one)[4], view.k) + 3;
      ctx.lineWidth = width;
      ctx.beginPath();
      ctx.arc(to.x(spots[2 * one]), to.y(spots[2 * one + 1]), r, 0, 2 * Math.PI);
      ctx.stroke();
    };
    const draw = (each) => {
      ctx.lineWidth = 2;
      ctx.beginPath();
      for (const edge of each) {
        const [a, b] = [edges.a[edge], edges.b[edge]];
        const r = radius(model.kind(b)[4], view.k) + 2;
        line(ctx, to.x(spots[2 * a]), to.y(spots[2 * a + 1]), to.x(spots[2 * b]), to.y(spots[2 * b + 1]), r);
      }
      ctx.stroke();
    };
    if (steps) {
      draw(steps.map((step) => step.edge));
      for (const step of steps) { ring(step.at, 2); ring(step.to, 2); }
    }
    if (at === null || !shown.nodes[at]) return;
    const near = model.near[at].filter(({ edge }) => shown.edges[edge]);
    draw(near.map(({ edge }) => edge));
    for (const { other } of near.slice(0, 400)) ring(other, 1.2);
    ring(at, 3);
  }

  Object.assign(window.kgnet, {
    paint: { trace, svgShape, readTheme, radius, screen, extent, fitted, strips, names, line, over },
  });
})();
