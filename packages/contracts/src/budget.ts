import { type Static, Type } from '@sinclair/typebox';
import { OrNull, StringEnum, Time, TimeOrNull } from './shapes.js';
import { BUDGET_SCOPES } from './waiting-for.js';

/** What a budget limits. Days and months are those of UTC, by Redis's clock. */
export const BUDGET_LIMITS = ['per_day_usd', 'per_month_usd', 'per_day_tokens'] as const;
export type BudgetLimit = (typeof BUDGET_LIMITS)[number];

/** What happens once a budget is used up. */
export const ON_LIMITS = ['reject', 'park'] as const;
export type OnLimit = (typeof ON_LIMITS)[number];

/** Whose budget it is. */
export type BudgetScope = (typeof BUDGET_SCOPES)[number];

/** The parts of a budget, in percent, at which it is told that they are used up. */
export const BUDGET_LEVELS = [80, 100] as const;

/** Largest limits. Amounts are counted as whole billionths of a dollar, exactly. */
const MAX_USD = 1_000_000;
const MAX_TOKENS = 1_000_000_000_000;

const usd = (per: string) =>
  OrNull(
    Type.Number({ minimum: 0.000001, maximum: MAX_USD }),
    `What the runs of a ${per} may cost, in USD. Turns of a model without a known price do not count. null: no limit.`,
  );

const limits = {
  per_day_usd: usd('day'),
  per_month_usd: usd('month'),
  per_day_tokens: OrNull(
    Type.Integer({ minimum: 1, maximum: MAX_TOKENS }),
    'How many input and output tokens the runs of a day may use together. null: no limit.',
  ),
};
const on_limit = StringEnum(ON_LIMITS, {
  default: 'reject',
  description:
    'What happens once a limit is reached. `reject`: a trigger gets 429 `budget_exhausted`, and a run ends with ' +
    '`budget_exhausted` before its next turn. `park`: events are accepted, and runs wait until the next day or ' +
    'month without a worker’s slot.',
});

export const Budget = Type.Object({ ...limits, on_limit }, { additionalProperties: false });
export type Budget = Static<typeof Budget>;

const BudgetInputObject = Type.Object(
  {
    per_day_usd: Type.Optional(limits.per_day_usd),
    per_month_usd: Type.Optional(limits.per_month_usd),
    per_day_tokens: Type.Optional(limits.per_day_tokens),
    on_limit: Type.Optional(on_limit),
  },
  { additionalProperties: false, minProperties: 1 },
);

const DESCRIPTION =
  'What may be spent in a day and in a month of UTC. Each turn of a model is reserved before it is asked for, and ' +
  'settled by what it has really used. null: no limit.';

export const BudgetInput = OrNull(BudgetInputObject, DESCRIPTION);
export type BudgetInput = Static<typeof BudgetInput>;

/** A budget as an agent has it. */
export const AgentBudget = OrNull(Budget, DESCRIPTION);

/** Body of PUT /api/budget. */
export const BudgetBody = Type.Object({ budget: BudgetInput }, { additionalProperties: false });
export type BudgetBody = Static<typeof BudgetBody>;

/** One limit of a budget and how far it is used. */
export const LimitUse = Type.Object({
  limit: StringEnum(BUDGET_LIMITS, { description: 'The field of the budget.' }),
  max: Type.Number(),
  used: Type.Number({ description: 'In the same unit, since the day or month began.' }),
  used_percent: Type.Number({ description: 'How much of it is used, in percent.' }),
  told_percent: OrNull(
    Type.Integer(),
    'Up to which level it was told, since the day or month began: 80, 100 or null.',
  ),
  told_at: TimeOrNull('When it was told.'),
  resets_at: Time('When the next day or month begins.'),
});
export type LimitUse = Static<typeof LimitUse>;

export const Spend = Type.Object({
  day_usd: Type.Number({ description: 'What the runs of this day have cost, in USD.' }),
  month_usd: Type.Number({ description: 'What the runs of this month have cost, in USD.' }),
  day_tokens: Type.Integer({ description: 'Input and output tokens of this day.' }),
  reserved_usd: Type.Number({ description: 'For turns that a model is asked for now.' }),
  reserved_tokens: Type.Integer({ description: 'The same in tokens.' }),
  unpriced_turns: Type.Integer({
    description: 'Turns of this day whose price is unknown. They count towards no limit in USD.',
  }),
});
export type Spend = Static<typeof Spend>;

const use = {
  budget: OrNull(Budget),
  spend: OrNull(Spend, 'null if nothing counts it: there is no budget.'),
  limits: Type.Array(LimitUse, { description: 'The limits that the budget sets.' }),
};

/** The budget of the installation, or of an agent, and what is spent of it. */
export const BudgetState = Type.Object(
  {
    scope: StringEnum(BUDGET_SCOPES),
    agent_id: Type.Optional(Type.String()),
    ...use,
  },
  { $id: 'BudgetState' },
);
export type BudgetState = Static<typeof BudgetState>;

/** The answer to PUT /api/budget. */
export const SavedBudget = Type.Object(
  {
    ...BudgetState.properties,
    warnings: Type.Array(
      Type.Object({
        code: StringEnum(['unknown_price']),
        model: Type.String({ description: '`provider:model`.' }),
        agent_id: Type.String({ description: 'An agent that uses it.' }),
        detail: Type.String({ description: 'What does not hold, and what to do about it.' }),
      }),
      { description: 'Models in use whose price is unknown: limits in USD do not hold for them.' },
    ),
  },
  { $id: 'SavedBudget' },
);
export type SavedBudget = Static<typeof SavedBudget>;

export const BudgetList = Type.Object({
  agents: Type.Array(Type.Ref('BudgetState')),
  next_cursor: OrNull(Type.String(), 'Pass it as `cursor` to get the next page. null on the last page.'),
});

export type BudgetList = Static<typeof BudgetList>;

export const BudgetQuery = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
    cursor: Type.Optional(Type.String({ maxLength: 100 })),
  },
  { additionalProperties: false },
);

/** Why a turn may not be taken. */
export interface BudgetRefusal {
  scope: BudgetScope;
  limit: BudgetLimit;
  on_limit: OnLimit;
  /** When it may be tried again, in ms since the epoch. */
  until_ms: number;
  /** Whether the rest of the budget is only reserved, for turns of other runs. */
  isBusy: boolean;
}

/** The port through which a run asks whether it may take a turn. */
export interface BudgetPort {
  /**
   * Reserves what a turn may use at most, as far as that is known. Waits for a moment if other runs have
   * reserved the rest.
   *
   * @param estimate.usd null if the price is unknown
   */
  reserve(
    estimate: { tokens: number; usd: number | null },
    signal: AbortSignal | undefined,
  ): Promise<BudgetRefusal | undefined>;
}

const MEANING: Record<BudgetLimit, string> = {
  per_day_usd: 'budget in USD of this day',
  per_month_usd: 'budget in USD of this month',
  per_day_tokens: 'tokens of this day',
};

/** What people read about a budget that is used up. */
export const budgetDetail = ({ scope, limit, until_ms, isBusy }: BudgetRefusal): string => {
  const whose = scope === 'agent' ? 'The agent’s' : 'The installation’s';
  const what = isBusy ? 'reserved for other runs' : 'used up';
  const until = new Date(until_ms).toISOString();
  return `${whose} ${MEANING[limit]} (${limit}) ${limit === 'per_day_tokens' ? 'are' : 'is'} ${what}. It goes on at ${until}.`;
};
