'use strict';
// SPARQL as text: its tokens, what is being typed at a place, which prefixes it declares and uses.
const kgSparql = (() => {
  const TOKEN = /(?<space>[ \t\r\n]+)|(?<comment>#[^\r\n]*)|(?<iri><(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4})*>)|(?<string>"""(?:[^"\\]|\\.|"(?!""))*(?:""")?|'''(?:[^'\\]|\\.|'(?!''))*(?:''')?|"(?:[^"\\\r\n]|\\.)*"?|'(?:[^'\\\r\n]|\\.)*'?)|(?<var>[?$][\p{L}\p{N}_]*)|(?<name>(?:_|[\p{L}][\p{L}\p{N}_-]*)?:(?:[\p{L}\p{N}_:%-]|\\.|\.(?=[\p{L}\p{N}_:%-]))*)|(?<word>@[A-Za-z]+(?:-[A-Za-z0-9]+)*|[\p{L}_][\p{L}\p{N}_]*)|(?<number>\d+(?:\.\d+)?)|(?<sign>[^])/gu;

  function tokens(text) {
    const found = [];
    for (const match of text.matchAll(TOKEN)) {
      const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
      found.push({ kind, text: match[0], start: match.index, end: match.index + match[0].length });
    }
    return found;
  }

  /** What stands before the caret and can be completed: {kind, text, start}; null inside a comment, a string or an IRI. */
  function typed(text, caret) {
    const before = text.slice(0, caret);
    const last = tokens(before).pop();
    if (!last || last.kind === 'space') return { kind: 'nothing', text: '', start: caret };
    if (last.kind === 'comment' || last.kind === 'string') return null;
    if (['var', 'name', 'word'].includes(last.kind) && !last.text.startsWith('@')) return { kind: last.kind, text: last.text, start: last.start };
    if (before.endsWith('<')) return null;
    return { kind: 'nothing', text: '', start: caret };
  }

  const variables = (found) => [...new Set(found.filter((t) => t.kind === 'var' && t.text.length > 1).map((t) => `?${t.text.slice(1)}`))];

  function declared(found) {
    const solid = found.filter((t) => t.kind !== 'space' && t.kind !== 'comment');
    return new Set(solid.filter((t, at) => t.kind === 'name' && at && solid[at - 1].text.toUpperCase() === 'PREFIX').map((t) => t.text.split(':')[0]));
  }

  /** The known prefixes that a query uses and does not declare. */
  function missing(text, prefixes) {
    const found = tokens(text), have = declared(found);
    const used = found.filter((t) => t.kind === 'name').map((t) => t.text.split(':')[0]);
    return [...new Set(used)].filter((name) => name in prefixes && !have.has(name));
  }

  const withPrefixes = (text, names, prefixes) => names.map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`).join('') + text;

  /** Names in our namespace that the vocabulary does not have; none where the query says that kg: is something else. */
  function strangers(text, known, prefixes) {
    const found = tokens(text), own = declared(found);
    if (own.has('kg') && !found.some((t) => t.text === `<${prefixes.kg}>`)) return [];
    return [...new Set(found.filter((t) => t.kind === 'name' && /^kg:./u.test(t.text) && !known.has(t.text)).map((t) => t.text))];
  }

  // Letters that two names share in a row, at most one of them misplaced: enough to tell a slip of the hand.
  function distance(one, other) {
    let row = [...Array(other.length + 1).keys()];
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= other.length; j += 1) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      row = next;
    }
    return row[other.length];
  }

  function nearest(name, known) {
    const ranked = [...known].map((one) => [distance(name.toLowerCase(), one.toLowerCase()), one]).sort((a, b) => a[0] - b[0]);
    return ranked.length && ranked[0][0] <= Math.max(2, name.length / 3) ? ranked[0][1] : '';
  }

  /** The offset of a line and a column, both counted from 1. */
  function offset(text, line, column) {
    const rows = text.split('\n');
    let at = 0;
    for (let n = 0; n < Math.min(line, rows.length) - 1; n += 1) at += rows[n].length + 1;
    return Math.min(text.length, at + Math.min(Math.max(0, column - 1), (rows[Math.min(line, rows.length) - 1] || '').length));
  }

  /** N-Triples as [subject, predicate, object], each {type, value}. */
  function triples(text) {
    const found = [];
    for (const line of text.split('\n')) {
      const match = /^(<[^>]*>|_:\S+) <([^>]*)> (.*) \.\s*$/u.exec(line);
      if (match) found.push([term(match[1]), { type: 'uri', value: match[2] }, term(match[3])]);
    }
    return found;
  }

  function term(text) {
    if (text.startsWith('<')) return { type: 'uri', value: unescaped(text.slice(1, -1)) };
    const match = /^"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@(\S+))?$/u.exec(text);
    if (!match) return { type: 'bnode', value: text };
    return { type: 'literal', value: unescaped(match[1]), datatype: match[2], 'xml:lang': match[3] };
  }

  const ESCAPES = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
  const unescaped = (text) => text.replace(/\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)/gu,
    (_, four, eight, one) => (one ? ESCAPES[one] || one : String.fromCodePoint(parseInt(four || eight, 16))));

  return { tokens, typed, variables, missing, withPrefixes, strangers, nearest, offset, triples };
})();
