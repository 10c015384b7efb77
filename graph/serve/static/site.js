'use strict';
// Suggestions while typing, in the box of every page's head and wherever else a question is asked. Without this
// script, or when the server does not answer, the box is a plain form.
(() => {
  const WAIT = 110; // milliseconds of rest after a key
  const zh = document.documentElement.lang.startsWith('zh');
  const say = (en, cn) => (zh ? cn : en);
  let count = 0;

  const el = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const styled = () => {
    if (document.getElementById('suggest-style')) return;
    const link = el('link');
    link.id = 'suggest-style';
    link.rel = 'stylesheet';
    link.href = '/static/suggest.css';
    document.head.append(link);
  };

  class Box {
    constructor(input) {
      this.input = input;
      this.form = input.form;
      this.rows = [];
      this.at = -1;
      this.turn = 0; // of the newest request: an older answer is dropped
      this.known = new Map();
      this.timer = 0;
      this.build();
      this.listen();
    }

    build() {
      const id = `suggest-${(count += 1)}`;
      this.list = el('ul', 'suggest');
      this.list.id = id;
      this.list.hidden = true;
      this.list.setAttribute('role', 'listbox');
      this.list.setAttribute('aria-label', say('Suggestions', '建议'));
      this.said = el('span', 'sr');
      this.said.setAttribute('role', 'status');
      const place = el('span', 'suggest-place');
      this.input.after(place);
      place.append(this.list, this.said);
      const told = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id, 'aria-expanded': 'false', autocomplete: 'off' };
      for (const [name, value] of Object.entries(told)) this.input.setAttribute(name, value);
    }

    listen() {
      const { input, list } = this;
      input.addEventListener('focus', () => { styled(); this.warm(); }, { once: true });
      input.addEventListener('input', (event) => { if (!event.isComposing) this.later(); });
      input.addEventListener('compositionend', () => this.later());
      input.addEventListener('keydown', (event) => this.key(event));
      input.addEventListener('blur', () => this.close());
      list.addEventListener('mousedown', (event) => event.preventDefault());
      list.addEventListener('click', (event) => {
        const row = event.target.closest('li');
        if (row) this.choose(Number(row.dataset.at), event.ctrlKey || event.metaKey);
      });
      list.addEventListener('mousemove', (event) => {
        const row = event.target.closest('li');
        if (row) this.mark(Number(row.dataset.at));
      });
    }

    // The server makes its index at the first question: it may as well begin before the first letter.
    warm() {
      fetch('/suggest?q=').catch(() => {});
      if (this.input.value) return;
      this.known.set('', []);
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), WAIT);
    }

    async ask() {
      const text = this.input.value;
      const turn = (this.turn += 1);
      if (!text.trim()) { this.show([]); return; }
      const found = this.known.get(text) || (await this.fetched(text));
      if (turn !== this.turn || text !== this.input.value) return;
      this.show(found);
    }

    async fetched(text) {
      try {
        const query = new URLSearchParams({ q: text, lang: zh ? 'zh' : 'en' });
        const answer = await fetch(`/suggest?${query}`, { headers: { accept: 'application/json' } });
        const rows = answer.ok ? await answer.json() : [];
        this.known.set(text, rows);
        return rows;
      } catch {
        return [];
      }
    }

    show(rows) {
      this.rows = rows;
      this.at = -1;
      this.list.replaceChildren(...rows.map((row, n) => this.row(row, n)));
      this.open(rows.length > 0 && document.activeElement === this.input);
      this.said.textContent = rows.length ? say(`${rows.length} suggestions`, `${rows.length} 条建议`) : '';
    }

    row(row, n) {
      const item = el('li', `suggest-row suggest-${row.kind === 'question' ? 'question' : 'thing'}`);
      item.id = `${this.list.id}-${n}`;
      item.dataset.at = n;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', 'false');
      item.append(el('span', 'suggest-kind', row.word || row.kind), el('span', 'suggest-label', row.label));
      if (row.note) item.append(el('span', 'suggest-note', row.note));
      return item;
    }

    open(yes) {
      this.list.hidden = !yes;
      this.input.setAttribute('aria-expanded', String(yes));
      if (!yes) this.mark(-1);
    }

    close() {
      clearTimeout(this.timer);
      this.turn += 1;
      this.open(false);
    }

    mark(n) {
      this.at = n;
      [...this.list.children].forEach((row, at) => row.setAttribute('aria-selected', String(at === n)));
      const row = this.list.children[n];
      if (row) {
        this.input.setAttribute('aria-activedescendant', row.id);
        row.scrollIntoView({ block: 'nearest' });
      } else {
        this.input.removeAttribute('aria-activedescendant');
      }
    }

    key(event) {
      if (event.isComposing) return;
      const shown = !this.list.hidden;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && this.rows.length) {
        event.preventDefault();
        this.move(shown, step);
      } else if (event.key === 'ArrowDown' && this.input.value) {
        this.ask();
      } else if (event.key === 'Escape' && shown) {
        event.preventDefault();
        this.close();
      } else if (event.key === 'Enter' && shown && this.at >= 0) {
        event.preventDefault();
        this.choose(this.at, event.ctrlKey || event.metaKey);
      }
    }

    // Beyond either end stands what was typed.
    move(shown, step) {
      if (!shown) this.open(true);
      const size = this.rows.length + 1;
      this.mark(((this.at + 1 + step + size) % size) - 1);
    }

    choose(n, aside) {
      const row = this.rows[n];
      if (!row) return;
      this.close();
      if (aside) { window.open(row.url, '_blank', 'noopener'); return; }
      if (row.kind !== 'question') { window.location.assign(row.url); return; }
      this.input.value = row.label;
      this.form.requestSubmit();
    }
  }

  for (const input of document.querySelectorAll('form[action="/ask"] input[type="search"]')) new Box(input);
})();
