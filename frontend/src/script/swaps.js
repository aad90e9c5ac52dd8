// htmx: parts of a page come from the server. The focus never gets lost, and what happened is said.
//
// In the new part, `data-focus` marks what takes the focus: the first field of an added item, the
// button beside a removed one. `data-announce` on the button is read aloud.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { announce } from './page.js';

export function startSwaps(enhance, csrfToken) {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
  });

  document.addEventListener('htmx:configRequest', (event) => {
    if (event.detail.verb !== 'get') event.detail.headers['X-CSRFToken'] = csrfToken();
  });

  // What is typed while the server answers is newer than its answer: it is put back.
  const sent = new WeakMap();
  const newer = new WeakMap();
  document.addEventListener('htmx:beforeRequest', (event) => {
    sent.set(event.detail.xhr, typed(event.detail.target));
  });
  document.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr, target } = event.detail;
    const before = sent.get(xhr) || new Map();
    const now = [...typed(target)];
    newer.set(target, now.filter(([id, value]) => before.has(id) && before.get(id) !== value));
  });
  document.addEventListener('htmx:afterSwap', (event) => {
    const target = event.detail.target;
    for (const [id, value] of newer.get(target) || []) {
      const field = document.getElementById(id);
      if (field && target.contains(field)) put(field, value);
    }
    newer.delete(target);
  });

  // An answer that refuses (422) still carries the part to show.
  document.addEventListener('htmx:beforeSwap', (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener('htmx:afterSettle', (event) => {
    const part = event.detail.elt;
    const asked = event.detail.requestConfig?.elt;
    enhance(part);
    moveFocus(part, asked);
    if (asked?.dataset?.announce) announce(asked.dataset.announce);
    part.closest?.('form[data-autosave]')?.dispatchEvent(new Event('app:changed'));
  });
}

const isTicked = (field) => field.type === 'checkbox' || field.type === 'radio';

function typed(part) {
  const fields = [...part.querySelectorAll('input[id], select[id], textarea[id]')];
  return new Map(fields.map((f) => [f.id, isTicked(f) ? f.checked : f.value]));
}

function put(field, value) {
  if (isTicked(field)) field.checked = value;
  else field.value = value;
}

// Typing goes on where it was; only a lost focus, or one that the server asks for, is moved.
function moveFocus(part, asked) {
  const wanted = part.matches('[data-focus]') ? part : part.querySelector('[data-focus]');
  const isTyping = asked && !asked.matches('button, a') && document.contains(asked);
  if (wanted && !isTyping) {
    if (wanted.tabIndex < 0) wanted.tabIndex = -1;
    wanted.focus();
  } else if (document.activeElement === document.body) {
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
  }
}
