import { isJsonObject, parseAnswer } from '@agenthook/json';
import { schemaProblem } from '../schema/schema-problem.js';
import { textOf, withData } from './error-text.js';
import { isLostSessionError } from './lost-session.js';
import { toldVersion, UNSAID_VERSION } from './versions.js';

type Fields = Record<string, unknown>;

/** How many tools of one page are read. */
const MOST_LISTED = 2_000;
/** JSON-RPC leaves -32000 and below to implementations. */
const NO_CODE = -32_000;

/**
 * Each result of version 2026-07-28 has it, unless the server asks for something, which a result tells the
 * model. https://modelcontextprotocol.io/specification/2026-07-28/basic/index
 */
const COMPLETE = { resultType: 'complete' };

/** A tool that a server lists but that cannot be offered. */
export interface BrokenTool {
  name: string;
  problem: string;
}

/** Makes what a server sends fit the SDK, whose schemas refuse a whole answer because of one field. */
export interface Mender {
  /** Remembers what a posted request asks for. */
  asked(id: string | number, method: string): void;
  /**
   * The text of a message, or of a batch, for the SDK. Never throws.
   *
   * @param own the id of the request that it answers, for messages without an id
   */
  mend(text: string, own?: string | number): string;
  /** The result of a call as the server sent it, from what the SDK returned for it. */
  resultOf(answer: unknown): unknown;
  broken: BrokenTool[];
  /** Whether a posted request has no answer yet. */
  isOpen(id: string | number): boolean;
  /** The server's protocol version if the SDK does not know it; undefined before the server has named one. */
  ownVersion(): string | undefined;
}

/** @param onSessionLost called when a call is answered with an error that says the session has ended */
export function createMender(onSessionLost: () => void = () => {}): Mender {
  const methods = new Map<string | number, string>();
  const results = new Map<string, unknown>();
  const broken: BrokenTool[] = [];
  let ownVersion: string | undefined;

  /** Servers answer 3 as "3", too. */
  const idOf = (id: unknown): string | number | undefined => {
    const known = [id, Number(id)].find((each) => methods.has(each as string | number));
    return known as string | number | undefined;
  };

  function mendMessage(message: unknown, own: string | number | undefined): unknown {
    if (!isJsonObject(message) || isAsking(message)) return message;
    // Without both, it is something else, such as a sign of life.
    const isAnswer = 'result' in message || 'error' in message;
    const id = idOf(message.id ?? (isAnswer ? own : undefined));
    if (id === undefined) return message;
    const answer = { jsonrpc: '2.0', id };
    const method = methods.get(id);
    // A server that answers twice would otherwise have results kept that nobody reads.
    methods.delete(id);
    if (isJsonObject(message.error) || (message.error != null && message.result == null)) {
      const { code, message: text, data } = isJsonObject(message.error) ? message.error : {};
      const said = typeof text === 'string' ? withData(text, data) : textOf(message.error);
      if (method === 'tools/call' && isLostSessionError(code, said)) onSessionLost();
      return { ...answer, error: { code: Number.isSafeInteger(code) ? code : NO_CODE, message: said } };
    }
    switch (method) {
      case 'initialize':
        ownVersion = ownVersionOf(message.result);
        return { ...answer, result: mendGreeting(message.result) };
      case 'tools/list':
        return { ...answer, result: mendList(message.result, broken) };
      case 'tools/call':
        // The SDK passes `toolResult` of the protocol's first version on unread.
        results.set(String(id), message.result ?? {});
        return { ...answer, result: { toolResult: String(id), ...COMPLETE } };
      default:
        return { ...answer, result: isJsonObject(message.result) ? message.result : {} };
    }
  }

  return {
    asked: (id, method) => void methods.set(id, method),
    broken,
    isOpen: (id) => methods.has(id),
    ownVersion: () => ownVersion,
    mend: (text, own) => {
      const value = messagesIn(text);
      if (value === undefined) return text; // The SDK reports it.
      const mended = (message: unknown) => mendMessage(message, own);
      return JSON.stringify(Array.isArray(value) ? value.map(mended) : mended(value));
    },
    resultOf: (answer) => {
      const id = isJsonObject(answer) ? String(answer.toolResult) : '';
      const result = results.get(id);
      results.delete(id);
      return result;
    },
  };
}

/** Whether a message is a request or a notification. Some servers have a method in their answers, too. */
function isAsking({ id, method, result, error }: Fields): boolean {
  const isAnswer = (id ?? null) !== null && (result ?? error ?? null) !== null;
  return typeof method === 'string' && !isAnswer;
}

/** Whether a mended text is the result of the request `id`. */
export function isResultOf(id: string | number, text: string): boolean {
  const message = parsed(text);
  return isJsonObject(message) && message.id === id && isJsonObject(message.result);
}

/** The message or batch of a text; the lines with messages where a program's output is around them. */
function messagesIn(text: string): unknown {
  const whole = parsed(text);
  if (whole !== undefined) return whole;
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  const messages = lines.map(parsed).filter((line) => isJsonObject(line) && line.jsonrpc !== undefined);
  return messages.length > 0 ? messages : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseAnswer(text);
  } catch {
    return undefined;
  }
}

/** A server's version that the SDK does not know. */
function ownVersionOf(result: unknown): string | undefined {
  const version = isJsonObject(result) ? result.protocolVersion : undefined;
  const isOwn = typeof version === 'string' && toldVersion(version) !== version;
  return isOwn && /^[\w.-]{1,50}$/.test(version) ? version : undefined;
}

/** What the SDK needs of it. Some servers send null for the rest, or forget that they have tools. */
function mendGreeting(result: unknown): Fields {
  const given = isJsonObject(result) ? result.protocolVersion : undefined;
  const protocolVersion = typeof given === 'string' ? toldVersion(given) : UNSAID_VERSION;
  return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'server', version: '1' } };
}

function mendList(result: unknown, broken: BrokenTool[]): Fields {
  const { tools, nextCursor: next } = isJsonObject(result) ? result : {};
  const nextCursor = typeof next === 'number' ? String(next) : next;
  const listed = Array.isArray(tools) ? tools.slice(0, MOST_LISTED) : [];
  return {
    ...COMPLETE,
    tools: listed.flatMap((tool) => mendTool(tool, broken)),
    ...(typeof nextCursor === 'string' && nextCursor !== '' && { nextCursor }),
  };
}

function mendTool(tool: unknown, broken: BrokenTool[]): Fields[] {
  const { name, title, description, inputSchema, execution } = isJsonObject(tool) ? tool : {};
  if (typeof name !== 'string' || name === '') {
    broken.push({ name: '(without a name)', problem: 'it has no name' });
    return [];
  }
  const parameters = mendParameters(inputSchema);
  const isTask = isJsonObject(execution) && execution.taskSupport === 'required';
  const unfit = typeof parameters === 'string' ? parameters : schemaProblem(parameters);
  const problem = isTask ? 'it can only be called as a task of MCP' : unfit;
  if (problem !== undefined) {
    broken.push({ name, problem });
    return [];
  }
  return [
    {
      name,
      ...(typeof title === 'string' && { title }),
      ...(typeof description === 'string' && { description }),
      inputSchema: parameters,
    },
  ];
}

/** An object schema; a text if it cannot be one. A tool without parameters has none, null, or PHP's `[]`. */
function mendParameters(schema: unknown): Fields | string {
  if (schema === undefined || schema === null) return { type: 'object' };
  if (!isJsonObject(schema)) return 'its inputSchema is not an object';
  const { type, properties, required, ...rest } = schema;
  const types = Array.isArray(type) ? type : [type ?? 'object'];
  if (!types.includes('object')) return 'its inputSchema does not describe an object';
  const isNone = (properties ?? null) === null || (Array.isArray(properties) && properties.length === 0);
  return {
    ...rest,
    type: 'object',
    ...(!isNone && { properties }),
    ...(required !== undefined && required !== null && { required }),
  };
}
