import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { detailOf, type ErrorCode, MAX_HEADERS } from '@agenthook/contracts';
import { inTurns } from './in-turns.js';

/** Upper bound for receiving a request, in ms. Slower senders would hold sockets. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long an idle connection stays open, in ms: longer than cloud load balancers keep theirs. */
const KEEP_ALIVE_MS = 72_000;

/**
 * Node's HTTP server without its built-in answers to a missing Host and an unknown Expect, which have no
 * body. Such requests go to `handler`, and `faultOfHead` returns the error.
 *
 * @param refuse answers and closes a connection that a client wants to use as a tunnel
 */
export function createHttpServer(
  handler: RequestListener,
  refuse: (error: NodeJS.ErrnoException, socket: Duplex) => void,
): Server {
  const options = {
    requireHostHeader: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const listener = inTurns(handler);
  return createServer(options, listener)
    .on('checkExpectation', listener)
    .on('connect', (_request, socket) => refuse(new Error('CONNECT'), socket));
}

/** A host and optional port (RFC 3986, 3.2.2), or nothing. */
const HOST = /^[A-Za-z0-9._~!$&'()*+,;=%:[\]-]*$/;

/**
 * The error in a request's head (RFC 9112, 3.2; RFC 9110, 10.1.1), before its URL is read; undefined if there
 * is none.
 */
export function faultOfHead(request: IncomingMessage): [ErrorCode, string] | undefined {
  const { rawHeaders, headers, httpVersion } = request;
  if (rawHeaders.length > 2 * MAX_HEADERS)
    return ['headers_too_large', `A request may have at most ${MAX_HEADERS} headers.`];
  let hosts = 0;
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const name = rawHeaders[n] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1) return ['invalid_request', 'The request has more than one Host header.'];
  if (httpVersion !== '1.1') return undefined;
  if (hosts === 0) return ['invalid_request', 'The request has no Host header, which HTTP/1.1 requires.'];
  if (!HOST.test(headers.host ?? '')) return ['invalid_request', 'The Host header is not a valid host.'];
  const { expect } = headers;
  if (expect === undefined || expect.split(',').every((one) => one.trim().toLowerCase() === '100-continue'))
    return undefined;
  return ['expectation_failed', detailOf('expectation_failed')];
}
