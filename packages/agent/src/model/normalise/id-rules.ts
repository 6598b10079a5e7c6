import type { ProviderKind } from '@agenthook/contracts';

/** Which ids of calls a model accepts. */
export type IdRule = 'any' | 'plain' | 'nine';

interface Rule {
  follows(id: string): boolean;
  /** The id of the nth call. */
  make(n: number): string;
}

const LONGEST = 64;

export const IDS: Record<IdRule, Rule> = {
  any: { follows: (id) => id !== '' && id.length <= LONGEST, make: (n) => `call_${n}` },
  // https://docs.anthropic.com/en/api/messages: ^[a-zA-Z0-9_-]+$
  plain: { follows: (id) => /^[a-zA-Z0-9_-]{1,64}$/.test(id), make: (n) => `call_${n}` },
  // Mistral: nine letters or digits.
  nine: {
    follows: (id) => /^[a-zA-Z0-9]{9}$/.test(id),
    make: (n) => `call${n.toString(36).padStart(5, '0')}`,
  },
};

/** Mistral's models, by their names at Mistral and at gateways. */
const MISTRAL = /mistral|mixtral|ministral|magistral|codestral|devstral|pixtral|voxtral/i;

/** The rule of a model. Some models of other families need their own ids back, so those are kept. */
export function idRuleOf(kind: ProviderKind, model: string): IdRule {
  if (kind !== 'compatible' && kind !== 'ollama' && kind !== 'openrouter') return 'plain';
  if (MISTRAL.test(model)) return 'nine';
  return /claude/i.test(model) ? 'plain' : 'any';
}
