// Lists of the admin pages. Without this script they work as plain forms, links and pages.
//   form[data-list="id"]    a filter form: a change fetches the list anew, and the address keeps the filters
//   table[data-rows]        a click on a row opens its first link; j and k walk over the rows, Enter opens
//   input[data-live="url"]  asks every few seconds how many lines are new, and says so above the list
(() => {
  'use strict';
  const LIVE_EVERY = 5000;

  function filled(form) {
    const fields = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...fields]) {
      if (!value.trim()) fields.delete(name, value);
    }
    return fields;
  }

  function address(form) {
    const query = filled(form).toString();
    return form.getAttribute('action') + (query ? '?' + query : '');
  }

  function show(form) {
    const url = address(form);
    history.replaceState(null, '', url);
    return htmx.ajax('GET', url, { target: '#' + form.dataset.list, select: '#' + form.dataset.list, swap: 'outerHTML' });
  }

  let typing;
  document.addEventListener('input', event => {
    const form = event.target.closest('form[data-list]');
    if (!form || event.target.type === 'datetime-local') return;
    clearTimeout(typing);
    typing = setTimeout(() => show(form), event.target.matches('input:not([type="checkbox"])') ? 400 : 0);
  });
  document.addEventListener('change', event => {
    const form = event.target.closest('form[data-list]');
    if (form && event.target.type === 'datetime-local') show(form);
  });
  document.addEventListener('submit', event => {
    const form = event.target.closest('form[data-list]');
    if (!form) return;
    event.preventDefault();
    clearTimeout(typing);
    show(form);
  });

  // --- rows

  const link = row => row.querySelector('a[href]');
  const selecting = () => String(window.getSelection()) !== '';

  document.addEventListener('click', event => {
    const row = event.target.closest('table[data-rows] tbody tr');
    if (!row || event.target.closest('a, button, input, label') || selecting()) return;
    if (event.ctrlKey || event.metaKey) window.open(link(row)?.href, '_blank', 'noopener');
    else link(row)?.click();
  });

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== 'j' && event.key !== 'k')) return;
    if (event.target.closest('input, textarea, select, dialog') || document.querySelector('dialog[open]')) return;
    const rows = [...document.querySelectorAll('table[data-rows] tbody tr')].filter(link);
    if (!rows.length) return;
    const at = rows.findIndex(row => row.contains(document.activeElement));
    const next = at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + (event.key === 'j' ? 1 : -1)));
    link(rows[next]).focus();
    rows[next].scrollIntoView({ block: 'nearest' });
  });

  // --- live tail

  const live = () => document.querySelector('input[data-live]');
  const busy = () => document.hidden || selecting() || document.querySelector('dialog[open]')
    || document.activeElement?.closest('table[data-rows]');

  function look() {
    const box = live();
    if (!box?.checked || busy()) return;
    const list = box.closest('[data-since]');
    const fields = filled(document.querySelector('form[data-list]'));
    fields.set('since', list.dataset.since);
    fields.set('last', list.dataset.last);
    htmx.ajax('GET', box.dataset.live + '?' + fields, { target: '#newer', swap: 'innerHTML' });
  }

  document.addEventListener('change', event => {
    if (!event.target.matches('input[data-live]')) return;
    sessionStorage.setItem('live', event.target.checked ? 'on' : '');
    look();
  });
  document.addEventListener('click', event => {
    if (!event.target.closest('[data-reload]')) return;
    event.preventDefault();
    show(document.querySelector('form[data-list]'));
  });

  function remember() {
    const box = live();
    if (box) box.checked = sessionStorage.getItem('live') === 'on';
  }

  document.addEventListener('htmx:afterSettle', remember);
  window.addEventListener('DOMContentLoaded', remember);
  setInterval(look, LIVE_EVERY);
})();
