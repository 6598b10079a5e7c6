import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  truncateSync,
} from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const POLL_MS = 200;
/** A log file beyond this size moves to `.1` while its process keeps appending, in bytes. */
const MAX_LOG_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** pino's level numbers that users should see. */
const LEVELS: Record<number, string> = { 40: 'warning', 50: 'error', 60: 'fatal' };

/** Keeps the previous run's log as `<path>.1`, so that this run's log starts empty. */
export function rotateLog(path: string): void {
  if (existsSync(path)) renameSync(path, `${path}.1`);
}

/**
 * Calls `onLine` for each line appended to a file from now on.
 *
 * @returns a function that reads the rest and stops
 */
export function followLog(path: string, onLine: (line: string) => void): () => void {
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let offset = 0;
  let rest = '';

  const poll = () => {
    if (!existsSync(path)) return;
    const file = openSync(path, 'r');
    try {
      if (fstatSync(file).size < offset) offset = 0;
      for (let read = -1; read !== 0; offset += read) {
        read = readSync(file, chunk, 0, chunk.length, offset);
        const lines = `${rest}${decoder.write(chunk.subarray(0, read))}`.split('\n');
        rest = lines.pop() ?? '';
        lines.forEach(onLine);
      }
    } finally {
      closeSync(file);
    }
    if (offset > MAX_LOG_BYTES) {
      try {
        copyFileSync(path, `${path}.1`);
      } finally {
        truncateSync(path); // also if the disk is full: then it makes room
        offset = 0;
      }
    }
  };
  const pollSafely = () => {
    try {
      poll();
    } catch {
      // Out of file handles, or the disk is full. The next attempt may succeed.
    }
  };
  const timer = setInterval(pollSafely, POLL_MS);
  return () => {
    clearInterval(timer);
    pollSafely();
  };
}

/** Line breaks, commands to a terminal, and what turns the direction of text. */
const CONTROLS = /[^\P{Cc}\t]|\p{Bidi_Control}/gu;

/**
 * A text with codes in place of control characters. Errors quote servers, which could write to the terminal
 * with them.
 */
const shown = (text: string): string =>
  text.replace(CONTROLS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * What the terminal shows for a line of a service's log: a pino warning or error in readable form, a line
 * that is not JSON unchanged (such as a crash), and nothing for other lines.
 */
export function readableLine(name: string, line: string): string | undefined {
  let entry: { level?: number; time?: number; msg?: string; err?: { message?: string } };
  try {
    entry = JSON.parse(line);
  } catch {
    if (line.trim() === '') return undefined;
    return shown(line.startsWith(`${name}: `) ? line : `${name}: ${line}`);
  }
  const level = LEVELS[entry.level ?? 0];
  if (level === undefined) return undefined;
  const detail = entry.err?.message;
  const message = [entry.msg, detail === entry.msg ? undefined : detail].filter(Boolean).join(': ');
  return shown(`${name} ${level}: ${message || line}`);
}
