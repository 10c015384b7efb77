"use strict";
// Which rows are shown, in which order and groups, for a search, filters and folds.
(() => {
  const { features, releases, fold, kindOf, bySlug } = kgt;
  const FOLD_FROM = 60;
  const FACETS = ["outcome", "kind", "status", "class"];
  const order = new Map([...releases].sort((a, b) => (a.start ?? a.ship ?? 0) - (b.start ?? b.ship ?? 0)).map((r, at) => [r.slug, at]));

  const state = {
    query: "", order: "moved", grouped: true, person: "",
    outcome: new Set(), kind: new Set(), status: new Set(), class: new Set(),
    folded: new Set(), // groups that are folded, and apart from them those folded while something is searched for
    foldedHits: new Set(),
  };

  function words(feature) {
    if (feature.hay === undefined) {
      const said = [...feature.mark, ...feature.slip].map((fact) => `${fact.text ?? ""}\n${fact.quote}`);
      feature.hay = fold([feature.label, feature.key, ...feature.slugs, ...feature.people.map((p) => p.name), ...said].join("\n"));
    }
    return feature.hay;
  }

  function narrowed() { return FACETS.some((name) => state[name].size) || state.person !== ""; }
  function searching() { return state.query.trim() !== "" || narrowed(); }

  function hasKind(feature, kinds) {
    return feature.mark.some((m) => kinds.has(m.kind)) || (kinds.has("slip") && feature.slip.length > 0)
      || feature.landing.some((l) => kinds.has(kindOf(l)));
  }

  function fits(feature, parts) {
    return parts.every((part) => words(feature).includes(part))
      && (!state.person || feature.people.some((p) => p.person === state.person))
      && (!state.outcome.size || feature.promise.some((p) => state.outcome.has(p.outcome)))
      && (!state.kind.size || hasKind(feature, state.kind))
      && (!state.status.size || feature.mark.some((m) => m.kind === "report" && state.status.has(m.status)))
      && (!state.class.size || feature.slip.some((s) => state.class.has(s.class)));
  }

  /** Whether a fact is drawn: what a filter asks for, and never the other marks beside it. */
  function drawn(fact) {
    if (fact.type === "promise") return true;
    if (state.kind.size && !state.kind.has(kindOf(fact))) return false;
    if (fact.type === "slip") return !state.class.size || state.class.has(fact.class);
    return fact.type !== "mark" || !state.status.size || (fact.kind === "report" && state.status.has(fact.status));
  }

  function dimmed(promise) { return state.outcome.size > 0 && !state.outcome.has(promise.outcome); }

  const first = (feature) => feature.promise.reduce((least, p) => Math.min(least, p.day ?? Infinity), Infinity);
  const byName = (a, b) => a.label.localeCompare(b.label, kgt.data.lang) || a.at - b.at;
  const ORDERS = {
    moved: (a, b) => (a.moved < b.moved ? 1 : a.moved > b.moved ? -1 : a.at - b.at),
    name: byName,
    promise: (a, b) => first(a) - first(b) || byName(a, b),
  };

  function groups(shown) {
    const found = new Map();
    for (const feature of shown) {
      if (!found.has(feature.group)) found.set(feature.group, []);
      found.get(feature.group).push(feature);
    }
    const rank = (slug) => order.get(slug) ?? -1;
    return [...found].sort(([a], [b]) => (a === "") - (b === "") || rank(b) - rank(a) || (a < b ? -1 : 1));
  }

  const kept = new Map(); // release → outcome → how many of all its promises, wherever their rows stand now
  for (const { release, outcome } of [...features, kgt.strays].flatMap((feature) => feature.promise)) {
    if (!kept.has(release)) kept.set(release, new Map());
    kept.get(release).set(outcome, (kept.get(release).get(outcome) ?? 0) + 1);
  }

  /** What became of all promises of a release: `promised` of them, and how many with each outcome. */
  function outcomes(slug) {
    const counts = kept.get(slug) ?? new Map();
    const promised = [...counts.values()].reduce((sum, n) => sum + n, 0);
    return { promised, outcomes: kgt.data.outcomes.filter((name) => counts.has(name)).map((name) => [name, counts.get(name)]) };
  }

  function folds() { return searching() ? state.foldedHits : state.folded; }

  /** Rows from top to bottom: `{ group, slug, open, … }` for a head, `{ feature }` for a feature. */
  function rows() {
    const parts = fold(state.query).split(/\s+/).filter(Boolean);
    const shown = features.filter((feature) => fits(feature, parts)).sort(ORDERS[state.order] ?? ORDERS.moved);
    const made = groups(shown);
    const plain = !state.grouped || (made.length < 2 && !bySlug.has(made[0]?.[0])) || kgt.data.story;
    if (plain) return { rows: shown.map((feature) => ({ feature })), fit: shown };
    const out = [];
    for (const [slug, members] of made) {
      const open = !folds().has(slug);
      out.push({ group: true, slug, open, size: members.length, ...outcomes(slug) });
      if (open) for (const feature of members) out.push({ feature });
    }
    return { rows: out, fit: shown };
  }

  function toggle(slug) {
    const folded = folds();
    if (folded.has(slug)) folded.delete(slug); else folded.add(slug);
  }

  function allSlugs() { return groups(features).map(([slug]) => slug); }

  function foldAll(yes) {
    const folded = folds();
    folded.clear();
    if (yes) for (const slug of allSlugs()) folded.add(slug);
  }

  /** Folded at first: all but the newest two groups when there are many rows. */
  function usual() {
    return new Set(features.length > FOLD_FROM ? allSlugs().slice(2) : []);
  }
  state.folded = usual();

  Object.assign(kgt, { state, FACETS, rows, drawn, dimmed, toggle, foldAll, usual, allSlugs, narrowed, searching });
})();
