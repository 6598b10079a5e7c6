import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';

/** How long one request to the store may take, in ms. */
const REQUEST_MS = 10_000;
/** How often a request is made that the store did not answer, or answered with 5xx. */
const TRIES = 2;
/** How much of an answer without a file is read, in characters: a list has at most 1,000 names. */
const MOST_TEXT = 1024 * 1024;

export interface BlobStoreSettings {
  /** The bucket, path-style, and what names begin with: `https://host/bucket/prefix`. */
  url: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** The store cannot be reached, refuses, or lacks what it should have. The message has no secret. */
export class BlobStoreError extends Error {
  override readonly name = 'BlobStoreError';
  /** Whether the store answers, and does not have the file. */
  readonly isGone: boolean;

  constructor(message: string, isGone = false) {
    super(message);
    this.isGone = isGone;
  }
}

/** An S3-compatible store of files. Its methods throw BlobStoreError. */
export interface BlobStore {
  put(name: string, content: Uint8Array): Promise<void>;
  /** The file, which must have this many bytes. */
  get(name: string, bytes: number): Promise<Buffer>;
  /** Removes all files whose names begin so. */
  removeAll(prefix: string): Promise<void>;
  /** Why it takes no files, in one line; undefined if it does. Writes something, at most every 15 s. */
  problem(): Promise<string | undefined>;
}

/**
 * A client for an S3-compatible store, with signatures of version 4.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function createBlobStore({ url, ...credentials }: BlobStoreSettings): BlobStore {
  const client = new AwsClient({ ...credentials, service: 's3', retries: 0 });
  const at = new URL(url);
  const [bucket = '', ...rest] = at.pathname.split('/').filter((part) => part !== '');
  const root = rest.map((part) => `${decodeURIComponent(part)}/`).join('');
  const bucketUrl = `${at.origin}/${bucket}`;
  const objectUrl = (key: string) => `${bucketUrl}/${key.split('/').map(encodeURIComponent).join('/')}`;

  const once = async (method: string, target: string, content?: Uint8Array): Promise<Response> => {
    const body = content && Buffer.from(content.buffer, content.byteOffset, content.length);
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const request = await client.sign(target, {
      method,
      headers: { 'x-amz-content-sha256': hash },
      ...(body && { body }),
    });
    return await fetch(request, { redirect: 'manual', signal: AbortSignal.timeout(REQUEST_MS) });
  };
  const ask = async (method: string, target: string, content?: Uint8Array): Promise<Response> => {
    for (let tried = 1; ; tried++) {
      let reason: string;
      try {
        const answer = await once(method, target, content);
        if (answer.ok) return answer;
        const code = codeIn(await textOf(answer));
        reason = `answers ${answer.status} ${code}`.trim();
        if (answer.status < 500)
          throw new BlobStoreError(`The store ${at.host} ${reason}.`, code === 'NoSuchKey');
      } catch (error) {
        if (error instanceof BlobStoreError) throw error;
        reason = `cannot be reached (${whyOf(error)})`;
      }
      if (tried === TRIES) throw new BlobStoreError(`The store ${at.host} ${reason}.`);
    }
  };

  let checked: { at: number; problem: Promise<string | undefined> } | undefined;
  const problem = async () => {
    try {
      await textOf(await ask('PUT', objectUrl(`${root}agenthook-check`), CHECK));
      return undefined;
    } catch (error) {
      if (!(error instanceof BlobStoreError)) throw error;
      return `Files of events cannot be stored (BLOB_STORE_URL). ${error.message}`;
    }
  };

  return {
    put: async (name, content) => void (await textOf(await ask('PUT', objectUrl(root + name), content))),
    get: async (name, bytes) => {
      const answer = await ask('GET', objectUrl(root + name));
      const length = Number(answer.headers.get('content-length') ?? bytes);
      const content = length === bytes ? await bytesOf(answer, bytes) : undefined;
      if (content?.length === bytes) return content;
      await answer.body?.cancel().catch(() => undefined);
      throw new BlobStoreError(
        `The store ${at.host} has another file of this name: ${length} bytes, not ${bytes}.`,
        true,
      );
    },
    removeAll: async (prefix) => {
      const query = new URLSearchParams({ 'list-type': '2', prefix: root + prefix });
      const listed = await textOf(await ask('GET', `${bucketUrl}?${query}`));
      // Names are ours and plain; what is before them may be escaped.
      const keys = listed.split('<Key>', 1_001).map((part) => part.slice(0, part.indexOf('</Key>')));
      const names = keys.map((key) => key.split('/').slice(-2).join('/'));
      const own = names.filter((name) => name.startsWith(prefix) && name.length > prefix.length);
      await Promise.all(own.map(async (name) => textOf(await ask('DELETE', objectUrl(root + name)))));
    },
    problem: () => {
      if (!checked || performance.now() - checked.at > CHECKED_MS)
        checked = { at: performance.now(), problem: problem() };
      return checked.problem;
    },
  };
}

/** How long what a check has found is used, in ms: /readyz is asked often. */
const CHECKED_MS = 15_000;

const CHECK = Buffer.from('AgentHook writes this to see whether the store takes files.\n');

/** The body of an answer, of which more than `most` bytes are not read. */
async function bytesOf(answer: Response, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > most) break;
    }
  } catch (error) {
    throw new BlobStoreError(`The store broke off (${whyOf(error)}).`);
  }
  return Buffer.concat(chunks);
}

const textOf = async (answer: Response): Promise<string> => (await bytesOf(answer, MOST_TEXT)).toString();

/** The code of an error, such as `NoSuchBucket`. */
const codeIn = (xml: string): string => /<Code>(\w{1,60})<\/Code>/.exec(xml)?.[1] ?? '';

/** Why a request had no answer. */
function whyOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: unknown; message?: unknown } };
  if (name === 'TimeoutError') return `no answer within ${REQUEST_MS / 1000} s`;
  return String(cause?.code ?? cause?.message ?? message);
}
