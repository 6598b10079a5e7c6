import type { ServerResponse } from 'node:http';
import { type Script, toAnswer } from './script.js';
import type { Wire } from './wire.js';

/** Answers one request as scripted, in the shapes of `wire`. */
export function play(script: Script, wire: Wire, body: unknown, response: ServerResponse, id: string): void {
  if (script.hang) return;
  if (script.drop === 'before_answer') {
    response.socket?.destroy();
  } else if (script.raw !== undefined) {
    response.writeHead(200, { 'content-type': 'text/html', ...script.headers }).end(script.raw);
  } else if (script.status !== undefined) {
    const error = script.body ?? wire.error(script.status, `The server was told to answer ${script.status}.`);
    sendJson(response, script.status, error, script.headers);
  } else {
    const asked = wire.read(body);
    const answer = toAnswer(script, asked, id);
    if (script.drop === 'mid_answer') sendHalf(response, JSON.stringify(wire.json(answer)));
    else if (asked.stream) sendEvents(response, wire.events(answer, body));
    else sendJson(response, 200, wire.json(answer), script.headers);
  }
}

/** A string is sent unchanged, so that a script can play a proxy's error page. */
export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

function sendHalf(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
}

function sendEvents(response: ServerResponse, events: { event?: string; data: unknown }[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const { event, data } of events) {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    response.write(`${event ? `event: ${event}\n` : ''}data: ${text}\n\n`);
  }
  response.end();
}
