import type { Operation, OperationEntry, OperationFault, Reading } from '@agenthook/bounded';
import { type Bounded, type Caller, MAX_DESCRIPTION_BYTES } from '@agenthook/bounded';
import { MAX_MODEL_TOOLS, type OpenApiTool } from '@agenthook/contracts';
import type { Egress } from '@agenthook/egress';
import { decodeText } from '../decode-text.js';
import { ToolError } from '../tool.js';

/** How many documents a description may consist of. */
const MOST_DOCUMENTS = 100;
/** How many are fetched at once. */
const AT_ONCE = 8;
/** How often documents may lead to further ones. */
const MOST_ROUNDS = 10;
const FETCH_TIMEOUT_MS = 30_000;
const MIB = 1024 * 1024;

/** What was read of a description. */
export interface ReadDescription {
  operations: Operation[];
  faults: OperationFault[];
  list: OperationEntry[];
  /** The URL of the description, after redirects. */
  specUrl: string | undefined;
}

interface FetchedDocument {
  text: string;
  /** After redirects. */
  url?: string;
  /** The URL that it was asked for. */
  asked?: string;
}

/**
 * Fetches the documents of a description and reads operations of it, in a helper. Throws ToolError, and
 * EgressError if the description cannot be fetched.
 */
export async function readDescription(
  config: OpenApiTool,
  { egress, bounded }: { egress: Egress; bounded: Bounded },
  caller: Caller,
  list: boolean,
): Promise<ReadDescription> {
  const { spec, spec_url, operations, headers = {}, query = {} } = config;
  const budget = { bytes: MAX_DESCRIPTION_BYTES };
  const first: FetchedDocument =
    spec === undefined
      ? await fetchDocument(spec_url, egress, budget)
      : // A pasted description may include its source URL, to which relative references and servers refer.
        { text: spec, ...(spec_url !== undefined && { url: spec_url }) };
  const documents = [first];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const reading: Reading = {
      chosen: operations,
      fixed: {
        header: Object.keys(headers).map((name) => name.toLowerCase()),
        query: Object.keys(query),
      },
      list,
      most: MAX_MODEL_TOOLS,
      documents: documents.map(({ url, asked }) => ({ ...(url && { url }), ...(asked && { asked }) })),
    };
    const texts = documents.map(({ text }) => text);
    const read = await bounded.readDescription(reading, texts, caller);
    switch (read.outcome) {
      case 'read':
        return { ...read, specUrl: first.url };
      case 'unusable':
        throw new ToolError(read.message);
      case 'needs':
        if (documents.length + read.urls.length > MOST_DOCUMENTS) {
          throw new ToolError(
            `The OpenAPI description consists of more than ${MOST_DOCUMENTS} documents. Bundle it into one first.`,
          );
        }
        documents.push(...(await fetchAll(read.urls, egress, budget)));
        break;
      case 'starved':
        throw new ToolError('The OpenAPI description could not be read right now.');
      case 'too_slow':
      case 'too_large':
        throw new ToolError(
          'The OpenAPI description is too large to read. Give it only the part that you need.',
        );
    }
  }
  throw new ToolError(
    `The documents of the OpenAPI description refer to each other more than ${MOST_ROUNDS} times in a row. Bundle ` +
      'them into one first.',
  );
}

async function fetchAll(
  urls: readonly string[],
  egress: Egress,
  budget: { bytes: number },
): Promise<FetchedDocument[]> {
  const fetched: FetchedDocument[] = [];
  for (let from = 0; from < urls.length; from += AT_ONCE) {
    const some = urls.slice(from, from + AT_ONCE);
    const answers = await Promise.all(some.map((url) => fetchDocument(url, egress, budget)));
    fetched.push(...answers.map((answer, index) => ({ ...answer, asked: some[index] ?? '' })));
  }
  return fetched;
}

/** Fetches one document. `budget` is what all of them together may still have. */
async function fetchDocument(
  url: string | undefined,
  egress: Egress,
  budget: { bytes: number },
): Promise<FetchedDocument> {
  if (url === undefined) throw new ToolError('Set spec_url, or paste the OpenAPI description into spec.');
  const response = await egress.request(url, {
    headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' },
    timeoutMs: FETCH_TIMEOUT_MS,
    maxBytes: budget.bytes,
  });
  if (response.status !== 200) {
    throw new ToolError(`The OpenAPI description at ${url} could not be fetched: HTTP ${response.status}.`);
  }
  budget.bytes -= response.body.length;
  if (response.truncated || budget.bytes < 0) {
    throw new ToolError(`The OpenAPI description is larger than ${MAX_DESCRIPTION_BYTES / MIB} MiB.`);
  }
  return { text: decodeText(response.body, response.headers['content-type'], false), url: response.url };
}
