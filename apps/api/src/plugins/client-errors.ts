import { maxHeaderSize, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { detailOf, type ErrorCode } from '@agenthook/contracts';
import type { Context } from '@agenthook/core';
import { problemOf } from './problems.js';

/** The errors that Node's server reports by code. Anything else is not valid HTTP. */
const KNOWN: Record<string, [ErrorCode, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', detailOf('request_timeout')],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['payload_too_large', 'The chunk extensions are too large.'],
  HPE_HEADER_OVERFLOW: [
    'headers_too_large',
    `The URL and headers together may have at most ${maxHeaderSize / 1024} KiB.`,
  ],
};
/** The parser's reason is one of its own texts, such as “Unexpected whitespace after header value”. */
const unreadable = (reason: unknown): [ErrorCode, string] => [
  'invalid_request',
  typeof reason === 'string' && reason !== ''
    ? `The request is not valid HTTP: ${reason}.`
    : 'The request is not valid HTTP.',
];

/**
 * Answers input that never becomes a request in the same form as other errors, then closes the connection.
 * Logs nothing of the input: the error holds its raw bytes, and with them a token.
 *
 * @param headers the headers of every answer
 */
export function answerClientError(
  log: Context['log'],
  { code: fault = '', reason }: NodeJS.ErrnoException & { reason?: unknown },
  socket: Duplex & { remoteAddress?: string | undefined },
  headers: Record<string, string>,
): void {
  if (fault === 'ECONNRESET' || socket.destroyed) return;
  const [code, detail] = KNOWN[fault] ?? unreadable(reason);
  const problem = problemOf(code, detail);
  log.info({ status: problem.status, code, ip: socket.remoteAddress }, 'request');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
}
