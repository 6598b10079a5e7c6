import { type Static, Type } from '@sinclair/typebox';

/**
 * The `sandbox` object in a payload, which only the model `sandbox:echo` obeys. The model's nth turn plays
 * `steps[n]`. After the last step it answers with `reply`, or with a summary of its input. A `tool` step
 * plays only in a rehearsal, or if the agent sets `sandbox_tools`.
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
          Type.Integer({
            minimum: 1,
            description: 'Fail the first n attempts, then continue with the script.',
          }),
        ),
      }),
      { maxItems: 100 },
    ),
  ),
  reply: Type.Optional(Type.String()),
});
export type SandboxScript = Static<typeof SandboxScript>;
