"use strict";
// The panel beside the graph: everything, what a search found, one thing, or a path.
(() => {
  const LISTED = 60;

  // Text reaches the document through text nodes and attributes that run nothing, never as markup.
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

  function symbol(kind) {
    const drawn = [...document.querySelectorAll("#kinds [data-kind]")].find((one) => one.dataset.kind === kind);
    return drawn ? drawn.querySelector("svg").cloneNode(true) : make("i", {});
  }

  function button(text, act, attributes = {}) {
    const found = make("button", { type: "button", ...attributes }, text);
    found.addEventListener("click", act);
    return found;
  }

  window.kgnet.panel = (app) => {
    const { model } = app;
    const { data, state } = model;
    const { words } = data;
    const panel = document.getElementById("panel");

    function entry(at, before, after) {
      const name = make("span", {}, data.labels[at]);
      if (before) name.prepend(make("small", {}, `${before} `));
      const note = model.passes(at) ? after : words.hidden;
      const found = button(symbol(model.kind(at)[0]), () => app.select(at), { "data-node": data.keys[at] });
      found.append(name, make("small", {}, note));
      return make("li", {}, found);
    }

    /** A list of things that shows the first of them, and more on request. */
    function list(name, each, row) {
      const found = make("ul", { "data-list": name });
      const more = button("", () => grow());
      const grow = () => {
        const at = found.children.length;
        found.append(...each.slice(at, at + LISTED).map(row));
        more.textContent = `+ ${each.length - found.children.length} ${words.more}`;
        more.hidden = found.children.length >= each.length;
      };
      grow();
      return [found, more];
    }

    const dated = (at) => entry(at, "", data.dates[at]);

    function everything() {
      const each = state.query ? model.search(state.query) : model.ordered().filter(model.passes);
      const title = state.query ? `${each.length} ${words.hits}` : `${words.list} · ${each.length}`;
      panel.replaceChildren(make("h2", {}, title), ...list(state.query ? "hits" : "all", each, dated));
      if (!each.length) panel.append(make("p", {}, model.count ? words.none : words.empty));
    }

    function section(title, ...children) {
      if (children.length) panel.append(make("h3", {}, title), ...children);
    }

    const quote = ([text, place]) => make("blockquote", {}, text, make("cite", {}, place));

    function link(url, opens) {
      if (!url) return [];
      return [opens ? make("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, url) : make("span", {}, url)];
    }

    function actions(at) {
      const found = make("div", { class: "net-actions" });
      if (model.page(at)) found.append(make("a", { href: model.page(at), id: "page" }, words.page));
      found.append(button(words["path-from"], () => app.pathFrom(at), { id: "path-from" }));
      data.folds.forEach(([hub], group) => { if (hub === at) found.append(foldButton(group)); });
      return found;
    }

    function foldButton(group) {
      const open = state.open.has(group);
      const kind = model.kind(model.count + group)[1];
      const text = `${open ? words.fold : words.unfold}: ${fill(words.group, { count: data.folds[group][3].length, kind })}`;
      return button(text, () => app.unfold(group, !open), { "data-fold": group, "aria-expanded": String(open) });
    }

    function title(at) {
      const close = button(words.close, () => app.select(null), { id: "close" });
      const [kind, word] = model.kind(at);
      return [
        make("div", { class: "net-head" }, make("h2", { id: "label" }, data.labels[at]), close),
        make("div", { class: "net-tag" }, symbol(kind), [word, data.dates[at]].filter(Boolean).join(" · ")),
      ];
    }

    function details(at) {
      const [facts = [], quotes = [], url = "", opens = 0] = data.details[at];
      panel.replaceChildren(...title(at), actions(at));
      const rows = facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]);
      if (rows.length) section(words.facts, make("dl", {}, ...rows));
      section(words.quotes, ...quotes.map(quote));
      section(words.link, ...link(url, opens));
      for (const { link: name, out, each } of model.neighbours(at)) {
        section(`${out ? "→" : "←"} ${name} · ${each.length}`, ...list("near", each, dated));
      }
    }

    function pathHead(text) {
      const end = button(state.to === null ? words.cancel : words["path-end"], () => app.endPath(), { id: "path-end" });
      return make("div", { class: "net-head" }, make("h2", { id: "label" }, text), end);
    }

    function path(steps) {
      panel.replaceChildren(pathHead(steps ? fill(words.path, { count: steps.length }) : words["path-none"]));
      if (!steps) {
        panel.append(make("p", {}, `${data.labels[state.from]} — ${data.labels[state.to]}`));
        if (!model.everything()) panel.append(make("p", {}, words["path-filtered"]));
        return;
      }
      const found = make("ol", { "data-list": "path" }, entry(state.from, "", data.dates[state.from]));
      for (const { edge, out, to } of steps) {
        const name = data.links[model.edges.kind[edge]][1];
        found.append(entry(to, out ? `— ${name} →` : `← ${name} —`, data.dates[to]));
      }
      panel.append(found);
    }

    function picking() {
      panel.replaceChildren(pathHead(fill(words["path-pick"], { name: data.labels[state.from] })));
      const each = state.query ? model.search(state.query) : [];
      if (each.length) panel.append(...list("hits", each, dated));
    }

    function render() {
      const held = panel.contains(document.activeElement);
      delete panel.dataset.selected;
      if (state.from !== null && state.to !== null) path(app.steps());
      else if (state.from !== null) picking();
      else if (state.selected === null) everything();
      else {
        panel.dataset.selected = data.keys[state.selected];
        details(state.selected);
      }
      panel.scrollTop = 0;
      if (held) panel.focus({ preventScroll: true });
    }

    return { render };
  };

  Object.assign(window.kgnet, { make, fill, button, symbol });
})();
