"use strict";
// The chart on paper, and the long table: both are made only when somebody asks for them.
(() => {
  const { say, el, features, strays, releaseName, sourcePlace, kindOf, statusOf } = kgt;

  // ---- the table, in the order that the page's own has

  const TYPES = ["promise", "slip", "mark", "landing"];
  const PIECE = 500;

  function cells(fact) {
    const date = fact.type === "promise" ? (fact.end ? `${fact.begin} – ${fact.end}` : fact.begin) : fact.date;
    const release = fact.type === "slip" ? `${releaseName(fact.from)} → ${kgt.nowhere(fact) ? "×" : releaseName(fact.to)}` : releaseName(fact.release);
    const text = fact.type === "landing" ? fact.title : fact.text ?? "";
    return [fact.owner.label, date, say(kindOf(fact)), statusOf(fact), fact.part ?? "", release, text, fact.quote ?? "", sourcePlace(fact)];
  }

  function all() {
    const when = (fact) => (fact.type === "promise" ? fact.begin : fact.date);
    const order = (a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : 0);
    return [...features, strays].flatMap((feature) => TYPES.flatMap((type) => feature[type]).sort(order));
  }

  function fill(body, list, more) {
    for (const fact of list.splice(0, PIECE)) {
      const row = document.createElement("tr");
      row.append(...cells(fact).map((text) => { const cell = document.createElement("td"); cell.textContent = text; return cell; }));
      body.append(row);
    }
    more.hidden = list.length === 0;
    more.textContent = say("more-rows", { n: Math.min(PIECE, list.length) });
  }

  const table = document.getElementById("tl-table");
  const body = table?.querySelector("tbody");
  if (body && !body.children.length) {
    table.addEventListener("toggle", () => {
      if (body.children.length) return;
      const [list, more] = [all(), document.createElement("button")];
      more.type = "button";
      more.addEventListener("click", () => fill(body, list, more));
      table.append(more);
      fill(body, list, more);
    });
  }

  // ---- paper: what is shown now, in sheets of some rows each

  if (!kgt.view) return;
  const { view } = kgt;
  const paper = document.getElementById("tl-print");
  const [WIDE, NAMES, HIGH] = [1040, 220, 620]; // a landscape sheet, with the page's own head on the first
  const heightOf = (row) => (row.group ? 26 : 42);

  function sheets(rows) {
    const out = [];
    let room = HIGH - 110;
    for (const row of rows) {
      if (!out.length || heightOf(row) > room) { out.push([]); room = (out.length > 1 ? HIGH : HIGH - 110) - kgt.HEAD; }
      out.at(-1).push(row);
      room -= heightOf(row);
    }
    return out;
  }

  function clip(text, room) {
    let used = 0;
    let out = "";
    for (const char of text) {
      used += char > "\u2e80" ? 12 : 6.4;
      if (used > room) return `${out}…`;
      out += char;
    }
    return out;
  }

  function sheet(rows, from, to, old) {
    const heights = rows.map(heightOf);
    const high = heights.reduce((sum, h) => sum + h, kgt.HEAD);
    const svg = el("svg", { viewBox: `0 0 ${WIDE} ${high}`, class: "tl-paper" });
    const x0 = old.x(from);
    const clipper = el("svg", { x: NAMES, y: 0, width: WIDE - NAMES, height: high, viewBox: `${x0} 0 ${WIDE - NAMES} ${high}` });
    kgt.head(from, to, clipper);
    kgt.holdNames(clipper, x0);
    let y = kgt.HEAD;
    rows.forEach((row, at) => {
      svg.append(el("path", { class: "rule", d: `M0 ${y}H${WIDE}` }));
      if (row.group) svg.append(el("text", { class: "cycle", x: 4, y: y + 18 }, groupText(row)));
      else {
        svg.append(el("text", { class: "named", x: 4, y: y + 25 }, clip(row.feature.label, NAMES - 16)));
        const g = el("g", { transform: `translate(0 ${y})` });
        g.append(...kgt.elements(kgt.itemsOf(row.feature), x0, x0 + WIDE - NAMES));
        clipper.append(g);
      }
      y += heights[at];
    });
    svg.append(clipper);
    return svg;
  }

  function groupText(row) {
    const name = row.slug ? releaseName(row.slug) : say("no-promise");
    const kept = row.outcomes.map(([outcome, n]) => `${say(outcome)} ${n}`).join(", ");
    const said = row.promised ? `${say("promised", { n: row.promised })} ${kept}` : "";
    return [name, said, say(row.slug ? "rows-here" : "features", { n: row.size })].filter(Boolean).join(" · ");
  }

  /** Draws all rows that are listed now, for the days that are in view. */
  function print() {
    if (paper.children.length) return;
    const [from, to] = kgt.shown().map((day) => Math.max(view.whole.first, Math.min(view.whole.last, day)));
    kgt.atScale((WIDE - NAMES) / (to - from), () => {
      const caption = document.createElement("p");
      caption.textContent = say("printed", { from: kgt.iso(from), to: kgt.iso(to), n: view.fit.length });
      paper.append(caption);
      paper.append(...sheets(view.rows).map((rows) => sheet(rows, from, to, view.scale)));
    });
  }

  addEventListener("beforeprint", print);
  addEventListener("afterprint", () => paper.replaceChildren());
  Object.assign(kgt, { print });
})();
