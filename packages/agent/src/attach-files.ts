import { MAX_FILES_BYTES } from '@agenthook/contracts';
import { type Egress, EgressError } from '@agenthook/egress';
import type { UserContent } from 'ai';
import { fileOf } from './attachments.js';

import { cut } from './tools/cut.js';
import { mediaTypeOf } from './tools/decode-text.js';

/** How long one file may take, in ms. */
const TIMEOUT_MS = 20_000;
const SHOWN_URL = 500;
const SHOWN_NAME = 200;

interface AttachDeps {
  egress: Egress;
  /** Marks text as data. */
  fence: (text: string) => string;
  /** Writes a note for people. */
  note: (text: string) => Promise<void>;
  signal: AbortSignal;
}

type Parts = Exclude<UserContent, string>;

/**
 * Fetches the files that an input template names, through the guard: at most 10 MiB together, 20 s each, one
 * after another. Each becomes a part of the user message, after a line that says which one it is. For a file
 * that cannot be had, that line says why, and so does a note: the run goes on without it.
 */
export async function attachFiles(urls: readonly string[], deps: AttachDeps): Promise<Parts> {
  const parts: Parts = [];
  let left = MAX_FILES_BYTES;
  for (const [index, url] of urls.entries()) {
    const about = `File ${index + 1} (${cut(url, SHOWN_URL)})`;
    const fetched = await fetchFile(url, left, deps);
    if (typeof fetched === 'string') {
      const problem = `${about} could not be attached: ${fetched}`;
      await deps.note(problem);
      parts.push({ type: 'text', text: deps.fence(problem) });
      continue;
    }
    left -= fetched.bytes.length;
    parts.push(
      { type: 'text', text: deps.fence(`${about}:`) },
      ...fileOf(fetched.bytes, fetched.name, deps.fence),
    );
  }
  return parts;
}

/** A file, or why there is none. */
async function fetchFile(
  url: string,
  most: number,
  { egress, signal }: AttachDeps,
): Promise<{ bytes: Uint8Array; name: string } | string> {
  try {
    const {
      status,
      headers,
      body,
      truncated,
      url: at,
    } = await egress.request(url.trim(), {
      signal,
      timeoutMs: TIMEOUT_MS,
      maxBytes: most,
    });
    if (status < 200 || status > 299) return `HTTP ${status}.`;
    if (truncated) return `the files have more than ${MAX_FILES_BYTES / 1024 / 1024} MiB together.`;
    if (body.length === 0) return 'it is empty.';
    const name = decodeURIComponent(new URL(at).pathname.split('/').at(-1) ?? '');
    return { bytes: body, name: cut(name === '' ? mediaTypeOf(headers['content-type']) : name, SHOWN_NAME) };
  } catch (error) {
    if (signal.aborted || !(error instanceof EgressError || error instanceof URIError)) throw error;
    return error instanceof URIError ? 'its name cannot be read.' : `${error.message}.`;
  }
}
