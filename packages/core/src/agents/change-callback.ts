import type { Agent, AgentInput } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { bytesOfSecret, createCallbackSecret } from '../secrets/signing-secret.js';
import { type StoredSecret, sealCallbackSecret } from './callback-secrets.js';

/** The changes to an agent's callback on a save, except for its URL. */
export interface CallbackChange {
  /** StoredSecret[] as JSON: the given secret, or a generated one for a callback that has none. */
  secrets: string;
  /** Whether it replaces a stored secret. */
  replaces: boolean;
  /** Whether the request contains a callback. If so, a disabled callback is enabled again. */
  named: boolean;
  /** The generated secret, in plain text. */
  made?: string;
}

type Input = AgentInput['callback'];

const refuse = (path: string, detail: string, message: string) =>
  new AppError('invalid_request', detail, { issues: [{ path, message }] });

/** Throws `invalid_request` for a URL that can never be called or a malformed secret. */
export function checkCallback(input: Input): void {
  if (!input) return;
  const url = URL.canParse(input.url) ? new URL(input.url) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isHttp || url.username !== '' || url.password !== '') {
    const message = 'must be an http or https URL without a user name or a password';
    throw refuse('/callback/url', `callback.url ${message}.`, message);
  }
  if (typeof input.secret === 'string' && bytesOfSecret(input.secret) === undefined) {
    const message = 'must be whsec_ and the base64 of 24 to 64 bytes';
    throw refuse('/callback/secret', `callback.secret ${message}.`, message);
  }
}

/** Converts a client's callback input into the change that saveVersion writes. */
export function changeCallback(ctx: Context, agentId: string, input: Input): CallbackChange {
  if (!input) return { ...sealed(ctx, agentId), named: false };
  if (typeof input.secret !== 'string') return { ...sealed(ctx, agentId), named: true };
  return { ...sealed(ctx, agentId, input.secret), named: true };
}

function sealed(ctx: Context, agentId: string, given?: string): Omit<CallbackChange, 'named'> {
  const secret = given ?? createCallbackSecret();
  const stored: StoredSecret[] = [{ sealed: sealCallbackSecret(ctx.secrets, agentId, secret) }];
  const secrets = JSON.stringify(stored);
  return given === undefined ? { secrets, replaces: false, made: secret } : { secrets, replaces: true };
}

/** An agent whose callback secret was just stored. Includes the secret if it was generated. */
export function withMadeSecret(agent: Agent, { made }: CallbackChange): Agent {
  if (made === undefined || !agent.callback) return agent;
  return { ...agent, callback: { ...agent.callback, secret: made } };
}
