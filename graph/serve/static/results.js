'use strict';
// The result of a query: as a table, a chart, a small graph, and as it came.
const kgResults = (() => {
  const STEP = 500; // rows added to the table at once
  const NODES = 200; // nodes of the small graph
  const { element: make, shape } = kgChart;
  const ID = 'https://w3id.org/release-kg/id/';
  const XSD = 'http://www.w3.org/2001/XMLSchema#';
  const NUMBERS = new Set(['integer', 'decimal', 'double', 'float', 'int', 'long', 'nonNegativeInteger'].map((n) => XSD + n));
  let words = {}, prefixes = {};

  const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
  const visible = (text) => text.replace(HIDDEN, (c) => `\\u${c.codePointAt(0).toString(16).padStart(4, '0')}`);

  function decoded(text) {
    try { return decodeURIComponent(text); } catch { return text; }
  }

  /** An IRI in few words: the telling keys of one of our things, prefix:name, else as it is. */
  function short(iri) {
    if (iri.startsWith(ID)) {
      // Keys that are places of files say little; a small number alone says nothing.
      const all = iri.slice(ID.length).split('/').map(decoded).slice(2), keys = all.filter((key) => !key.includes('/'));
      const last = keys[keys.length - 1] || (all.join('/').split('/').pop() || iri);
      return keys.length > 2 || /^\d{1,3}$/.test(last) ? keys.join(' ') : last;
    }
    const space = Object.keys(prefixes).find((name) => iri.startsWith(prefixes[name]) && iri.length > prefixes[name].length);
    return space ? `${space}:${iri.slice(prefixes[space].length)}` : iri;
  }

  const kindOf = (iri) => (iri.startsWith(ID) ? iri.slice(ID.length).split('/')[1] || '' : '');

  function safeUrl(text) {
    try {
      const url = new URL(text);
      return ['http:', 'https:'].includes(url.protocol) && !url.username;
    } catch { return false; }
  }

  function link(iri) {
    if (iri.startsWith(ID)) return make('a', { href: `/id/${iri.slice(ID.length)}`, title: iri }, visible(short(iri)));
    const text = visible(short(iri));
    if (text !== iri || !safeUrl(iri)) return make('span', { title: iri }, text);
    return make('a', { href: iri, rel: 'noopener noreferrer', target: '_blank' }, text);
  }

  const isNumber = (term) => Boolean(term) && NUMBERS.has(term.datatype);

  function cell(term) {
    if (!term) return make('td');
    if (term.type === 'uri') return make('td', {}, link(term.value));
    const text = visible(term.value);
    if (isNumber(term)) return make('td', { class: 'num' }, text);
    if (safeUrl(term.value)) return make('td', {}, link(term.value));
    const look = /^\d{4}-\d\d(-\d\d)?$/.test(text) ? 'day' : lengthOf(text);
    return make('td', look ? { class: look } : {}, text);
  }

  const lengthOf = (text) => (text.length > 240 ? 'longer' : text.length > 60 ? 'long' : text.length > 24 ? 'some' : '');

  const plain = (term) => (!term ? null : isNumber(term) ? Number(term.value) : term.type === 'uri' ? short(term.value) : term.value);

  function compared(one, other) {
    if (one === null || other === null) return (one === null) - (other === null);
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    return String(one).localeCompare(String(other), undefined, { numeric: true });
  }

  // ---- the table

  function table(result) {
    const body = make('tbody'), head = make('tr'), state = { rows: result.rows, shown: 0, by: -1, down: false };
    const more = make('button', { type: 'button' }, words.more), left = make('span', { class: 'count' });
    const show = () => {
      body.append(...state.rows.slice(state.shown, state.shown + STEP).map((row) => make('tr', {}, ...row.map(cell))));
      state.shown = Math.min(state.rows.length, state.shown + STEP);
      more.hidden = left.hidden = state.shown >= state.rows.length;
      left.textContent = ` ${state.shown} / ${state.rows.length} ${words.shown}`;
    };
    const again = () => { body.replaceChildren(); state.shown = 0; show(); };
    head.append(...result.columns.map((name, at) => header(name, at, state, head, result, again)));
    more.addEventListener('click', show);
    again();
    const wide = make('div', { class: 'wide q-wide', tabindex: '0', role: 'region', 'aria-label': words.table },
      make('table', { class: 'q-table ed-table' }, make('thead', {}, head), body));
    return [wide, make('p', {}, more, left)];
  }

  function header(name, at, state, head, result, again) {
    const button = make('button', { type: 'button', title: `${words.sort} ${name}` }, name);
    const cellOf = make('th', { scope: 'col', 'aria-sort': 'none' }, button);
    button.addEventListener('click', () => {
      state.down = state.by === at && !state.down;
      state.by = at;
      const keyed = result.rows.map((row) => [plain(row[at]), row]);
      keyed.sort((a, b) => (a[0] === null || b[0] === null ? compared(a[0], b[0]) : compared(a[0], b[0]) * (state.down ? -1 : 1)));
      state.rows = keyed.map((pair) => pair[1]);
      for (const other of head.children) mark(other, 'none');
      mark(cellOf, state.down ? 'descending' : 'ascending');
      again();
    });
    return cellOf;
  }

  function mark(cellOf, order) {
    const button = cellOf.firstChild;
    cellOf.setAttribute('aria-sort', order);
    button.textContent = button.textContent.replace(/ [▲▼]$/u, '') + ({ ascending: ' ▲', descending: ' ▼' }[order] || '');
  }

  // ---- the small graph

  const isThing = (term) => Boolean(term) && term.type === 'uri';
  // Names of properties begin with a small letter; so do the statuses, which are things.
  const isProperty = (term) => !isThing(term) || /^[\w-]+:(?!status-)\p{Ll}/u.test(short(term.value));

  function fixed(text) {
    const [prefix, ...rest] = text.split(':');
    if (text.startsWith('<')) return { type: 'uri', value: text.slice(1, -1) };
    return prefix in prefixes ? { type: 'uri', value: prefixes[prefix] + rest.join(':') } : null;
  }

  /** Two things of a row that are tied, with the word for it: as the query's patterns say, else the first thing with the others. */
  function ties(result, query) {
    const found = new Map(), { columns, rows } = result;
    const said = result.triples ? [{ s: 'subject', p: 'predicate', o: 'object' }] : kgQuery.ties(query, columns);
    const tie = (one, other, label) => found.set(`${one.value}\n${other.value}\n${label}`, { one: one.value, other: other.value, label });
    const value = (name, row) => (columns.includes(name) ? row[columns.indexOf(name)] : fixed(name));
    const done = new Set(said.flatMap(({ s, p, o }) => [s, p, o]));
    const properties = new Set(columns.filter((name, at) => rows.some((row) => isThing(row[at])) && rows.every((row) => isProperty(row[at]))));
    const left = result.triples ? [] : columns.filter((name) => !done.has(name) && !properties.has(name));
    const first = columns.find((name, at) => !said.some((one) => one.p === name) && !properties.has(name) && rows.some((row) => isThing(row[at])));
    for (const row of rows) {
      for (const { s, p, o, label } of said) {
        const one = value(s, row), between = p ? value(p, row) : null, other = value(o, row);
        if (isThing(one) && isThing(other)) tie(one, other, isThing(between) ? short(between.value) : label || o);
      }
      const head = first === undefined ? null : value(first, row);
      for (const name of left) if (name !== first && isThing(head) && isThing(value(name, row))) tie(head, value(name, row), word(row, name));
    }
    return [...found.values()];

    // What ties the first thing with another: the property beside it, if a column holds one, else the column's name.
    function word(row, name) {
      const only = left.length === 2 && properties.size === 1 ? value([...properties][0], row) : null;
      return isThing(only) ? short(only.value) : name;
    }
  }

  // Nodes with most ties first, as far as there is room.
  function kept(all) {
    const degree = new Map();
    for (const { one, other } of all) for (const iri of [one, other]) degree.set(iri, (degree.get(iri) || 0) + 1);
    const ranked = [...degree].sort((a, b) => b[1] - a[1]);
    return { nodes: ranked.slice(0, NODES).map(([iri]) => iri), left: Math.max(0, ranked.length - NODES) };
  }

  /** Places by forces: every two push each other off, ties pull together, all are drawn to the middle. */
  function laidOut(count, pairs) {
    const at = Array.from({ length: count }, (_, n) => ({ x: Math.cos(n * 2.4) * Math.sqrt(n + 1) * 24, y: Math.sin(n * 2.4) * Math.sqrt(n + 1) * 24 }));
    const ideal = 78;
    for (let turn = 0; turn < 260; turn += 1) {
      const heat = 26 * (1 - turn / 260) + 0.4, move = at.map(() => ({ x: 0, y: 0 }));
      for (let i = 0; i < count; i += 1) for (let j = 0; j < i; j += 1) push(at, move, i, j, ideal * ideal);
      for (const [i, j] of pairs) pull(at, move, i, j, ideal);
      at.forEach((place, n) => {
        const dx = move[n].x - place.x * 0.06 * 16, dy = move[n].y - place.y * 0.09 * 16, far = Math.hypot(dx, dy) || 1;
        place.x += (dx / far) * Math.min(far, heat);
        place.y += (dy / far) * Math.min(far, heat);
      });
    }
    return at;
  }

  function push(at, move, i, j, force) {
    const dx = at[i].x - at[j].x || 0.1, dy = at[i].y - at[j].y || 0.1, square = dx * dx + dy * dy;
    const f = force / square;
    move[i].x += dx * f; move[i].y += dy * f;
    move[j].x -= dx * f; move[j].y -= dy * f;
  }

  function pull(at, move, i, j, ideal) {
    const dx = at[i].x - at[j].x, dy = at[i].y - at[j].y, f = Math.hypot(dx, dy) / ideal;
    move[i].x -= dx * f; move[i].y -= dy * f;
    move[j].x += dx * f; move[j].y += dy * f;
  }

  function node(iri, place) {
    const kind = kindOf(iri), name = short(iri);
    const made = shape('a', kind ? { href: `/id/${iri.slice(ID.length)}` } : {});
    made.append(shape('title', {}, visible(kind ? `${kind}: ${name}` : iri)));
    made.append(kind ? shape('circle', { cx: place.x, cy: place.y, r: 7 }) : shape('rect', { x: place.x - 6, y: place.y - 6, width: 12, height: 12 }));
    const label = visible(name.length > 26 ? `${name.slice(0, 25)}…` : name);
    made.append(shape('text', { x: place.x + 10, y: place.y + 4 }, label));
    return made;
  }

  function graph(result, whole, query) {
    const all = ties(result, query);
    if (!all.length) return [make('p', { class: 'chart-note' }, words.undrawn)];
    const { nodes, left } = kept(all), index = new Map(nodes.map((iri, n) => [iri, n]));
    const inside = all.filter(({ one, other }) => index.has(one) && index.has(other));
    const at = laidOut(nodes.length, inside.map(({ one, other }) => [index.get(one), index.get(other)]));
    const svg = framed(at);
    const tip = shape('marker', { id: 'ed-tip', viewBox: '0 0 8 8', refX: 15, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto', markerUnits: 'userSpaceOnUse' });
    tip.append(shape('path', { d: 'M0 0L8 4L0 8z' }));
    svg.append(tip);
    for (const { one, other, label } of joined(inside)) edge(svg, at[index.get(one)], at[index.get(other)], label, inside.length <= 80);
    nodes.forEach((iri, n) => svg.append(node(iri, at[n])));
    svg.setAttribute('aria-label', `${nodes.length} ${words.things}, ${inside.length} ${words.ties}`);
    const note = make('p', { class: 'chart-note' }, `${nodes.length} ${words.things}, ${inside.length} ${words.ties}. ${left ? `${left} ${words.left} ` : ''}`,
      make('a', { href: whole }, words.whole));
    return [make('div', { class: 'net', tabindex: '0', role: 'region', 'aria-label': words.graph }, svg), note];
  }

  // Ties of the same two things are one line with all their words.
  function joined(all) {
    const found = new Map();
    for (const { one, other, label } of all) {
      const key = `${one}\n${other}`, before = found.get(key);
      found.set(key, { one, other, label: before ? `${before.label}, ${label}` : label });
    }
    return [...found.values()];
  }

  function framed(at) {
    const xs = at.map((p) => p.x), ys = at.map((p) => p.y);
    const x = Math.min(...xs) - 40, y = Math.min(...ys) - 30;
    const width = Math.max(640, Math.max(...xs) - x + 190), height = Math.max(220, Math.max(...ys) - y + 30);
    return shape('svg', { viewBox: `${x} ${y} ${width} ${height}`, role: 'group' });
  }

  function edge(svg, one, other, label, named) {
    const line = shape('line', { x1: one.x, y1: one.y, x2: other.x, y2: other.y, 'marker-end': 'url(#ed-tip)' });
    line.append(shape('title', {}, visible(label)));
    svg.append(line);
    if (named) svg.append(shape('text', { class: 'n-label', x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 - 2, 'text-anchor': 'middle' }, visible(label)));
  }

  // ---- all of them behind tabs

  function tabs(place, entries, downloads) {
    const bar = make('div', { class: 'ed-tabs' }), list = make('div', { role: 'tablist', 'aria-label': words.results });
    const panel = make('div', { role: 'tabpanel', id: 'ed-panel' });
    const buttons = entries.map(([key, name]) => make('button', { type: 'button', role: 'tab', id: `ed-tab-${key}`, 'aria-controls': 'ed-panel' }, name));
    const choose = (at, focus) => {
      buttons.forEach((button, n) => { button.setAttribute('aria-selected', String(n === at)); button.tabIndex = n === at ? 0 : -1; });
      panel.setAttribute('aria-labelledby', buttons[at].id);
      panel.replaceChildren();
      entries[at][2](panel);
      if (focus) buttons[at].focus();
    };
    buttons.forEach((button, at) => button.addEventListener('click', () => choose(at, false)));
    list.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      choose((buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length, true);
    });
    list.append(...buttons);
    bar.append(list, downloads);
    place.replaceChildren(bar, panel);
    choose(0, false);
  }

  /** Shows a result {columns, rows of terms, triples, raw, answer} of a query. */
  function show(place, result, query, known) {
    ({ words, prefixes } = known);
    if (result.answer !== undefined) {
      place.replaceChildren(make('p', { class: 'ed-yes' }, result.answer ? words.yes : words.no));
      return;
    }
    const whole = `/editor?as=graph&query=${encodeURIComponent(query)}`;
    const cells = () => ({ columns: result.columns, rows: result.rows.map((row) => row.map(plain)) });
    const raw = make('pre', { class: 'ed-raw', tabindex: '0', role: 'region', 'aria-label': words.raw });
    tabs(place, [
      ['table', words.table, (panel) => panel.append(...(result.rows.length ? table(result) : [make('p', {}, words.empty)]))],
      ['chart', words.chart, (panel) => { const box = make('div', { class: 'chart' }); panel.append(box); kgChart.draw(box, cells()); }],
      ['graph', words.graph, (panel) => panel.append(...graph(result, whole, query))],
      ['raw', words.raw, (panel) => { raw.textContent = visible(result.raw.slice(0, 400000)); panel.append(raw); }],
    ], downloads(result, query));
  }

  // Files come from the endpoint, in the formats that it offers for the form of the query.
  function downloads(result, query) {
    const formats = result.triples ? [['turtle', words.turtle]] : [['csv', words.csv], ['json', words.json]];
    const bar = make('div', { class: 'ed-down' });
    for (const [format, name] of formats) {
      bar.append(make('a', { class: 'button', href: `/sparql?format=${format}&query=${encodeURIComponent(query)}`, download: `result.${format === 'turtle' ? 'ttl' : format}` }, name));
    }
    return bar;
  }

  return { show };
})();
