"use strict";
// What is chosen, the keyboard, the pointer on the chart, and the address that keeps the view.
(() => {
  if (!kgt.view) return;
  const { view, scroller, say, state, FACETS, features, iso, day, bySlug } = kgt;
  const [cursor, picked] = [document.getElementById("tl-at"), document.getElementById("tl-picked")];
  const said = document.getElementById("tl-said");
  const tongue = { row: 0, item: -1 }; // where the keyboard is: a row, and an item of it or -1
  let chosen = null;

  // ---- what is chosen

  const rowOf = (feature) => view.rows.findIndex((row) => row.feature === feature);
  const itemWith = (feature, fact) => kgt.itemsOf(feature).find((item) => item.facts.includes(fact));

  function rings() {
    const n = chosen?.facts.length ? rowOf(chosen.feature) : -1;
    kgt.ring(picked, n, n < 0 ? null : itemWith(chosen.feature, chosen.facts[0]) ?? null);
    for (const label of scroller.querySelectorAll(".name.on")) label.classList.remove("on");
    if (chosen) kgt.drawnRow(rowOf(chosen.feature))?.label.classList.add("on");
    point();
  }

  /** Opens the evidence of facts of a feature, or the feature's own panel; null closes it. */
  function pick(next) {
    chosen = next;
    kgt.hint(null); // it would lie over the panel
    kgt.openPanel(next);
    rings();
    remember();
  }

  /** What is chosen back into view, after the panel took room from the chart. */
  function keep() {
    const item = chosen?.facts.length ? itemWith(chosen.feature, chosen.facts[0]) : null;
    if (item && !inView(item)) scroller.scrollLeft = Math.max(0, item.x1 - kgt.width() + 40);
  }

  /** Brings a feature's row into view, whatever has to be unfolded or cleared for it. */
  function reveal(feature, x = null) {
    if (rowOf(feature) < 0 && kgt.searching() && !fitsNow(feature)) kgt.clear();
    if (rowOf(feature) < 0) { state.folded.delete(feature.group); state.foldedHits.delete(feature.group); kgt.changed(); }
    const n = rowOf(feature);
    if (n < 0) return;
    Object.assign(tongue, { row: n, item: -1 });
    kgt.bring(n, x);
    pick({ feature, facts: chosen && chosen.feature === feature ? chosen.facts : [] });
    flash(n);
  }

  const fitsNow = (feature) => view.fit.includes(feature);

  const inView = (item) => item.x1 > scroller.scrollLeft && item.x0 < scroller.scrollLeft + kgt.width();

  /** Goes to the time of a row when all of it lies outside the view. */
  function goToTime(feature, way = 0) {
    const all = kgt.itemsOf(feature);
    if (!all.length || all.some(inView)) return;
    const later = all.filter((item) => item.x0 >= scroller.scrollLeft);
    const last = way > 0 && later.length ? later[0] : all.reduce((late, item) => (item.x1 > late.x1 ? item : late));
    scroller.scrollLeft = (last.x0 + last.x1) / 2 - kgt.width() / 2;
    kgt.soon();
  }

  /** What a search or a filter found of a feature: the bars or the marks that it asks for, else all. */
  function hits(feature) {
    const all = kgt.itemsOf(feature);
    const bars = state.outcome.size ? all.filter((item) => item.type === "promise" && !kgt.dimmed(item.facts[0])) : [];
    const marks = state.kind.size || state.status.size || state.class.size ? all.filter((item) => item.type !== "promise") : [];
    return bars.length || marks.length ? [...bars, ...marks] : all;
  }

  /** Goes to the time of a list when less than half of the rows that are seen first have anything found in view. */
  function goToRows() {
    const most = Math.max(1, Math.floor((scroller.clientHeight - kgt.HEAD) / view.row));
    const found = view.rows.slice(0, most + 1).filter((row) => row.feature).map((row) => hits(row.feature)).filter((list) => list.length);
    if (!found.length || found.filter((list) => list.some(inView)).length * 2 >= found.length) return;
    const all = found.flat();
    goToSpan(Math.min(...all.map((item) => item.x0)), Math.max(...all.map((item) => item.x1)));
  }

  /** Days between two x into the middle; where they do not fit, out until they do. */
  function goToSpan(x0, x1) {
    const days = (x) => view.whole.first + x / view.scale.ppd;
    const [from, to, wide] = [days(x0), days(x1), kgt.width()];
    if (x1 - x0 < wide) { scroller.scrollLeft = (x0 + x1 - wide) / 2; kgt.soon(); return; }
    const air = (to - from) * 0.04;
    kgt.show(Math.max(view.whole.first, from - air), Math.min(view.whole.last, to + air));
  }

  /** The whole of a release's cycle into view, unless it is there. */
  function goToCycle(slug) {
    const release = bySlug.get(slug);
    const [start, ship] = [release?.start ?? null, release?.ship ?? null];
    if (start === null && ship === null) return false;
    const [x0, x1] = [start ?? ship, ship ?? start].map((at) => view.scale.x(Math.min(view.whole.last, Math.max(view.whole.first, at))));
    if (x0 < scroller.scrollLeft || x1 > scroller.scrollLeft + kgt.width()) goToSpan(x0, x1);
    return true;
  }

  function flash(n) {
    const label = kgt.drawnRow(n)?.label;
    label?.classList.add("flash");
    setTimeout(() => label?.classList.remove("flash"), 1600);
  }

  /** A click on an arrow opens its words and goes where it leads. */
  function follow(slip) {
    const other = features[slip.became];
    if (other && other !== slip.owner) { reveal(other, endOf(slip)); pick({ feature: slip.owner, facts: [slip] }); flash(rowOf(other)); } else {
      pick({ feature: slip.owner, facts: [slip] });
      const item = itemWith(slip.owner, slip);
      if (item) kgt.bring(rowOf(slip.owner), item.x1);
    }
  }

  function endOf(slip) {
    const start = bySlug.get(slip.to)?.start ?? null;
    return start === null ? null : view.scale.x(start);
  }

  function act(feature, item) {
    if (!item) goToTime(feature);
    if (item?.type === "slip") follow(item.facts[0]); else pick({ feature, facts: item ? item.facts : [] });
  }

  // ---- keyboard

  function current() {
    const row = view.rows[tongue.row];
    const all = row?.feature ? kgt.itemsOf(row.feature) : [];
    tongue.item = Math.min(tongue.item, all.length - 1);
    return { row, all, item: all[tongue.item] ?? null };
  }

  function point() {
    const active = document.activeElement === scroller;
    const { row, item } = current();
    kgt.ring(cursor, tongue.row, active && item ? item : null);
    for (const label of scroller.querySelectorAll(".at")) label.classList.remove("at");
    if (!active || !row) { scroller.removeAttribute("aria-activedescendant"); return; }
    const label = kgt.drawnRow(tongue.row)?.label;
    if (!item) label?.classList.add("at");
    const words = item ? kgt.itemWords(item).join(". ") : label?.textContent ?? "";
    if (item) cursor.setAttribute("aria-label", words);
    scroller.setAttribute("aria-activedescendant", item ? "tl-at" : `tl-row-${tongue.row}`);
    if (said.textContent !== words) said.textContent = words;
  }

  function go(row, item) {
    tongue.row = Math.max(0, Math.min(view.rows.length - 1, row));
    tongue.item = item;
    const now = current();
    kgt.bring(tongue.row, now.item ? (now.item.x0 + now.item.x1) / 2 : null);
    point();
  }

  function nearest(row) { // the item of another row that is nearest to where we are
    const { item } = current();
    const feature = view.rows[row]?.feature;
    if (!item || !feature) return -1;
    const x = (item.x0 + item.x1) / 2;
    const gaps = kgt.itemsOf(feature).map((one) => Math.abs((one.x0 + one.x1) / 2 - x));
    return gaps.indexOf(Math.min(...gaps));
  }

  function vertical(by) {
    const row = Math.max(0, Math.min(view.rows.length - 1, tongue.row + by));
    go(row, nearest(row));
  }

  function horizontal(by) {
    const { row, all } = current();
    if (row?.group) { if (row.open !== by > 0) toggle(row.slug); return; }
    go(tongue.row, Math.max(-1, Math.min(all.length - 1, tongue.item + by)));
  }

  function enter() {
    const { row, item } = current();
    if (row?.group) toggle(row.slug); else if (row) act(row.feature, item);
  }

  function toggle(slug) {
    kgt.toggle(slug);
    kgt.changed();
    tongue.row = Math.max(0, view.rows.findIndex((row) => row.group && row.slug === slug));
    const next = view.rows[tongue.row + 1];
    if (next?.feature && !goToCycle(slug)) goToTime(next.feature);
    const low = view.tops[tongue.row] > scroller.scrollTop + (scroller.clientHeight - kgt.HEAD) / 2;
    if (next?.feature && low) { scroller.scrollTop = view.tops[tongue.row]; kgt.soon(); } // its rows are to be seen
    point();
  }

  function page() { return Math.max(1, Math.floor((scroller.clientHeight - kgt.HEAD) / view.row) - 1); }
  function pan(by) { scroller.scrollLeft += by * kgt.width() / 4; }
  const middleX = () => kgt.width() / 2;

  const KEYS = {
    ArrowUp: () => vertical(-1), ArrowDown: () => vertical(1), ArrowLeft: () => horizontal(-1), ArrowRight: () => horizontal(1),
    PageUp: () => vertical(-page()), PageDown: () => vertical(page()), Home: () => go(tongue.row, 0), End: () => go(tongue.row, Infinity),
    Enter: enter, " ": enter,
  };
  const ANYWHERE = {
    "+": () => kgt.zoom(view.scale.ppd * 1.5), "=": () => kgt.zoom(view.scale.ppd * 1.5), "-": () => kgt.zoom(view.scale.ppd / 1.5),
    0: () => kgt.show(view.whole.first, view.whole.last), t: () => today(), f: () => kgt.foldOrNot(),
    "/": () => document.getElementById("search").focus(), "?": () => help(),
  };

  function today() {
    const now = Math.min(view.whole.today, view.whole.last);
    scroller.scrollLeft = view.scale.x(now) - middleX();
    kgt.soon();
  }

  function onChart(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== scroller) return;
    if (event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      pan(event.key === "ArrowLeft" ? -1 : 1);
      return;
    }
    const action = KEYS[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  function onPage(event) {
    const typing = event.target.closest("input, select, textarea, dialog");
    if (event.key === "Escape" && !event.target.closest("dialog")) { escape(typing); return; }
    if (typing && event.target.type !== "checkbox") return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = Object.hasOwn(ANYWHERE, event.key) ? ANYWHERE[event.key] : null;
    if (!action) return;
    event.preventDefault();
    action();
  }

  function escape(typing) {
    kgt.hint(null);
    if (chosen) { const inside = kgt.panel.contains(document.activeElement); pick(null); if (inside) scroller.focus(); } else if (typing) scroller.focus();
  }

  function help() {
    const dialog = document.getElementById("tl-keys");
    const lines = [["↑ ↓", "k-rows"], ["← →", "k-marks"], ["Home End", "k-ends"], ["PgUp PgDn", "k-page"], ["Enter", "k-open"], ["Shift ← →", "k-pan"],
      ["+ − 0", "k-zoom"], [`Ctrl ${say("wheel")}`, "k-wheel"], ["t", "k-today"], ["/", "k-find"], ["f", "k-fold"], ["Esc", "k-close"]];
    const list = kgt.make("dl");
    for (const [key, name] of lines) list.append(kgt.make("dt", "", kgt.make("kbd", "", key)), kgt.make("dd", "", say(name)));
    dialog.replaceChildren(kgt.make("div", "top", kgt.make("h2", "", say("keys")), kgt.button(say("close"), () => dialog.close())), list);
    dialog.showModal();
  }

  // ---- pointer: drag pans, ctrl and the wheel zoom, two fingers zoom, a press opens

  let drag = null;
  let moved = false;

  function press(event) {
    if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest("button, .name")) return;
    if (event.clientX > scroller.getBoundingClientRect().left + scroller.clientWidth) return; // the scroll bar's own
    drag = { x: event.clientX, y: event.clientY, left: scroller.scrollLeft, top: scroller.scrollTop };
    moved = false;
  }

  function move(event) {
    if (drag && event.buttons & 1) {
      const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
      if (!moved && Math.hypot(dx, dy) > 4) { moved = true; scroller.setPointerCapture(event.pointerId); scroller.classList.add("panning"); kgt.hint(null); }
      if (moved) scroller.scrollTo(drag.left - dx, drag.top - dy);
      return;
    }
    drag = null;
    if (event.pointerType === "mouse") hover(event);
  }

  function release() { drag = null; scroller.classList.remove("panning"); }

  function hover(event) {
    const found = event.target.closest(".tl-rows") ? kgt.hit(event.clientX, event.clientY) : null;
    scroller.classList.toggle("over", Boolean(found?.item));
    kgt.hint(found?.item ? [found.feature.label, ...kgt.itemWords(found.item)] : null, event.clientX, event.clientY);
  }

  function click(event) {
    if (moved) { moved = false; return; }
    const label = event.target.closest("[data-row]");
    const row = label && !event.target.closest(".tl-rows") ? view.rows[label.dataset.row] : null;
    if (row?.group) { toggle(row.slug); return; }
    if (row) { tongue.row = Number(label.dataset.row); tongue.item = -1; act(row.feature, null); return; }
    const found = kgt.hit(event.clientX, event.clientY);
    if (!found || !event.target.closest(".tl-rows")) return;
    tongue.row = found.n;
    tongue.item = found.item ? kgt.itemsOf(found.feature).indexOf(found.item) : -1;
    const named = event.clientY - scroller.getBoundingClientRect().top - kgt.HEAD + scroller.scrollTop - view.tops[found.n] < view.lead;
    if (found.item) act(found.feature, found.item); else if (named) act(found.feature, null); else pick(null);
  }

  function wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomAt(event.clientX, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0025)));
  }

  function zoomAt(clientX, by) {
    const px = clientX - scroller.getBoundingClientRect().left - view.names;
    kgt.zoom(view.scale.ppd * by, view.whole.first + (scroller.scrollLeft + px) / view.scale.ppd, px);
  }

  let pinch = 0;
  function touch(event) {
    if (event.touches.length !== 2) { pinch = 0; return; }
    if (event.defaultPrevented) return;
    event.preventDefault();
    const [a, b] = event.touches;
    const apart = Math.max(20, Math.abs(a.clientX - b.clientX));
    if (pinch) zoomAt((a.clientX + b.clientX) / 2, apart / pinch);
    pinch = apart;
  }

  scroller.addEventListener("keydown", onChart);
  document.addEventListener("keydown", onPage);
  scroller.addEventListener("focus", point);
  scroller.addEventListener("blur", point);
  scroller.addEventListener("pointerdown", press);
  scroller.addEventListener("pointermove", move);
  scroller.addEventListener("pointerup", release);
  scroller.addEventListener("pointercancel", release);
  scroller.addEventListener("pointerleave", () => kgt.hint(null));
  scroller.addEventListener("click", click);
  scroller.addEventListener("wheel", wheel, { passive: false });
  // A touch stays with the element it began on, even when a zoom has drawn the row anew without it.
  function twoFingers(event) {
    if (event.touches.length === 2) for (const one of event.touches) one.target.addEventListener("touchmove", touch, { passive: false });
  }

  scroller.addEventListener("touchstart", twoFingers, { passive: true });
  scroller.addEventListener("touchend", () => { pinch = 0; });

  // ---- the address

  const SHORT = { outcome: "o", kind: "k", status: "s", class: "c" };

  function mark() {
    if (!chosen) return "";
    const fact = chosen.facts[0];
    return chosen.feature.key + (fact ? `!${fact.type}.${fact.nth}` : "");
  }

  function address() {
    const parts = new URLSearchParams();
    const [from, to] = kgt.shown();
    parts.set("z", `${iso(from)}..${iso(to)}`);
    if (state.query) parts.set("q", state.query);
    if (state.order !== "moved") parts.set("order", state.order);
    if (!state.grouped) parts.set("flat", "1");
    if (state.person) parts.set("p", state.person);
    for (const name of FACETS) if (state[name].size) parts.set(SHORT[name], [...state[name]].join("|"));
    const usual = kgt.usual();
    if (state.folded.size !== usual.size || [...usual].some((slug) => !state.folded.has(slug))) parts.set("folded", [...state.folded].join("|"));
    if (chosen) parts.set("sel", mark());
    const top = view.rows[Math.floor(Math.max(0, kgt.firstRow()))];
    if (scroller.scrollTop > 0 && top) parts.set("top", top.group ? `=${top.slug}` : top.feature.key);
    return `#${parts}`;
  }

  let waiting = 0;
  let written = "";
  function remember() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      written = address();
      history.replaceState(null, "", written);
    }, 200);
  }

  function restore() {
    const parts = new URLSearchParams(location.hash.slice(1));
    state.query = parts.get("q") ?? "";
    state.order = ["moved", "name", "promise"].includes(parts.get("order")) ? parts.get("order") : "moved";
    state.grouped = !parts.has("flat");
    state.person = parts.get("p") ?? "";
    for (const name of FACETS) state[name] = new Set(parts.has(SHORT[name]) ? parts.get(SHORT[name]).split("|") : []);
    state.folded = parts.has("folded") ? new Set(parts.get("folded").split("|").filter((slug) => slug || parts.get("folded").includes("|"))) : kgt.usual();
    kgt.changed(false);
    restoreChoice(parts.get("sel") ?? ""); // first, as its panel takes room from the chart
    const [from, to] = (parts.get("z") ?? "").split("..").map((text) => day(text ?? ""));
    if (typeof from === "number" && typeof to === "number" && to > from) kgt.show(from, to); else { kgt.home(); if (kgt.searching()) goToRows(); }
    restoreRow(parts.get("top") ?? "");
  }

  function restoreRow(top) {
    const n = view.rows.findIndex((row) => (row.group ? `=${row.slug}` : row.feature.key) === top);
    if (n > 0) { scroller.scrollTop = view.tops[n]; kgt.soon(); }
  }

  function restoreChoice(text) {
    const [key, which] = text.split("!");
    const feature = key && features.find((one) => one.key === key);
    if (!feature) { if (chosen) pick(null); return; }
    const [type, nth] = (which ?? "").split(".");
    const fact = ["promise", "slip", "mark", "landing"].includes(type) ? feature[type][nth] : undefined;
    pick({ feature, facts: fact ? [fact] : [] });
    const n = rowOf(feature);
    if (n >= 0) kgt.bring(n);
  }

  addEventListener("hashchange", () => { if (location.hash !== written) restore(); });
  kgt.after.push(remember, rings);
  Object.assign(kgt, { pick, reveal, goToRows, goToTime, keep, inView, restore, remember, today, help, tongue, chosen: () => chosen });
})();
