'use strict';
// A chart of a table: one column across, one column (or the number of rows) up. Every chart says its points as a table too.
const kgChart = (() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const DAY = /^\d{4}(-\d\d(-\d\d)?)?$/;
  const MOST = 40; // bars of names that can be told apart
  const BOX = { width: 860, height: 330, left: 56, right: 12, top: 14, bottom: 84 };
  const WORDS = {
    en: { x: 'Across', y: 'Up', kind: 'As', bar: 'bars', line: 'line', rows: 'number of rows', points: 'The points as a table',
      none: 'No column can be drawn.', sum: (y, x) => `Sum of ${y} by ${x}.`, count: (x) => `Number of rows by ${x}.`,
      others: (n) => ` The ${n} smallest are left out.`, empty: (n) => ` ${n} rows have no value there.` },
    zh: { x: '横轴', y: '纵轴', kind: '形式', bar: '柱', line: '线', rows: '行数', points: '用表格看各点', none: '没有可画的列。',
      sum: (y, x) => `按 ${x} 汇总 ${y}。`, count: (x) => `按 ${x} 统计行数。`,
      others: (n) => `最小的 ${n} 项未画出。`, empty: (n) => `有 ${n} 行没有值。` },
  };
  const words = () => WORDS[document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'];

  /** An HTML element with attributes; children are elements or text. */
  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** An SVG element with attributes and text. */
  function shape(name, attributes = {}, text = undefined) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const given = (value) => value !== null && value !== undefined && value !== '';
  const isNumber = (value) => typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)));

  // What a column holds: numbers, days, or names.
  function kindOf(values) {
    const some = values.filter(given);
    if (!some.length) return 'empty';
    if (some.every((value) => DAY.test(String(value))) && !some.every((value) => typeof value === 'number')) return 'day';
    return some.every(isNumber) ? 'number' : 'name';
  }

  function described(table) {
    return table.columns.map((name, at) => {
      const values = table.rows.map((row) => row[at]);
      return { name, key: (table.names || table.columns)[at], at, kind: kindOf(values), different: new Set(values.filter(given)).size };
    });
  }

  // The first choice: a day or a name that groups rows, and a number that is not a place in a file.
  function choice(columns) {
    const many = columns.filter((one) => one.kind !== 'empty' && one.different > 1);
    const numbers = many.filter((one) => one.kind === 'number' && !/^(line|position|number|key|nth)$/.test(one.key));
    const days = many.filter((one) => one.kind === 'day');
    const names = many.filter((one) => one.kind === 'name').sort((a, b) => Number(a.different > MOST) - Number(b.different > MOST));
    const x = (numbers.length ? names[0] || days[0] : days[0] || names[0]) || numbers[0];
    return { x, y: numbers.find((one) => one !== x) || null };
  }

  function points(table, x, y) {
    const found = new Map();
    let empty = 0;
    for (const row of table.rows) {
      if (!given(row[x.at]) || (y && !given(row[y.at]))) { empty += 1; continue; }
      const key = String(row[x.at]);
      found.set(key, (found.get(key) || 0) + (y ? Number(row[y.at]) : 1));
    }
    let list = [...found].map(([key, value]) => ({ key, value }));
    if (x.kind === 'day') list.sort((a, b) => (a.key < b.key ? -1 : 1));
    if (x.kind === 'number') list.sort((a, b) => Number(a.key) - Number(b.key));
    if (x.kind === 'day' && list.length > 120) list = byMonth(list);
    let left = 0;
    if (x.kind === 'name' && list.length > MOST) {
      list.sort((a, b) => b.value - a.value);
      left = list.length - MOST;
      list = list.slice(0, MOST);
    }
    return { list, left, empty };
  }

  // Days that crowd are told by month, months by year.
  function byMonth(list) {
    const length = list[0].key.length > 7 ? 7 : 4;
    const found = new Map();
    for (const { key, value } of list) found.set(key.slice(0, length), (found.get(key.slice(0, length)) || 0) + value);
    const months = [...found].map(([key, value]) => ({ key, value }));
    return months.length > 120 && length > 4 ? byMonth(months) : months;
  }

  // Round steps from the lowest to the highest value, zero included.
  function scale(values) {
    const low = Math.min(0, ...values), high = Math.max(0, ...values);
    const rough = (high - low || 1) / 5, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
    const least = step < 1 && values.every(Number.isInteger) ? 1 : step;
    const ticks = [];
    for (let at = Math.floor(low / least); at * least < high + least * 0.999; at += 1) ticks.push(Number((at * least).toPrecision(12)));
    return ticks;
  }

  const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

  // Where a point stands across: days by their time, numbers by their value, names one after the other.
  function places(list, x, line) {
    const inner = BOX.width - BOX.left - BOX.right;
    const slot = inner / list.length;
    if (!line || x.kind === 'name') return list.map((_, at) => BOX.left + slot * (at + 0.5));
    const value = (key) => (x.kind === 'day' ? Date.parse(key) : Number(key));
    const first = value(list[0].key), span = value(list[list.length - 1].key) - first || 1;
    return list.map(({ key }) => BOX.left + 8 + ((value(key) - first) / span) * (inner - 16));
  }

  function drawn(list, x, line, name) {
    const svg = shape('svg', { viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: 'img', 'aria-label': name });
    const ticks = scale(list.map((one) => one.value));
    const low = ticks[0], high = ticks[ticks.length - 1], depth = BOX.height - BOX.top - BOX.bottom;
    const up = (value) => BOX.top + depth * (1 - (value - low) / (high - low || 1));
    for (const tick of ticks) {
      svg.append(shape('line', { class: 'c-grid', x1: BOX.left, x2: BOX.width - BOX.right, y1: up(tick), y2: up(tick) }));
      svg.append(shape('text', { x: BOX.left - 8, y: up(tick) + 4, 'text-anchor': 'end' }, tick.toLocaleString()));
    }
    const across = places(list, x, line);
    if (line) svg.append(shape('path', { class: 'c-line', d: list.map((one, at) => `${at ? 'L' : 'M'}${across[at]} ${up(one.value)}`).join('') }));
    const wide = Math.max(1.5, Math.min(46, ((BOX.width - BOX.left - BOX.right) / list.length) * 0.72));
    list.forEach((one, at) => svg.append(mark(one, across[at], up, wide, line)));
    svg.append(shape('line', { class: 'c-axis', x1: BOX.left, x2: BOX.width - BOX.right, y1: up(0), y2: up(0) }));
    labels(svg, list, across, BOX.top + depth);
    return svg;
  }

  function mark(one, x, up, wide, line) {
    const top = Math.min(up(one.value), up(0)), height = Math.max(1, Math.abs(up(one.value) - up(0)));
    const made = line
      ? shape('circle', { class: 'c-dot c-mark', cx: x, cy: up(one.value), r: 4 })
      : shape('rect', { class: 'c-bar c-mark', x: x - wide / 2, y: top, width: wide, height });
    made.append(shape('title', {}, `${one.key}: ${one.value.toLocaleString()}`));
    return made;
  }

  // As many labels as have room; long ones are turned.
  function labels(svg, list, across, y) {
    const turned = Math.max(...list.map((one) => one.key.length)) * 7 > (BOX.width - BOX.left) / list.length;
    let last = -Infinity;
    list.forEach((one, at) => {
      if (across[at] - last < (turned ? 16 : 40)) return;
      last = across[at];
      const place = turned ? { transform: `translate(${across[at] + 4} ${y + 14}) rotate(-38)`, 'text-anchor': 'end' }
        : { x: across[at], y: y + 18, 'text-anchor': 'middle' };
      svg.append(shape('text', place, short(one.key, turned ? 16 : 24)));
    });
  }

  function chooser(label, options, chosen, change) {
    const select = element('select', {});
    for (const [value, text] of options) {
      const option = element('option', { value }, text);
      option.selected = value === chosen;
      select.append(option);
    }
    select.addEventListener('change', () => change(select.value));
    return element('label', {}, label, select);
  }

  function pointsTable(list, x, y) {
    const head = element('tr', {}, element('th', { scope: 'col' }, x.name), element('th', { scope: 'col' }, y ? y.name : words().rows));
    const rows = list.map((one) => element('tr', {}, element('td', {}, one.key), element('td', { class: 'num' }, one.value.toLocaleString())));
    const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
    const box = element('div', { class: 'chart-points', tabindex: '0', role: 'region', 'aria-label': words().points }, table);
    return element('details', {}, element('summary', {}, words().points), box);
  }

  /** Draws a table ({columns, rows: arrays}) into an element, with choices of columns. */
  function draw(place, table) {
    const columns = described(table).filter((one) => one.kind !== 'empty');
    const state = choice(columns);
    if (!state.x) {
      place.replaceChildren(element('p', { class: 'chart-note' }, words().none));
      return;
    }
    state.line = state.x.kind === 'day' && state.y !== null;
    const show = () => paint(place, table, columns, state, show);
    show();
    let width = place.clientWidth;
    new ResizeObserver(() => {
      if (Math.abs(place.clientWidth - width) < 8 || !place.clientWidth) return;
      width = place.clientWidth;
      show();
    }).observe(place);
  }

  function paint(place, table, columns, state, show) {
    const say = words(), { x, y } = state;
    const found = points(table, x, y);
    const note = (y ? say.sum(y.name, x.name) : say.count(x.name)) + (found.left ? say.others(found.left) : '') + (found.empty ? say.empty(found.empty) : '');
    const named = (value) => columns.find((one) => String(one.at) === value) || null;
    const numbers = columns.filter((one) => one.kind === 'number' && one !== x);
    const bar = element('div', { class: 'chart-choose' },
      chooser(say.x, columns.map((one) => [String(one.at), one.name]), String(x.at), (value) => { state.x = named(value); if (state.y === state.x) state.y = null; show(); }),
      chooser(say.y, [['', say.rows], ...numbers.map((one) => [String(one.at), one.name])], y ? String(y.at) : '', (value) => { state.y = named(value); show(); }),
      chooser(say.kind, [['bar', say.bar], ['line', say.line]], state.line ? 'line' : 'bar', (value) => { state.line = value === 'line'; show(); }));
    BOX.width = Math.max(280, Math.min(1100, place.clientWidth - 30 || 860));
    const at = [...place.querySelectorAll('select')].indexOf(document.activeElement);
    place.replaceChildren(bar, found.list.length ? drawn(found.list, x, state.line, note) : '', element('p', { class: 'chart-note' }, note), pointsTable(found.list, x, y));
    if (at >= 0) place.querySelectorAll('select')[at].focus();
  }

  return { draw, kindOf, element, shape };
})();
