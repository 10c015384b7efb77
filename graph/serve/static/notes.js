'use strict';
// What must be known to read a result aright: terms that are not there, statements that come once for each source.
const kgNotes = (() => {
  const { element: make } = kgChart;

  function button(text, act) {
    const made = make('button', { type: 'button' }, text);
    made.addEventListener('click', act);
    return made;
  }

  // No such term, and the one that is most like it.
  function stranger(name, query, { words, known, write }) {
    const near = kgSparql.nearest(name, known), note = make('p', { class: 'ed-odd' }, `${words.stranger}${name}`);
    if (!near) return note;
    const mended = kgSparql.tokens(query).map((token) => (token.text === name ? near : token.text)).join('');
    note.append(words.comma, `${words.meant} `, button(near, () => write(mended)));
    return note;
  }

  function repeated(found, { words, write }) {
    const note = make('p', {}, words.once, found.sum ? ` ${words.sums}` : '');
    if (found.text) note.append(' ', button(words.distinct, () => write(found.text)));
    return note;
  }

  /** Says what is to be said of a result; `room` has words, known terms, prefixes, and write(text), which runs a query mended. */
  function show(place, query, result, room) {
    const odd = room.known.size ? kgSparql.strangers(query, room.known, room.prefixes) : [];
    const found = odd.length || result.triples || result.answer !== undefined ? null : kgQuery.advice(query, result.rows);
    place.replaceChildren(...odd.map((name) => stranger(name, query, room)), ...(found ? [repeated(found, room)] : []));
  }

  return { show };
})();
