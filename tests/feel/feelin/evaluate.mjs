// Evaluates one expression a line, given as JSON {text, context}; answers a line of JSON each.
// With a `?` in the context the text is a cell of a table, and the answer whether ? passes it.
import { createInterface } from 'node:readline';
import { evaluate, unaryTest } from 'feelin';

function plain(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') {
    return Number.isFinite(value) ? { number: String(value) } : { odd: String(value) };
  }
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  const kind = value.constructor;
  if (kind === Object || kind === undefined) {
    return { context: Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)])) };
  }
  return { written: String(value) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { text, context } = JSON.parse(line);
  let answer;
  try {
    const asked = '?' in context ? unaryTest : evaluate;
    answer = { value: plain(asked(text, context).value) };
  } catch (error) {
    answer = { refused: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
