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
