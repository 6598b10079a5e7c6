import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { keepWorkerData } from '../../packages/testing/jest/keep-worker-data.mjs';

const ANSWER = { type: 'jest-light-runner-worker-data', workerData: { n: 1 } };

/** A process of Jest, with what it has sent. */
function startChild() {
  const sent = [];
  const child = Object.assign(new EventEmitter(), { sent, send: (message) => sent.push(message) > 0 });
  keepWorkerData(child);
  return child;
}

/** Asks as the runner does. */
const ask = (child) =>
  new Promise((resolve) => {
    child.on('message', resolve);
    child.send('jest-light-runner-get-worker-data');
  });

test('data that comes before the question is the answer to it', async () => {
  const child = startChild();
  child.emit('message', { ready: true });
  child.emit('message', ANSWER);
  expect(await ask(child)).toEqual(ANSWER);
  expect(child.sent).toEqual([]);
});

test('a question without an answer yet, and anything else, is sent on', () => {
  const child = startChild();
  void ask(child);
  child.send({ taskId: 1 });
  expect(child.sent).toEqual(['jest-light-runner-get-worker-data', { taskId: 1 }]);
});

test('the runner still asks and answers in this way', () => {
  const source = (name) => {
    const url = new URL('../../node_modules/jest-light-runner/', import.meta.url);
    return readFileSync(fileURLToPath(new URL(name, url)), 'utf8');
  };
  expect(JSON.parse(source('package.json')).version).toBe('0.8.2');
  expect(source('src/worker-runner.js')).toContain('process.send("jest-light-runner-get-worker-data")');
  expect(source('src/index.js')).toContain('listeners.delete(listener)');
});
