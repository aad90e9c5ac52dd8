// Enhances pages that already work without it.
import { Button } from 'govuk-frontend/dist/govuk/components/button/button.mjs';
import { CharacterCount } from 'govuk-frontend/dist/govuk/components/character-count/character-count.mjs';
import { Checkboxes } from 'govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs';
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs';
import { NotificationBanner } from 'govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs';
import { Radios } from 'govuk-frontend/dist/govuk/components/radios/radios.mjs';
import { ServiceNavigation } from 'govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs';
import { SkipLink } from 'govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs';
import { startAutosave } from './autosave.js';
import { showDiagrams } from './diagrams.js';
import { csrfToken } from './page.js';
import { startSwaps } from './swaps.js';

const kit = [
  Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, Radios, ServiceNavigation,
  SkipLink,
];

// A component that stands in a swapped part is made once; the kit refuses to make it twice.
function enhance(part) {
  for (const Component of kit) {
    const name = Component.moduleName;
    const found = [...part.querySelectorAll(`[data-module="${name}"]`)];
    if (part.matches?.(`[data-module="${name}"]`)) found.push(part);
    for (const element of found) {
      if (!element.hasAttribute(`data-${name}-init`)) new Component(element);
    }
  }
}

document.body.classList.add('js-enabled', 'govuk-frontend-supported');
enhance(document);
startSwaps(enhance, csrfToken);
document.querySelectorAll('form[data-autosave]').forEach(startAutosave);
showDiagrams(document);
// What has just been done is said first, unless an error summary already took the focus.
if (!document.querySelector('.govuk-error-summary')) {
  document.querySelector('[data-focus-on-load]')?.focus();
}
