"use strict";
// What a mark, a bar, an arrow, a row rests on: the panel beside the chart, and the tip under the pointer.
(() => {
  if (!kgt.view) return;
  const { say, releaseName, bySlug, page, safeUrl, sourcePlace, kindOf, statusOf, features } = kgt;
  const panel = document.getElementById("panel");
  const tip = document.getElementById("tl-tip");
  const MANY = 40;

  // Text reaches the document through text nodes only, never as markup.
  function make(tag, name, ...children) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  }

  function link(text, url) {
    if (!url) return document.createTextNode(text);
    const made = make("a", "", text);
    made.href = url;
    made.rel = "noopener noreferrer";
    return made;
  }

  function button(text, action) {
    const made = make("button", "", text);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  }

  function cite(fact) {
    const place = sourcePlace(fact);
    if (!place) return null;
    const url = fact.type === "landing" ? page(fact.patch) : fact.kind === "version" ? page(bySlug.get(fact.release)?.iri ?? "") : kgt.evidence(fact.source, fact.line) || safeUrl(fact.source);
    return make("cite", "", link(place, url));
  }

  function said(fact) {
    const place = cite(fact);
    if (!fact.quote) return place;
    return make("blockquote", "", fact.quote, place);
  }

  function release(slug) { return slug ? link(releaseName(slug), page(bySlug.get(slug)?.iri ?? "")) : ""; }

  function pairs(fact) {
    if (fact.type === "promise") return [["kind", say("promise")], ["release", release(fact.release)], ["outcome", fact.outcome === "dropped" ? say("never") : statusOf(fact)], ["date", fact.begin], ["until", fact.end], ["text", fact.text]];
    if (fact.type === "slip" && kgt.nowhere(fact)) return [["kind", say("s-left")], ["from", release(fact.from)], ["outcome", kgt.dropWords(fact.owner, fact.from)], ["date", fact.date]];
    if (fact.type === "slip") return [["kind", say("slip")], ["from", release(fact.from)], ["to", release(fact.to)], ["class", fact.class], ["date", fact.date]];
    if (fact.type === "landing") return [["kind", say(kindOf(fact))], ["title", link(fact.title, page(fact.patch))], ["date", fact.date], ["shipped-in", fact.version], ["release", release(fact.release)]];
    return [["kind", say(fact.kind)], ["date", fact.date], ["status", statusOf(fact)], ["part", fact.part], ["release", release(fact.release)], ["text", fact.text]];
  }

  function facts(list) {
    const made = make("dl");
    for (const [name, value] of list) if (value && (value.textContent ?? value)) made.append(make("dt", "", say(name)), make("dd", "", value));
    return made;
  }

  function whole(fact) { return make("div", "fact", facts(pairs(fact)), said(fact), follow(fact), landed(fact)); }

  /** Under what nobody took up again: the patches that landed all the same. */
  function landed(fact) {
    const left = fact.type === "promise" ? fact.outcome === "dropped" : fact.type === "slip" && kgt.nowhere(fact);
    return left ? section("merged", kgt.landedFrom(fact.owner, fact.type === "promise" ? fact.release : fact.from)) : "";
  }

  function follow(fact) {
    if (fact.type !== "slip" || fact.became < 0 || fact.became === fact.feature) return null;
    const goal = features[fact.became];
    return make("p", "", button(say("go-row", { name: goal.label }), () => kgt.reveal(goal)));
  }

  /** A list of facts in short, at most MANY at once. */
  function short(list) {
    const made = make("ul", "short", ...list.slice(0, MANY).map((fact) => make("li", "", brief(fact), cite(fact))));
    if (list.length <= MANY) return made;
    const more = button(say("more", { n: list.length - MANY }), () => made.replaceWith(make("ul", "short", ...list.map((fact) => make("li", "", brief(fact), cite(fact))))));
    made.append(make("li", "", more));
    return made;
  }

  function brief(fact) {
    return button(kgt.about(fact), () => kgt.pick({ feature: fact.owner, facts: [fact] }));
  }

  function section(name, list) { return list.length ? make("section", "", make("h3", "", say(name)), short(list)) : ""; }

  function people(feature) {
    if (!feature.people.length) return "";
    const rows = feature.people.map((who) => make("li", "", link(who.name, page(who.person)), ` ${who.role} `, make("span", "count", `×${who.times}`), " ",
      only(who)));
    return make("section", "", make("h3", "", say("people")), make("ul", "short people", ...rows));
  }

  function only(who) {
    const made = button("⊃", () => kgt.onlyPerson(who));
    made.setAttribute("aria-label", say("only-person", { name: who.name }));
    made.title = say("only-person", { name: who.name });
    return made;
  }

  function row(feature) {
    const latest = [...feature.mark].filter((m) => m.day !== null).sort((a, b) => b.day - a.day);
    const head = facts([["names", feature.slugs.join(" · ")], ["release", release(feature.group)], ["moved", feature.moved]]);
    return [head, section("promises", feature.promise), section("slips", feature.slip), section("latest", latest),
      section("merged", [...feature.landing].sort((a, b) => (b.day ?? 0) - (a.day ?? 0))), people(feature)];
  }

  /** Shows facts of a feature, or the feature itself when there are none; null closes. */
  function open(chosen) {
    panel.hidden = !chosen;
    document.documentElement.classList.toggle("tl-open", Boolean(chosen));
    if (!chosen) { panel.replaceChildren(); delete panel.dataset.selected; return; }
    const { feature, facts: list } = chosen;
    const close = button(say("close"), () => kgt.pick(null));
    const body = list.length === 0 ? row(feature) : list.length === 1 ? [whole(list[0])] : [short(list)];
    panel.dataset.selected = list.length ? list.map((fact) => `${fact.type}-${fact.nth}`).join(" ") : "row";
    const title = make("h2", "", link(feature.label || feature.key, page(feature.key)));
    panel.replaceChildren(make("div", "top", title, close), ...body.filter(Boolean));
    if (list.length) panel.append(make("p", "", button(say("whole-row"), () => kgt.pick({ feature, facts: [] }))));
    panel.scrollTop = 0;
  }

  // ---- the tip

  function hint(lines, x, y) {
    tip.hidden = !lines;
    if (!lines) return;
    tip.replaceChildren(...lines.map((line, at) => make("div", at ? "" : "first", line)));
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(6, Math.min(x + 14, innerWidth - box.width - 8))}px`;
    tip.style.top = `${y + 18 + box.height > innerHeight ? Math.max(4, y - box.height - 12) : y + 18}px`;
  }

  Object.assign(kgt, { openPanel: open, hint, make, button, panel });
})();
