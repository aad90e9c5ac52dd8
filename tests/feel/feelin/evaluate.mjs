// Evaluates one expression a line, given as JSON {text, context}; answers a line of JSON each.
import { createInterface } from 'node:readline';
import { evaluate } from 'feelin';

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
    answer = { value: plain(evaluate(text, context).value) };
  } catch (error) {
    answer = { refused: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
