// Small helpers of the pages. Everything works by data attributes, so that no page needs a script of its own:
//   data-copy="text"          copies the text (also on plain HTTP)
//   data-dialog="id"          opens the <dialog> with that id; data-close inside a dialog closes it
//   data-toggle="id"          opens and closes an element (class "open")
//   data-reveal="id"          shows and hides the text of a password field
//   data-theme-switch         light or dark, remembered in a cookie
//   data-autosubmit           on a form: sends it when a field changes
(() => {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');

  async function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text);
    }
    // The clipboard API is missing on plain HTTP: select a hidden field and copy it the old way.
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'visually-hidden';
    field.setAttribute('aria-hidden', 'true');
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    if (!done) throw new Error('copy refused');
  }

  function say(text) {
    const live = document.getElementById('live');
    if (live) live.textContent = text;
  }

  const clicks = {
    copy(button) {
      copy(button.dataset.copy).then(() => {
        button.classList.add('done');
        say(button.dataset.copied || '');
        setTimeout(() => button.classList.remove('done'), 1500);
      }, () => say(''));
    },
    dialog(button) {
      document.getElementById(button.dataset.dialog)?.showModal();
    },
    close(button) {
      button.closest('dialog')?.close();
    },
    toggle(button) {
      const open = document.getElementById(button.dataset.toggle).classList.toggle('open');
      button.setAttribute('aria-expanded', String(open));
    },
    reveal(button) {
      const field = document.getElementById(button.dataset.reveal);
      const shown = field.type === 'text';
      field.type = shown ? 'password' : 'text';
      button.setAttribute('aria-pressed', String(!shown));
    },
    themeSwitch() {
      const theme = root.dataset.bsTheme === 'dark' ? 'light' : 'dark';
      root.dataset.bsTheme = theme;
      document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    },
  };

  document.addEventListener('click', event => {
    for (const [name, act] of Object.entries(clicks)) {
      const attribute = 'data-' + name.replace(/[A-Z]/g, letter => '-' + letter.toLowerCase());
      const target = event.target.closest(`[${attribute}]`);
      if (target) act(target);
    }
    // A click elsewhere closes an open menu; a click on a dialog's backdrop closes the dialog.
    document.querySelectorAll('details.menu[open]').forEach(menu => {
      if (!menu.contains(event.target)) menu.removeAttribute('open');
    });
    if (event.target.tagName === 'DIALOG' && event.target.open) event.target.close();
  });

  document.addEventListener('keydown', event => {
    const typing = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.getElementById('search');
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    if (event.key === 'Escape') {
      document.querySelectorAll('details.menu[open]').forEach(menu => {
        menu.removeAttribute('open');
        menu.querySelector('summary').focus();
      });
    }
  });

  document.addEventListener('change', event => event.target.closest('form[data-autosubmit]')?.requestSubmit());

  // A form is sent once: a second press while the first is on its way would do it twice.
  document.addEventListener('submit', event => {
    if (event.defaultPrevented || event.target.method === 'get' || event.target.method === 'dialog') return;
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = 'true';
  });
  window.addEventListener('pageshow', () =>
    document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));

  // htmx swaps nothing on errors; say that something went wrong instead of staying silent.
  document.addEventListener('htmx:responseError', event => {
    if (!event.detail.xhr.getResponseHeader('HX-Redirect')) document.getElementById('htmx-error')?.removeAttribute('hidden');
  });
  document.addEventListener('htmx:sendError', () => document.getElementById('htmx-error')?.removeAttribute('hidden'));
})();
