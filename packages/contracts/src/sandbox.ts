import { type Static, Type } from '@sinclair/typebox';

/**
 * The `sandbox` object in a payload, obeyed only where the agent's model is `sandbox:echo`: the model's nth turn plays
 * `steps[n]`, and after the last it replies with `reply` or with a plain account of what it was given. A `tool` step is
 * played only in a rehearsal or where the agent sets `sandbox_tools`.
 */
export const SandboxScript = Type.Object({
  steps: Type.Optional(
    Type.Array(
      Type.Object({
        text: Type.Optional(Type.String()),
        tool: Type.Optional(Type.Object({ name: Type.String(), arguments: Type.Unknown() })),
        latency_ms: Type.Optional(Type.Number({ minimum: 0, maximum: 3_600_000 })),
        tokens: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
        fail: Type.Optional(
          Type.Union(
            (['auth', 'rate_limit', 'unavailable', 'refused', 'bad_output'] as const).map((kind) =>
              Type.Literal(kind),
            ),
          ),
        ),
        fail_times: Type.Optional(
          Type.Integer({ minimum: 1, description: 'Fail in the first n attempts, then play on.' }),
        ),
      }),
      { maxItems: 100 },
    ),
  ),
  reply: Type.Optional(Type.String()),
});
export type SandboxScript = Static<typeof SandboxScript>;
