"use strict";
// The facts of the page as objects: features with their promises, slips, marks and merged patches, each with its day.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { words } = data;
  const STAND_IN = 0xe000; // a character from here on stands for a beginning that many texts share
  const texts = data.texts.map((text) => {
    const root = data.roots[text.charCodeAt(0) - STAND_IN];
    return root === undefined ? text : root + text.slice(1);
  });
  const DAY = 864e5;
  const days = new Map();

  function dayOf(text) {
    const found = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text.slice(0, 10));
    if (!found) return null;
    const [year, month, day] = [Number(found[1]), Number(found[2] || 1), Number(found[3] || 1)];
    const at = new Date(0);
    at.setUTCFullYear(year, month - 1, day);
    const real = year > 0 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
    return real ? Math.round(at.getTime() / DAY) : null;
  }

  /** Days since 1970 of an ISO date; a month or a year is its first day; null for anything else. */
  function day(text) {
    if (!days.has(text)) days.set(text, dayOf(text));
    return days.get(text);
  }

  function iso(number) { return new Date(Math.round(number) * DAY).toISOString().slice(0, 10); }

  // Names from the sources may be those of an object's own machinery ("constructor"): only what we put in counts.
  function own(object, name) { return Object.hasOwn(object, name) ? object[name] : undefined; }

  function say(name, values) {
    const one = values?.n === 1 ? own(words, `${name}-1`) : undefined;
    return (one ?? own(words, name) ?? name).replace(/\{(\w+)\}/g, (whole, key) => String(values?.[key] ?? whole));
  }

  function fold(text) { return text.normalize("NFKC").toLowerCase(); }

  // "~rest" is an IRI of ours; where things have pages, they stand under the same rest.
  function evidence(source, line) {
    const at = /^(.+):(\d+)$/.exec(source);
    if (!line && at && !/^[0-9a-f]{7,40}$/.test(at[2])) [source, line] = [at[1], at[2]];
    const asked = new URLSearchParams(line ? { source, line } : { source });
    return data.site && source ? `${data.site}evidence?${asked}` : "";
  }
  function page(iri) { return data.site && iri.startsWith("~") ? `${data.site}id/${iri.slice(1)}` : ""; }

  /** The address when it is plain http(s) without a user part, else "". */
  function safeUrl(text) {
    if (!/^https?:\/\/[^\s@]+$/i.test(text)) return "";
    try { return new URL(text).username === "" ? text : ""; } catch { return ""; }
  }

  const TEXT = new Set("release outcome begin end text quote source date patch title version place kind status part from to class".split(" "));

  function* facts(flat, names) {
    for (let at = 0; at < flat.length; at += names.length) {
      const fact = {};
      names.forEach((name, k) => { fact[name] = TEXT.has(name) ? texts[flat[at + k]] : flat[at + k]; });
      yield fact;
    }
  }

  const SHAPES = {
    promise: "feature release outcome begin end text quote source line",
    slip: "feature from to class date quote source line became",
    mark: "feature date kind status part release text quote source line",
    landing: "feature date patch title version release backport place",
  };

  const features = data.features.map(([key, label, slugs, group, moved, people], at) => ({
    at, key: texts[key], label: texts[label], slugs: slugs.map((n) => texts[n]), group: texts[group], moved: texts[moved],
    people: chunks(people, 4).map(([person, name, role, times]) => ({ person: texts[person], name: texts[name], role: texts[role], times })),
    promise: [], slip: [], mark: [], landing: [],
  }));
  const strays = { at: features.length, key: "", label: "", promise: [], slip: [], mark: [], landing: [] };

  function chunks(list, size) {
    return Array.from({ length: list.length / size }, (_, n) => list.slice(n * size, n * size + size));
  }

  function fill(type, flat) {
    for (const fact of facts(flat, SHAPES[type].split(" "))) {
      const owner = features[fact.feature] ?? strays;
      fact.type = type;
      fact.owner = owner;
      fact.nth = owner[type].length;
      fact.day = day(type === "promise" ? fact.begin : fact.date);
      if (type === "promise") fact.until = day(fact.end);
      owner[type].push(fact);
    }
  }
  fill("promise", data.promises);
  fill("slip", data.slips);
  fill("mark", data.marks);
  fill("landing", data.landings);

  const releases = data.releases.map(([slug, label, start, freeze, ship, iri, marks]) => ({
    slug: texts[slug], label: texts[label], start: day(texts[start]), freeze: day(texts[freeze]), ship: day(texts[ship]), iri: texts[iri],
    shipText: texts[ship], milestones: chunks(marks, 2).map(([on, name]) => ({ day: day(texts[on]), name: texts[name] })).filter((m) => m.day !== null),
  }));
  const bySlug = new Map(releases.map((release) => [release.slug, release]));

  function releaseName(slug) { return bySlug.get(slug)?.label ?? slug; }

  function range() {
    let [first, last] = [Infinity, -Infinity];
    const take = (at) => { if (at !== null && at !== undefined) { first = Math.min(first, at); last = Math.max(last, at); } };
    for (const feature of features) {
      for (const type of Object.keys(SHAPES)) for (const fact of feature[type]) { take(fact.day); take(fact.until); }
    }
    const near = Math.min(200, Math.max(35, (last - first) / 2)); // a date of a cycle this close is worth the room
    for (const at of releases.flatMap((release) => [release.freeze, release.ship])) {
      if (at !== null && at <= last + near && at >= first - near / 3) take(at);
    }
    const today = Math.floor(Date.now() / DAY);
    if (today > last && today - last < 200) last = today;
    const air = Math.max(5, Math.round((last - first) * 0.02));
    return { first: first - air, last: last + air, today };
  }

  function sourcePlace(fact) {
    if (fact.type === "landing") return fact.place;
    return fact.source && fact.line ? `${fact.source}:${fact.line}` : fact.source;
  }

  function kindOf(fact) {
    if (fact.type === "landing") return fact.backport ? "backport" : "merged";
    return fact.type === "mark" ? fact.kind : fact.type;
  }

  // ---- what nobody took up again

  const byDay = [...releases].sort((a, b) => (a.start ?? a.ship ?? 0) - (b.start ?? b.ship ?? 0)).map((release) => release.slug);

  /** Whether a slip leads nowhere: its release is then only the one that followed. */
  function nowhere(slip) { return !slip.to || slip.class === data.dropped; }

  /** Patches of a feature, but for backports, that landed in a release or a later one. */
  function landedFrom(feature, slug) {
    const begin = byDay.indexOf(slug);
    return feature.landing.filter((one) => !one.backport && one.release && (byDay.indexOf(one.release) < 0 || byDay.indexOf(one.release) >= begin));
  }

  /** That nobody took a feature up after a release, and how many patches landed all the same. */
  function dropWords(feature, slug) {
    const said = say("left", { release: releaseName(slug) });
    const found = landedFrom(feature, slug);
    if (!found.length) return said;
    const homes = [...new Set(found.map((one) => one.release))].sort((a, b) => byDay.indexOf(a) - byDay.indexOf(b));
    const n = new Set(found.map((one) => one.patch)).size;
    return say("both", { one: said, other: say("landed", { n, releases: homes.map(releaseName).join(", ") }) });
  }

  /** A fact's status, outcome, class or version in words, "" without one. */
  function statusOf(fact) {
    if (fact.type === "promise") return say(fact.outcome);
    if (fact.type === "slip") return fact.class;
    if (fact.type === "landing") return fact.version;
    return fact.status && (own(data.looks, fact.status)?.[3] ?? own(data.labels, fact.status) ?? fact.status);
  }

  globalThis.kgt = { data, own, words, say, day, iso, fold, page, evidence, nowhere, landedFrom, dropWords, safeUrl, features, strays, releases, bySlug, releaseName, range, sourcePlace, kindOf, statusOf };
})();
