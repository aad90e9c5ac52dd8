// Keeps what is typed: posts the form as a draft after a pause, and again until it is taken.
//
// <form data-autosave="/address" data-revision="3"> and one [data-draft-status], in the form or on the page.
// The server answers {"revision": 4, "saved": "10:42"}; 409 means that another window saved
// meanwhile, 401 that nobody is signed in. Nothing is kept in the browser: workstations are shared.
import { csrfToken, say } from './page.js';

const PAUSE = 1200;
const LONGEST = 3000; // what hangs longer does not hold up a button that was pressed
const RETRIES = [2000, 5000, 15000, 30000];

const savers = []; // one for each form of the page

export function startAutosave(form) {
  const status =
    form.querySelector('[data-draft-status]') ?? document.querySelector('[data-draft-status]');
  let revision = form.dataset.revision || '0';
  let timer = null;
  let tries = 0;
  let dirty = false;
  let running = null;
  let underWay = null;
  let leaving = false;
  let stopped = false;

  function tell(text, failed = false) {
    if (!status || status.textContent === text) return;
    status.textContent = text;
    status.classList.toggle('app-saved--failed', failed);
  }

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  function changed() {
    if (stopped) return;
    dirty = true;
    tries = 0;
    later(PAUSE);
  }

  function typed() {
    const fields = new URLSearchParams(new FormData(form));
    fields.set('revision', revision);
    return fields;
  }

  function save() {
    if (!dirty || stopped) return;
    if (running) later(PAUSE);
    else underWay = send();
  }

  async function send() {
    dirty = false;
    const mine = new AbortController();
    running = mine;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: 'POST',
        body: typed(),
        headers: { Accept: 'application/json', 'X-CSRFToken': csrfToken() },
        redirect: 'error',
        keepalive: document.visibilityState === 'hidden' && typed().toString().length < 60000,
        signal: mine.signal,
      });
      await taken(answer);
    } catch {
      if (!mine.signal.aborted) retry(navigator.onLine ? 'failed' : 'offline');
    } finally {
      if (running === mine) running = null;
    }
  }

  async function taken(answer) {
    if (answer.ok) {
      const kept = await answer.json();
      revision = String(kept.revision);
      form.dataset.revision = revision;
      const field = form.elements.namedItem('revision');
      if (field) field.value = revision;
      tries = 0;
      tell(`${say('saved')} ${kept.saved}`);
    } else if (answer.status === 409) {
      dirty = true;
      stopped = true;
      tell(say('elsewhere'), true);
    } else {
      retry(answer.status === 401 || answer.status === 400 ? 'signed_out' : 'failed');
    }
  }

  function retry(words) {
    dirty = true;
    tell(say(words), true);
    later(RETRIES[Math.min(tries, RETRIES.length - 1)]);
    tries += 1;
  }

  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('app:changed', changed);
  function end() {
    stopped = true;
    dirty = false;
    clearTimeout(timer);
    running?.abort();
  }

  const saver = {
    pending: () => !stopped && (dirty || running !== null),
    flush: async () => {
      if (running) await underWay;
      clearTimeout(timer);
      save();
      await underWay;
    },
  };
  savers.push(saver);

  // What is on its way is waited for: its answer names the revision on which this post stands. What
  // stands in other forms of the page and is not kept yet is kept first: the page goes away.
  form.addEventListener('submit', (event) => {
    const others = savers.filter((other) => other !== saver && other.pending());
    if (!running && !leaving && others.length === 0) return end();
    event.preventDefault();
    if (leaving) return undefined;
    leaving = true;
    const button = event.submitter;
    const enough = new Promise((resolve) => { setTimeout(resolve, LONGEST); });
    const all = Promise.all([underWay, ...others.map((other) => other.flush())]);
    return Promise.race([all, enough]).then(() => {
      leaving = false;
      end();
      running = null;
      form.requestSubmit(button);
    });
  });
  // Another form of the page deletes what was typed: nothing of it is saved on the way out.
  for (const ending of document.querySelectorAll('form[data-ends-draft]')) {
    ending.addEventListener('submit', end);
  }
  window.addEventListener('online', () => { if (dirty) save(); });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && dirty) save();
  });
  window.addEventListener('beforeunload', (event) => {
    if (dirty || running) event.preventDefault();
  });
  // The page came back from the browser's memory after a submit: typing counts again.
  window.addEventListener('pageshow', (event) => { if (event.persisted) stopped = false; });
}
