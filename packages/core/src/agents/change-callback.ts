import type { Agent, AgentInput } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import {
  bytesOfSecret,
  createCallbackSecret,
  type StoredSecret,
  sealCallbackSecret,
} from './callback-secrets.js';

/** What saving an agent does to its callback, beside its URL. */
export interface CallbackChange {
  /** StoredSecret[] as JSON: of the secret that was given or, where there is none yet, of the one that was made. */
  secrets: string;
  /** Whether it takes the place of a stored one. */
  replaces: boolean;
  /** Whether who saves named the callback: then a disabled one is enabled. */
  named: boolean;
  /** The text of the one that was made. */
  made?: string;
}

type Input = AgentInput['callback'];

const refuse = (path: string, detail: string, message: string) =>
  new AppError('invalid_request', detail, { issues: [{ path, message }] });

/** Throws `invalid_request` for a URL that could never be called, or a secret that is none. */
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

/** Makes what saveVersion needs of what a client sent as the callback of an agent. */
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

/** The saved agent, with the secret that was made for it if that was stored. */
export function withMadeSecret(
  agent: Agent,
  { made }: CallbackChange,
  saved: 'conflict' | 'saved' | 'saved_with_secret',
): Agent {
  if (saved !== 'saved_with_secret' || made === undefined || !agent.callback) return agent;
  return { ...agent, callback: { ...agent.callback, secret: made } };
}
