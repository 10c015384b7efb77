"use strict";
// Legend, time, tables, images and the address: each reads and changes the state of the model through `app`.
(() => {
  const { make, fill, button } = window.kgnet;
  const ROWS = 300;
  const EPOCH = 719163; // the day that 1970-01-01 is, counted as the data counts days
  const iso = (day) => new Date((day - EPOCH) * 86400000).toISOString().slice(0, 10);
  const dayOf = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / 86400000) + EPOCH;

  function legend(app) {
    const { data, state } = app.model;
    const links = document.getElementById("links");
    const byName = new Map();
    for (const [name, word, count] of data.links) byName.set(name, [word, (byName.get(name) || [word, 0])[1] + count]);
    for (const [name, [word]] of byName) {
      const count = data.links.find(([other]) => other === name)[2];
      links.append(make("button", { type: "button", class: "kind", "aria-pressed": "true", "data-link": name },
        make("span", {}, word), " ", make("span", { class: "count" }, String(count))));
    }
    const flip = (set, name) => { if (!set.delete(name)) set.add(name); app.refresh(); };
    for (const one of document.querySelectorAll("#kinds button")) one.addEventListener("click", () => flip(state.hidden, one.dataset.kind));
    for (const one of links.children) one.addEventListener("click", () => flip(state.cut, one.dataset.link));
    document.getElementById("link-filters").hidden = byName.size < 1;
    document.getElementById("filters").open = innerWidth > 720;
    return () => {
      for (const one of document.querySelectorAll("#kinds button")) one.setAttribute("aria-pressed", String(!state.hidden.has(one.dataset.kind)));
      for (const one of links.children) one.setAttribute("aria-pressed", String(!state.cut.has(one.dataset.link)));
    };
  }

  function time(app) {
    const { range, state, data } = app.model;
    const [box, since, until, days, play] = ["time", "since", "until", "days", "play"].map((id) => document.getElementById(id));
    let ticking = 0;
    for (const input of [since, until]) [input.min, input.max] = range;
    box.hidden = range[0] === range[1];

    function show() {
      [since.value, until.value] = [state.since, state.until];
      since.setAttribute("aria-valuetext", iso(state.since));
      until.setAttribute("aria-valuetext", iso(state.until));
      days.textContent = `${iso(state.since)} – ${iso(state.until)}`;
      const share = (day) => `${(100 * (day - range[0])) / Math.max(1, range[1] - range[0])}%`;
      box.style.setProperty("--begin", share(state.since));
      box.style.setProperty("--end", share(state.until));
    }

    function change(name, input, other) {
      state[name] = Number(input.value);
      if (state.since > state.until) state[name] = state[other];
      app.soon();
    }

    function stop() {
      clearInterval(ticking);
      ticking = 0;
      play.textContent = data.words.play;
    }

    function start() {
      if (state.until >= range[1]) state.until = state.since;
      const step = Math.max(1, Math.round((range[1] - state.since) / 60));
      play.textContent = data.words.pause;
      ticking = setInterval(() => {
        state.until = Math.min(range[1], state.until + step);
        app.soon();
        if (state.until >= range[1]) stop();
      }, 130);
    }

    since.addEventListener("input", () => change("since", since, "until"));
    until.addEventListener("input", () => change("until", until, "since"));
    play.addEventListener("click", () => (ticking ? stop() : start()));
    return show;
  }

  /** The same content as tables, made when they are opened and then kept as the view is. */
  function tables(app) {
    const { model } = app;
    const { data, shown, edges } = model;
    const { words } = data;
    const [box, body] = [document.getElementById("tables"), document.getElementById("table-body")];

    function table(title, heads, each, cells) {
      const rows = make("tbody", {});
      const more = button("", () => grow());
      const grow = () => {
        const at = rows.children.length;
        rows.append(...each.slice(at, at + ROWS).map((one) => make("tr", {}, ...cells(one).map((cell) => make("td", {}, cell)))));
        more.textContent = `+ ${each.length - rows.children.length} ${words.more}`;
        more.hidden = rows.children.length >= each.length;
      };
      grow();
      const head = make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text))));
      return [make("table", {}, make("caption", {}, `${title} · ${each.length}`), head, rows), more];
    }

    const name = (at) => button(data.labels[at], () => app.select(at), { "data-node": data.keys[at] });
    const thing = (at) => [name(at), model.kind(at)[1], data.dates[at], String(model.near[at].filter(({ other }) => !model.isFold(other)).length)];
    const link = (at) => [name(edges.a[at]), data.links[edges.kind[at]][1], name(edges.b[at])];

    function render() {
      if (!box.open) return;
      const things = model.ordered().filter(model.passes);
      const links = [];
      for (let at = 0; at < edges.real; at++) {
        if (model.passes(edges.a[at]) && model.passes(edges.b[at]) && model.linkOn(edges.kind[at])) links.push(at);
      }
      body.replaceChildren(
        ...table(words.things, [words.thing, words.kind, words.date, words.count], things, thing),
        ...table(words.links, [words.from, words.link, words.to], links, link),
      );
    }

    box.addEventListener("toggle", () => { render(); app.view.draw(); });
    return () => { if (box.open) render(); return shown; };
  }

  function images(app) {
    const { model, view } = app;
    async function save(name, made) {
      const blob = await made;
      const link = make("a", { href: URL.createObjectURL(blob), download: `graph.${name}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      app.say(model.data.words.saved);
    }
    const parts = () => {
      const { theme, lit, mark } = view.settings();
      return [model, view.view(), view.size(), theme, lit, { ...mark, at: null }];
    };
    document.getElementById("png").addEventListener("click", () => save("png", window.kgnet.png(...parts())));
    document.getElementById("svg").addEventListener("click", () => save("svg", window.kgnet.svg(...parts())));
  }

  /** The state as the part of the address after #, and back; what is as it was at first is not named. */
  function address(app) {
    const { model } = app;
    const { data, state, range, byKey } = model;
    const group = (at) => `${data.keys[data.folds[at][0]]} ${model.kind(model.count + at)[0]} ${data.folds[at][1]}`;
    let last = location.hash;

    function write(view) {
      const found = new URLSearchParams();
      const put = (name, value) => { if (value) found.set(name, value); };
      put("thing", state.selected === null ? "" : data.keys[state.selected]);
      put("find", state.query);
      put("hide", [...state.hidden].join(" "));
      put("cut", [...state.cut].join(" "));
      put("since", state.since === range[0] ? "" : iso(state.since));
      put("until", state.until === range[1] ? "" : iso(state.until));
      put("layout", state.layout === data.start ? "" : state.layout);
      put("open", state.open.size && state.open.size === data.folds.length ? "*" : [...state.open].map(group).join("\n"));
      put("from", state.from === null ? "" : data.keys[state.from]);
      put("to", state.to === null ? "" : data.keys[state.to]);
      put("view", view ? `${Math.round(view.x)},${Math.round(view.y)},${Number(view.k.toPrecision(3))}` : "");
      last = String(found) ? `#${found}` : "";
      if (last !== location.hash) history.replaceState(null, "", last || location.pathname + location.search);
    }

    function day(text, fallback) {
      const found = /^\d{4}-\d\d-\d\d$/.test(text || "") ? dayOf(text) : NaN;
      return Number.isFinite(found) ? Math.min(range[1], Math.max(range[0], found)) : fallback;
    }

    const words = (text) => new Set((text || "").split(" ").filter(Boolean));
    const thing = (key) => (key !== null && byKey.has(key) ? byKey.get(key) : null);

    function opened(text) {
      const named = new Set((text || "").split("\n").filter(Boolean));
      return new Set(data.folds.map((_, at) => at).filter((at) => named.has("*") || named.has(group(at))));
    }

    /** Takes the address over into the state; gives the view that it names, or null. */
    function read() {
      last = location.hash;
      const found = new URLSearchParams(last.slice(1));
      Object.assign(state, {
        selected: thing(found.get("thing")), query: found.get("find") || "", hidden: words(found.get("hide")), cut: words(found.get("cut")),
        since: day(found.get("since"), range[0]), until: day(found.get("until"), range[1]), open: opened(found.get("open")),
        from: thing(found.get("from")), to: thing(found.get("to")),
        layout: model.both && ["meaning", "free"].includes(found.get("layout")) ? found.get("layout") : data.start,
      });
      const view = (found.get("view") || "").split(",").map(Number);
      return view.length === 3 && view.every(Number.isFinite) && view[2] > 0 ? { x: view[0], y: view[1], k: Math.min(4, view[2]) } : null;
    }

    return { write, read, changed: () => location.hash !== last };
  }

  Object.assign(window.kgnet, { legend, time, tables, images, address, fill });
})();
