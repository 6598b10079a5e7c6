import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, MAX_HEADERS } from '@agenthook/contracts';

/** A request that takes longer to arrive than this, in ms, is dropped: slow senders hold sockets. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long a connection may rest between two requests, in ms: longer than the load balancers of clouds wait. */
const KEEP_ALIVE_MS = 72_000;

/**
 * Node's HTTP server, without its own answers to a missing Host and to an unknown Expect, which have no body: such
 * requests go to `handler`, and `faultOfHead` says what is wrong with them.
 *
 * @param refuse answers, and closes, a connection that somebody wants to use as a tunnel
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
  return createServer(options, handler)
    .on('checkExpectation', handler)
    .on('connect', (_request, socket) => refuse(new Error('CONNECT'), socket));
}

/** A host and perhaps a port (RFC 3986, 3.2.2), or nothing, where an address has none. */
const HOST = /^[A-Za-z0-9._~!$&'()*+,;=%:[\]-]*$/;

/** What is wrong with a request before its address is looked at (RFC 9112, 3.2; RFC 9110, 10.1.1); undefined if nothing is. */
export function faultOfHead(request: IncomingMessage): [ErrorCode, string] | undefined {
  const { rawHeaders, headers, httpVersion } = request;
  if (rawHeaders.length > 2 * MAX_HEADERS)
    return ['headers_too_large', `A request may have ${MAX_HEADERS} headers at most.`];
  let hosts = 0;
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const name = rawHeaders[n] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1) return ['invalid_request', 'The request has more than one Host header.'];
  if (httpVersion !== '1.1') return undefined;
  if (hosts === 0) return ['invalid_request', 'The request has no Host header, which HTTP/1.1 asks for.'];
  if (!HOST.test(headers.host ?? '')) return ['invalid_request', 'The Host header names no host.'];
  const { expect } = headers;
  if (expect === undefined || expect.split(',').every((one) => one.trim().toLowerCase() === '100-continue'))
    return undefined;
  return ['expectation_failed', 'Nothing is known of this Expect header but 100-continue. Leave it out.'];
}
