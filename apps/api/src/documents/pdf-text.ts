import { Worker } from 'node:worker_threads';

export type PdfOutcome =
  | { outcome: 'text'; text: string }
  | { outcome: 'encrypted' | 'broken' | 'too_many_pages' | 'too_slow' | 'too_large' };

export interface PdfLimits {
  /** How long one file may take. */
  timeoutMs: number;
  maxPages: number;
  /** Reading stops on the page where the text passes this. */
  maxCharacters: number;
  /** How many files are read at the same time; others wait. */
  threads: number;
}

/** Of JavaScript objects; a page that needs more is no text for a search. */
const MEMORY_MB = 512;

const WORKER = new URL('./pdf-worker.mjs', import.meta.url);

function readInThread(bytes: Uint8Array, { timeoutMs, ...limits }: PdfLimits): Promise<PdfOutcome> {
  const own = Uint8Array.from(bytes);
  const worker = new Worker(WORKER, {
    workerData: { bytes: own, ...limits },
    transferList: [own.buffer],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    // A file from outside is parsed there: it sees no keys of this process and writes nothing into its log.
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  return new Promise<PdfOutcome>((resolve) => {
    const timer = setTimeout(() => resolve({ outcome: 'too_slow' }), timeoutMs);
    worker.once('message', resolve);
    worker.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ outcome: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'too_large' : 'broken' }),
    );
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve({ outcome: 'broken' });
    });
  }).finally(() => worker.terminate());
}

/**
 * Makes a reader of PDFs, which gives their text, page by page. Reading takes seconds of computing, so each file has a
 * thread of its own, and a limited time. Never rejects for what is in a file.
 */
export function createPdfReader(limits: PdfLimits): (bytes: Uint8Array) => Promise<PdfOutcome> {
  const waiting: (() => void)[] = [];
  let free = limits.threads;
  return async (bytes) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free--;
    try {
      return await readInThread(bytes, limits);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
