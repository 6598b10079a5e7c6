import { connect } from 'node:net';

/** An HTTP answer, as read from a socket. */
export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** How long an answer may take, in ms. */
const TIMEOUT_MS = 30_000;

/**
 * Sends exactly these bytes to an api, all of them before it reads anything, and reads one answer that has a
 * Content-Length or none. Throws if the connection closes without it.
 */
export function sendRaw(baseUrl: string, bytes: Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  const isHead = bytes.toString('latin1', 0, 5) === 'HEAD ';
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    const end = (error?: Error) => {
      socket.destroy();
      const answer = answerOf(Buffer.concat(chunks).toString('latin1'), isHead);
      if (answer) resolve(answer);
      else reject(error ?? new Error('the connection closed without an answer'));
    };
    socket.setTimeout(TIMEOUT_MS, () => end(new Error('no answer came')));
    socket.on('error', end);
    socket.on('close', () => end());
    socket.write(bytes, () => {
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        if (answerOf(Buffer.concat(chunks).toString('latin1'), isHead)) end();
      });
    });
  });
}

/** The answer, once all of it is there. To HEAD, it has no body. */
function answerOf(text: string, isHead: boolean): RawAnswer | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
  const body = text.slice(headEnd + 4);
  if (!isHead && body.length < Number(headers['content-length'] ?? 0)) return undefined;
  return { status: Number(statusLine.split(' ')[1]), headers, body: Buffer.from(body, 'latin1').toString() };
}
