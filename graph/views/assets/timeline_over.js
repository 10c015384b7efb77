"use strict";
// The strip above the chart: the whole range with all that happened, and a brush over the days in view.
(() => {
  const box = document.getElementById("tl-over");
  if (!kgt.view || !box) return;
  const { view, el, iso, releases, round } = kgt;
  const { whole } = view;
  const picture = box.querySelector("svg");
  const brush = document.getElementById("tl-brush");
  const ends = { from: document.getElementById("tl-from"), to: document.getElementById("tl-to") };
  const HIGH = 44;
  const days = whole.last - whole.first;
  const toX = (day) => (day - whole.first) / days * box.clientWidth;
  const toDay = (x) => whole.first + x / box.clientWidth * days;

  function heights(wide) {
    const bins = new Array(Math.ceil(wide / 3) + 1).fill(0);
    for (const feature of view.fit) {
      for (const fact of [...feature.mark, ...feature.landing, ...feature.slip, ...feature.promise]) {
        if (fact.day !== null && (fact.type === "promise" || kgt.drawn(fact))) bins[Math.floor(toX(fact.day) / 3)] += 1;
      }
    }
    return bins;
  }

  function sketch() {
    const wide = box.clientWidth;
    picture.setAttribute("width", wide);
    picture.setAttribute("height", HIGH);
    picture.replaceChildren();
    const taken = [];
    releases.forEach((release, at) => {
      if (release.start === null) return;
      const [a, b] = [toX(release.start), toX(release.ship ?? whole.last)];
      if (at % 2 === 0) picture.prepend(el("rect", { class: "band", x: round(a), width: Math.max(0, round(b - a)), height: HIGH }));
      const room = 7 * release.label.length + 8;
      if (taken.every((end) => a > end)) { picture.append(el("text", { class: "tick", x: round(a + 4), y: 12 }, release.label)); taken.push(a + room); }
    });
    const bins = heights(wide);
    const most = Math.max(1, ...bins);
    const d = bins.map((n, at) => (n ? `M${at * 3 + 1.5} ${HIGH}v-${round(2 + 24 * Math.sqrt(n / most))}` : "")).join("");
    picture.append(el("path", { class: "activity", d }));
    if (whole.today <= whole.last && whole.today >= whole.first) picture.append(el("path", { class: "l-today", d: `M${round(toX(whole.today))} 0V${HIGH}` }));
  }

  function place() {
    const [from, to] = kgt.shown().map((day) => Math.min(whole.last, Math.max(whole.first, day)));
    brush.style.left = `${round(toX(from))}px`;
    brush.style.width = `${Math.max(8, round(toX(to) - toX(from)))}px`;
    for (const [name, day] of [["from", from], ["to", to]]) {
      const end = ends[name];
      for (const [key, value] of [["valuemin", Math.round(whole.first)], ["valuemax", Math.round(whole.last)], ["valuenow", Math.round(day)], ["valuetext", iso(day)]]) end.setAttribute(`aria-${key}`, value);
    }
  }

  // ---- by pointer: the ends move one end, the middle moves both, beside the brush a new one is drawn

  let drag = null;
  function press(event) {
    if (event.button !== 0) return;
    const x = event.clientX - box.getBoundingClientRect().left;
    const [from, to] = kgt.shown();
    const part = event.target === ends.from ? "from" : event.target === ends.to ? "to" : brush.contains(event.target) ? "both" : "new";
    drag = { part, x, from: part === "new" ? toDay(x) : from, to: part === "new" ? toDay(x) : to };
    box.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  function move(event) {
    if (!drag) return;
    const x = event.clientX - box.getBoundingClientRect().left;
    const [by, at] = [toDay(x) - toDay(drag.x), Math.min(whole.last, Math.max(whole.first, toDay(x)))];
    let { from, to } = drag;
    if (drag.part === "both") {
      const held = Math.min(whole.last - to, Math.max(whole.first - from, by));
      [from, to] = [from + held, to + held];
    } else if (drag.part === "from") from = Math.min(at, to - 7);
    else if (drag.part === "to") to = Math.max(at, from + 7);
    else [from, to] = [Math.min(drag.from, at), Math.max(drag.from, at)];
    if (drag.part === "both") { kgt.scroller.scrollLeft = view.scale.x(from); kgt.soon(); } else if (to - from > 3) kgt.show(from, to);
  }

  function release(event) {
    if (!drag) return;
    if (drag.part === "new" && Math.abs(event.clientX - box.getBoundingClientRect().left - drag.x) < 4) {
      const [from, to] = kgt.shown();
      kgt.scroller.scrollLeft = view.scale.x(toDay(drag.x) - (to - from) / 2);
    }
    drag = null;
  }

  function key(name, event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -4, PageUp: 4 }[event.key];
    if (!by) return;
    event.preventDefault();
    let [from, to] = kgt.shown();
    const step = Math.max(7, days / 60) * by;
    if (name === "from") from = Math.max(whole.first, Math.min(from + step, to - 14)); else to = Math.min(whole.last, Math.max(to + step, from + 14));
    kgt.show(from, to);
  }

  box.addEventListener("pointerdown", press);
  box.addEventListener("pointermove", move);
  box.addEventListener("pointerup", release);
  box.addEventListener("pointercancel", () => { drag = null; });
  for (const [name, end] of Object.entries(ends)) end.addEventListener("keydown", (event) => key(name, event));
  new ResizeObserver(() => { sketch(); place(); }).observe(box);
  kgt.after.push(place);
  kgt.overview = sketch;
})();
