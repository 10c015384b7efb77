"use strict";
// One row as SVG at a scale: what stands where (items), and the elements for it. The view and the print share it.
(() => {
  const { say, own, data, kindOf, releaseName, bySlug, sourcePlace } = kgt;
  const NS = "http://www.w3.org/2000/svg";
  const BAR = { y: 13, h: 14 };
  const MID = BAR.y + BAR.h / 2;
  const FOOT = 38; // where the columns of merged patches stand
  const BIN = 6; // pixels that one column of merged patches takes
  const CLOSE = 9; // marks nearer than this are drawn as one
  const RADIUS = 8;

  function el(tag, attributes, text) {
    const made = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const round = (x) => Math.round(x * 10) / 10;

  // ---- what stands where

  function barItem(promise, scale) {
    if (promise.day === null) return null;
    const release = bySlug.get(promise.release);
    const end = promise.until ?? (promise.outcome === "open" ? Math.max(promise.day, release?.ship ?? scale.last) : release?.ship) ?? promise.day;
    const x0 = scale.x(promise.day);
    return { type: "promise", facts: [promise], x0, x1: Math.max(x0 + 4, scale.x(Math.max(end, promise.day))), y0: BAR.y, y1: BAR.y + BAR.h };
  }

  // From afar bars are short: marks get smaller, those that only begin and end a bar most of all.
  function smaller(facts, scale) {
    const far = Math.min(1, 0.5 + scale.ppd * 0.6);
    return facts.every((m) => m.kind === "spec") ? far * far : far;
  }

  function clusters(marks, scale) {
    const placed = marks.filter((m) => m.day !== null).sort((a, b) => a.day - b.day);
    const out = [];
    for (const mark of placed) {
      const x = scale.x(mark.day);
      const last = out.at(-1);
      if (last && x - last.to < CLOSE && x - last.from < 4 * CLOSE) { last.facts.push(mark); last.to = x; } else out.push({ from: x, to: x, facts: [mark] });
    }
    return out.map(({ from, to, facts }) => {
      const zoom = smaller(facts, scale);
      const [x, half] = [(from + to) / 2, (facts.length > 1 ? 9 : RADIUS + 1) * Math.max(zoom, 0.7)];
      return { type: "mark", facts, x, zoom, x0: x - half, x1: x + half, y0: MID - 8, y1: MID + 8 };
    });
  }

  function columns(landings, scale) {
    const bins = new Map();
    for (const landing of landings) {
      if (landing.day === null) continue;
      const bin = Math.floor(scale.x(landing.day) / BIN);
      if (!bins.has(bin)) bins.set(bin, []);
      bins.get(bin).push(landing);
    }
    return [...bins].sort((a, b) => a[0] - b[0]).map(([bin, facts]) => ({ type: "landing", facts, x0: bin * BIN, x1: bin * BIN + BIN, y0: 29, y1: FOOT + 1 }));
  }

  function slipItem(slip, bars, scale) {
    const [from, to] = [bySlug.get(slip.from), bySlug.get(slip.to)];
    const day = slip.day ?? from?.ship ?? null;
    if (day === null) return null;
    const x0 = scale.x(day);
    if (kgt.nowhere(slip)) return { type: "slip", facts: [slip], x0, x1: x0 + 22, y0: 1, y1: BAR.y, stub: true };
    const bar = slip.became === slip.feature || slip.became < 0 ? bars.find((item) => item.facts[0].release === slip.to) : null;
    const goal = bar?.x0 ?? (to && to.start !== null ? scale.x(to.start) : x0 + 40);
    return { type: "slip", facts: [slip], x0, x1: Math.max(goal, x0 + 22), y0: 1, y1: BAR.y };
  }

  /** Items of a feature at a scale, by place; what a filter hides is not among them. */
  function items(feature, scale) {
    const bars = feature.promise.map((p) => barItem(p, scale)).filter(Boolean).sort((a, b) => a.x0 - b.x0);
    const slips = feature.slip.filter(kgt.drawn).map((s) => slipItem(s, bars, scale)).filter(Boolean);
    const marks = clusters(feature.mark.filter(kgt.drawn), scale);
    const merged = columns(feature.landing.filter(kgt.drawn), scale);
    return [...bars, ...slips, ...marks, ...merged].sort((a, b) => a.x0 - b.x0);
  }

  // ---- its elements

  function bar(item) {
    const promise = item.facts[0];
    const outcome = data.outcomes.includes(promise.outcome) ? promise.outcome : "open";
    const dim = kgt.dimmed(promise) ? " dim" : "";
    return el("rect", { class: `bar o-${outcome}${dim}`, x: round(item.x0), y: BAR.y, width: round(item.x1 - item.x0), height: BAR.h, rx: 2.5, fill: `url(#o-${outcome})` });
  }

  const AROUND = { // the same signs as in the key of the page, around 0,0
    decision: ["sign", "M0-7.5 7.5 0 0 7.5-7.5 0Z"],
    patch: ["sign", "M-4-6H4A2 2 0 0 1 6-4V4A2 2 0 0 1 4 6H-4A2 2 0 0 1-6 4V-4A2 2 0 0 1-4-6ZM0-3V3M-3 0H3"],
    spec: ["sign", "M-5-6.5H2L5.5-3V6.5H-5ZM2-6.5V-3H5.5"],
    version: ["s-version", "M0-7 7 6H-7Z"],
    revert: ["s-revert", "M5.5 4.5A6 6 0 1 0-5 3M-6-1.5V3.5H-1"],
  };

  function dot(letter, fill, ink, size) {
    const made = el("g", {});
    made.append(el("circle", { class: "dot", r: RADIUS, fill }), el("text", { class: "letter", y: 3.6, fill: ink, "font-size": size }, letter));
    return made;
  }

  function sign(mark) {
    const shape = own(AROUND, mark.kind);
    if (shape) return el("path", { class: shape[0], d: shape[1] });
    const [letter, fill, ink] = own(data.looks, mark.status) ?? data.looks[""];
    return dot(letter, fill, ink, 10);
  }

  const SHIPPED = ["", "#00795a", "#ffffff"];

  /** Several marks in one take the colour of the status reported last. */
  function several(item) {
    const told = item.facts.filter((m) => m.status && own(data.looks, m.status)).at(-1);
    const shipped = item.facts.some((m) => m.kind === "version");
    const [, fill, ink] = told ? data.looks[told.status] : shipped ? SHIPPED : data.looks[""];
    const made = el("g", {});
    made.append(el("rect", { class: "dot", x: -9, y: -8, width: 18, height: 16, rx: 4, fill }), el("text", { class: "letter", y: 3.4, fill: ink, "font-size": 10 }, String(item.facts.length)));
    return made;
  }

  function mark(item) {
    const made = el("g", { class: "mark", transform: `translate(${round(item.x)} ${MID})${item.zoom < 1 ? ` scale(${round(item.zoom)})` : ""}` });
    made.append(item.facts.length > 1 ? several(item) : sign(item.facts[0]));
    return made;
  }

  function slip(item) {
    const made = el("g", { class: "slip" });
    const [x0, x1] = [round(item.x0), round(item.x1)];
    const line = item.stub ? `M${x0} ${BAR.y}V6H${x0 + 10}m-3-3 6 6m0-6-6 6` : `M${x0} ${BAR.y}V6H${x1}V${BAR.y - 1}m-3.5-4.5 3.5 4.5 3.5-4.5`;
    made.append(el("path", { class: "arrow", d: line }));
    const label = item.facts[0].class;
    if (label && !item.stub && x1 - x0 > 12 + 7 * label.length) made.append(el("text", { class: "class", x: (x0 + x1) / 2, y: 9.5 }, label));
    return made;
  }

  function strips(merged) {
    const ways = { merged: "", backport: "" };
    for (const item of merged) {
      const back = item.facts.every((fact) => fact.backport);
      const high = Math.min(10, 5 + 2 * Math.log2(item.facts.length));
      ways[back ? "backport" : "merged"] += `M${item.x0 + BIN / 2} ${FOOT}v-${round(high)}`;
    }
    return Object.entries(ways).filter(([, d]) => d).map(([name, d]) => el("path", { class: `patches s-${name}`, d }));
  }

  /** The elements of the items between two x; bars below, then arrows, columns and marks. */
  function elements(all, from, to) {
    const near = all.filter((item) => item.x1 >= from && item.x0 <= to);
    const of = (type) => near.filter((item) => item.type === type);
    return [...of("promise").map(bar), ...of("slip").map(slip), ...strips(of("landing")), ...of("mark").map(mark)];
  }

  // ---- in words, for the tip and for screen readers

  function outcomeWords(promise) { return promise.outcome === "dropped" ? say("never") : say(promise.outcome); }

  function factWords(fact) {
    const kind = say(kindOf(fact));
    if (fact.type === "slip" && kgt.nowhere(fact)) return [kgt.dropWords(fact.owner, fact.from), fact.date];
    if (fact.type === "promise") return [releaseName(fact.release), kind, outcomeWords(fact), [fact.begin, fact.end].filter(Boolean).join(" – ")];
    if (fact.type === "slip") return [kind, `${releaseName(fact.from)} → ${releaseName(fact.to)}`, fact.class, fact.date];
    if (fact.type === "landing") return [fact.date, kind, fact.title, fact.version];
    return [fact.date, kind, kgt.statusOf(fact), fact.part, fact.text];
  }

  function about(fact) { return factWords(fact).filter(Boolean).join(" · "); }

  /** Lines that say what an item is: at most four of its facts. */
  function itemWords(item) {
    const { facts } = item;
    if (facts.length === 1) return [about(facts[0]), facts[0].quote ?? "", sourcePlace(facts[0])].filter(Boolean);
    const head = say(item.type === "landing" ? "patches" : "several", { n: facts.length });
    const shown = facts.slice(0, 4).map(about);
    return [head, ...shown, ...(facts.length > 4 ? [say("more", { n: facts.length - 4 })] : [])];
  }

  Object.assign(kgt, { el, items, elements, itemWords, about, round });
})();
