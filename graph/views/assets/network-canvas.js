"use strict";
// Our own renderer, for networks that are too large for vis-network: the picture of the view and some way around it
// is kept as a bitmap, which is moved while the view moves and drawn anew when it has come to rest.
(() => {
  const { paint, picture } = window.kgnet;
  const AROUND = 0.35; // how far the bitmap reaches beyond the view, as a share of it
  const REST = 110; // milliseconds without movement after which the bitmap is drawn anew

  window.kgnet.renderer = (box, model, on) => {
    const canvas = document.createElement("canvas");
    const bitmap = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    box.append(canvas);
    const ctx = canvas.getContext("2d", { alpha: false });
    const view = { x: 0, y: 0, k: 1 };
    const size = { w: 1, h: 1 };
    const seen = { view: null, size: { w: 1, h: 1 } };
    const mark = { at: null, steps: null };
    let [theme, lit, waiting, resting] = [paint.readTheme(), null, 0, 0];
    const dense = () => Math.min(2, window.devicePixelRatio || 1);

    function measure() {
      [size.w, size.h] = [Math.max(1, box.clientWidth), Math.max(1, box.clientHeight)];
      [canvas.width, canvas.height] = [Math.round(size.w * dense()), Math.round(size.h * dense())];
      [canvas.style.width, canvas.style.height] = [`${size.w}px`, `${size.h}px`];
      seen.view = null;
    }

    function remember() {
      seen.size = { w: Math.round(size.w * (1 + 2 * AROUND)), h: Math.round(size.h * (1 + 2 * AROUND)) };
      seen.view = { ...view };
      [bitmap.width, bitmap.height] = [Math.round(seen.size.w * dense()), Math.round(seen.size.h * dense())];
      const inner = bitmap.getContext("2d", { alpha: false });
      inner.setTransform(dense(), 0, 0, dense(), 0, 0);
      picture(inner, model, seen.view, seen.size, theme, lit);
    }

    function covers() {
      if (!seen.view) return false;
      const room = { w: (seen.size.w / seen.view.k - size.w / view.k) / 2, h: (seen.size.h / seen.view.k - size.h / view.k) / 2 };
      const ratio = view.k / seen.view.k;
      return Math.abs(view.x - seen.view.x) <= room.w && Math.abs(view.y - seen.view.y) <= room.h && ratio > 0.6 && ratio < 2.2;
    }

    function frame() {
      waiting = 0;
      if (!covers()) remember();
      const to = paint.screen(view, size);
      const ratio = view.k / seen.view.k;
      const [w, h] = [seen.size.w * ratio, seen.size.h * ratio];
      ctx.setTransform(dense(), 0, 0, dense(), 0, 0);
      ctx.imageSmoothingEnabled = ratio !== 1;
      ctx.drawImage(bitmap, whole(to.x(seen.view.x) - w / 2), whole(to.y(seen.view.y) - h / 2), w, h);
      paint.over(ctx, model, view, size, theme, mark);
      paint.names(ctx, model, view, size, theme);
    }

    // A bitmap that lies between two pixels would be smoothed, slowly and to its harm.
    const whole = (at) => Math.round(at * dense()) / dense();
    const ask = () => { waiting = waiting || requestAnimationFrame(frame); };
    const anew = () => { seen.view = null; ask(); };

    function moved() {
      ask();
      on.moved();
      clearTimeout(resting);
      const settled = () => seen.view && seen.view.k === view.k;
      resting = setTimeout(() => { if (!settled()) anew(); }, REST);
    }

    function pan(dx, dy) {
      view.x -= dx / view.k;
      view.y -= dy / view.k;
      moved();
    }

    function zoom(factor, x = size.w / 2, y = size.h / 2) {
      const k = Math.min(4, Math.max(0.008, view.k * factor));
      view.x += (x - size.w / 2) * (1 / view.k - 1 / k);
      view.y += (y - size.h / 2) * (1 / view.k - 1 / k);
      view.k = k;
      moved();
    }

    function at(x, y) {
      const to = paint.screen(view, size);
      const spots = model.spots();
      let [found, nearest] = [null, Infinity];
      for (let one = 0; one < model.total; one++) {
        if (!model.shown.nodes[one]) continue;
        const away = Math.hypot(to.x(spots[2 * one]) - x, to.y(spots[2 * one + 1]) - y);
        if (away < nearest && away < paint.radius(model.kind(one)[4], view.k) + 5) [found, nearest] = [one, away];
      }
      return found;
    }

    window.kgnet.gestures(box, { pan, zoom, at, on });
    new ResizeObserver(() => { measure(); ask(); on.resized(); }).observe(box);

    function fit(on) {
      Object.assign(view, paint.fitted(model, size, on));
      seen.view = null;
      moved();
    }

    function focus(one, { near = true } = {}) {
      if (size.w !== box.clientWidth || size.h !== box.clientHeight) measure();
      const spots = model.spots();
      [view.x, view.y] = [spots[2 * one], spots[2 * one + 1]];
      if (near) view.k = Math.max(view.k, 0.75);
      seen.view = null;
      moved();
    }

    measure();
    return {
      draw: anew, hide: anew, place: anew, fit, focus, pan, zoom, at, select: () => {},
      light(some, steps) { [lit, mark.steps] = [some, steps]; anew(); },
      mark(one) { mark.at = one; ask(); },
      positions(one) {
        const to = paint.screen(view, size);
        return { x: to.x(model.spots()[2 * one]), y: to.y(model.spots()[2 * one + 1]) };
      },
      view(wanted) { if (wanted) { Object.assign(view, wanted); seen.view = null; moved(); } return { ...view }; },
      size: () => ({ ...size }), theme() { theme = paint.readTheme(); anew(); },
      settings: () => ({ theme, lit, mark }),
    };
  };
})();
