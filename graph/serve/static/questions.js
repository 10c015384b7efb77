'use strict';
(() => {
  const byId = (id) => document.getElementById(id);

  // The catalogue: entries that lack one of the words are hidden while typing.
  function showMatching(input) {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const group of document.querySelectorAll('.q-group')) {
      let some = 0;
      for (const entry of group.querySelectorAll('li')) {
        entry.hidden = !words.every((word) => entry.dataset.words.includes(word));
        some += entry.hidden ? 0 : 1;
      }
      group.hidden = some === 0;
      group.querySelector('.count').textContent = some;
      left += some;
    }
    byId('q-count').textContent = `${left} ${byId('q-count').dataset.words}`;
    byId('q-none').hidden = left > 0;
  }

  function catalogue() {
    const input = byId('q-find');
    // What the server left out cannot be found here: then the form asks it.
    if (!input || input.defaultValue) return;
    input.addEventListener('input', () => showMatching(input));
    input.form.addEventListener('submit', (event) => event.preventDefault());
  }

  // Names while typing; an answer that comes late is for a word that is no longer there.
  function completed(input) {
    const list = byId(input.getAttribute('list'));
    let asked = 0, timer = 0;
    const fill = async (turn) => {
      const address = `/terms?kind=${encodeURIComponent(input.dataset.kind)}&q=${encodeURIComponent(input.value)}`;
      const answer = await fetch(address).catch(() => null);
      if (!answer || !answer.ok || turn !== asked) return;
      const names = await answer.json();
      if (turn !== asked) return;
      list.replaceChildren(...names.map((one) => {
        const option = document.createElement('option');
        option.value = one.name;
        option.label = one.note || one.name;
        return option;
      }));
    };
    input.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(fill, 120, ++asked);
    });
    input.addEventListener('focus', () => list.childElementCount || fill(++asked), { once: true });
  }

  // An empty field says nothing: it is left out of the address.
  function shortAddress(form) {
    form.addEventListener('submit', () => {
      for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    });
    addEventListener('pageshow', () => {
      for (const field of form.elements) field.disabled = false;
    });
  }

  function chart(button) {
    const place = byId('chart');
    button.hidden = false;
    button.addEventListener('click', async () => {
      const open = button.getAttribute('aria-expanded') === 'true';
      button.setAttribute('aria-expanded', String(!open));
      place.hidden = open;
      if (open || place.childElementCount) return;
      const data = await (await fetch(button.dataset.url)).json();
      const rows = data.rows.map((row) => data.columns.map((column) => row[column]));
      const words = Object.fromEntries([...document.querySelectorAll('.q-table th[data-name]')].map((one) => [one.dataset.name, one.textContent]));
      kgChart.draw(place, { columns: data.columns.map((name) => words[name] || name), names: data.columns, rows });
    });
  }

  catalogue();
  document.querySelectorAll('input[data-kind]').forEach(completed);
  document.querySelectorAll('.q-form').forEach(shortAddress);
  if (byId('q-chart')) chart(byId('q-chart'));
  document.documentElement.dataset.ready = 'true';
})();
