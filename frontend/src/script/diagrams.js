// Fetches the diagram viewer when a diagram comes near the screen; the words beside it come first.
export function showDiagrams(part) {
  const figures = [...part.querySelectorAll('[data-diagram]')];
  if (!figures.length) return;
  const watch = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      fetchViewer(target.dataset).then(() => window.samverkanDiagram(target));
    }
  }, { rootMargin: '400px' });
  figures.forEach((figure) => watch.observe(figure));
}

let viewer;

function fetchViewer({ script, style }) {
  viewer ||= new Promise((resolve, reject) => {
    const sheet = document.createElement('link');
    sheet.rel = 'stylesheet';
    sheet.href = style;
    const code = document.createElement('script');
    code.src = script;
    code.onload = resolve;
    code.onerror = reject;
    document.head.append(sheet, code);
  });
  return viewer;
}
