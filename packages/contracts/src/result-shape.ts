import { type Static, Type } from '@sinclair/typebox';
import { StringEnum } from './shapes.js';

/** How a result is written for callers without an API key. */
export const RESULT_SHAPES = ['flat', 'docsgpt'] as const;
export type ResultShape = (typeof RESULT_SHAPES)[number];

/** https://github.com/arc53/DocsGPT, application/agents/tool_executor.py: get_truncated_tool_calls */
const DocsgptToolCall = Type.Object({
  tool_name: Type.String(),
  action_name: Type.String(),
  call_id: Type.String({ description: '`call_1`, `call_2`, …, in the order of the calls.' }),
  arguments: Type.Unknown(),
  result: Type.String({ description: 'What the tool returned, or its error; JSON unless it is a text.' }),
  status: StringEnum(['completed', 'error']),
});

/** https://github.com/arc53/DocsGPT, application/worker.py: agent_webhook_worker */
export const DocsgptSuccess = Type.Object(
  {
    status: Type.Literal('success'),
    result: Type.Object({
      answer: Type.String(),
      sources: Type.Array(
        Type.Object({
          title: Type.String(),
          source: Type.String({ description: 'The URL.' }),
          text: Type.String({ description: 'Always empty: AgentHook keeps no texts of sources.' }),
        }),
      ),
      tool_calls: Type.Array(DocsgptToolCall),
      thought: Type.String(),
      output: Type.Optional(Type.Unknown()),
    }),
  },
  { $id: 'DocsgptSuccess', description: 'A success of an agent whose `result_shape` is `docsgpt`.' },
);
export type DocsgptSuccess = Static<typeof DocsgptSuccess>;
