"use strict";
// What is known, what is asked to be seen, and what follows from both. Nothing here draws or touches the document.
// A thing is its place in the lists; folds ("+12") stand after the things, and their links after the links.
(() => {
  const fold = (text) => text.normalize("NFKC").toLowerCase();

  function links(data, count) {
    const real = data.edges.length / 3;
    const total = real + data.folds.length;
    const found = { real, total, a: new Int32Array(total), b: new Int32Array(total), kind: new Int32Array(total) };
    for (let at = 0; at < real; at++) {
      [found.a[at], found.b[at], found.kind[at]] = [data.edges[3 * at], data.edges[3 * at + 1], data.edges[3 * at + 2]];
    }
    data.folds.forEach(([hub, kind, outward], at) => {
      const ends = outward ? [hub, count + at] : [count + at, hub];
      [found.a[real + at], found.b[real + at], found.kind[real + at]] = [...ends, kind];
    });
    return found;
  }

  function around(count, edges) {
    const near = Array.from({ length: count }, () => []);
    for (let at = 0; at < edges.total; at++) {
      near[edges.a[at]].push({ other: edges.b[at], edge: at, out: true });
      near[edges.b[at]].push({ other: edges.a[at], edge: at, out: false });
    }
    return near;
  }

  function model(data) {
    const count = data.keys.length;
    const total = count + data.folds.length;
    const edges = links(data, count);
    const near = around(total, edges);
    const foldOf = new Int32Array(count).fill(-1);
    data.folds.forEach(([, , , members], at) => { for (const one of members) foldOf[one] = at; });
    const byKey = new Map(data.keys.map((key, at) => [key, at]));
    const foreign = new Set(data.foreign);
    const days = data.days.filter(Boolean);
    const range = days.length ? [days.reduce((a, b) => Math.min(a, b)), days.reduce((a, b) => Math.max(a, b))] : [0, 0];
    const state = {
      selected: null, cursor: null, query: "", hidden: new Set(), cut: new Set(), since: range[0], until: range[1],
      open: new Set(), from: null, to: null, layout: data.start,
    };
    const shown = {
      nodes: new Uint8Array(total), edges: new Uint8Array(edges.total), counts: new Int32Array(data.folds.length),
    };

    const member = (at) => (at < count ? at : data.folds[at - count][3][0]);
    const kindOf = (at) => data.kind[member(at)];
    const isFold = (at) => at >= count;
    const linkOn = (kind) => !state.cut.has(data.links[kind][0]);

    function passes(at) {
      if (state.hidden.has(data.kinds[data.kind[at]][0])) return false;
      const [first, last] = [data.days[2 * at], data.days[2 * at + 1]];
      return !first || (first <= state.until && last >= state.since);
    }

    function compute() {
      shown.counts.fill(0);
      for (let at = 0; at < count; at++) {
        const on = passes(at);
        const group = foldOf[at];
        if (on && group >= 0) shown.counts[group] += 1;
        shown.nodes[at] = on && (group < 0 || state.open.has(group)) ? 1 : 0;
      }
      for (let at = 0; at < data.folds.length; at++) {
        shown.nodes[count + at] = shown.counts[at] && !state.open.has(at) ? 1 : 0;
      }
      for (let at = 0; at < edges.total; at++) {
        shown.edges[at] = shown.nodes[edges.a[at]] && shown.nodes[edges.b[at]] && linkOn(edges.kind[at]) ? 1 : 0;
      }
      return shown;
    }

    const label = (at) => (isFold(at) ? `+${shown.counts[at - count]}` : data.labels[at]);
    const lines = (at) => (isFold(at) ? label(at) : data.lines[at]);
    const text = (at) => {
      const [facts = [], quotes = [], url = ""] = data.details[at];
      return [data.labels[at], data.kinds[data.kind[at]][1], data.dates[at], url, ...facts.flat(), ...quotes.flat()].join("\n");
    };

    // Folded names and texts are made when somebody first searches: most readers look before they type.
    let index = null;
    function search(query) {
      const parts = fold(query).split(/\s+/).filter(Boolean);
      if (!parts.length) return [];
      index = index || data.keys.map((_, at) => [fold(data.labels[at]), fold(text(at))]);
      const hits = [];
      for (const at of ordered()) if (passes(at) && parts.every((part) => index[at][1].includes(part))) hits.push(at);
      const far = (at) => (parts.every((part) => index[at][0].includes(part)) ? 0 : 1);
      return hits.sort((a, b) => far(a) - far(b));
    }

    let order = null;
    const less = (a, b) => (a < b ? -1 : Number(a > b));
    function ordered() {
      order = order || data.keys.map((_, at) => at).sort((a, b) => data.kind[a] - data.kind[b]
        || less(data.dates[a], data.dates[b]) || less(data.labels[a], data.labels[b]));
      return order;
    }

    /** Shortest way between two things along links of any direction that are not hidden; null when there is none. */
    function path(from, to) {
      const back = new Map([[from, null]]);
      for (let ring = [from]; ring.length && !back.has(to);) {
        const next = [];
        for (const at of ring) {
          for (const { other, edge, out } of near[at]) {
            if (back.has(other) || isFold(other) || !passes(other) || !linkOn(edges.kind[edge])) continue;
            back.set(other, { at, edge, out });
            next.push(other);
          }
        }
        ring = next;
      }
      if (!back.has(to)) return null;
      const steps = [];
      for (let at = to; back.get(at); at = back.get(at).at) steps.unshift({ ...back.get(at), to: at });
      return steps;
    }

    /** Neighbours of a thing that a reader may go to, by link and direction. */
    function neighbours(at) {
      const groups = new Map();
      for (const { other, edge, out } of near[at]) {
        if (isFold(other)) continue;
        const key = `${edges.kind[edge]}${out}`;
        if (!groups.has(key)) groups.set(key, { link: data.links[edges.kind[edge]][1], out, each: [] });
        groups.get(key).each.push(other);
      }
      return [...groups.values()];
    }

    const everything = () => !state.hidden.size && !state.cut.size && state.since === range[0] && state.until === range[1];

    return {
      data, count, total, edges, near, foldOf, byKey, range, state, shown, site: data.site, kindOf, isFold, passes, compute,
      label, lines, search, ordered, path, neighbours, linkOn, everything,
      kind: (at) => data.kinds[kindOf(at)],
      page: (at) => (data.site && at < count && !foreign.has(at) ? `${data.site}id/${data.keys[at]}` : ""),
      spots: () => (state.layout === "free" && data.free.length ? data.free : data.at.length ? data.at : data.free),
      free: () => !data.at.length || (state.layout === "free" && data.free.length > 0),
      both: data.at.length > 0 && data.free.length > 0,
    };
  }

  window.kgnet = { model, fold };
})();
