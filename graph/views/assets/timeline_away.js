"use strict";
// A row whose things all lie outside the days in view has an arrow at that edge; a press goes there.
(() => {
  if (!kgt.view) return;
  const { view, scroller, say, itemsOf, inView } = kgt;
  const names = scroller.querySelector(".tl-names");
  const shown = new Map(); // number of a row → its arrow

  /** -1 for a row that ends before the view, 1 for one that begins after it or has its things on both sides, 0 else. */
  function side(feature) {
    const all = itemsOf(feature);
    if (!all.length || all.some(inView)) return 0;
    return all.every((item) => item.x1 <= scroller.scrollLeft) ? -1 : 1;
  }

  function arrow(feature, n, way) {
    const made = kgt.button(way < 0 ? "‹" : "›", () => kgt.goToTime(feature, way));
    made.className = "away";
    made.tabIndex = -1; // by keyboard, Enter on the row goes there
    made.title = say(way < 0 ? "away-before" : "away-after");
    made.setAttribute("aria-label", made.title);
    Object.assign(made, { way, feature });
    made.style.top = `${view.tops[n] + view.lead + 8}px`;
    made.style.left = `${way < 0 ? view.names + 4 : scroller.clientWidth - 30}px`;
    made.wide = scroller.clientWidth;
    names.append(made);
    return made;
  }

  function update() {
    const first = kgt.firstRow();
    const wanted = new Map();
    for (let n = first; n < view.rows.length && view.tops[n] < scroller.scrollTop + scroller.clientHeight; n++) {
      const { feature } = view.rows[n];
      const way = feature ? side(feature) : 0;
      if (way) wanted.set(n, way);
    }
    for (const [n, one] of [...shown]) {
      const stays = wanted.get(n) === one.way && one.feature === view.rows[n]?.feature && one.wide === scroller.clientWidth;
      if (stays && one.style.top === `${view.tops[n] + view.lead + 8}px`) wanted.delete(n); else { one.remove(); shown.delete(n); }
    }
    for (const [n, way] of wanted) shown.set(n, arrow(view.rows[n].feature, n, way));
  }

  kgt.after.push(update);
})();
