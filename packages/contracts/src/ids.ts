import { Type } from '@sinclair/typebox';

/**
 * The pattern of each kind of id. No id may contain a colon, a brace or a slash, because ids become part of
 * Redis keys and URLs.
 */
export const ID_PATTERNS = {
  agent: '^agt_[0-9A-Za-z_-]{1,64}$',
  /** A UUIDv8 (RFC 9562). */
  task: '^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  api_key: '^key_[0-9A-Za-z_-]{1,64}$',
  session: '^ses_[0-9A-Za-z_-]{1,64}$',
  conversation: '^cnv_[0-9a-f]{34}$',
  document: '^doc_[0-9A-Za-z_-]{1,64}$',
  /** A rejection or a filtered event. */
  rejection: '^(?:rej|flt)_[0-9A-Za-z_-]{1,64}$',
  /** Chosen by the agent's owner, unlike the others. */
  schedule: '^[0-9A-Za-z_-]{1,64}$',
  bulk: '^blk_[0-9A-Za-z_-]{1,64}$',
  share: '^shr_[0-9A-Za-z_-]{1,64}$',
  /** A notify channel, or its name. */
  channel: '^(?:ntc_)?[0-9a-z-]{1,64}$',
  alert: '^alt_[0-9A-Za-z_-]{1,64}$',
  alert_rule: '^alr_[0-9A-Za-z_-]{1,64}$',
  delivery: '^cb-[0-9A-Za-z_-]{1,64}$',
} as const;

/** A kind of object that has an id. */
export type IdKind = keyof typeof ID_PATTERNS;

/** The id of an agent in a body. In paths and queries, the api checks the form of every id. */
export const AgentId = (description: string) => Type.String({ pattern: ID_PATTERNS.agent, description });
