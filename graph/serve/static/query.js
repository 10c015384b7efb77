'use strict';
// What a query says, as far as its tokens tell: its triple patterns, its SELECTs, what is expected at a place in it.
const kgQuery = (() => {
  const RDF_TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
  const COUNTED = new Set(['COUNT', 'SUM', 'AVG', 'GROUP_CONCAT']); // statements that come twice change what these give
  const AGGREGATES = new Set([...COUNTED, 'MIN', 'MAX', 'SAMPLE']);
  const TERMS = new Set(['var', 'name', 'iri', 'string', 'number']);
  const SUBJECT = 0, PREDICATE = 1, OBJECT = 2, AFTER = 3;

  const solid = (text) => kgSparql.tokens(text).filter((token) => token.kind !== 'space' && token.kind !== 'comment');
  const is = (token, ...texts) => Boolean(token) && texts.includes(token.text.toUpperCase());
  const isVariable = (token) => token.kind === 'var' && token.text.length > 1;
  const name = (token) => token.text.slice(1);
  const isType = (token) => token.text === 'a' || token.text === 'rdf:type' || token.text === `<${RDF_TYPE}>`;

  // A bracket that is open: what it holds (group and blank hold patterns), and how far a pattern in it has come.
  const frame = (kind, above) => ({ kind, slot: SUBJECT, s: null, p: null, path: false, wait: false, data: false, select: above ? above.select : null });
  const holdsPatterns = (top) => ['group', 'blank'].includes(top.kind) && !top.wait;

  /** Reads tokens: {stack of open brackets, triples {s, p, o, path, select}, selects}. Total: any text gives some. */
  function read(found) {
    const state = { stack: [frame('outside')], triples: [], selects: [], blanks: false };
    found.forEach((token, at) => {
      const top = state.stack[state.stack.length - 1];
      if (is(token, '{', '(', '[')) opened(state, top, token);
      else if (is(token, '}', ')', ']')) closed(state, token);
      else if (token.kind === 'word' && !(top.slot === PREDICATE && token.text === 'a')) worded(state, top, found, at);
      else if (TERMS.has(token.kind) && !is(token, '?') || token.text === 'a') term(state, top, token);
      else if (holdsPatterns(top)) signed(top, token);
    });
    return state;
  }

  function opened(state, top, token) {
    let kind = 'held';
    if (token.text === '{') kind = top.data ? 'data' : 'group';
    else if (token.text === '[' && holdsPatterns(top)) kind = 'blank';
    else if (token.text === '(' && (top.kind === 'path' || (holdsPatterns(top) && top.slot === PREDICATE))) kind = 'path';
    else if (token.text === '(' && holdsPatterns(top)) kind = 'list';
    const made = frame(kind, top);
    if (kind === 'blank') Object.assign(made, { slot: PREDICATE, s: token });
    if (kind === 'blank') state.blanks = true;
    if (token.text === '{') {
      top.data = false;
      if (top.select && top.select.from === undefined && ['outside', 'select'].includes(top.kind)) Object.assign(top.select, { from: token.end, body: made });
    }
    state.stack.push(made);
  }

  function closed(state, token) {
    if (state.stack.length === 1) return;
    const gone = state.stack.pop(), top = state.stack[state.stack.length - 1];
    top.wait = false;
    if (top.select && top.select.body === gone) top.select.to = token.start;
    if (gone.kind === 'path' && top.kind !== 'path') Object.assign(top, { slot: OBJECT, p: token, path: true });
    else if (gone.kind === 'blank' || gone.kind === 'list') term(state, top, token);
    else if (token.text === '}') top.slot = SUBJECT;
  }

  function worded(state, top, found, at) {
    const word = found[at].text.toUpperCase(), next = found[at + 1];
    if (word === 'SELECT') {
      const select = { end: found[at].end, unique: is(next, 'DISTINCT', 'REDUCED'), grouped: false, any: false, loose: [], above: top.select };
      select.star = is(found[at + (select.unique ? 2 : 1)], '*');
      state.selects.push(select);
      top.select = select;
      if (top.kind === 'group') top.kind = 'select';
    } else if (AGGREGATES.has(word) && is(next, '(') && top.select) {
      top.select.any = true;
      if (COUNTED.has(word) && !is(found[at + 2], 'DISTINCT')) top.select.loose.push({ word, at: next.end });
    } else if (word === 'GROUP' && top.select && !holdsPatterns(top)) top.select.grouped = true;
    else if (word === 'VALUES') Object.assign(top, { wait: true, data: true, slot: SUBJECT });
    else if (['FILTER', 'BIND', 'GRAPH', 'SERVICE'].includes(word)) Object.assign(top, { wait: true, slot: SUBJECT });
    else if (['OPTIONAL', 'UNION', 'MINUS'].includes(word)) top.slot = SUBJECT;
    else if (['TRUE', 'FALSE'].includes(word)) term(state, top, found[at]);
  }

  function term(state, top, token) {
    if (!holdsPatterns(top)) return;
    if (top.slot === SUBJECT) Object.assign(top, { s: token, slot: PREDICATE, path: false });
    else if (top.slot === PREDICATE) Object.assign(top, { p: token, slot: OBJECT });
    else if (top.slot === OBJECT) {
      state.triples.push({ s: top.s, p: top.p, o: token, path: top.path, select: top.select });
      top.slot = AFTER;
    }
  }

  function signed(top, token) {
    if (token.text === '.') top.slot = SUBJECT;
    else if (token.text === ';') Object.assign(top, { slot: PREDICATE, path: false });
    else if (token.text === ',') top.slot = OBJECT;
    else if (['/', '|'].includes(token.text) && top.slot === OBJECT) Object.assign(top, { slot: PREDICATE, path: true });
    else if (top.slot === PREDICATE || (top.slot === OBJECT && ['*', '+', '?'].includes(token.text))) top.path = true;
  }

  /** What belongs at a place: 'property', 'class' (after `a`), 'declared' (after PREFIX), '' where anything may stand. */
  function position(text, start) {
    const found = solid(text.slice(0, start)), { stack } = read(found), top = stack[stack.length - 1];
    if (is(found[found.length - 1], 'PREFIX')) return 'declared';
    if (top.kind === 'path' || (holdsPatterns(top) && top.slot === PREDICATE)) return 'property';
    return holdsPatterns(top) && top.slot === OBJECT && !top.path && isType(top.p) ? 'class' : '';
  }

  /** The columns of a result in the order written; those of SELECT * as they first appear. */
  function ordered(text, columns) {
    const found = solid(text), [first] = read(found).selects;
    if (!first || !first.star) return columns;
    const seen = [...new Set(found.filter(isVariable).map(name))];
    return [...seen.filter((one) => columns.includes(one)), ...columns.filter((one) => !seen.includes(one))];
  }

  /** Which columns tie which: {s, p, o, label}, names of columns; s or o may be a term as written where p is a column. */
  function ties(text, columns) {
    const column = (token) => (isVariable(token) && columns.includes(name(token)) ? name(token) : '');
    const end = (token, p) => column(token) || (column(p) && ['iri', 'name'].includes(token.kind) ? token.text : '');
    const found = read(solid(text)).triples.map(({ s, p, o, path }) => ({
      s: path ? column(s) : end(s, p), o: path ? column(o) : end(o, p), p: path ? '' : column(p), label: path || p.kind === 'var' ? '' : p.text,
    }));
    const written = found.filter(({ s, o }) => s && o && s !== o);
    if (written.length) return written;
    for (const [s, p, o] of [['s', 'p', 'o'], ['subject', 'predicate', 'object']]) {
      if ([s, p, o].every((one) => columns.includes(one))) return [{ s, p, o, label: '' }];
    }
    return [];
  }

  // Whether the rows of a SELECT can hold a solution twice: it has patterns of its own, or a SELECT in it that does.
  function repeats(state, select) {
    const inner = state.selects.filter((one) => one.above === select && !one.unique && !one.any && !one.grouped);
    return state.triples.some((one) => one.select === select) || inner.some((one) => repeats(state, one));
  }

  /** What to say of a query that ran, with its rows: null, or {sum: whether it adds up, text: the query mended, '' if it cannot be}. */
  function advice(text, rows) {
    const state = read(solid(text)), [first] = state.selects;
    if (!first) return null;
    const loose = state.selects.filter((one) => one.loose.length && repeats(state, one));
    if (loose.length) {
      const sum = loose.some((select) => select.loose.some((one) => ['SUM', 'AVG'].includes(one.word)));
      const mended = sum ? wrapped(text, state) : loose.flatMap((select) => select.loose).sort((a, b) => b.at - a.at).reduce((now, { at }) => put(now, at, 'DISTINCT '), text);
      return { sum, text: mended };
    }
    if (first.unique || first.grouped || first.any || new Set(rows.map((row) => JSON.stringify(row))).size === rows.length) return null;
    return { sum: false, text: put(text, first.end, ' DISTINCT') };
  }

  const put = (text, at, more) => text.slice(0, at) + more + text.slice(at);

  // Equal numbers of different things must still be added: what is made distinct are the solutions, not the numbers.
  function wrapped(text, state) {
    const [first] = state.selects;
    if (state.selects.length > 1 || state.blanks || /_:/u.test(text) || first.to === undefined) return '';
    return put(put(text, first.to, '} } '), first.from, ' { SELECT DISTINCT * WHERE {');
  }

  return { position, ordered, ties, advice };
})();
