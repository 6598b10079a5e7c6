import {
  type Attachment,
  type AttachmentsPort,
  MAX_FILES,
  MAX_FILES_BYTES,
  type UnattachedFile,
} from '@agenthook/contracts';
import { type Egress, EgressError } from '@agenthook/egress';
import type { Prompt } from '@agenthook/template';
import { fileOf, type Part, type StoredFile, typeOf } from './attachments.js';
import { cut } from './tools/cut.js';
import { mediaTypeOf } from './tools/decode-text.js';

/** How long one file may take, in ms. */
const TIMEOUT_MS = 20_000;
const SHOWN_URL = 500;
const SHOWN_NAME = 200;
const MIB = 1024 * 1024;

interface AttachDeps {
  egress: Egress;
  /** Marks text as data. */
  fence: (text: string) => string;
  /** Writes a note for people. */
  note: (text: string) => Promise<void>;
  attachments: AttachmentsPort;
  /** Whether the model has taken a turn. A file that could not be fetched before it is not tried again. */
  hasBegun: boolean;
  signal: AbortSignal;
}

/**
 * The files that an input template names. Those that the task does not have yet are fetched through the
 * guard, one after another, 20 s each, and stored with the task: at most 10 files and 10 MiB together with
 * those of the event. Each becomes a part of the user message, after a line that says which one it is. For a
 * file that cannot be had, that line says why, and so does a note: the run goes on without it.
 */
export async function attachFiles(
  { attach = [], unattached = [] }: Prompt,
  stored: readonly StoredFile[],
  deps: AttachDeps,
): Promise<{ parts: Part[]; problems: UnattachedFile[] }> {
  const parts: Part[] = [];
  const problems: UnattachedFile[] = [];
  const files = [...stored];
  for (const [index, url] of attach.entries()) {
    const about = `File ${index + 1} (${cut(url, SHOWN_URL)})`;
    const known = files.find((file) => file.url === url);
    const told = deps.hasBegun && unattached.find((file) => file.url === url)?.problem;
    const file = known ?? (told || (await fetchFile(url, files, deps)));
    if (typeof file === 'string') {
      problems.push({ url, problem: file });
      const text = `${about} could not be attached: ${file}`;
      await deps.note(text);
      parts.push({ type: 'text', text: deps.fence(text) });
      continue;
    }
    if (!known) files.push(file);
    parts.push(
      { type: 'text', text: deps.fence(`${about}:`) },
      ...fileOf(file.content, file.filename, deps.fence),
    );
  }
  return { parts, problems };
}

/** Fetches and stores a file. Returns why, if there is none. */
async function fetchFile(
  url: string,
  files: readonly StoredFile[],
  { egress, attachments, signal }: AttachDeps,
): Promise<StoredFile | string> {
  if (files.length >= MAX_FILES) return `a task has at most ${MAX_FILES} files.`;
  const left = MAX_FILES_BYTES - files.reduce((sum, { bytes }) => sum + bytes, 0);
  const tooMuch = `the files of a task have more than ${MAX_FILES_BYTES / MIB} MiB together.`;
  if (left <= 0) return tooMuch;
  try {
    const answer = await egress.request(url.trim(), { signal, timeoutMs: TIMEOUT_MS, maxBytes: left });
    const { status, headers, body, truncated } = answer;
    if (status < 200 || status > 299) return `HTTP ${status}.`;
    if (truncated) return tooMuch;
    if (body.length === 0) return 'it is empty.';
    const media_type = typeOf(body) ?? (mediaTypeOf(headers['content-type']) || 'application/octet-stream');
    const file: Attachment = {
      filename: cut(nameIn(answer.url) || media_type, SHOWN_NAME),
      media_type,
      bytes: body.length,
      url,
    };
    await attachments.add(file, body);
    return { ...file, content: body };
  } catch (error) {
    if (signal.aborted || !(error instanceof EgressError)) throw error;
    return `${error.message}.`;
  }
}

/** The last part of a URL's path; empty if it has none. */
function nameIn(url: string): string {
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
