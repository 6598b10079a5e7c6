import {
  decodeTransfer,
  type FilePart,
  isCostly,
  LIMITS,
  maskProperties,
  type PayloadKind,
  type PayloadSource,
  parsePayload,
  type Screen,
  type Screening,
} from '@agenthook/bounded';
import type { Attachment, Query } from '@agenthook/contracts';
import { readVersionToRun } from '../agents/version-store.js';
import type { Context } from '../context.js';
import { READ_PROPERTIES, schemeOf } from '../senders/schemes.js';
import { type Addressee, eventBytes, type InboundRequest, type Refusal } from './inbound.js';
import { type HeldBody, TOO_MANY_LARGE } from './large-bodies.js';
import { type PayloadVerdict, verdictOf } from './payload-checks.js';
import { safeHeaders } from './safe-headers.js';
import * as screening from './screen-event.js';
import { hiddenOf } from './sender-request.js';

/** How long a large body waits for a helper, in ms; the sender waits for the answer. */
const WAIT_MS = 5_000;
/** Retry-After for requests that arrive while too much is being read, in seconds. */
const RETRY_SECONDS = 2;

/** A file in a body: what is known of it, and its bytes, which are a view of the body. */
interface ReadFile {
  about: Attachment;
  content: Buffer;
}

/** A payload that was parsed. */
export interface ReadPayload {
  ok: true;
  kind: PayloadKind;
  /** The payload. For a large one, only the properties that signatures need. */
  payload: unknown;
  /** The same as it was sent, with the sender's own secret if it is in there. */
  sent: unknown;
  /** The complete payload, if it is large. */
  json?: string;
  /** The files in the body. */
  files: ReadFile[];
  /**
   * The variables of templates for the event. As text if the payload is large: JSON that is not parsed here.
   */
  variables(): Record<string, unknown> | string;
  /** Whether the event is for the agent, by its filter and its ignored senders. Absent if every event is. */
  screen?(): Promise<screening.Verdict>;
  /**
   * Checks the payload against the agent's input_schema. Returns why it does not match; undefined if it does.
   * Absent if there is no schema.
   */
  misfit?(): Promise<Refusal | undefined>;
}

type PayloadReading = ReadPayload | { ok: false; refusal: Refusal };

/**
 * Reads the payload of a request. A small one is parsed at once, without a promise, and checked against the
 * agent's input_schema on demand. A large or costly one could block the event loop, so a helper parses and
 * checks it, one at a time per webhook. With `screens`, the event may turn out not to be for the agent. A
 * `held` body has a place already.
 */
export function readPayload(
  ctx: Context,
  agent: Addressee,
  request: InboundRequest,
  { screens, query, held }: { screens: boolean; query: Query; held?: HeldBody | undefined },
): PayloadReading | Promise<PayloadReading> {
  const { agentId, gate } = agent;
  const source = sourceOf(agent, request);
  const bytes = eventBytes(request);
  const load = async () =>
    (agent.draft ?? (await readVersionToRun(ctx, agentId, gate.version)))?.input_schema;
  const screen = screens ? screening.screenOf(gate) : undefined;
  const hidden = hiddenOf(gate.signature);
  const rest = () => ({ headers: safeHeaders(request.headers, hidden.headers), query });
  if (bytes.length > LIMITS.inlineBytes || isCostly(bytes, source.contentType)) {
    const { address } = request;
    const large = { source, bytes, address, rest, screen, held, hidden: hidden.properties };
    return readLarge(ctx, agent, large, load);
  }
  const parsed = parsePayload(bytes, source);
  if (!parsed.ok) return { ok: false, refusal: { code: parsed.code, detail: parsed.detail } };
  const { kind, payload: sent } = parsed;
  const payload = maskProperties(sent, hidden.properties);
  return {
    ok: true,
    kind,
    payload,
    sent,
    files: filesIn(bytes, parsed.files),
    variables: () => ({ payload, ...rest() }),
    ...(screen && {
      screen: () => screening.screenEvent(ctx, agentId, screen, { payload, ...rest() }),
    }),
    ...(gate.has_input_schema && {
      misfit: async () =>
        refusalOf(await ctx.payloadChecks.check(agentId, schemaVersion(agent), load, payload)),
    }),
  };
}

/** The version whose schema is cached. Drafts change. */
const schemaVersion = ({ draft, gate }: Addressee): number | undefined => (draft ? undefined : gate.version);

const filesIn = (body: Buffer, files: readonly FilePart[] = []): ReadFile[] =>
  files.map(({ at, bytes, encoding, ...about }) => {
    const content = decodeTransfer(body.subarray(at, at + bytes), encoding);
    return { about: { ...about, bytes: content.length }, content };
  });

function sourceOf({ gate }: Addressee, { method, headers }: InboundRequest): PayloadSource {
  if (method === 'GET') return { isQuery: true };
  const contentType = headers['content-type'];
  const { takesEmptyBody, unfolds } = gate.signature ? schemeOf(gate.signature) : {};
  return {
    contentType: typeof contentType === 'string' ? contentType : undefined,
    takesEmpty: gate.allow_empty_body ?? takesEmptyBody ?? false,
    unfolds,
  };
}

interface LargeBody {
  source: PayloadSource;
  bytes: Buffer;
  address: string | undefined;
  rest: () => Omit<Screening, 'screen'>;
  screen: Screen | undefined;
  held: HeldBody | undefined;
  /** The properties with the sender's own secret. */
  hidden: string[];
}

async function readLarge(
  ctx: Context,
  agent: Addressee,
  { source, bytes, address, rest, screen, held, hidden }: LargeBody,
  load: () => Promise<Record<string, unknown> | null | undefined>,
): Promise<PayloadReading> {
  const { agentId, gate } = agent;
  const schema = gate.has_input_schema
    ? await ctx.payloadChecks.schemaOf(agentId, schemaVersion(agent), load)
    : undefined;
  const place = held ? { leave: held.spend } : await ctx.largeBodies.enter(agentId, address);
  if (!place) return { ok: false, refusal: TOO_MANY_LARGE };
  let spentMs = 0;
  try {
    const how = { from: source, schema, names: [...READ_PROPERTIES, ...hidden], hidden };
    const caller = { key: agentId, waitMs: WAIT_MS };
    const rules = screen && { screen, ...rest() };
    let read = await ctx.bounded.readLargePayload(bytes, { ...how, screening: rules }, caller);
    const isTooMuch = read.outcome === 'too_slow' || read.outcome === 'too_large';
    if (rules && isTooMuch) {
      // Perhaps because of the filter: without it, the event runs.
      spentMs = LIMITS.renderMs;
      read = await ctx.bounded.readLargePayload(bytes, how, caller);
    }
    switch (read.outcome) {
      case 'read': {
        spentMs += read.spentMs;
        const { properties, json, screened } = read;
        const misfit = refusalOf(verdictOf(read.checked));
        const verdict = screened
          ? screening.verdictOf(screened)
          : isTooMuch
            ? screening.FILTER_TOO_SLOW
            : screening.RUNS;
        return {
          ok: true,
          kind: read.kind,
          payload: maskProperties(properties, hidden),
          sent: properties,
          json,
          files: filesIn(bytes, read.files),
          // Both are objects of ours, whose members have different names.
          variables: () => `${JSON.stringify(rest()).slice(0, -1)},"payload":${json}}`,
          screen: async () => verdict,
          misfit: async () => misfit,
        };
      }
      case 'refused':
        return { ok: false, refusal: { code: read.code, detail: read.detail } };
      case 'starved':
        return { ok: false, refusal: BUSY };
      default:
        spentMs += LIMITS.renderMs;
        // Without a schema the work grows linearly with the body, so only an overloaded machine stops it.
        return { ok: false, refusal: schema ? TOO_SLOW : BUSY };
    }
  } finally {
    place.leave(spentMs);
  }
}

const BUSY: Refusal = {
  code: 'busy',
  detail: `Too much is being checked at the moment. Send this again in ${RETRY_SECONDS} s.`,
  retryAfterSeconds: RETRY_SECONDS,
};
const TOO_SLOW: Refusal = {
  code: 'invalid_payload',
  detail: "Checking the payload against the agent's input_schema takes too long.",
};

function refusalOf(checked: PayloadVerdict): Refusal | undefined {
  switch (checked.verdict) {
    case 'fits':
      return undefined;
    case 'busy':
      return BUSY;
    case 'too_slow':
      return TOO_SLOW;
    case 'misfit': {
      const { issues, total } = checked;
      const [first] = issues;
      const more = total > 1 ? ` (and ${total - 1} more)` : '';
      return {
        code: 'invalid_payload',
        detail: `The payload does not match the agent's input_schema: ${first?.path || 'as a whole, it'} ${first?.message}${more}.`,
        issues,
        issuesTotal: total,
      };
    }
  }
}
