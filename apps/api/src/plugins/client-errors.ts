import { maxHeaderSize, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '@agenthook/contracts';
import type { Context } from '@agenthook/core';
import { problemOf } from './problems.js';

/** What Node's server refuses by itself; everything else of the kind can not be read at all. */
const KNOWN: Record<string, [ErrorCode, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [
    'headers_too_large',
    `The address and the headers may have ${maxHeaderSize / 1024} KiB together.`,
  ],
};
const UNREADABLE: [ErrorCode, string] = ['invalid_request', 'The request is not valid HTTP.'];

/**
 * Answers what never becomes a request, as all else is answered, and closes the connection. Logs no word of what came:
 * the error has its raw bytes, and with them a token.
 */
export function answerClientError(
  log: Context['log'],
  { code: fault = '' }: NodeJS.ErrnoException,
  socket: Socket,
): void {
  if (fault === 'ECONNRESET' || socket.destroyed) return;
  const [code, detail] = KNOWN[fault] ?? UNREADABLE;
  const problem = problemOf(code, detail);
  log.info({ status: problem.status, code, ip: socket.remoteAddress }, 'request');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
}
