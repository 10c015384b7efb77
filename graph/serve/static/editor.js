'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const { element: make } = kgChart;
  const { words, run: runAtOnce } = JSON.parse(byId('data').textContent);
  const area = byId('query'), form = byId('ed-form'), list = byId('ed-list'), box = document.querySelector('.ed-box');
  const back = document.querySelector('.ed-back code'), lines = document.querySelector('.ed-lines');
  const HISTORY = 'kg.queries', KEPT = 30, OFFERED = 40;
  const room = { prefixes: {}, terms: [], keywords: [] };
  let known = new Set(), open = [], chosen = -1, from = 0, leaving = false, badLine = 0, timer = 0, running = null, inserting = false;

  // ---- the coloured text behind the field

  const beingTyped = (token) => document.activeElement === area && token.start < area.selectionStart && token.end >= area.selectionStart;

  function classOf(token) {
    if (token.kind === 'word') return room.keywords.some((word) => word.toUpperCase().split(' ').includes(token.text.toUpperCase())) || token.text === 'a' ? 't-keyword' : '';
    if (token.kind === 'name') return token.text.startsWith('kg:') && token.text.length > 3 && known.size && !known.has(token.text) && !beingTyped(token) ? 't-name t-bad' : 't-name';
    return ['var', 'string', 'comment', 'iri'].includes(token.kind) ? `t-${token.kind}` : '';
  }

  function paint() {
    const text = area.value;
    back.replaceChildren(...kgSparql.tokens(text).map((token) => {
      const look = classOf(token);
      return look ? make('span', { class: look }, token.text) : document.createTextNode(token.text);
    }), '\n');
    const count = text.split('\n').length;
    lines.replaceChildren(...Array.from({ length: count }, (_, n) => make('div', n + 1 === badLine ? { class: 'bad' } : {}, String(n + 1))));
    follow();
  }

  function follow() {
    back.parentElement.scrollTop = lines.scrollTop = area.scrollTop;
    back.parentElement.scrollLeft = area.scrollLeft;
    lines.style.height = `${area.offsetHeight}px`;
    back.parentElement.style.height = `${area.clientHeight}px`;
    back.parentElement.style.width = `${area.clientWidth}px`;
  }

  // ---- completion

  function fits(entry, word) {
    const local = entry.name.toLowerCase(), tail = local.slice(local.indexOf(':') + 1);
    if (local.startsWith(word) || tail.startsWith(word)) return local === word ? 0 : 1;
    if (tail.includes(word)) return 2;
    return word.length > 1 && (entry.about || '').toLowerCase().includes(word) ? 3 : -1;
  }

  function best(entries, word) {
    const found = entries.map((entry, at) => [fits(entry, word), at, entry]).filter((one) => one[0] >= 0);
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return found.map((one) => one[2]);
  }

  // The terms for a place of a pattern: a predicate is a property; after `a` stands a class and nothing else.
  function placedTerms(entries, position) {
    if (position === 'class') return entries.filter((one) => one.kind === 'class');
    if (position !== 'property') return entries;
    return [...entries.filter((one) => one.kind === 'property'), ...entries.filter((one) => one.kind !== 'property')];
  }

  const keywords = () => room.keywords.map((name) => ({ name, kind: 'keyword' }));
  const prefixNames = () => Object.entries(room.prefixes).map(([name, iri]) => ({ name: `${name}:`, kind: 'prefix', about: iri }));

  function variables() {
    const at = area.selectionStart, text = area.value;
    const found = kgSparql.tokens(text).filter((token) => !(token.start < at && token.end >= at));
    return kgSparql.variables(found).map((name) => ({ name, kind: 'variable' }));
  }

  function offers(typed, asked) {
    const word = typed.text.toLowerCase().replace(/^\$/, '?'), position = kgQuery.position(area.value, typed.start);
    if (position === 'declared') return [];
    if (typed.kind === 'var') return best(variables(), word);
    if (typed.kind === 'name') return placedTerms(best(room.terms.filter((term) => term.name.split(':')[0] === word.split(':')[0]), word), position);
    const terms = (entries) => placedTerms(entries, position);
    if (typed.kind === 'word') {
      const names = best(prefixNames(), word).filter((one) => one.name.startsWith(word)), some = best(keywords(), word).filter((one) => fits(one, word) < 2);
      const known = terms(best(room.terms, word));
      return typed.text.length > 1 || asked ? [...names, ...(position ? [...known, ...some] : [...some, ...known])] : [];
    }
    const own = terms(room.terms.filter((term) => term.name.startsWith('kg:')));
    return !asked ? [] : position ? [...own, ...variables(), ...keywords()] : [...variables(), ...own, ...keywords()];
  }

  function complete(asked) {
    const caret = area.selectionStart;
    const typed = caret === area.selectionEnd ? kgSparql.typed(area.value, caret) : null;
    let found = typed ? offers(typed, asked) : [];
    // A word that is all there needs nothing: then Enter is a new line. Names tell small letters from capitals.
    const same = (entry) => (typed.kind === 'name' ? entry.name === typed.text : entry.name.toLowerCase() === typed.text.toLowerCase());
    const whole = !asked && found.some(same);
    if (whole) found = found.filter((entry) => !same(entry));
    found = found.slice(0, OFFERED);
    if (!found.length) return shut();
    open = found;
    from = typed.start;
    list.replaceChildren(...found.map(option));
    list.hidden = false;
    area.setAttribute('aria-controls', 'ed-list');
    choose(asked || (typed.kind === 'name' && !whole) ? 0 : -1);
    placed();
    announce(`${found.length} ${words.suggestions}`);
  }

  function option(entry, at) {
    const made = make('li', { role: 'option', id: `ed-o${at}`, 'aria-selected': 'false' }, make('b', {}, entry.name), make('i', {}, words[entry.kind] || ''));
    if (entry.about) made.append(make('span', {}, entry.about));
    if (entry.holds) made.append(make('span', {}, entry.holds));
    made.addEventListener('mousedown', (event) => { event.preventDefault(); take(at); });
    return made;
  }

  function choose(at) {
    chosen = at;
    [...list.children].forEach((one, n) => one.setAttribute('aria-selected', String(n === at)));
    if (at < 0) { area.removeAttribute('aria-activedescendant'); return; }
    area.setAttribute('aria-activedescendant', `ed-o${at}`);
    list.children[at].scrollIntoView({ block: 'nearest' });
  }

  // Below the word that is being typed: measured in the coloured text, where every character has its width.
  function placed() {
    const walker = document.createTreeWalker(back, NodeFilter.SHOW_TEXT), field = area.parentElement;
    let left = from, node = walker.nextNode();
    while (node && left >= node.length) { left -= node.length; node = walker.nextNode(); }
    const range = document.createRange();
    if (node) range.setStart(node, left);
    const spot = node ? range.getBoundingClientRect() : back.getBoundingClientRect(), home = field.getBoundingClientRect();
    const x = Math.max(0, Math.min(spot.left - home.left - 10, field.clientWidth - Math.min(320, field.clientWidth)));
    list.style.left = `${x}px`;
    list.style.maxWidth = `${field.clientWidth - x}px`;
    list.style.top = `${spot.top - home.top + 22}px`;
  }

  function shut() {
    list.hidden = true;
    open = [];
    chosen = -1;
    area.removeAttribute('aria-activedescendant');
    area.removeAttribute('aria-controls');
  }

  function take(at) {
    const entry = open[at], caret = area.selectionStart;
    shut();
    insert(from, caret, entry.name + (entry.kind === 'keyword' && /[A-Z]$/.test(entry.name) ? ' ' : ''));
    if (entry.kind === 'prefix') complete(true);
  }

  // As if typed, so that undo knows it; execCommand is the only way a page has for that.
  function insert(start, end, text) {
    if (start === end && !text) return;
    area.focus();
    area.setSelectionRange(start, end);
    inserting = true;
    if (!document.execCommand(text ? 'insertText' : 'delete', false, text)) area.setRangeText(text, start, end, 'end');
    inserting = false;
    changed();
  }

  function announce(text) { area.setAttribute('aria-description', text); }

  function changed() {
    badLine = 0;
    paint();
    clearTimeout(timer);
    timer = setTimeout(lint, 500);
  }

  function lint() {
    const place = byId('ed-lint'), caret = area.selectionStart;
    const odd = known.size ? kgSparql.strangers(area.value, known, room.prefixes) : [];
    const typing = document.activeElement === area && area.value.slice(0, caret).endsWith(odd[0]);
    const said = odd.length && !typing ? words.unknown + odd.join(', ') : '';
    // What is said already stays: a button that is being pressed must not be replaced.
    if (place.dataset.said === said) return;
    place.dataset.said = said;
    place.replaceChildren(said);
    if (!said) return;
    const near = kgSparql.nearest(odd[0], known);
    if (!near) return;
    const mend = make('button', { type: 'button' }, near);
    mend.addEventListener('click', () => {
      const token = kgSparql.tokens(area.value).find((one) => one.text === odd[0]);
      if (token) insert(token.start, token.end, near);
      lint();
    });
    place.append(` — ${words.meant} `, mend);
  }

  // ---- keys

  function moved(step) { choose((chosen + step + open.length + (chosen < 0 && step < 0 ? 1 : 0)) % open.length); }

  function indent(event) {
    event.preventDefault();
    const { selectionStart: start, selectionEnd: end } = area;
    if (!event.shiftKey) { insert(start, end, '  '); return; }
    const head = area.value.lastIndexOf('\n', start - 1) + 1;
    const spaces = /^ {0,2}/.exec(area.value.slice(head))[0].length;
    if (spaces) { insert(head, head + spaces, ''); area.setSelectionRange(Math.max(head, start - spaces), Math.max(head, start - spaces)); }
  }

  function pressed(event) {
    const held = event.ctrlKey || event.metaKey;
    if (event.isComposing) return;
    if (held && event.key === 'Enter') { event.preventDefault(); shut(); submit(true); return; }
    if (held && (event.key === ' ' || event.code === 'Space')) { event.preventDefault(); complete(true); return; }
    if (event.key === 'Escape') { leaving = list.hidden || leaving; if (!list.hidden) { shut(); leaving = true; } return; }
    if (!list.hidden && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) { event.preventDefault(); moved(event.key === 'ArrowDown' ? 1 : -1); return; }
    if (!list.hidden && chosen >= 0 && event.key === 'Enter') { event.preventDefault(); take(chosen); return; }
    if (event.key === 'Tab' && leaving) { leaving = false; shut(); return; }
    if (event.key === 'Tab' && !held && !event.altKey) {
      if (!list.hidden && !event.shiftKey) { event.preventDefault(); take(Math.max(0, chosen)); return; }
      indent(event);
    }
    if (event.key !== 'Shift') leaving = false;
  }

  function typedInto(event) {
    if (inserting) return;
    changed();
    if (/delete|paste|cut|history/i.test(event.inputType || '') && list.hidden) return;
    complete(false);
  }

  // ---- running

  const status = (text) => { byId('ed-status').textContent = text; };

  async function submit(byHand) {
    if (running) running.abort();
    const query = area.value, mine = new AbortController();
    running = mine;
    busy(true);
    remember(query);
    history.replaceState(null, '', `/editor?query=${encodeURIComponent(query)}`);
    const began = performance.now();
    try {
      const answer = await fetch('/sparql', {
        method: 'POST', signal: mine.signal, body: new URLSearchParams({ query }),
        headers: { Accept: 'application/sparql-results+json, application/n-triples;q=0.9, text/plain;q=0.1' },
      });
      const text = await answer.text();
      if (running !== mine) return;
      const seconds = ((performance.now() - began) / 1000).toFixed(2);
      if (answer.ok) shown(query, text, answer.headers.get('content-type') || '', seconds);
      else failed(query, text, byHand);
    } catch (fault) {
      if (running !== mine) return;
      status(fault.name === 'AbortError' ? words.stopped : '');
      if (fault.name !== 'AbortError') failed(query, words.unreached, false);
    } finally {
      if (running === mine) { running = null; busy(false); }
    }
  }

  function busy(now) {
    byId('ed-stop').hidden = !now;
    byId('ed-results').parentElement.setAttribute('aria-busy', String(now));
    if (now) { status(words.running); byId('ed-fault').hidden = true; byId('ed-notes').replaceChildren(); }
  }

  function shown(query, text, type, seconds) {
    const result = parsed(query, text, type), count = result.rows.length;
    const what = result.triples ? words.triples : count === 1 ? words.row : words.rows;
    status(result.answer === undefined ? `${count.toLocaleString()} ${what} · ${seconds} ${words.seconds}` : `${seconds} ${words.seconds}`);
    badLine = 0;
    paint();
    kgNotes.show(byId('ed-notes'), query, result, { words, known, prefixes: room.prefixes, write });
    kgResults.show(byId('ed-out'), result, query, { words, prefixes: room.prefixes });
  }

  // A query mended, in the field and run.
  function write(text) {
    insert(0, area.value.length, text);
    shut();
    submit(true);
  }

  function parsed(query, text, type) {
    if (!type.includes('json')) return { columns: ['subject', 'predicate', 'object'], rows: kgSparql.triples(text), triples: true, raw: text };
    const found = JSON.parse(text);
    if (typeof found.boolean === 'boolean') return { answer: found.boolean, columns: [], rows: [], raw: text };
    const columns = kgQuery.ordered(query, found.head.vars);
    return { columns, rows: found.results.bindings.map((one) => columns.map((name) => one[name] || null)), raw: text };
  }

  // The endpoint says what is wrong as JSON, or as lines of text.
  function told(text) {
    try {
      const { error, hint } = JSON.parse(text);
      if (error) return { error: String(error), hint: String(hint || '') };
    } catch { /* no JSON */ }
    const rows = text.trim().split('\n'), hint = rows.find((row) => row.startsWith('hint: ')) || '';
    return { error: rows[0].replace(/^error: /, ''), hint: hint.replace(/^hint: /, '') };
  }

  // The place of a fault: its line and column, the line with a caret under it, and the way there.
  function failed(query, text, byHand) {
    const said = told(text), fault = byId('ed-fault');
    const line = Number((/query:(\d+)/.exec(said.error) || [])[1] || 0), column = Number((/at column (\d+)/.exec(said.error) || [])[1] || 1);
    const source = line ? query.split('\n')[line - 1] || '' : '';
    status('');
    byId('ed-out').replaceChildren();
    fault.hidden = false;
    fault.replaceChildren(make('p', {}, said.error.replace(/^query:\d+: /, '')));
    if (line) fault.append(make('p', { class: 'count' }, `${words.line} ${line}, ${words.column} ${column}`), make('pre', {}, `${source}\n${padding(source, column)}^`));
    if (said.hint) fault.append(make('p', { class: 'more' }, said.hint));
    badLine = line;
    paint();
    if (!line) return;
    const go = make('button', { type: 'button' }, words.go);
    go.addEventListener('click', () => goTo(line, column));
    fault.append(go);
    if (byHand) goTo(line, column);
  }

  // Wide characters take two places, tabs stay tabs, so that the caret stands under its character.
  const padding = (source, column) => [...source.slice(0, column - 1)].map((c) => (c === '\t' ? '\t' : /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u.test(c) ? '\u3000' : ' ')).join('');

  function goTo(line, column) {
    const at = kgSparql.offset(area.value, line, column);
    area.focus();
    area.setSelectionRange(at, Math.min(area.value.length, at + 1));
    area.scrollTop = Math.max(0, (line - 4) * 20);
    follow();
  }

  // ---- earlier queries

  function kept() {
    try { return JSON.parse(localStorage.getItem(HISTORY) || '[]'); } catch { return []; }
  }

  function keep(entries) {
    try { localStorage.setItem(HISTORY, JSON.stringify(entries)); } catch { /* a browser that keeps nothing */ }
    listHistory();
  }

  function remember(query) {
    keep([{ query, at: new Date().toISOString() }, ...kept().filter((one) => one.query !== query)].slice(0, KEPT));
  }

  function listHistory() {
    const place = byId('ed-history').querySelector('ol');
    const entries = kept().map(({ query, at }) => {
      const button = make('button', { type: 'button', title: query }, query.replace(/^(?:#[^\n]*\n|PREFIX[^\n]*\n|\s)+/gi, '').replace(/\s+/g, ' ').slice(0, 110));
      button.addEventListener('click', () => { insert(0, area.value.length, query); shut(); });
      return make('li', {}, make('time', { datetime: at }, new Date(at).toLocaleString()), button);
    });
    place.replaceChildren(...(entries.length ? entries : [words.nothing]));
  }

  // ---- buttons

  function addPrefixes() {
    const names = kgSparql.missing(area.value, room.prefixes);
    if (names.length) insert(0, 0, names.map((name) => `PREFIX ${name}: <${room.prefixes[name]}>\n`).join(''));
    shut();
    status(names.length ? words.prefixed + names.join(', ') : words.complete);
  }

  async function share() {
    const link = `${location.origin}/editor?query=${encodeURIComponent(area.value)}`;
    history.replaceState(null, '', link);
    try { await navigator.clipboard.writeText(link); status(words.copied); } catch { status(words.uncopied); }
  }

  function begin() {
    box.classList.add('ed-live');
    area.setAttribute('aria-autocomplete', 'list');
    area.setAttribute('aria-haspopup', 'listbox');
    for (const id of ['ed-prefixes', 'ed-share', 'ed-keys', 'ed-history']) byId(id).hidden = false;
    document.querySelector('.ed-plain').hidden = true;
    area.addEventListener('input', typedInto);
    area.addEventListener('keydown', pressed);
    area.addEventListener('scroll', () => { follow(); if (!list.hidden) placed(); });
    area.addEventListener('blur', () => { shut(); paint(); lint(); });
    area.addEventListener('click', shut);
    new ResizeObserver(follow).observe(area);
    form.addEventListener('submit', (event) => { event.preventDefault(); submit(true); });
    byId('ed-stop').addEventListener('click', () => running && running.abort());
    byId('ed-prefixes').addEventListener('click', addPrefixes);
    byId('ed-share').addEventListener('click', share);
    byId('ed-history').querySelector(':scope > button').addEventListener('click', () => keep([]));
    byId('ed-example').addEventListener('change', (event) => event.target.value && event.target.form.submit());
    listHistory();
    paint();
  }

  async function learn() {
    const answer = await fetch('/terms').catch(() => null);
    if (answer && answer.ok) Object.assign(room, await answer.json());
    known = new Set(room.terms.map((term) => term.name));
    paint();
    lint();
  }

  begin();
  learn().then(() => {
    document.documentElement.dataset.ready = 'true';
    if (runAtOnce) submit(false);
  });
})();
