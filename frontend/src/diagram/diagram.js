// Draws a process and marks where the case stands; mouse, keyboard and buttons do the same.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { say } from '../script/page.js';

const STEP = 80;
const FACTOR = 1.25;
const SMALLEST_READABLE = 0.7;
const SMALLEST_OVERVIEW = 0.45;
const MARGIN = 20;
const LINE = 14.4;
const BELOW_ICON = 28;
const INSET = 4;
const WITH_ICON = ['bpmn:UserTask', 'bpmn:ServiceTask', 'bpmn:BusinessRuleTask'];

window.samverkanDiagram = async function draw(figure) {
  const box = figure.querySelector('[data-diagram-canvas]');
  try {
    const answer = await fetch(figure.dataset.diagram, { headers: { Accept: 'application/xml' } });
    if (!answer.ok) throw new Error(String(answer.status));
    const xml = await answer.text();
    const viewer = new NavigatedViewer({ container: box, zoomScroll: { enabled: false } });
    await viewer.importXML(xml);
    clearIcons(viewer);
    show(viewer, figure, box);
  } catch (problem) {
    console.warn('diagram', problem);
    const note = document.createElement('p');
    note.className = 'govuk-body app-diagram__failed';
    note.textContent = say('diagram');
    box.replaceChildren(note);
  }
};

function show(viewer, figure, box) {
  const canvas = viewer.get('canvas');
  const current = ids(figure.dataset.current, viewer);
  ids(figure.dataset.done, viewer).forEach((id) => canvas.addMarker(id, 'is-done'));
  current.forEach((id) => mark(viewer, id));
  look(canvas, viewer, current);
  tools(canvas, figure);
  keys(canvas, box);
  window.addEventListener('beforeprint', () => canvas.zoom('fit-viewport', 'auto'));
}

// Words of several lines begin below the icon of their task: drawn in the middle they would touch it.
function clearIcons(viewer) {
  const registry = viewer.get('elementRegistry');
  registry.filter((element) => WITH_ICON.includes(element.type)).forEach((task) => {
    const words = registry.getGraphics(task).querySelector('.djs-visual > text');
    const tall = words ? words.querySelectorAll('tspan').length * LINE : 0;
    const top = (task.height - tall) / 2;
    const down = Math.min(BELOW_ICON - top, top - INSET);
    if (tall && down > 0) words.setAttribute('transform', `translate(0 ${down})`);
  });
}

function ids(text, viewer) {
  const registry = viewer.get('elementRegistry');
  return (text || '').split(' ').filter((id) => id && registry.get(id));
}

// Not by colour alone: the element where the case stands also carries a word.
function mark(viewer, id) {
  viewer.get('canvas').addMarker(id, 'is-current');
  const flag = document.createElement('span');
  flag.className = 'app-diagram__flag';
  flag.textContent = say('here');
  viewer.get('overlays').add(id, { position: { top: -14, left: 6 }, html: flag });
}

// All of it when it can be read so, else the part around the current step at a readable size.
// Where there is no current step the whole shape matters more than the size of its words.
function look(canvas, viewer, current) {
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() >= (current.length ? SMALLEST_READABLE : SMALLEST_OVERVIEW)) return;
  canvas.zoom(SMALLEST_READABLE);
  const { inner, outer } = canvas.viewbox();
  const width = outer.width / SMALLEST_READABLE;
  const height = outer.height / SMALLEST_READABLE;
  const shape = current.length && viewer.get('elementRegistry').get(current[0]);
  const middle = shape
    ? { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 }
    : { x: inner.x + width / 2 - 20, y: inner.y + Math.min(height, inner.height) / 2 };
  canvas.viewbox({
    x: within(middle.x - width / 2, inner.x, inner.width - width),
    y: within(middle.y - height / 2, inner.y, inner.height - height),
    width,
    height,
  });
}

// No more empty space beside the drawing than a margin.
function within(value, start, room) {
  return room < 0 ? start + room / 2 : Math.min(Math.max(value, start - MARGIN), start + room + MARGIN);
}

function tools(canvas, figure) {
  const bar = figure.querySelector('[data-diagram-tools]');
  const button = (sign, words, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'app-diagram__tool';
    made.textContent = sign || words;
    if (sign) made.setAttribute('aria-label', words);
    made.title = words;
    made.addEventListener('click', act);
    bar.append(made);
  };
  button('+', say('zoom_in'), () => canvas.zoom(canvas.zoom() * FACTOR));
  button('−', say('zoom_out'), () => canvas.zoom(canvas.zoom() / FACTOR));
  button('', say('fit'), () => canvas.zoom('fit-viewport', 'auto'));
  bar.hidden = false;
}

function keys(canvas, box) {
  const moves = {
    ArrowLeft: { dx: STEP, dy: 0 },
    ArrowRight: { dx: -STEP, dy: 0 },
    ArrowUp: { dx: 0, dy: STEP },
    ArrowDown: { dx: 0, dy: -STEP },
  };
  const drawing = box.querySelector('svg[tabindex]');
  if (drawing) drawing.removeAttribute('tabindex'); // the box around it takes the focus, once
  box.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== box) return;
    if (moves[event.key]) canvas.scroll(moves[event.key]);
    else if (event.key === '+' || event.key === '=') canvas.zoom(canvas.zoom() * FACTOR);
    else if (event.key === '-') canvas.zoom(canvas.zoom() / FACTOR);
    else if (event.key === '0') canvas.zoom('fit-viewport', 'auto');
    else return;
    event.preventDefault();
  });
}
