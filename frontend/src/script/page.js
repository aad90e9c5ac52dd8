// What the server tells the script: its words in the reader's language, and the token of posts.
const words = JSON.parse(document.body.dataset.words || '{}');

export function say(name) {
  return words[name] || '';
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

// One polite live region for the whole page; the text is set a little later so that it is read.
let region;

export function announce(text) {
  if (!region) {
    region = document.createElement('div');
    region.className = 'govuk-visually-hidden';
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  region.textContent = '';
  setTimeout(() => { region.textContent = text; }, 100);
}
