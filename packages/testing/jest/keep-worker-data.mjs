/**
 * jest-light-runner 0.8.2 answers the first process that asks for its data by sending it to every process
 * that has a suite by then. A process that asks later gets no answer and waits for ever, and Jest with it. So
 * this keeps the answer for the question.
 * https://github.com/nicolo-ribaudo/jest-light-runner/blob/main/src/index.js
 */
const QUESTION = 'jest-light-runner-get-worker-data';
const ANSWER = 'jest-light-runner-worker-data';

/** @param child this process, if Jest started it to run suites */
export function keepWorkerData(child = process) {
  let kept;
  child.on('message', (message) => {
    if (message?.type === ANSWER) kept = message;
  });
  const send = child.send.bind(child);
  child.send = (message, ...rest) => {
    if (message !== QUESTION || kept === undefined) return send(message, ...rest);
    // The one that asks listens already.
    setImmediate(() => child.emit('message', kept));
    return true;
  };
}
