"use strict";
// The chart in its scroller. The browser scrolls; we draw the rows and days in view and somewhat beyond, a few
// milliseconds of it in each frame, so that a pan never waits for a drawing.
(() => {
  const scroller = document.getElementById("tl-scroll");
  if (!scroller) return;
  const { el, say, releases, iso, round } = kgt;
  const sheet = document.getElementById("tl-sheet");
  const svg = scroller.querySelector(".tl-rows");
  const times = scroller.querySelector(".tl-times");
  const names = scroller.querySelector(".tl-names");
  const [back, front] = [el("g", { class: "back" }), el("g", {})];
  svg.append(back, front);

  const HEAD = 64;
  const GROUP = 34;
  const MOST = 40; // pixels a day takes at most
  const BUDGET = 5; // ms for drawing beyond the view, in one frame
  const BEYOND = 6; // rows
  const whole = kgt.range();
  const scale = { first: whole.first, last: whole.last, ppd: 1, x: (day) => (day - whole.first) * scale.ppd };
  const view = { scale, whole, rows: [], fit: [], tops: [0], height: 0, names: 0, row: 42, lead: 0, version: 0 };
  const drawn = new Map(); // number of a row → what is drawn of it
  const laid = new Map(); // feature → its items at this scale
  const after = []; // called when what is in view has changed

  // ---- sizes

  const narrow = matchMedia("(max-width: 640px)");
  const width = () => scroller.clientWidth - view.names;
  const least = () => Math.max(0.0005, width() / (whole.last - whole.first));

  function measure() {
    view.names = narrow.matches ? 0 : 232;
    view.lead = narrow.matches ? 19 : 0; // a narrow screen has the name above its row
    view.row = 42 + view.lead;
    sheet.style.setProperty("--names", `${view.names}px`);
    sheet.style.setProperty("--view", `${scroller.clientWidth}px`);
    scroller.style.setProperty("--head", `${HEAD}px`);
  }

  function setHeight() {
    const room = innerHeight - scroller.getBoundingClientRect().top - scrollY - (narrow.matches ? 12 : 18);
    const most = Math.max(narrow.matches ? 360 : 300, kgt.data.story ? Math.min(room, 460) : room);
    scroller.style.maxHeight = `${Math.round(most)}px`;
  }

  function size() {
    const wide = Math.floor((whole.last - whole.first) * scale.ppd);
    sheet.style.width = `${wide + view.names}px`;
    sheet.style.height = `${view.height + HEAD}px`;
    for (const [one, high] of [[svg, view.height], [times, HEAD]]) {
      one.setAttribute("width", wide);
      one.setAttribute("height", Math.max(1, high));
    }
    names.style.height = `${view.height}px`;
  }

  // ---- behind the rows, and the head

  function bands() {
    back.replaceChildren();
    back.classList.toggle("far", scale.ppd < 0.5);
    releases.forEach((release, at) => {
      const [from, to] = [scale.x(release.start ?? whole.first), scale.x(release.ship ?? whole.last)];
      if (at % 2 === 0 && to > from && release.start !== null) back.append(el("rect", { class: "band", x: round(from), width: round(to - from), height: view.height }));
    });
    for (const { name, day } of points(2.5)) back.append(el("path", { class: `l-${name}`, d: `M${round(scale.x(day))} 0V${view.height}` }));
    back.append(el("path", { class: "rule", d: view.tops.slice(1).map((y) => `M0 ${y - 0.5}H${scale.x(whole.last)}`).join("") }));
  }

  const inside = (day) => day !== null && day >= whole.first && day <= whole.last;

  /** Dated lines; milestones only from so many pixels a day, as there are many. */
  function points(least) {
    const out = releases.flatMap((r) => [{ name: "freeze", day: r.freeze, label: say("freeze") }, { name: "ship", day: r.ship, label: `${r.label} ${say("ship")}` }]);
    if (scale.ppd > least) for (const r of releases) for (const m of r.milestones) out.push({ name: "milestone", day: m.day, label: m.name });
    out.push({ name: "today", day: whole.today, label: say("today") });
    return out.filter((one) => inside(one.day) && (scale.ppd > 0.3 || one.name !== "freeze"));
  }

  function ticks(from, to) {
    const step = [7, 30.5, 91.4, 182.7, 365.25, 730.5, 1826, 3652, 36525, 365250].find((days) => days * scale.ppd > 58) ?? 1e6;
    const out = [];
    if (step === 7) {
      for (let day = Math.ceil((from - 4) / 7) * 7 + 4; day <= to; day += 7) out.push([day, iso(day).slice(5)]);
      return out;
    }
    const months = Math.round(step / 30.5);
    const begin = new Date(Math.max(from, -7e5) * 864e5);
    const month = Math.floor((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / months) * months;
    for (let n = month; out.length < 400; n += months) {
      const day = Date.UTC(2000, n - 24000, 1) / 864e5;
      if (day > to) break;
      if (day >= from) out.push([day, months >= 12 ? iso(day).slice(0, 4) : iso(day).slice(0, 7)]);
    }
    return out;
  }

  const wideOf = (text, size) => [...text].reduce((sum, c) => sum + (c > "\u2e80" ? size : size * 0.58), 0);

  /** Elements of the head for some days: cycles with their names, dates where there is room, ticks. */
  function head(from, to, target) {
    const [x0, x1] = [scale.x(from), scale.x(to)];
    const taken = [];
    let ended = -Infinity;
    const clear = (a, b) => { const free = taken.every(([c, d]) => b < c || a > d); if (free) taken.push([a, b]); return free; };
    releases.forEach((release, at) => {
      if (release.start === null || release.start > to || (release.ship ?? whole.last) < from) return;
      const [a, b] = [scale.x(release.start), scale.x(release.ship ?? whole.last)];
      if (at % 2 === 0) target.prepend(el("rect", { class: "band", x: round(a), width: Math.max(0, round(b - a)), height: HEAD })); // under the names
      const room = wideOf(release.label, 13);
      const fits = b - a > room + 10; // where cycles are narrow, some names go over the next one
      if (!fits && a < ended) return;
      ended = a + room + 16;
      const label = el("text", { class: "cycle", x: round(a + 6), y: 17 }, release.label);
      label.span = [a, fits ? b - room - 12 : a];
      target.append(label);
    });
    const order = { today: 0, ship: 1, freeze: 2, milestone: 3 };
    for (const { name, day, label } of points(0.6).sort((a, b) => order[a.name] - order[b.name])) {
      const x = scale.x(day);
      if (x < x0 - 200 || x > x1 + 200) continue;
      const room = wideOf(label, 11);
      const end = x + 6 + room > scale.x(whole.last);
      const begin = end ? x - 4 - room : x + 4;
      const free = (scale.ppd > 0.5 || name === "today") && clear(begin - 2, begin + room + 4);
      if (free || name !== "milestone") target.append(el("path", { class: `l-${name}`, d: `M${round(x)} 26V${HEAD}` }));
      if (free) target.append(el("text", { class: `t-${name}`, x: round(begin), y: 35 }, label));
    }
    for (const [day, label] of ticks(from, to)) {
      const x = round(scale.x(day));
      target.append(el("path", { class: "tick", d: `M${x} 46V${HEAD}` }), el("text", { class: "tick", x: x + 4, y: 57 }, label));
    }
  }

  /** A cycle that began further left says its name at the left edge. */
  function holdNames(target, left) {
    for (const label of target.querySelectorAll("text.cycle")) {
      const x = String(round(Math.max(label.span[0], Math.min(left, label.span[1])) + 6));
      if (label.getAttribute("x") !== x) label.setAttribute("x", x);
    }
  }

  let headed = { version: -1 };
  function drawHead(left, right) {
    if (headed.version !== view.version || left < headed.left || right > headed.right) {
      const wide = right - left;
      headed = { left: left - wide, right: right + wide, version: view.version };
      times.replaceChildren();
      head(Math.max(whole.first, whole.first + headed.left / scale.ppd), Math.min(whole.last, whole.first + headed.right / scale.ppd), times);
    }
    holdNames(times, left);
  }

  // ---- rows

  const top = (at) => view.tops[at];
  const high = (at) => (view.rows[at].group ? GROUP : view.row);

  function at(y) { // the row at a height of the sheet, by halving
    let [low, up] = [0, view.rows.length];
    while (low < up - 1) { const mid = (low + up) >> 1; if (view.tops[mid] <= y) low = mid; else up = mid; }
    return low;
  }

  function itemsOf(feature) {
    if (!laid.has(feature)) laid.set(feature, kgt.items(feature, scale));
    return laid.get(feature);
  }

  function swatch(name, count) {
    const made = document.createElement("span");
    const picture = el("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" });
    picture.append(el("rect", { class: "bar", y: 4, width: 18, height: 10, rx: 2, fill: `url(#o-${name})` }));
    made.append(picture, `${say(name)} ${count}`);
    return made;
  }

  function groupLabel(row) {
    const made = document.createElement("div");
    made.className = "group";
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.setAttribute("aria-expanded", String(row.open));
    const title = document.createElement("strong");
    title.textContent = row.slug ? kgt.releaseName(row.slug) : say("no-promise");
    const size = document.createElement("span");
    size.className = "count";
    size.textContent = kgt.bySlug.get(row.slug)?.shipText ?? "";
    const kept = document.createElement("span");
    kept.textContent = row.promised ? say("promised", { n: row.promised }) : "";
    const here = document.createElement("span");
    here.className = "count here";
    here.textContent = say(row.slug ? "rows-here" : "features", { n: row.size });
    button.append(...[title, size, kept].filter((one) => one.textContent), ...row.outcomes.map(([name, count]) => swatch(name, count)), here);
    made.append(button);
    return made;
  }

  function nameLabel(row) {
    const made = document.createElement("div");
    made.className = "name";
    made.title = row.feature.label;
    const text = document.createElement("span");
    text.textContent = row.feature.label || row.feature.key;
    made.append(text);
    return made;
  }

  function begin(n) {
    const row = view.rows[n];
    const label = row.group ? groupLabel(row) : nameLabel(row);
    label.id = `tl-row-${n}`;
    label.dataset.row = n;
    label.style.top = `${top(n)}px`;
    names.append(label);
    const g = row.group ? null : el("g", { class: "row", "data-row": n, transform: `translate(0 ${top(n) + view.lead})` });
    if (g) front.append(g);
    drawn.set(n, { n, row, label, g, from: Infinity, to: -Infinity });
    return drawn.get(n);
  }

  function paint(n, from, to) {
    const one = drawn.get(n) ?? begin(n);
    if (one.g) one.g.replaceChildren(...kgt.elements(itemsOf(one.row.feature), from, to));
    [one.from, one.to] = [from, to];
  }

  function drop(one) {
    one.label.remove();
    one.g?.remove();
    drawn.delete(one.n);
  }

  const covers = (one, from, to) => one !== undefined && (one.row.group || (one.from <= from && one.to >= to));

  function shownRows() {
    const y = scroller.scrollTop;
    return [at(y), at(y + scroller.clientHeight - HEAD)];
  }

  /** Draws what is in view at once, and of what lies beyond as much as there is time for; true when all is done. */
  function draw() {
    if (!view.rows.length) return true;
    const [x0, wide] = [scroller.scrollLeft, width()];
    const x1 = x0 + wide;
    const [r0, r1] = shownRows();
    drawHead(x0, x1);
    for (const one of [...drawn.values()]) if (one.n < r0 - 2 * BEYOND || one.n > r1 + 2 * BEYOND) drop(one);
    const wanted = [x0 - wide * 0.7, x1 + wide * 0.7];
    for (let n = r0; n <= r1; n++) if (!covers(drawn.get(n), x0, x1)) paint(n, ...wanted);
    const until = performance.now() + BUDGET;
    for (const [a, b] of [[r0, r1], [r1 + 1, Math.min(view.rows.length - 1, r1 + BEYOND)], [Math.max(0, r0 - BEYOND), r0 - 1]]) {
      for (let n = a; n <= b; n++) {
        if (covers(drawn.get(n), x0 - wide * 0.3, x1 + wide * 0.3)) continue;
        if (performance.now() > until) return false;
        paint(n, ...wanted);
      }
    }
    return true;
  }

  let asked = 0;
  function frame() {
    asked = 0;
    const done = draw();
    for (const call of after) call();
    if (!done) soon();
  }
  function soon() { asked ||= requestAnimationFrame(frame); }

  // ---- changes

  function renew() {
    view.version += 1;
    laid.clear();
    for (const one of [...drawn.values()]) drop(one);
    bands();
    frame();
  }

  /** Rows anew, after a search, a filter, a fold or another order. */
  function setRows() {
    const { rows, fit } = kgt.rows();
    Object.assign(view, { rows, fit, tops: [0] });
    for (const row of rows) view.tops.push(view.tops.at(-1) + (row.group ? GROUP : view.row));
    view.height = view.tops.at(-1);
    document.getElementById("none").hidden = rows.length > 0;
    sheet.hidden = rows.length === 0;
    size();
    renew();
  }

  /** Zoom, keeping a day (default: the middle) at its place. */
  function zoom(ppd, day = middle(), px = width() / 2) {
    scale.ppd = Math.min(MOST, Math.max(least(), ppd));
    size();
    scroller.scrollLeft = Math.round(scale.x(day) - px);
    renew();
  }

  const middle = () => whole.first + (scroller.scrollLeft + width() / 2) / scale.ppd;
  const shown = () => [whole.first + scroller.scrollLeft / scale.ppd, whole.first + (scroller.scrollLeft + width()) / scale.ppd];

  /** Shows the days from one to another, over the whole width. */
  function show(from, to) { zoom(width() / Math.max(1, to - from), from, 0); }

  function home() {
    const open = kgt.data.story ? [] : [...releases].filter((r) => r.start !== null && r.start < whole.last).slice(-3);
    const begins = open.map((r) => r.start);
    const ends = releases.length ? whole.last : null;
    if (begins.length && (whole.last - whole.first) > 900) show(Math.max(whole.first, Math.min(...begins) - 20), ends); else show(whole.first, whole.last);
  }

  function bring(n, x = null) { // a row, and an x of the sheet, into view
    const [y, h, room] = [top(n), high(n), scroller.clientHeight - HEAD];
    if (y < scroller.scrollTop) scroller.scrollTop = y;
    else if (y + h > scroller.scrollTop + room) scroller.scrollTop = y + h - room;
    if (x !== null && (x < scroller.scrollLeft + 20 || x > scroller.scrollLeft + width() - 20)) scroller.scrollLeft = x - width() / 2;
    frame();
  }

  /** Does something with the rows laid out at another scale, as on paper, and comes back to ours. */
  function atScale(ppd, action) {
    const ours = scale.ppd;
    scale.ppd = ppd;
    laid.clear();
    action();
    scale.ppd = ours;
    laid.clear();
  }

  /** The row and the item at a place of the window; item is null beside all of them. */
  function hit(clientX, clientY) {
    const box = svg.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    if (y < 0 || y >= view.height || !view.rows.length) return null;
    const n = at(y);
    if (view.rows[n].group) return null;
    const inner = y - top(n) - view.lead;
    const near = itemsOf(view.rows[n].feature).filter((item) => x >= item.x0 - 2 && x <= item.x1 + 2 && inner >= item.y0 - 2 && inner <= item.y1 + 2);
    const rank = { mark: 0, slip: 1, landing: 2, promise: 3 };
    near.sort((a, b) => rank[a.type] - rank[b.type] || Math.abs((a.x0 + a.x1) / 2 - x) - Math.abs((b.x0 + b.x1) / 2 - x));
    return { n, feature: view.rows[n].feature, item: near[0] ?? null };
  }

  /** Puts a ring around an item of a row; hides it without one. */
  function ring(box, n, item) {
    box.hidden = !item;
    if (!item) return;
    const style = { left: view.names + item.x0 - 3, top: HEAD + top(n) + view.lead + item.y0 - 3, width: item.x1 - item.x0 + 6, height: item.y1 - item.y0 + 6 };
    for (const [name, value] of Object.entries(style)) box.style[name] = `${round(value)}px`;
  }

  scroller.addEventListener("scroll", soon, { passive: true });
  let known = 0;
  new ResizeObserver(() => {
    if (scroller.clientWidth === known) { soon(); return; }
    const from = shown()[0];
    known = scroller.clientWidth;
    measure();
    setHeight();
    if (scale.ppd < least()) zoom(least()); else { setRows(); scroller.scrollLeft = scale.x(from); }
    kgt.keep?.();
  }).observe(scroller);
  addEventListener("resize", setHeight);
  measure();
  setHeight();

  Object.assign(kgt, { view, scroller, setRows, zoom, show, home, bring, hit, ring, itemsOf, shown, head, holdNames, soon, after, width, HEAD, drawnRow: (n) => drawn.get(n), atScale, firstRow: () => at(scroller.scrollTop) });
})();
